"""Several arrays into one, one into several, and other shapes."""

from common import array, lengths


def statement(random):
    kind = random.randrange(12)
    shape = lengths(random, 3)
    x = array(random, shape=shape)
    ndim = len(shape)
    axis = random.randrange(-ndim, ndim) if ndim else 0
    if kind < 3:
        name = random.choice(["concatenate", "stack", "vstack", "hstack", "column_stack"])
        parts = [x] + [array(random, shape=other(random, shape, axis if name == "concatenate" else None))
                       for _ in range(random.choice([0, 1, 1, 2]))]
        along = random.choice(["", f", axis={axis}", ", axis=None"]) if name == "concatenate" else ""
        if name == "stack":
            along = random.choice(["", f", axis={random.randrange(-ndim - 1, ndim + 1)}"])
        return [f"return np.{name}([{', '.join(parts)}]{along})"]
    if kind == 3:
        name = random.choice(["split", "array_split"])
        sections = random.choice(["1", "2", "3", "[1]", "[1, 2]", "[0, 5]"])
        return [f"return np.{name}({x}, {sections}, axis={axis})"]
    if kind == 4:
        return [f"return np.repeat({x}, {random.choice([0, 1, 2, 3])}{random.choice(['', f', axis={axis}'])})"]
    if kind == 5:
        return [f"return np.tile({x}, {random.choice(['2', '(2, 1)', '(1, 2, 2)', '0'])})"]
    if kind == 6:
        size = 1
        for length in shape:
            size *= length
        new = random.choice([f"({size},)", "(-1,)", f"(1, {size})", "(2, -1)", f"({size}, 1, 1)", "-1"])
        return [f"return {x}.reshape({new})"]
    if kind == 7:
        order = random.sample(range(ndim), ndim)
        return [f"return {x}.transpose({tuple(order)})"] if ndim else [f"return {x}.T"]
    if kind == 8:
        return [f"return np.expand_dims({x}, {random.randrange(-ndim - 1, ndim + 1)})"]
    if kind == 9:
        return [f"return {random.choice([f'np.squeeze({x})', f'{x}.ravel()', f'{x}.flatten()'])}"]
    if kind == 10:
        wide = [random.choice([2, 3])] * random.choice([0, 1]) + [length if length != 1 else random.choice([1, 3])
                                                                 for length in shape]
        return [f"return np.broadcast_to({x}, {tuple(wide)})"]
    if ndim > 1:
        first, second = random.sample(range(ndim), 2)
        return [f"return {random.choice(['np.swapaxes', 'np.moveaxis'])}({x}, {first}, {second})"]
    return [f"return np.append({x}, {array(random, shape=shape)})"]


def other(random, shape, axis):
    own = list(shape)
    if axis is not None and own and random.random() < 0.5:
        own[axis] = random.choice([0, 1, 2, 3])
    if own and random.random() < 0.04:
        own[0] += 1
    return own
