# A chain of statements that each read what the one before has made: the result is that of one after the other.
import numpy as np
x = np.arange(64).reshape(8, 8) % 11
y = x.copy()
trail = []
for step in range(25):
    x = (x @ y) % 101
    x[step % 8] += step
    y = y.T.copy() if step % 3 == 0 else y + 1
    y %= 13
    trail.append(int(x.sum()))
print(trail, x, y, sep="\n")
results = []
for k in range(6):
    z = np.full((5, 5), k)
    z += x[:5, :5]
    results.append(z.sum())
    x[0, 0] += k
print(results, x[0, 0])
total = 0
for result in results:
    total = total + result
print(total, repr(total))
a = np.zeros(5, dtype=int)
views = [a[i:] for i in range(5)]
for i, view in enumerate(views):
    view += i
    a = a
print(a, [int(view[0]) for view in views])
