"""NumPy on OpenBLAS with two threads."""

import numpy as np
from data import labels, uniform

TITLE = "numpy"


def matmul4096(n):
    a, b = uniform(1, n, n), uniform(2, n, n)
    return lambda: float((a @ b).sum())


matmul8192 = matmul4096


def xtx(rows, columns):
    x = uniform(1, rows, columns)
    return lambda: float((x.T @ x).sum())


def newton28(rows, columns):
    x = uniform(1, rows, columns)
    y = labels(x)

    def run():
        beta = np.zeros(columns)
        for _ in range(10):
            mu = 1.0 / (1.0 + np.exp(-(x @ beta)))
            gradient = x.T @ (mu - y) + beta
            hessian = x.T @ ((mu * (1.0 - mu))[:, None] * x) + np.eye(columns)
            beta = beta - np.linalg.solve(hessian, gradient)
        return float(np.abs(beta).sum())

    return run


newton256 = newton28


def fused(n):
    a, b, c, d = (uniform(key, n) for key in (1, 2, 3, 4))
    block = 1 << 16

    def run():
        # In blocks that stay in the cache, as a careful user writes it.
        total = 0.0
        for start in range(0, n, block):
            end = start + block
            t = a[start:end] * b[start:end]
            t += c[start:end]
            e = np.negative(d[start:end])
            np.exp(e, out=e)
            e += 1.0
            t /= e
            total += t.sum()
        return float(total)

    return run


def add_fresh(n):
    x, y = uniform(1, n), uniform(2, n)

    def run():
        z = x + y
        return float(z[0] + z[n // 2] + z[-1])

    return run


def add_into(n):
    x, y, z = uniform(1, n), uniform(2, n), np.zeros(n)

    def run():
        np.add(x, y, out=z)
        return float(z[0] + z[n // 2] + z[-1])

    return run


def moments0(rows, columns):
    x = uniform(1, rows, columns)
    return lambda: float(x.mean(axis=0).sum() + x.std(axis=0).sum())


def moments1(rows, columns):
    x = uniform(1, rows, columns)
    return lambda: float(x.mean(axis=1).sum() + x.std(axis=1).sum())


def transpose(n):
    x = uniform(1, n, n)

    def run():
        z = x + x.T
        return float(z[0, -1] + z[n // 2, 1] + z[-1, -1])

    return run


def blocks(count, length):
    x = uniform(1, count, length)

    def run():
        out = [row + 1.0 for row in x]
        return float(sum(block.sum() for block in out))

    return run


def mttkrp(n, rank):
    x, b, c = uniform(1, n, n, n), uniform(2, n, rank), uniform(3, n, rank)
    return lambda: float(np.einsum("ijr,jr->ir", x @ c, b).sum())


def tensordot(n, rank):
    x, y = uniform(1, n, n, n), uniform(2, n, n, rank)
    return lambda: float(np.tensordot(x, y, 2).sum())


def sort(n):
    x = uniform(1, n)

    def run():
        z = np.sort(x)
        return float(z[0] + z[n // 2] + z[-1])

    return run


def percentile(n):
    x = uniform(1, n)
    return lambda: float(np.percentile(x, [25, 50, 75]).sum())


def qr_r(rows, columns):
    x = uniform(1, rows, columns)
    return lambda: float(np.abs(np.linalg.qr(x, mode="r")).sum())


def qr(rows, columns):
    x = uniform(1, rows, columns)

    def run():
        q, r = np.linalg.qr(x)
        return float(np.abs(r).sum() + abs(q[-1, -1]))

    return run


def svd(rows, columns):
    x = uniform(1, rows, columns)

    def run():
        u, singular, _ = np.linalg.svd(x, full_matrices=False)
        return float(singular.sum() + abs(u[-1, 0]))

    return run


def cholesky(n):
    x = uniform(1, n, n)
    x += x.T.copy()
    x[np.diag_indices(n)] += n
    return lambda: float(np.linalg.cholesky(x).sum())
