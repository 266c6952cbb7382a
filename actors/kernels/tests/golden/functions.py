"""Writes functions.txt: what the element-wise functions give, by mpmath and by NumPy.

Run it in this folder with NumPy 2 and mpmath. A line has fields between semicolons: kind, function and dtypes of the
operands and the result; the operands, one field each; the results. Floats are written as their bits in hexadecimal.
Results of `real` lines are the exact values rounded to the nearest float64; those of `numpy` and `outer` lines are
NumPy's own, of `outer` ones for all pairs of the two operands.
"""

import struct
import warnings

import mpmath
import numpy as np

mpmath.mp.prec = 300
warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def bits(x, dtype):
    code, size = {"float64": ("<d", "<Q"), "float32": ("<f", "<I")}[dtype]
    return format(struct.unpack(size, struct.pack(code, x))[0], "x")


def nearest(value):
    """The float64 nearest to an exact value, subnormal ones included."""
    if mpmath.isnan(value):
        return float("nan")
    if mpmath.isinf(value) or value == 0:
        return float(value)
    exponent = max(int(mpmath.floor(mpmath.log(abs(value), 2))) - 52, -1074)
    scaled = int(mpmath.nint(mpmath.ldexp(value, -exponent)))
    try:
        return float(mpmath.ldexp(mpmath.mpf(scaled), exponent))
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def spread(low, high, count, signs=True):
    """Magnitudes of all orders between two bounds."""
    x = np.exp(rng.uniform(np.log(low), np.log(high), count))
    return x * rng.choice([-1.0, 1.0], count) if signs else x


lines = []


def line(kind, function, dtype, result, *lists):
    """Operands are of the dtype, and the last list is that of the results."""
    dtypes = [dtype] * (len(lists) - 1) + [result]
    fields = [" ".join(written(x, own) for x in values) for values, own in zip(lists, dtypes)]
    lines.append("; ".join([f"{kind} {function} {dtype} {result}", *fields]))


def written(x, dtype):
    return bits(x, dtype) if dtype.startswith("float") else str(int(x))


tiny, huge = 5e-324, 1.7976931348623157e308
near_one = 1.0 + spread(1e-12, 0.3, 30)
unit = np.concatenate([rng.uniform(-1, 1, 30), spread(1e-300, 1, 10)])
moderate = np.concatenate([spread(1e-8, 30, 40), spread(1e-300, 1e-8, 5)])
anywhere = np.concatenate([spread(1e-3, 1e5, 40), spread(1e-300, 1e-3, 5)])
positive = np.concatenate([spread(tiny * 4, huge, 60, False), near_one, [tiny, 2.3e-308, huge, 0.5, 2.0]])
exponents = np.concatenate([rng.uniform(-745.1, 709.78, 80), spread(1e-300, 1, 20), [709.782712893384, -708.5, -744.9, -745.13]])
sigmoid = lambda x: 1 / (1 + mpmath.exp(-x))
real = {
    "exp": (mpmath.exp, exponents),
    "exp2": (lambda x: mpmath.power(2, x), rng.uniform(-1074, 1023.9, 40)),
    "expm1": (mpmath.expm1, np.concatenate([rng.uniform(-40, 709, 30), spread(1e-300, 1, 15)])),
    "log": (mpmath.log, positive),
    "log2": (lambda x: mpmath.log(x, 2), positive),
    "log10": (mpmath.log10, positive),
    "log1p": (mpmath.log1p, np.concatenate([spread(1e-300, 0.9, 20), spread(1, huge, 20, False)])),
    "sin": (mpmath.sin, anywhere),
    "cos": (mpmath.cos, anywhere),
    "tan": (mpmath.tan, anywhere),
    "arcsin": (mpmath.asin, unit),
    "arccos": (mpmath.acos, unit),
    "arctan": (mpmath.atan, anywhere),
    "sinh": (mpmath.sinh, moderate),
    "cosh": (mpmath.cosh, moderate),
    "tanh": (mpmath.tanh, np.concatenate([moderate, rng.uniform(-3, 3, 40)])),
    "arcsinh": (mpmath.asinh, anywhere),
    "arccosh": (mpmath.acosh, 1 + spread(1e-6, 1e10, 30, False)),
    "arctanh": (mpmath.atanh, unit),
    "sigmoid": (sigmoid, np.concatenate([rng.uniform(-745, 40, 60), spread(1e-300, 1, 10)])),
}
for name, (function, points) in real.items():
    values = [nearest(function(mpmath.mpf(float(x)))) for x in points]
    line("real", name, "float64", "float64", points, values)
