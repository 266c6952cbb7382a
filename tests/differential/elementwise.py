"""Functions of one element at a time, over all dtypes, and what stands beside an array."""

from common import DTYPES, WEAK, array, broadcastable, lengths, scalar

EXACT = """negative absolute sign sqrt square reciprocal floor ceil trunc rint isnan isinf isfinite logical_not fabs
abs""".split()
ROUNDED = """exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
deg2rad rad2deg""".split()
PAIRS = """add subtract multiply divide floor_divide remainder maximum minimum equal not_equal less less_equal greater
greater_equal logical_and logical_or logical_xor copysign true_divide mod""".split()
WHOLE = "bitwise_and bitwise_or bitwise_xor left_shift right_shift".split()
OPERATORS = "+ - * / // % == != < <= > >=".split()
# Transcendental functions are rounded otherwise in the last digits.
DIGITS = 12


def statement(random):
    kind = random.random()
    if kind < 0.2:
        name = random.choice(EXACT + ROUNDED)
        return [f"return np.{name}({operand(random)}{keywords(random)})"]
    if kind < 0.3:
        return [f"return np.where({array(random, 'bool', [3])}, {operand(random, [3])}, {operand(random, [3])})"]
    if kind < 0.4:
        low, high = operand(random, []), operand(random, [])
        bounds = random.choice([f"{low}, {high}", f"{low}, None", f"None, {high}", f"a_min={low}, a_max={high}"])
        return [f"return np.clip({array(random)}, {bounds})"]
    if kind < 0.5:
        return conversion(random)
    shape = lengths(random, 2)
    left, right = operand(random, shape), operand(random, broadcastable(random, shape))
    if kind < 0.7:
        name = random.choice(PAIRS + WHOLE)
        return [f"return np.{name}({left}, {right}{keywords(random)})"]
    if kind < 0.78:
        operator = random.choice("+ - * / // %".split())
        return [f"x = {array(random, shape=shape)} + 0", f"x {operator}= {right}", "return x"]
    return [f"return {left} {random.choice(OPERATORS)} {right}"]


def operand(random, shape=None):
    """An array, a scalar of NumPy, a number of Python or a list."""
    kind = random.random()
    if kind < 0.6:
        return array(random, shape=shape)
    if kind < 0.75:
        return scalar(random)
    if kind < 0.95:
        return f"({random.choice(WEAK)})"
    return random.choice(["[1, 2, 3]", "[True]", "[0.5]", "(1, 2)"])


def keywords(random):
    if random.random() < 0.85:
        return ""
    dtype = random.choice(DTYPES)
    return ", dtype=" + random.choice([f"np.{'bool_' if dtype == 'bool' else dtype}", "float", "int"])


def conversion(random):
    """A number or list that becomes elements of a dtype."""
    dtype = random.choice(["bool_", "int32", "int64", "float32", "float64"])
    value = random.choice(WEAK + ["3.7", "-2.2", "np.inf", "3e9", "1e30", scalar(random)])
    kind = random.randrange(7)
    if kind == 0:
        return [f"return np.array([{value}], dtype=np.{dtype})"]
    if kind == 1:
        return [f"return np.full(2, {value}, dtype=np.{dtype})"]
    if kind == 2:
        return [f"x = np.zeros(3, dtype=np.{dtype})", f"x[1] = {value}", "return x"]
    if kind == 3:
        return [f"x = np.zeros(3, dtype=np.{dtype})", f"x.fill({value})", "return x"]
    if kind == 4:
        return [f"x = np.zeros(3, dtype=np.{dtype})", f"x[[0, 2]] = {value}", "return x"]
    if kind == 5:
        return [f"return {array(random)}.astype(np.{dtype})"]
    return [f"return np.{dtype}({value})"]
