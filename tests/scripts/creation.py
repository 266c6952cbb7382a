# Arrays out of nothing.
import numpy as np
print(np.linspace(0, 1, 5), np.linspace(0, 1, 5, endpoint=False), np.linspace(2, 3, 1), np.linspace(5, 1, 3), np.linspace(0, 10, 4))
samples, step = np.linspace(-1, 1, 9, retstep=True)
print(samples, step, np.linspace(0, 5, 6, dtype=int))
print(np.arange(0.5, 3), np.arange(1, 2, 0.3), np.arange(-3, 3), np.arange(10, 0, -4), np.arange(0), np.arange(3, 3.5, 0.125))
print(np.eye(3), np.eye(2, 4, k=1), np.identity(2, dtype=int), np.eye(3, k=-1, dtype=bool))
print(np.zeros((2, 2), dtype=int), np.ones((1, 3)), np.full((2, 2), -1.5), np.full(3, 7), np.full(2, True), np.zeros(()), np.zeros((2, 0)))
x = np.arange(6.0).reshape(2, 3)
print(np.zeros_like(x), np.ones_like(x, dtype=int), np.full_like(x, 0.5), np.empty_like(x).shape, np.empty(3).shape)
print(np.array([[1, 2], [3, 4]]), np.array([1, 2.5]), np.array((1, 2)), np.array([[[1]]]).shape, np.array(3.5), np.array([x[0], x[1]]), np.array(range(4)))
print(np.array([1, 2, 3], ndmin=2), np.asarray([1, 2]), np.array([x.sum(), 1]), np.copy(x)[0], np.array([]).shape, np.array([[], []]).shape)
for code in (lambda: np.zeros((2, -1)), lambda: np.arange(), lambda: np.linspace(0, 1, -1), lambda: np.array([[1], [2, 3]]), lambda: np.zeros("a"), lambda: np.zeros(2, dtype="nonsense")):
    try:
        print(code())
    except (ValueError, TypeError) as error:
        print(type(error).__name__)
