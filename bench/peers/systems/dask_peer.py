"""Dask on two threads of one process; opaque tasks on its distributed scheduler with two workers of one thread."""

import dask
import dask.array as da
import numpy as np
from data import csv_path, labels, uniform

TITLE = "dask"
dask.config.set(scheduler="threads", num_workers=2)


def _square(key, n):
    chunk = max(256, n // 4)
    return da.from_array(uniform(key, n, n), chunks=(chunk, chunk))


def _tall(key, rows, columns):
    return da.from_array(uniform(key, rows, columns), chunks=(max(1, rows // 16), columns))


def _flat(key, n):
    return da.from_array(uniform(key, n), chunks=(max(1, n // 32),))


def matmul4096(n):
    a, b = _square(1, n), _square(2, n)
    return lambda: float((a @ b).compute().sum())


matmul8192 = matmul4096


def xtx(rows, columns):
    x = _tall(1, rows, columns)
    return lambda: float((x.T @ x).compute().sum())


def newton28(rows, columns):
    local = uniform(1, rows, columns)
    chunk = max(1, rows // 16)
    x = da.from_array(local, chunks=(chunk, columns))
    y = da.from_array(labels(local), chunks=(chunk,))

    def run():
        beta = np.zeros(columns)
        for _ in range(10):
            mu = 1.0 / (1.0 + da.exp(-(x @ beta)))
            gradient = x.T @ (mu - y)
            hessian = x.T @ ((mu * (1.0 - mu))[:, None] * x)
            gradient, hessian = dask.compute(gradient, hessian)
            beta = beta - np.linalg.solve(hessian + np.eye(columns), gradient + beta)
        return float(np.abs(beta).sum())

    return run


newton256 = newton28


def fused(n):
    a, b, c, d = (_flat(key, n) for key in (1, 2, 3, 4))
    return lambda: float(((a * b + c) / (1 + da.exp(-d))).sum().compute())


def add_fresh(n):
    x, y = _flat(1, n), _flat(2, n)

    def run():
        z = (x + y).compute()
        return float(z[0] + z[n // 2] + z[-1])

    return run


def moments0(rows, columns):
    x = _tall(1, rows, columns)

    def run():
        mean, std = dask.compute(x.mean(axis=0), x.std(axis=0))
        return float(mean.sum() + std.sum())

    return run


def moments1(rows, columns):
    x = _tall(1, rows, columns)

    def run():
        mean, std = dask.compute(x.mean(axis=1), x.std(axis=1))
        return float(mean.sum() + std.sum())

    return run


def transpose(n):
    x = _square(1, n)

    def run():
        z = (x + x.T).persist()
        return float(z[0, -1].compute() + z[n // 2, 1].compute() + z[-1, -1].compute())

    return run


def redistribute(n):
    x = da.from_array(uniform(1, n, n), chunks=(max(1, n // 16), n)).persist()

    def run():
        z = x.rechunk((n, max(1, n // 16))).map_blocks(np.ascontiguousarray).persist()
        return float(z[0, -1].compute() + z[n // 2, 1].compute() + z[-1, -1].compute())

    return run


def csv(rows, columns):
    import dask.dataframe as dd

    path = csv_path(rows, columns, ".")
    return lambda: float(dd.read_csv(path).compute().to_numpy().sum())


def tasks(count):
    from dask.distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    client = Client(cluster)

    def run():
        futures = client.map(lambda x: x, range(count), pure=False)
        return float(sum(client.gather(futures)))

    return run


def blocks(count, length):
    x = da.from_array(uniform(1, count, length).ravel(), chunks=(length,))
    return lambda: float((x + 1.0).compute().sum())


def qr_r(rows, columns):
    x = _tall(1, rows, columns)
    return lambda: float(abs(da.linalg.qr(x)[1]).sum().compute())


def qr(rows, columns):
    x = _tall(1, rows, columns)

    def run():
        q, r = dask.persist(*da.linalg.qr(x))
        return float(abs(r).sum().compute() + abs(q[-1, -1]).compute())

    return run


def svd(rows, columns):
    x = _tall(1, rows, columns)

    def run():
        u, singular, _ = dask.persist(*da.linalg.svd(x))
        return float(singular.sum().compute() + abs(u[-1, 0]).compute())

    return run
