"""Where the prompt differs from NumPy on purpose, each with its reason.

A difference counts as meant when one of these says so; everything else is a fault.
"""

import re


def class_names(text):
    """NumPy's exceptions for types that a ufunc does not take are all shown under the name of a class above them."""
    return re.sub(r"^raises (UFuncOutputCastingError|UFuncTypeError):", "raises TypeError:", text)


def kind(text):
    """The class of an exception; nothing for a result."""
    return text.split(":")[0] if text.startswith("raises") else None


def no_such_dtype(lines, found, expected):
    """There are no float16 and object arrays: functions of 8 bits are computed in float64, and objects refused."""
    return re.search(r"\b(float16|object)\b", expected) is not None


def moments_of_a_type(lines, found, expected):
    """`var` and `std` of complex numbers in a type that is named, or of others in a complex one, are refused."""
    refused = re.search(r"raises NotImplementedError: `\w*(var|std)` computed in ", found) is not None
    return refused and "complex" in lines[-1] + found


def long_integers(lines, found, expected):
    """Whole numbers beyond 64 bits are no arrays of objects: what NumPy computes one by one in Python is refused."""
    refused = kind(found) in ("raises TypeError", "raises NotImplementedError", "raises OverflowError")
    return refused and re.search(r"2\*\*(40|63|70|100|200)\b", lines[-1]) is not None \
        and (kind(expected) != kind(found)) and ("'int' object is no" in found or "bits" in found)


def misfits(lines, found, expected):
    """A number that does not fit is refused also where NumPy wraps it or stores the lowest integer: where, full."""
    refused = kind(found) in ("raises OverflowError", "raises ValueError")
    return refused and kind(expected) is None and re.search(r"np\.(where|full)\(", lines[-1]) is not None


def truth_of_long_integers(lines, found, expected):
    """A number beyond 64 bits is true, also where NumPy cannot convert it first."""
    return kind(expected) == "raises OverflowError" and ("bool" in lines[-1] or "logical" in lines[-1])


def wording(lines, found, expected):
    """The same class of error in other words: which of two faults is told first, and names of internal functions."""
    return kind(found) is not None and kind(found) == kind(expected)


def masks_of_nothing(lines, found, expected):
    """A mask of another shape is refused also where the array has no elements, and NumPy does not look."""
    return kind(expected) is None and found.startswith("raises IndexError: boolean index did not match") \
        and "np.arange(0)" in lines[0]


def float_steps(lines, found, expected):
    """`arange` of float32 rounds each element once, and does not add up a rounded step."""
    return "np.arange" in lines[-1] and "float32" in expected


def two_zeros(lines, found, expected):
    """Which of two zeros of different sign is the extreme of many elements depends on NumPy's vector registers, as
    does `fmax` and `fmin` of two zeros."""
    def unsigned(text):
        return re.sub(r"\(-0([+-])", r"(0\1", text.replace("-0.0", "0.0")).replace("(0+0j)", "0j")
    return re.search(r"\b(max|min|amax|amin|nanmax|nanmin|ptp|fmax|fmin|clip)\(", lines[-1]) is not None \
        and unsigned(found) == unsigned(expected)


def zeros_of_products(lines, found, expected):
    """The signs of the zeros of a complex product depend on the order of its factors."""
    def unsigned(text):
        return re.sub(r"\(-?0[+-]0j\)|-0j", "0j", text)
    return "complex" in expected and "prod" in lines[-1] and unsigned(found) == unsigned(expected)


def complex_beside_float64(lines, found, expected):
    """What a complex number of Python gives with a float64 is NumPy's, where it is Python's own in NumPy, since float64 is
    a class below float."""
    return re.sub(r"^scalar (bool|complex128)", "python", found) == expected


def parts_of_nan(lines, found, expected):
    """Complex numbers that are reduced as real ones are cast first, and NumPy looks for NaN first."""
    return "complex(1, np.nan)" in lines[-1] and re.search(r"dtype=(float|np.float)", lines[-1]) is not None


def nothing_to_compute(lines, found, expected):
    """What would be refused of elements is refused also where there are none, and NumPy does not look."""
    negative = "negative integer powers" in found and re.search(r"\[\]", expected) is not None
    written = "shape mismatch: value array" in found and "np.arange(0)" in lines[0] and kind(expected) is None
    return negative or written


def magnitudes_of_a_type(lines, found, expected):
    """`abs` of complex numbers computed in another type is refused."""
    return "np.abs" in lines[-1] and "complex" in lines[-1] and "dtype=" in lines[-1] and "Cannot cast ufunc 'absolute'" in found


def two_faults(lines, found, expected):
    """An operation in place with two faults, the cast of its result and the shapes: NumPy tells the cast first."""
    if "np.where(" in lines[-1] and kind(found) == "raises OverflowError" and "could not be broadcast" in expected:
        # Of `where` it tells the shapes first.
        return True
    in_place = any(re.match(r"\w+(\[.*\])? \S?\S?\S=", line) for line in lines)
    return in_place and found.startswith("raises ValueError: operands could not be broadcast") \
        and expected.startswith("raises TypeError: Cannot cast ufunc")


def scalars_beside_lists(lines, found, expected):
    """A float scalar times a list is the product of arrays; NumPy tries to repeat the list first, and refuses."""
    return expected.startswith("raises TypeError: can't multiply sequence by non-int") and kind(found) is None


REASONS = [two_faults, nothing_to_compute, magnitudes_of_a_type, complex_beside_float64, parts_of_nan, zeros_of_products, scalars_beside_lists, no_such_dtype, moments_of_a_type, long_integers, misfits, truth_of_long_integers, wording, masks_of_nothing,
           float_steps, two_zeros]


def reason(lines, found, expected):
    """Why a result differs from NumPy's by intent; nothing when it does not."""
    for meant in REASONS:
        if meant(lines, found, expected):
            return meant.__name__
    return None
