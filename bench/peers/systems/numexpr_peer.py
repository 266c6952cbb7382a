"""numexpr with two threads."""

import numexpr
import numpy as np
from data import uniform

TITLE = "numexpr"
numexpr.set_num_threads(2)


def fused(n):
    a, b, c, d = (uniform(key, n) for key in (1, 2, 3, 4))
    names = {"a": a, "b": b, "c": c, "d": d}
    return lambda: float(numexpr.evaluate("sum((a*b+c)/(1+exp(-d)))", local_dict=names))


def add_fresh(n):
    x, y = uniform(1, n), uniform(2, n)

    def run():
        z = numexpr.evaluate("x + y", local_dict={"x": x, "y": y})
        return float(z[0] + z[n // 2] + z[-1])

    return run


def add_into(n):
    x, y, z = uniform(1, n), uniform(2, n), np.zeros(n)

    def run():
        numexpr.evaluate("x + y", local_dict={"x": x, "y": y}, out=z)
        return float(z[0] + z[n // 2] + z[-1])

    return run
