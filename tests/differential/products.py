"""Products of vectors, matrices and stacks of them, of numbers whose products and sums are exact; signs of zeros are
nobody's promise."""

from common import array

EXACT = {
    "bool": ["True", "False"],
    "int8": ["0", "1", "-1", "2", "3", "-7", "100"],
    "int16": ["0", "1", "-1", "2", "3", "-7", "1000"],
    "uint8": ["0", "1", "2", "3", "200"],
    "uint16": ["0", "1", "2", "3", "60000"],
    "uint32": ["0", "1", "2", "3", "2**32 - 1"],
    "uint64": ["0", "1", "2", "3", "2**64 - 1"],
    "complex64": ["0j", "1j", "1.0", "-1.5+2j", "3.0"],
    "complex128": ["0j", "1j", "1.0", "-1.5+2j", "3.0", "0.25j"],
    "int32": ["0", "1", "-1", "2", "3", "-7", "100"],
    "int64": ["0", "1", "-1", "2", "3", "-7", "1000"],
    "float32": ["0.0", "1.0", "-1.5", "2.5", "3.0"],
    "float64": ["0.0", "1.0", "-1.5", "2.5", "0.25"],
}


def statement(random):
    dtype = random.choice(list(EXACT))
    other = random.choice([dtype, dtype, random.choice(list(EXACT))])
    inner, rows, columns = (random.choice([0, 1, 2, 3, 5] if random.random() < 0.1 else [1, 2, 3, 5]) for _ in range(3))
    stack = [random.choice([1, 2, 3]) for _ in range(random.choice([0, 0, 0, 1, 1, 2]))]
    left = own_stack(random, stack) + random.choice([[], [rows], [rows]]) + [inner]
    right = own_stack(random, stack) + [misfit(random, inner)] + random.choice([[], [columns], [columns]])
    a = array(random, dtype, left, EXACT[dtype])
    b = array(random, other, right, EXACT[other])
    kind = random.randrange(6)
    if kind < 3:
        return [f"return {a} @ {b} + 0"]
    if kind == 3:
        return [f"return np.matmul({a}, {b}) + 0"]
    if kind == 4:
        return [f"return np.dot({a}, {b}) + 0"]
    return [f"x = {a}", f"return x.dot({b}) + 0"]


def own_stack(random, stack):
    """Axes that broadcast with those of a stack; now and then one that does not."""
    own = [1 if random.random() < 0.3 else length for length in stack][random.choice([0, 0, 1]):]
    if own and random.random() < 0.05:
        own[-1] += 1
    return own


def misfit(random, inner):
    return inner + 1 if random.random() < 0.05 else inner
