"""Random indices of all kinds, read and written."""

from common import lengths, listed, number


def statement(random):
    """The lines of a function body that ends with `return`."""
    shape = lengths(random, most=4)
    size = 1
    for length in shape:
        size *= length
    array = f"np.arange({size}).reshape({tuple(shape)})"
    if random.random() < 0.1:
        array += f".transpose({tuple(random.sample(range(len(shape)), len(shape)))})" if shape else ""
    index = entries(random, shape)
    if random.random() < 0.5:
        return [f"x = {array}", f"return x[{index}]"]
    kind = random.choice(["x[{i}] = {v}", "x[{i}] = {v}", "x[{i}] += {v}"])
    line = kind.format(i=index, v=value(random, shape))
    return [f"x = {array} * 1", line, "return x"]


def entries(random, shape):
    """An index of an array of a shape, as Python writes it; sometimes one that does not fit."""
    # One kind of index alone is as likely as any mixture.
    kinds = random.choice([["at", "slice", "none"], ["list", "slice"], ["mask", "slice", "at"],
                           ["at", "slice", "none", "list", "mask", "truth", "array", "nested"]])
    parts, axis, ellipsis = [], 0, False
    at_most = len(shape) + (random.random() < 0.05)
    while axis < at_most and random.random() < 0.85:
        length = shape[axis] if axis < len(shape) else 3
        kind = random.choice(kinds)
        if kind == "at":
            parts.append(position(random, length))
            axis += 1
        elif kind == "slice":
            parts.append(bounds(random, length))
            axis += 1
        elif kind == "none":
            parts.append("None")
        elif kind == "truth":
            parts.append(random.choice(["True", "False", "np.bool_(True)", "np.array(True)"]))
        elif kind == "list":
            parts.append(positions(random, length, random.choice([1, 2, 2, 3])))
            axis += 1
        elif kind == "array":
            dtype = random.choice(["np.int64", "np.int32"])
            parts.append(f"np.array({positions(random, length, random.choice([0, 1, 2, 3]))}, dtype={dtype})")
            axis += 1
        elif kind == "nested":
            rows, columns = random.choice([(1, 2), (2, 1), (2, 2), (3, 1)])
            inner = ", ".join(positions(random, length, columns) for _ in range(rows))
            parts.append(f"[{inner}]")
            axis += 1
        elif kind == "mask":
            ndim = random.choice([1, 1, 1, 2, 2, 3])
            own = list(shape[axis:axis + ndim]) or [2]
            if random.random() < 0.03:
                own[0] += 1
            parts.append(mask(random, own))
            axis += len(own)
        if not ellipsis and random.random() < 0.1:
            parts.append("...")
            ellipsis = True
            break_at = len(shape) - random.randrange(0, 2)
            axis = max(axis, min(break_at, len(shape)))
    if len(shape) >= 2 and random.random() < 0.05:
        rows, columns = positions(random, shape[0], 2), positions(random, shape[1], 3)
        return f"np.ix_({rows}, {columns})"
    if not parts:
        return random.choice(["...", "()", "None", "True", ":", "False"]) if shape else random.choice(["...", "()", "None", "True"])
    return ", ".join(parts) + ("," if len(parts) == 1 and random.random() < 0.2 else "")


def position(random, length):
    bad = random.random() < 0.02 or length == 0
    at = random.choice([length, -length - 1]) if bad else random.randrange(-length, length)
    return random.choice(["{}", "{}", "{}", "np.int64({})", "np.array({})"]).format(at)


def positions(random, length, count):
    if length == 0 or random.random() < 0.03:
        count = 0
    found = [random.randrange(-length, length) for _ in range(count)]
    if found and random.random() < 0.01:
        found[0] = length
    return str(found)


def bounds(random, length):
    def bound():
        return random.choice(["", "", str(random.randrange(-length - 1, length + 2))])
    step = random.choice(["", "", "", ":", ":1", ":2", ":-1", ":-2", ":3"])
    return f"{bound()}:{bound()}{step}"


def mask(random, shape):
    text = listed(random, shape, lambda: random.choice(["True", "False"]))
    if 0 in shape or random.random() < 0.7:
        return f"np.array({text}, dtype=bool).reshape({tuple(shape)})"
    return text


def value(random, shape):
    """Something that may broadcast to what is indexed."""
    kind = random.random()
    if kind < 0.4:
        return number(random)
    if kind < 0.6:
        return f"np.arange({random.choice([1, 2, 3, 4, 5])})"
    own = [random.choice([1, length]) for length in shape[random.randrange(0, len(shape) + 1):]]
    if random.random() < 0.2:
        own = [1] + own
    if random.random() < 0.2:
        own = [random.choice([1, 2, 3])] + own
    size = 1
    for length in own:
        size *= length
    text = f"(np.arange({size}).reshape({tuple(own)}) + 100)"
    return text + ".tolist()" if random.random() < 0.2 and own else text
