"""Writes creation.txt: what NumPy gives for formulas and random numbers, as the bits of each element in hexadecimal.

Run with NumPy 2: python creation.py > creation.txt
"""

import numpy as np


def show(name, values):
    bits = values.view(np.dtype(f"u{values.itemsize}"))
    print(name, *(f"{int(value):x}" for value in bits))


def uniform(key, first, count, dtype=np.float64):
    generator = np.random.Generator(np.random.Philox(key=key))
    return generator.random(first + count, dtype=dtype)[first:]


print(f"# NumPy {np.__version__}")
for seed, stream in [(0, 0), (7, 0), (2**63 + 12345, 0), (2**64 - 1, 0), (7, 3), (1, 2**64 - 2)]:
    key = seed + (stream << 64)
    show(f"uniform-{seed}-{stream}-0", uniform(key, 0, 10))
    show(f"uniform-{seed}-{stream}-1001", uniform(key, 1001, 6))
    show(f"single-{seed}-{stream}-0", uniform(key, 0, 9, np.float32))
    show(f"single-{seed}-{stream}-1001", uniform(key, 1001, 6, np.float32))
show("range", np.random.Generator(np.random.Philox(key=7)).uniform(-2.5, 7.0, 8))
show("arange-float64", np.arange(0.1, 2.0, 0.1))
show("arange-large", np.arange(0.1, 3e17, 1e17))
show("arange-float32", np.arange(0.1, 2.0, 0.1, dtype=np.float32))
show("arange-int64", np.arange(-5, 30, 7))
show("arange-int32", np.arange(10, -20, -3, dtype=np.int32))
show("linspace-7", np.linspace(0.1, 0.9, 7))
show("linspace-open-7", np.linspace(0.1, 0.9, 7, endpoint=False))
show("linspace-1", np.linspace(0.3, 0.9, 1))
show("linspace-tiny-5", np.linspace(0.0, 5e-324, 5))
show("linspace-float32-9", np.linspace(-1.0, 2.0, 9, dtype=np.float32))
show("linspace-int64-6", np.linspace(-3.0, 4.0, 6, dtype=np.int64))
