# float32 of all scales, and what np.set_printoptions changes.
import numpy as np

print(np.array([1e6], dtype=np.float32), np.full(2, 2e6, dtype=np.float32))
print([np.float32(x) for x in (1e6, 999999.0, 999999.5, 1234567.0, 0.0001, 0.00012, 9.9e-05, 0.1)])
for exponent in range(-7, 12):
    scale = 10.0 ** exponent
    x = (np.array([1.0, 1.5, -2.25, 1 / 3]) * scale).astype(np.float32)
    print(exponent, x, x[:1], x[:2], x[3:])
    print(repr(x.reshape(2, 2)))
print(np.array([0.1, 16777216.0], dtype=np.float32), np.array([0.1, np.nan, 1e7], dtype=np.float32))
print(np.array([123456.79, 0.3, 2.0], dtype=np.float32), np.array([3.4028235e38, 1e-45], dtype=np.float32))

x = np.linspace(0, 1, 7)
big = np.arange(1200.0).reshape(30, 40) / 7
np.set_printoptions(precision=3)
print(x, big, [x[1]], x[1])
print(np.array([1e-5, 1.23456789]), np.array([1.5e10, 1.23456789e-3]))
np.set_printoptions(suppress=True)
print(np.array([1e-5, 1.23456789]), np.array([1e-9, 12345.678]), np.array([1.5e10, 2.0]))
np.set_printoptions(precision=8, suppress=False, threshold=5, edgeitems=2)
print(x, np.arange(6), repr(np.arange(6)), np.arange(24).reshape(4, 6))
np.set_printoptions(threshold=np.inf, linewidth=40)
print(np.arange(30.0), repr(np.arange(1100)[:20]))
np.set_printoptions(threshold=1000, linewidth=75, edgeitems=3)
print(x, np.get_printoptions()["precision"], np.get_printoptions()["suppress"])
