# Parts of arrays: reading and writing, forwards and backwards.
import numpy as np
a = np.arange(20)
print(a[3], a[-3], a[3:7], a[:4], a[15:], a[::5], a[::-4], a[12:3:-3], a[50:], a[-100:2])
a[2:5] = 0
a[::7] = -1
a[-2:] = [7, 8]
print(a)
m = np.arange(30).reshape(5, 6)
print(m[1:4, ::2], m[::-1, 0], m[-1], m[..., -1], m[2, 3], m[:, 1:3].shape, m[1][2])
m[0] = 9
m[:, 0] = np.arange(5) * 100
m[1:3, 1:3] = [[1, 2], [3, 4]]
m[3:, 3:] += 1000
m[-1, ::-1] = np.arange(6)
print(m)
t = np.zeros((2, 3, 4))
t[0, :, 1] = [1, 2, 3]
t[:, 1] = 5
t[1, ..., ::2] -= 1
t[..., None][0, 0, 0, 0] = 42
print(t)
window = m[1:4, 2:5]
window *= -1
print(m[1:4], window.sum())
column = m[:, 2]
column[1:3] = column[2:4]
print(column, m[:, 2])
print(a[np.array([1, 3, 3, -1])], a[[0, 2]], m[[0, -1]], m[[4, 0], 1:3], m[:, [5, 0]])
a[[0, 1, 2]] = [10, 11, 12]
a[a > 9] = 9
print(a, a[a % 2 == 0], a[~(a > 0)], (a == 9).sum())
m[m < 0] = 0
print(m[m.sum(axis=1) > 100], m.take([1, 1], axis=0).shape, np.take(a, [[0, 1], [2, 3]]))
for bad in (lambda: a[20], lambda: m[5, 0], lambda: m[0, 0, 0], lambda: a["x"], lambda: a[1.5], lambda: m[:, [9]]):
    try:
        bad()
    except IndexError as error:
        print("IndexError:", error)
try:
    a[2:4] = [1, 2, 3]
except ValueError as error:
    print(error)
try:
    m[0] = [1, 2]
except ValueError as error:
    print(error)
