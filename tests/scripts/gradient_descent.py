# A least-squares line by gradient descent.
import numpy as np
x = np.linspace(-1, 1, 40)
y = 2.5 * x - 0.75 + 0.1 * np.sin(20 * x)
X = np.ones((40, 1)) * np.array([[1.0, 0.0]]) + x[:, None] * np.array([[0.0, 1.0]])
w = np.zeros(2)
history = []
for step in range(200):
    residual = X @ w - y
    gradient = X.T @ residual / len(y)
    w = w - 0.5 * gradient
    if step % 50 == 0:
        loss = (residual ** 2).mean()
        history.append(round(float(loss), 6))
        print(f"step {step:3d} loss {loss:.6f}")
print(history, all(a >= b for a, b in zip(history, history[1:])))
print("intercept", round(float(w[0]), 4), "slope", round(float(w[1]), 4))
print(np.round(w, 4), abs(float(gradient @ gradient)) < 1e-9)
def minimise(f, df, x0, rate=0.1, tolerance=1e-10, limit=1000):
    x = x0
    for i in range(limit):
        move = rate * df(x)
        x = x - move
        if np.sqrt((move ** 2).sum()) < tolerance:
            return x, i
    raise RuntimeError("no convergence")
best, steps = minimise(lambda v: ((v - 3) ** 2).sum(), lambda v: 2 * (v - 3), np.array([0.0, 10.0]))
print(np.round(best, 6), steps)
try:
    minimise(None, lambda v: 0 * v + 1, np.array([0.0]), limit=5)
except RuntimeError as error:
    print("RuntimeError:", error)
