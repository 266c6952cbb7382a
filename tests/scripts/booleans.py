# Comparisons, truth values and choosing between elements.
import numpy as np
x = np.array([3.0, -1.0, 0.0, 2.5])
y = np.array([3, 0, -1, 5])
print(x > 0, x >= y, x == y, x != 0, x < 1, repr(x > 0), (x > 0).dtype)
mask = (x > 0) & (y > 1)
print(mask, mask | (x < 0), ~mask, mask ^ True, np.logical_not(mask), np.logical_and(x, y), np.logical_or(x, 0), np.logical_xor(x, y))
print(np.where(x > 0, x, 0), np.where(x > 0, 1, -1), np.where(mask, x, y), np.where(True, 1, 2.5))
print(np.maximum(x, 0), np.minimum(x, y), np.clip(x, -0.5, 2.5), x.clip(0, 1), np.fmax(np.array([np.nan, 1.0]), 0.5))
print(np.isnan(np.array([1.0, np.nan, np.inf])), np.isinf(np.array([1.0, -np.inf])), np.isfinite(np.array([np.nan, 0.0])), np.signbit(np.array([-0.0, 1.0])))
print(np.array([True, False]) + np.array([True, True]), np.array([True, False]) * 3, (x > 0).sum(), np.array([True, False]).astype(float), (x > 0) * x)
print(np.array([[True, False], [False, False]]), repr(np.array([True])), np.array(True), bool(np.array([1.5])), bool(np.array(0)))
print(x[0] > 2, repr(x[0] > 2), repr(x[1] == -1), not x[2], x[0] > 2 and x[1] < 0, np.bool_(True) and "yes")
if x[0] > x[1]:
    print("branch", x[0] - x[1])
if not (x.sum() < 0):
    print("sum is not negative")
for array in (x, np.array([])):
    try:
        if array:
            print("never")
    except ValueError as error:
        print(error)
try:
    np.array([True]) - np.array([False])
except TypeError as error:
    print(error)
try:
    -np.array([True])
except TypeError as error:
    print(error)
print(2.5 in x, 9 in x, np.nan in np.array([np.nan]), np.sign(x), np.array([1, 2]) == np.array([[1], [2]]))
