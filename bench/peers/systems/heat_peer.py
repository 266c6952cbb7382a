"""HeAT on two MPI ranks of one thread each; started by mpirun, rank 0 reports."""

import heat as ht
import numpy as np
import torch
from data import labels, uniform, uniform_rows

TITLE = "heat"
torch.set_num_threads(1)


def _rows(key, rows, columns):
    """Split along the first axis; each rank makes its own part."""
    comm = ht.get_comm()
    _, local, _ = comm.chunk((rows, columns), 0)
    start = comm.chunk((rows, columns), 0)[2][0].start
    part = uniform_rows(key, start, start + local[0], columns)
    return ht.array(torch.from_numpy(part), is_split=0)


def _flat(key, n):
    return _rows(key, n, 1).reshape((n,), new_split=0)


def matmul4096(n):
    a, b = _rows(1, n, n), _rows(2, n, n)
    return lambda: float(ht.matmul(a, b).sum().item())


matmul8192 = matmul4096


def xtx(rows, columns):
    x = _rows(1, rows, columns)
    return lambda: float(ht.matmul(x.T, x).sum().item())


def newton28(rows, columns):
    x = _rows(1, rows, columns)
    comm = ht.get_comm()
    start = comm.chunk((rows, columns), 0)[2][0]
    y = ht.array(torch.from_numpy(labels(uniform(1, rows, columns))[start]), is_split=0)

    def run():
        beta = np.zeros(columns)
        for _ in range(10):
            mu = 1.0 / (1.0 + ht.exp(-ht.matmul(x, ht.array(beta))))
            gradient = ht.matmul(x.T, mu - y).numpy() + beta
            weights = (mu * (1.0 - mu)).expand_dims(1)
            hessian = ht.matmul(x.T, weights * x).numpy() + np.eye(columns)
            beta = beta - np.linalg.solve(hessian, gradient)
        return float(np.abs(beta).sum())

    return run


newton256 = newton28


def fused(n):
    a, b, c, d = (_flat(key, n) for key in (1, 2, 3, 4))
    return lambda: float(((a * b + c) / (1 + ht.exp(-d))).sum().item())


def add_fresh(n):
    x, y = _flat(1, n), _flat(2, n)

    def run():
        z = x + y
        return float(z[0].item() + z[n // 2].item() + z[n - 1].item())

    return run


def moments0(rows, columns):
    x = _rows(1, rows, columns)
    return lambda: float(ht.mean(x, axis=0).sum().item() + ht.std(x, axis=0).sum().item())


def moments1(rows, columns):
    x = _rows(1, rows, columns)
    return lambda: float(ht.mean(x, axis=1).sum().item() + ht.std(x, axis=1).sum().item())


def redistribute(n):
    x = _rows(1, n, n)

    def run():
        z = ht.resplit(x, 1)
        return float(z[0, n - 1].item() + z[n // 2, 1].item() + z[n - 1, n - 1].item())

    return run


def blocks(count, length):
    # It has one block a rank: what others cut into blocks are arrays of their own here.
    x = [ht.array(row, split=0) for row in uniform(1, count, length)]

    def run():
        out = [block + 1.0 for block in x]
        parts = sum(block.larray.sum().item() for block in out)
        return float(ht.get_comm().handle.allreduce(parts))

    return run


def qr_r(rows, columns):
    x = _rows(1, rows, columns)
    return lambda: float(ht.abs(ht.linalg.qr(x, mode="r").R).sum().item())


def qr(rows, columns):
    x = _rows(1, rows, columns)

    def run():
        q, r = ht.linalg.qr(x)
        return float(ht.abs(r).sum().item() + abs(q[rows - 1, columns - 1].item()))

    return run