pairs = {
    "power": (mpmath.power, spread(1e-5, 1e5, 30, False), rng.uniform(-20, 20, 30)),
    "arctan2": (mpmath.atan2, spread(1e-10, 1e10, 20), spread(1e-10, 1e10, 20)),
    "hypot": (mpmath.hypot, spread(1e-160, 1e160, 20), spread(1e-160, 1e160, 20)),
    "logaddexp": (
        lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)),
        rng.uniform(1, 700, 20),
        rng.uniform(1, 700, 20),
    ),
}
for name, (function, left, right) in pairs.items():
    exact = [function(mpmath.mpf(float(x)), mpmath.mpf(float(y))) for x, y in zip(left, right)]
    line("real", name, "float64", "float64", left, right, [nearest(value) for value in exact])

inf, nan = np.inf, np.nan
floats = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 3.5, 7.0, -3.0, 0.1, tiny, inf, -inf, nan]
integers = {
    "int64": [0, 1, -1, 2, -2, 7, -7, 63, 64, 2**62, 2**63 - 1, -(2**63)],
    "int32": [0, 1, -1, 2, -2, 7, -7, 31, 32, 2**30, 2**31 - 1, -(2**31)],
    "bool": [0, 1],
}

exact_unary = "negative absolute sign sqrt square reciprocal floor ceil trunc rint isnan isinf isfinite signbit logical_not invert".split()
exact_binary = (
    "add subtract multiply divide floor_divide remainder maximum minimum fmax fmin copysign equal not_equal less"
    " less_equal greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor"
    " left_shift right_shift power"
).split()
kinds = {"float64": floats, "float32": [x for x in floats if x != tiny], **integers}


def record(name, dtype, *operands):
    arrays = [np.array(values, dtype=dtype) for values in operands]
    try:
        if len(arrays) == 1:
            kind, result = "numpy", getattr(np, name)(arrays[0])
        else:
            kind, result = "outer", getattr(np, name).outer(*arrays)
    except TypeError:
        return
    own = str(result.dtype)
    # What NumPy computes in another dtype is a cast before the function.
    if own in (dtype, "bool"):
        line(kind, name, dtype, own, *arrays, result.ravel())


for dtype, values in kinds.items():
    for name in exact_unary:
        # Both are functions of floats in the array API and here; NumPy casts for the one and rounds for the other.
        if name not in ("signbit", "reciprocal") or dtype.startswith("float"):
            record(name, dtype, values)
    for name in exact_binary:
        if name != "power":
            record(name, dtype, values, values)
        elif dtype.startswith("int"):
            record(name, dtype, values, [x for x in values if x >= 0])

casts = {
    "float64": floats + [2.0**31, -(2.0**31) - 1, 2.0**63, -(2.0**63), 1.9, -1.9, 1e10, 16777217.0],
    "float32": [0.0, -0.0, 1.9, -1.9, 2.0**31, -(2.0**31), 2.0**63, inf, -inf, nan, 0.1],
    **integers,
}
for source, values in casts.items():
    array = np.array(values, dtype=source)
    for target in casts:
        line("numpy", "cast", source, target, array, array.astype(target))

with open("functions.txt", "w") as file:
    file.writelines(text + "\n" for text in lines)
