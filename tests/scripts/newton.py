# Roots by Newton's method, elementwise on an array.
import numpy as np
targets = np.array([2.0, 3.0, 10.0, 144.0])
roots = targets.copy()
for _ in range(60):
    roots = 0.5 * (roots + targets / roots)
print(roots, np.round(roots ** 2 - targets, 9) + 0.0)
def newton(f, df, x, steps=50):
    for k in range(steps):
        change = f(x) / df(x)
        x -= change
        if abs(change) < 1e-12:
            return x, k
    return x, steps
root, steps = newton(lambda x: x ** 3 - 2 * x - 5, lambda x: 3 * x ** 2 - 2, 2.0)
print(round(root, 10), steps)
root, steps = newton(np.cos, lambda x: -np.sin(x), np.float64(1.0))
print(round(float(root), 10))
low, high = 0.0, 2.0
while high - low > 1e-9:
    middle = (low + high) / 2
    if middle ** 2 < 2:
        low = middle
    else:
        high = middle
print(f"{low:.6f}")
