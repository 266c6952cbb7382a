# Slices, transposes and reshapes look into the array they come from.
import numpy as np
a = np.arange(10)
b = a[2:7]
a += 100
print(a, b)
m = np.arange(6).reshape(2, 3)
t, flat, row = m.T, m.ravel(), m[1]
m *= 10
print(t, flat, row)
row += 1
print(m, flat)
copy = m.copy()
m -= m
print(copy, m)
c = copy
c //= 2
print(copy is c, copy, c[::-1, ::-1], c[:, 1], c[..., -1], c[None, 0].shape)
def double(x):
    x *= 2
    return x
original = np.array([1, 2, 3])
result = double(original)
print(result is original, original)
changed = original * 2
changed += 1
print(original, changed)
x = y = np.zeros(3)
y += 1
x -= 3
print(x, y)
pair = [original, original]
pair[0] += 5
print(pair[1], pair)
s = original[0]
original += 1
print(s, original[0])
print(a[::3], a[-3:], a[:-8:-2], a[8:2], a[[...][0]].shape, m.T.T.shape, np.swapaxes(np.zeros((2, 3, 4)), 0, 2).shape)
