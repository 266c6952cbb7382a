# Logistic regression by Newton's method, written out.
import numpy as np
rng = np.random.Generator(np.random.Philox(key=5))
x = np.column_stack([np.ones(400), rng.random((400, 2)) * 2 - 1])
true = np.array([0.5, 2.0, -1.0])
y = (rng.random(400) < 1 / (1 + np.exp(-(x @ true)))).astype(float)

def invert(m):
    (a, b, c), (d, e, f), (g, h, i) = m
    adjugate = np.array([[e * i - f * h, c * h - b * i, b * f - c * e], [f * g - d * i, a * i - c * g, c * d - a * f], [d * h - e * g, b * g - a * h, a * e - b * d]])
    return adjugate / (a * adjugate[0, 0] + b * adjugate[1, 0] + c * adjugate[2, 0])

beta = np.zeros(3)
for iteration in range(20):
    p = 1 / (1 + np.exp(-(x @ beta)))
    gradient = x.T @ (y - p)
    hessian = (x * (p * (1 - p))[:, None]).T @ x
    step = invert(hessian) @ gradient
    beta = beta + step
    if np.abs(step).max() < 1e-10:
        break
print(iteration, beta.round(8), y.sum(), np.abs(gradient).max() < 1e-6)
print(f"accuracy {((x @ beta > 0) == (y == 1)).mean():.4f}")
