"""Writes the golden files of the array tests with NumPy 2: what it gives, as dtype, shape and elements in C order.

Run it as `python3 tests/golden/make.py`; the files lie beside it. Elements are texts, because JSON has no NaN.
"""

import json
import pathlib
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).parent
DTYPES = ["bool", "int32", "int64", "float32", "float64"]
ALL_DTYPES = (
    ["bool"]
    + [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
    + ["float32", "float64", "complex64", "complex128"]
)

UNARY = """negative absolute sign sqrt square reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos
arctan sinh cosh tanh arcsinh arccosh arctanh floor ceil trunc rint isnan isinf isfinite signbit logical_not
invert""".split()
BINARY = """add subtract multiply divide floor_divide remainder power maximum minimum fmax fmin arctan2 hypot copysign
logaddexp equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor bitwise_and
bitwise_or bitwise_xor left_shift right_shift""".split()
REDUCTIONS = """sum prod min max any all argmin argmax mean var std nansum nanprod nanmin nanmax nanmean nanvar nanstd
nanargmin nanargmax count_nonzero""".split()


def inputs(dtype, shift):
    """Seven elements of a dtype, with its edges; `shift` makes the two operands differ."""
    floats = [0.0, -0.0, 1.5, -2.5, np.inf, np.nan, 0.25]
    integers = [0, 1, -3, 7, 2, -1, 5]
    values = {"bool": [0, 1, 1, 0, 1, 0, 1]}.get(dtype, floats if "float" in dtype else integers)
    return np.roll(np.array(values).astype(dtype), shift)


def text(element):
    """A text that parses to the same bits."""
    if element.dtype == bool:
        return str(element).lower()
    if element.dtype.kind in "iu" or not np.isfinite(element):
        return str(element)
    return np.format_float_scientific(element, unique=True, trim="-", exp_digits=1)


def result(compute):
    """What a computation gives, or None where NumPy refuses it or gives a dtype that this library does not have."""
    try:
        array = np.asarray(compute())
    except (TypeError, ValueError):
        return None
    if array.dtype.name not in DTYPES:
        return None
    return {"dtype": array.dtype.name, "shape": list(array.shape), "elements": " ".join(map(text, array.ravel()))}


def write(name, value):
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items())
    (FOLDER / f"{name}.json").write_text("{\n" + lines + "\n}\n")


def promotion():
    arrays = {
        f"{left} {right}": np.result_type(np.dtype(left), np.dtype(right)).name
        for left in ALL_DTYPES for right in ALL_DTYPES
    }
    weak = {
        f"{dtype} with {type(number).__name__}": np.result_type(np.dtype(dtype), number).name
        for dtype in ALL_DTYPES for number in (True, 1, 1.0)
    }
    write("promotion", arrays | weak)


def functions():
    cases = {"inputs " + dtype: result(lambda: inputs(dtype, 0)) for dtype in DTYPES}
    cases |= {"others " + dtype: result(lambda: inputs(dtype, 2)) for dtype in DTYPES}
    for name in UNARY:
        for dtype in DTYPES:
            cases[f"{name} {dtype}"] = result(lambda: getattr(np, name)(inputs(dtype, 0)))
    for name in BINARY:
        for left in DTYPES:
            for right in DTYPES:
                second = inputs(right, 2)
                # NumPy refuses a whole array for one negative exponent or shift.
                if name in ("power", "left_shift", "right_shift") and second.dtype.kind == "i":
                    second = np.abs(second)
                cases[f"{name} {left} {right}"] = result(lambda: getattr(np, name)(inputs(left, 0), second))
    write("functions", cases)


def reductions():
    cases = {}
    for dtype in DTYPES:
        if dtype == "bool":
            array = (np.arange(60) % 7 == 3).reshape(4, 5, 3)
        else:
            array = ((np.arange(60) * 37) % 41 - 17).astype(dtype).reshape(4, 5, 3)
            if "float" in dtype:
                array /= 4
        cases["input " + dtype] = result(lambda: array)
        for name in REDUCTIONS:
            axes = (None, 0, 2) if "arg" in name else (None, 0, 1, (0, 2))
            for axis in axes:
                cases[f"{name} {dtype} {axis}"] = result(lambda: getattr(np, name)(array, axis=axis))
    array = np.array([[1.5, np.nan, -2.0], [np.nan, 4.0, 0.5], [0.25, -np.inf, 3.0]])
    cases["input holes"] = result(lambda: array)
    for name in REDUCTIONS:
        for axis in (None, 0, 1):
            cases[f"{name} holes {axis}"] = result(lambda: getattr(np, name)(array, axis=axis))
    write("reductions", cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    promotion()
    functions()
    reductions()
