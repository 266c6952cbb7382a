# Arrays put together and taken apart.
import numpy as np
a, b = np.arange(6).reshape(2, 3), np.arange(6, 12).reshape(2, 3)
print(np.concatenate([a, b]), np.concatenate((a, b), axis=1), np.stack([a, b]).shape, np.stack([a, b], axis=-1)[0])
print(np.vstack([a, b[0]]), np.hstack([a, b]), np.hstack([[1, 2], [3]]), np.column_stack([[1, 2], [3, 4]]))
print(np.append([1, 2], [[3], [4]]), np.append(a, [[9, 9, 9]], axis=0), np.concatenate([[1], [2.5], [True]]))
print([part.tolist() for part in np.split(np.arange(9), 3)], [part.shape for part in np.array_split(np.arange(10), 4)])
first, second = np.split(a, [1], axis=1)
print(first, second)
print(np.tile([1, 2], 3), np.tile(a, (2, 1)), np.repeat([1, 2, 3], 2), np.repeat(a, 2, axis=0))
print(np.broadcast_to([1, 2, 3], (2, 3)), np.expand_dims(a, 1).shape, np.squeeze(np.zeros((1, 3, 1))).shape)
print(np.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape, np.swapaxes(a, 0, 1), np.ravel(a.T), a.T.flatten())
print(a.reshape(3, -1), a.reshape(-1), np.reshape(a, (1, 6)), a.T.reshape(2, 3))
pieces = []
for i in range(5):
    pieces.append(np.full(i, i))
whole = np.concatenate(pieces)
print(whole, whole.shape, len(pieces))
for bad in (lambda: np.concatenate([a, np.zeros(3)]), lambda: np.stack([a, a[0]]), lambda: np.concatenate([]), lambda: np.split(np.arange(5), 2), lambda: a.reshape(4, 2)):
    try:
        print(bad())
    except ValueError as error:
        print(type(error).__name__)
table = np.vstack([np.arange(1, 4), np.arange(1, 4) ** 2]).T
print(table)
for n, square in table:
    print(n, square, end="; ")
print()
