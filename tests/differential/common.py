"""What the generators share."""

DTYPES = ["bool", "int32", "int64", "float32", "float64"]

ELEMENTS = {
    "bool": ["True", "False"],
    "int32": ["0", "1", "-1", "2", "3", "7", "-5", "100", "2**31 - 1", "-2**31"],
    "int64": ["0", "1", "-1", "2", "3", "-7", "1000", "2**53 + 1", "2**63 - 1", "-2**63"],
    "float32": ["0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", "1e30", "-1e-40", "np.nan", "np.inf", "-np.inf", "3.0"],
    "float64": ["0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", "1e300", "5e-324", "np.nan", "np.inf", "-np.inf", "3.0"],
}

# Numbers of Python, which count as their kind only.
WEAK = ["0", "1", "-1", "2", "3", "-7", "True", "False", "1.5", "-0.0", "0.0", "2.0", "np.nan", "2**31", "2**40",
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
