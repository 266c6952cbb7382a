"""Many elements become one."""

from common import DTYPES, array, lengths, scalar

EXACT = "all any max min count_nonzero argmax argmin amax amin nanmax nanmin nanargmax nanargmin ptp".split()
ROUNDED = "sum prod mean var std nansum nanprod nanmean nanvar nanstd".split()
METHODS = "all any max min argmax argmin sum prod mean var std".split()
FLOATS = ["0.0", "1.0", "-1.5", "2.5", "0.1", "3.0", "-7.25", "100.0"]
SPECIAL = FLOATS + ["np.nan", "np.inf", "-np.inf", "np.nan"]
COMPLEX = ["0j", "1.0", "1j", "-1.5+2j", "2.5-0.5j", "3.0"]
WHOLE = ["0", "1", "-1", "2", "3", "-7", "100", "2**31 - 1", "-2**31"]
# The order in which floats are added is the library's own.
DIGITS = 12


def statement(random):
    name = random.choice(EXACT + ROUNDED)
    dtype = random.choice(DTYPES)
    shape = lengths(random, 3)
    if random.random() < 0.06:
        x = random.choice(["3", "2.5", "True", scalar(random)])
        shape = []
    elif dtype.startswith("float"):
        x = array(random, dtype, shape, random.choice([FLOATS, FLOATS, SPECIAL, ["np.nan"], ["-0.0"]]))
    elif dtype.startswith("complex"):
        x = array(random, dtype, shape, random.choice([COMPLEX, COMPLEX + ["complex(np.nan, 1)", "complex(1, np.nan)"]]))
    elif dtype not in ("int32", "int64"):
        x = array(random, dtype, shape)
    else:
        x = array(random, dtype, shape, WHOLE)
    arguments = []
    ndim = len(shape)
    if random.random() < 0.6:
        one = random.randrange(-ndim, ndim) if ndim else random.choice([0, -1])
        axes = [one]
        if ndim > 1 and "arg" not in name and random.random() < 0.3:
            axes = random.sample(range(ndim), random.choice([n for n in [1, 2, ndim] if n <= ndim]))
        if random.random() < 0.02:
            axes = [ndim]
        arguments.append(f"axis={axes[0] if len(axes) == 1 else tuple(axes)}")
    if random.random() < 0.2:
        arguments.append("keepdims=True")
    if name.endswith(("var", "std")) and random.random() < 0.3:
        arguments.append(f"ddof={random.choice([0, 1, 2, 5])}")
    if random.random() < 0.05:
        arguments.append(random.choice(["dtype=float", "correction=1", "dtype=np.float32", "dtyp=int", "out=None"]))
    if name in METHODS and x.startswith("np.array") and random.random() < 0.5:
        return [f"return {x}.{name}({', '.join(arguments)})"]
    return [f"return np.{name}({', '.join([x] + arguments)})"]
