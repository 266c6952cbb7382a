# Shapes that meet: rows, columns, new axes, scalars.
import numpy as np
row = np.arange(4)
column = np.arange(3).reshape(3, 1) * 10
print(row + column, (row + column).shape)
cube = np.arange(24).reshape(2, 3, 4)
print((cube + row).shape, (cube * column).shape, (cube - cube[:, :1]).sum(), cube[:, None].shape, cube[..., np.newaxis].shape)
print(row[:, None] * row[None, :])
print(np.ones((3, 1)) + np.ones(4), np.array(5) + np.zeros((2, 2)), (np.zeros((2, 1, 3)) + np.zeros((4, 1))).shape)
table = np.arange(1, 6)[:, None] * np.arange(1, 6)
print(table)
centred = cube - cube.mean(axis=0)
print(centred[0, 0], centred.mean(axis=0)[1])
points = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
difference = points[:, None, :] - points[None, :, :]
print(np.sqrt((difference ** 2).sum(axis=-1)))
for shapes in [((2, 3), (4,)), ((3, 1), (2, 3)), ((2, 3), (3, 2)), ((5,), (5,)), ((0, 3), (1, 3)), ((1,), (0,))]:
    left, right = np.ones(shapes[0]), np.ones(shapes[1])
    try:
        print(shapes, (left + right).shape)
    except ValueError as error:
        print(shapes, "ValueError:", error)
weights = np.array([0.2, 0.3, 0.5])
print((np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) * weights).sum(axis=1))
x = np.linspace(0, 1, 5)
print(x, x[:, None] ** np.arange(3), (x[:, None] < x).sum(axis=0))
