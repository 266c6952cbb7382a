"""Writes dtypes.txt: what NumPy computes of integers of every width, and how it casts.

Run it as `python3 tests/golden/dtypes.py`; the file lies beside it. A line has the dtype, what is computed, the dtype of
the result, and its elements.
"""

import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
TARGETS = ["bool"] + INTEGERS + ["float32", "float64"]
lines = []


def record(dtype, what, result):
    result = np.asarray(result)
    values = result.ravel().tolist()
    lines.append(" ".join([dtype, what, result.dtype.name] + [str(value) for value in values]))


for name in INTEGERS:
    info = np.iinfo(name)
    numbers = [0, 1, 2, 3, 7, 100, info.max, info.max - 1, info.min, info.min + 1, 5, 63]
    numbers += [info.max] * 4 if info.min == 0 else [-1, -2, -7, -100]
    a = np.array(numbers, dtype=name)
    b = np.roll(a, 5)
    record(name, "a", a)
    record(name, "b", b)
    for op in ["add", "subtract", "multiply", "floor_divide", "remainder", "maximum", "minimum", "bitwise_and", "bitwise_or",
               "bitwise_xor", "left_shift", "right_shift", "equal", "less", "greater_equal", "logical_and"]:
        record(name, op, getattr(np, op)(a, b))
    for op in ["negative", "absolute", "sign", "square", "invert", "logical_not"]:
        record(name, op, getattr(np, op)(a))
    record(name, "power", a ** (b & 3))
    for op in ["sum", "prod", "min", "max", "argmin", "argmax", "cumsum", "sort", "any", "mean"]:
        record(name, op, getattr(np, op)(a))
    record(name, "argsort", np.argsort(a, kind="stable"))
    record(name, "matmul", a.reshape(4, 4) @ b.reshape(4, 4))
    for target in TARGETS:
        record(name, "astype", a.astype(target))
for name in ["float32", "float64"]:
    # Within int32 and without: beyond 64 bits processors differ.
    x = np.array([0.0, -0.5, 1.5, 2.9, -3.9, 100.7, 127.0, 128.0, 200.5, 255.0, 256.0, 300.0, -129.0, 65535.0, 70000.5], dtype=name)
    record(name, "a", x)
    for target in TARGETS:
        with_sign = x if target.startswith("i") or target in ("bool", "float32", "float64") else np.abs(x)
        record(name, "astype", with_sign.astype(target))
(pathlib.Path(__file__).parent / "dtypes.txt").write_text("\n".join(lines) + "\n")
