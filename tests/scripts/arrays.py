# Creation, shape, elements, views and arithmetic of arrays.
import numpy
import numpy as np, numpy as num

x = np.arange(24.0).reshape(2, 3, 4)
print(x.shape, x.ndim, x.size, x.dtype, repr(x.dtype), x.T.shape, len(x))
print(x[1, 2, 3], x[-1, -1, -1], x[0][1][2], x[0, 1])
print(x[:, 1:, ::2])
print(x[..., 0], x[1, ..., 1], x[0, :, None, -1].shape)
print(x[:, ::-1, 1::-1])
print(x[0, 0, 5:], x[1:1].shape)
print(np.arange(1.0, 2.0, 0.25), np.arange(3, 0, -0.5), np.arange(stop=3.0), np.arange(3, dtype=float))
print(np.zeros(3), np.ones((2, 2)), np.full((2,), 0.5), np.full([1, 2], 7.0), np.zeros((0, 3)))
a = np.arange(3.0)
b = np.arange(3.0).reshape(3, 1)
print(a + b)
print(a - 1, 1 - a, a * 2, 2 / (a + 1), -a, +a, a ** 2, a / 4)
print(a * a.sum(), a.sum() * a, a + a[1])
print(a @ a, (a @ a) * 2, a.dot(a), np.dot(a, 2), np.matmul(a, a))
m = np.arange(6.0).reshape(2, 3)
print(m @ m.T)
print(m.T @ m)
print(m @ a, m.dot(b).T, np.dot(m, a))
print(m.sum(), m.sum(axis=0), m.sum(1), m.sum(axis=(0, 1)), np.sum(m, axis=-1), x.sum(axis=(0, 2)))
print(np.sqrt(m), np.square(m), np.abs(m - 2), abs(m - 3.5), np.absolute(-m))
print(np.exp(np.zeros(2)), np.log(np.ones((1, 2))))
print(np.reshape(m, (3, 2)), np.reshape(m, 6), m.reshape(-1), m.reshape((1, -1)).shape)
print(np.transpose(m), m.transpose(1, 0).shape, np.transpose(x, (2, 0, 1)).shape, x.transpose().shape)
print(x.transpose((1, 2, 0))[0])
first, second = m
print(first, second)
(rows, columns), text = m.shape, "done"
print(rows, columns, text)
print(m, [m, 1.0], (a,))
