# Functions whose last bit, and sums whose order, NumPy does not promise.
import numpy as np
x = np.arange(1.0, 3001.0).reshape(30, 100) / 700
print(np.exp(x).sum(), np.log(x).sum(), np.sqrt(x).sum(), (1 / x).sum())
print(np.exp(-x)[3, 7], np.log(x)[29, 99], (x / 3).sum(axis=0)[4], (x.T @ x)[5, 6])
print(np.exp(x.sum() / 1000), np.exp(1.0), np.log(10), (x @ x.T).sum())
