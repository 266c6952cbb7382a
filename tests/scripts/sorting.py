# Orders: sort, argsort, searchsorted, and Python's own.
import numpy as np
x = np.array([3.5, -1.0, 9.25, 0.0, 3.5, -7.0])
print(np.sort(x), x.argsort(), x[x.argsort()], np.sort(x)[::-1], x)
x.sort()
print(x, np.searchsorted(x, [-7.0, 3.5, 10.0]), np.searchsorted(x, 3.5, side="right"))
m = np.array([[3, 1, 2], [9, 7, 8], [5, 6, 4]])
print(np.sort(m), np.sort(m, axis=0), np.sort(m, axis=None), np.argsort(m, axis=0))
print(np.sort(np.array([np.nan, 2.0, np.inf, -np.inf, 1.0])), np.sort(np.array([True, False, True])))
keys = (np.arange(1000) * 7919) % 1009
order = np.argsort(keys)
print(keys[order][:8], keys[order][-3:], (keys[order][1:] > keys[order][:-1]).all())
print(sorted([3, 1, 2]), sorted("banana"), sorted([(2, "b"), (1, "z"), (2, "a")]), sorted([3, -1, 2], key=abs, reverse=True))
words = ["pear", "fig", "apple", "kiwi"]
words.sort(key=len)
print(words, sorted(words), list(reversed(words)), max(words, key=len), min(words))
median = np.sort(x)[len(x) // 2 - 1:len(x) // 2 + 1].mean()
print(median, x[np.argmax(x)], x.argmin(), np.nonzero(x > 0), np.where(x > 0)[0], np.flatnonzero(x < 0))
ranks = np.empty(5, dtype=int)
ranks[np.argsort(np.array([30, 10, 50, 20, 40]))] = np.arange(5)
print(ranks)
top = np.argsort(-keys)[:3]
print(top, keys[top])
