"""What the generators share."""

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
DTYPES = ["bool", *INTEGERS, "float32", "float64", "complex64", "complex128"]


def _signed(bits, odd):
    return ["0", "1", "-1", "2", "3", "7", "-5", odd, f"2**{bits - 1} - 1", f"-2**{bits - 1}"]


def _unsigned(bits, odd):
    return ["0", "1", "2", "3", "7", "5", odd, f"2**{bits - 1}", f"2**{bits} - 1"]


_FLOATS = ["0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", "np.nan", "np.inf", "-np.inf", "3.0"]
_COMPLEX = ["0j", "1.0", "1j", "-1.5+2j", "2.5-0.5j", "3.0", "0.1+0.1j", "-2j", "1+1j", "complex(np.nan, 1)", "np.inf"]

ELEMENTS = {
    "bool": ["True", "False"],
    "int8": _signed(8, "100"),
    "int16": _signed(16, "1000"),
    "int32": _signed(32, "100"),
    "int64": _signed(64, "2**53 + 1"),
    "uint8": _unsigned(8, "100"),
    "uint16": _unsigned(16, "1000"),
    "uint32": _unsigned(32, "100"),
    "uint64": _unsigned(64, "2**53 + 1"),
    "float32": _FLOATS + ["1e30", "-1e-40"],
    "float64": _FLOATS + ["1e300", "5e-324"],
    "complex64": _COMPLEX,
    "complex128": _COMPLEX,
}

# Numbers of Python, which count as their kind only.
WEAK = ["0", "1", "-1", "2", "3", "-7", "True", "False", "1.5", "-0.0", "0.0", "2.0", "np.nan", "2**31", "1j", "2-1.5j", "200", "2**40",
        "-2**40", "2**63", "-2**70", "2**200", "1e300"]


def lengths(random, most):
    """A shape of a few short axes; now and then one without elements."""
    ndim = random.choice([n for n in [0, 1, 1, 2, 2, 2, 3, 3, 4] if n <= most])
    return [0 if random.random() < 0.03 else random.choice([1, 2, 2, 3, 3, 4, 5]) for _ in range(ndim)]


def listed(random, shape, element):
    """Elements as lists in lists."""
    if not shape:
        return element()
    return "[" + ", ".join(listed(random, shape[1:], element) for _ in range(shape[0])) + "]"


def number(random):
    return random.choice(["7", "-3", "True", "2.75", "np.int64(9)", "np.float64(1.5)", "0"])


def array(random, dtype=None, shape=None, elements=None):
    """An array of a dtype, in C order or turned round."""
    dtype = dtype or random.choice(DTYPES)
    shape = lengths(random, 3) if shape is None else shape
    choices = elements or ELEMENTS[dtype]
    # Ordinary numbers are as likely as the extreme ones.
    tame = [one for one in choices if "**" not in one and "e" not in one and "n" not in one] or choices
    pool = random.choice([choices, tame])
    text = listed(random, shape, lambda: random.choice(pool))
    text = f"np.array({text}, dtype=np.{'bool_' if dtype == 'bool' else dtype})"
    if 0 in shape:
        text += f".reshape({tuple(shape)})"
    elif len(shape) == 2 and random.random() < 0.1:
        text = f"np.array({text}.T.tolist(), dtype=np.{'bool_' if dtype == 'bool' else dtype}).T"
    elif len(shape) == 1 and random.random() < 0.1:
        text += "[::-1]"
    return text


def broadcastable(random, shape):
    """A shape that broadcasts with another one; now and then one that does not."""
    own = [1 if random.random() < 0.3 else length for length in shape][random.choice([0, 0, 0, 1]):]
    if own and random.random() < 0.03:
        own[0] += 1
    return own


def scalar(random, dtype=None):
    """A scalar of NumPy."""
    dtype = dtype or random.choice(DTYPES)
    return f"np.{'bool_' if dtype == 'bool' else dtype}({random.choice(ELEMENTS[dtype])})"
