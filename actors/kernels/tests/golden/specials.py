"""Writes specials.txt: what NumPy gives for zeros, infinities, NaN, and numbers at the ends of domains and of ranges.

Run it in this folder with NumPy 2. A line has the function and the dtype, and behind semicolons the bits of the operands
and of the results in hexadecimal; of a function of two operands there is a result for each pair.
"""

import warnings

import numpy as np

warnings.simplefilter("ignore")
UNARY = """sqrt square reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh
arcsinh arccosh arctanh""".split()
BINARY = "add subtract multiply divide floor_divide remainder power arctan2 hypot logaddexp".split()


def bits(array):
    words = array.view({8: np.uint64, 4: np.uint32}[array.itemsize])
    return " ".join(format(word, "x") for word in words.ravel())


lines = []
for dtype in (np.float64, np.float32):
    info = np.finfo(dtype)
    one = dtype(1)
    positive = [0, info.smallest_subnormal, info.tiny, info.eps, 0.5, np.nextafter(one, 0 * one), 1]
    positive += [np.nextafter(one, 2 * one), 1.5, 2, 3, 2.0**31 + 1, info.max, np.inf]
    points = np.array(positive + [-x for x in positive] + [np.nan], dtype)
    points = np.concatenate([points, np.array([-2.5, -745.2, 709.8, -104.0, 88.8, 1024, -1075, 711], dtype)])
    name = np.dtype(dtype).name
    for function in UNARY:
        lines.append(f"{function} {name}; {bits(points)}; {bits(getattr(np, function)(points))}")
    few = np.array([0.0, 0.5, 1, 2, 3, info.max, np.inf], dtype)
    few = np.concatenate([few, -few, np.array([np.nan, 2.5, -info.tiny], dtype)])
    for function in BINARY:
        lines.append(f"{function} {name}; {bits(few)}; {bits(getattr(np, function).outer(few, few))}")
with open("specials.txt", "w") as file:
    file.writelines(line + "\n" for line in lines)
