# Python's numbers and NumPy's, and what each kind prints.
import numpy as np
print(1, -2, 3.0, 1e16, 1e-5, 0.1 + 0.2, 7 / 2, 2 ** 10, 2 ** -1, 2.0 ** 0.5)
print(1 + True, -True, +3, 10 ** 18, 1e308 * 10, -0.0)
print(1 < 2, 2 <= 1.5, "a" == "a", "a" != "b", 1 == 1.0, (1, 2) == (1, 2), [1] == (1,))
print(1 < 2 < 3, 1 < 3 < 2)
x = np.arange(6.0)
total = x.sum()
print(total, repr(total), str(total), float(total), abs(-total), total ** 2, 2 ** total)
print(total / 4, total * 2 + 1, -total, total > 14, total == 15, repr(total < 3))
print(total / 0 == np.inf, repr(np.float64(1) / 3))
print(np.pi, np.e, np.inf, -np.inf, np.nan)
print((total, 1.0, "text", None, ...), [x[1], 2], (3,), (), [])
print(np.sqrt(2), repr(np.sqrt(4.0)), np.sqrt(np.float64(9)))
a = b = total - 5
a += 1
print(a, b)
n, (m, k) = 1, [2, 3]
print(n, m, k)
print("it's", repr("it's"), repr('say "it\'s"'), repr("tab\tnew\nline\\"))
print("a" + 'b', len("four"), "abcdef"[1:-1:2], (1, 2, 3)[-1], [1, 2, 3][::-1])
print(1, 2, 3, sep=", ", end=".\n")
print(sep="")
print(float("1e3"), float(" -inf "), float(7), float(True), len((1, 2)), len([]), len(x))
print(float("1_000.5"), float(".5"), float("5."), float("-Infinity"), float("nan"), float("\n2\t"))
sequence = (0, 1, 2, 3, 4)
print(sequence[::-2], sequence[1:-1:2], sequence[-9:9:3], sequence[9:-9:-3], sequence[3:1], sequence[-2:])
