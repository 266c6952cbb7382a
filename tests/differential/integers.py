"""Whole numbers: what wraps around, what rounds down, and numbers that do not fit."""

from common import INTEGERS, array, broadcastable, lengths, scalar

OPERATORS = "+ - * // % & | ^ << >> ** == != < <= > >= /".split()
WEAK = ["0", "1", "-1", "2", "3", "-7", "31", "32", "63", "64", "True", "127", "128", "-129", "255", "256", "2**31", "2**31 - 1", "-2**31", "-2**31 - 1",
        "2**40", "2**62", "2**63 - 1", "2**63", "-2**63", "-2**63 - 1", "2**100", "2.0", "0.5"]


def statement(random):
    shape = lengths(random, 2)
    left = operand(random, shape)
    right = operand(random, broadcastable(random, shape))
    operator = random.choice(OPERATORS)
    kind = random.random()
    if operator in ("<<", ">>"):
        # Shifts by less than nothing are left open in NumPy.
        right = random.choice(["0", "1", "5", "31", "32", "40", "63", "64", "np.int32(3)", "np.uint8(3)"])
    if operator == "**":
        left, right = operand(random, shape), random.choice(["0", "1", "2", "3", "-1", "np.int64(2)", "2**40"])
        if not left.startswith("np."):
            # Python would count the digits of such a power for ever.
            right = random.choice(["0", "1", "2", "3"])
    if kind < 0.15 and operator not in ("==", "!=", "<", "<=", ">", ">="):
        dtype = random.choice(INTEGERS)
        if operator == "**":
            right = random.choice(["0", "2", "3"])
        return [f"x = {array(random, dtype, shape)} + 0", f"x {operator}= {right}", "return x"]
    if kind < 0.25:
        return [f"return {random.choice('-~')}{array(random, random.choice(INTEGERS), shape)}"]
    if kind < 0.3:
        return [f"return abs({array(random, random.choice(INTEGERS), shape)})"]
    if kind < 0.35:
        name = random.choice("maximum minimum fmax fmin".split())
        return [f"return np.{name}({left}, {right})"]
    if kind < 0.4:
        start, step = random.choice(["0", "-3", "5", "True", "2.5"]), random.choice(["1", "2", "-1", "1.5", "0.3"])
        dtype = random.choice(["", ", dtype=np.int32", ", dtype=int", ", dtype=float", ", dtype=np.float32", ", dtype=np.uint8",
                               ", dtype=np.int16", ", dtype=np.uint64"])
        return [f"return np.arange({start}, {random.choice(['3', '10', '-4', '0', '7.5'])}, {step}{dtype})"]
    return [f"return {left} {operator} {right}"]


def operand(random, shape):
    kind = random.random()
    dtype = random.choice(INTEGERS + ["bool"])
    if kind < 0.55:
        return array(random, dtype, shape)
    if kind < 0.75:
        return scalar(random, dtype)
    return f"({random.choice(WEAK)})"
