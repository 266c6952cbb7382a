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
