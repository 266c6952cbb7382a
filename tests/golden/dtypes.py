"""Writes dtypes.txt: what NumPy computes of integers of every width and of complex numbers, and how it casts.

Run it as `python3 tests/golden/dtypes.py`; the file lies beside it. A line has the dtype, what is computed, the dtype of
the result, and its elements; of a complex one both parts with a comma between.
"""

import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
TARGETS = ["bool"] + INTEGERS + ["float32", "float64", "complex64", "complex128"]
lines = []


def record(dtype, what, result):
    result = np.asarray(result)
    values = result.ravel().tolist()
    lines.append(" ".join([dtype, what, result.dtype.name] + [text(value) for value in values]))


def text(value):
    return f"{value.real!r},{value.imag!r}" if isinstance(value, complex) else str(value)


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
        with_sign = np.abs(x) if target.startswith("u") else x
        record(name, "astype", with_sign.astype(target))
for name in ["complex64", "complex128"]:
    # Small multiples of 1/4: products and sums are exact, and quotients by powers of two.
    a = np.array([0, 1, 2j, -1.5 + 0.25j, 3 - 4j, -5j, 1, 1 - 1j, 1 + 1j, -2 - 0.5j, 7 + 1j, -0.0, 100, -100 + 0.75j, 2.5 + 2j, 3 - 4j], dtype=name)
    b = np.roll(a, 5)
    record(name, "a", a)
    record(name, "b", b)
    for op in ["add", "subtract", "multiply", "maximum", "minimum", "equal", "not_equal", "less", "less_equal", "greater",
               "greater_equal", "logical_and", "logical_or", "logical_xor"]:
        record(name, op, getattr(np, op)(a, b))
    powers_of_two = np.array([1, 2j, -0.5, 4, -1j, 1 + 1j, 2 - 2j, 0.25] * 2, dtype=name)
    record(name, "c", powers_of_two)
    record(name, "divide", a / powers_of_two)
    for op in ["negative", "square", "logical_not", "isnan", "conjugate", "real", "imag", "isfinite"]:
        record(name, op, getattr(np, op)(a))
    # NumPy's own is off by one in the last place of one of them; the squares here are exact.
    squares = a.real.astype("float64") ** 2 + a.imag.astype("float64") ** 2
    record(name, "absolute", np.sqrt(squares).astype(a.real.dtype))
    record(name, "sum", a.sum())
    record(name, "small_prod", a[1:5].prod())
    record(name, "mean", a.mean())
    for op in ["min", "max", "argmin", "argmax", "cumsum", "sort", "any", "all", "count_nonzero"]:
        record(name, op, getattr(np, op)(a))
    record(name, "argsort", np.argsort(a, kind="stable"))
    record(name, "matmul", a.reshape(4, 4) @ b.reshape(4, 4))
    record(name, "searchsorted", np.searchsorted(np.sort(a), b))
    record(name, "cube", a**3)
    # Rounded otherwise in the last digits.
    for op in ["sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
               "arccos", "arctan", "arcsinh", "arccosh", "arctanh"]:
        # NumPy's functions of complex64 lose places and overflow on the way; here they are rounded once.
        wide = a.astype(np.complex128)
        record(name, "near_" + op, getattr(np, op)(wide).astype(a.dtype))
    record(name, "rint", np.rint(a))
    record(name, "round", np.round(a, 1))
    record(name, "round_to_tens", np.round(a, -1))
    nan = a.copy()
    nan[3], nan[7], nan[9] = complex(np.nan, 1), complex(2, np.nan), complex(np.nan, np.nan)
    record(name, "nan", nan)
    for op in ["sort", "argmax", "argmin", "isnan", "nanmin", "nanmax", "nansum"]:
        record(name, "nan_" + op, getattr(np, op)(nan))
    for target in TARGETS:
        record(name, "astype", a.astype(target) if not target.startswith("u") else np.abs(a.real).astype(target))
(pathlib.Path(__file__).parent / "dtypes.txt").write_text("\n".join(lines) + "\n")
