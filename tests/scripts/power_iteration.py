# The largest eigenvalue of a symmetric matrix.
import numpy as np
n = 6
i = np.arange(n)
A = 1.0 / (i[:, None] + i[None, :] + 1)
v = np.ones(n)
previous = 0.0
for step in range(100):
    w = A @ v
    v = w / np.sqrt(w @ w)
    value = v @ A @ v
    if abs(value - previous) < 1e-14:
        break
    previous = value
print(step < 50, round(float(value), 10))
print(np.round(v, 8))
print(np.round(A @ v - value * v, 10) + 0.0)
print(np.round(A[:2], 4))
trace = sum(A[k, k] for k in range(n))
print(round(float(trace), 8), A.shape, bool(value < trace))
