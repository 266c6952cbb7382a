"""Order: sorts, positions, searches, and what is where."""

from common import DTYPES, array, lengths

FLOATS = ["0.0", "1.0", "-1.5", "2.5", "0.1", "3.0", "-7.25", "1e300", "np.inf", "-np.inf", "np.nan", "2.5"]


def statement(random):
    dtype = random.choice(DTYPES)
    elements = FLOATS if dtype.startswith("float") else None
    shape = lengths(random, 3)
    if len(shape) == 1 and random.random() < 0.5:
        shape = [random.choice([6, 10, 17, 33])]
    x = array(random, dtype, shape, elements)
    ndim = len(shape)
    axis = random.choice([f", axis={random.randrange(-ndim, ndim)}" if ndim else "", "", ", axis=None"])
    kind = random.randrange(8)
    if kind < 2:
        return [f"return np.sort({x}{axis})"]
    if kind == 2:
        return [f"return np.argsort({x}{axis}, kind='stable')"]
    if kind == 3:
        return [f"x = {x} + 0" if dtype != "bool" else f"x = {x} | False", "x.sort()", "return x"]
    if kind == 4:
        line = f"np.sort({array(random, dtype, [7], elements)})"
        return [f"return np.searchsorted({line}, {x}, side='{random.choice(['left', 'right'])}')"]
    if kind == 5:
        return [f"return {random.choice(['np.nonzero', 'np.where'])}({x})"]
    if kind == 6:
        return [f"return np.flatnonzero({x})"]
    length = shape[0] if shape else 1
    indices = [random.randrange(-length, length) if length else 0 for _ in range(random.choice([1, 2, 3]))]
    return [f"return np.take({x}, {indices}{random.choice(['', ', axis=0'])})"]
