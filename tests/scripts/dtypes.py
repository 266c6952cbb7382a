# Types of elements and how they meet.
import numpy as np
f4 = np.array([1.5, 2.25, 1 / 3], dtype=np.float32)
i8, b1, i4 = np.array([1, 2, 3]), np.array([True, False, True]), np.array([1, 2, 3], dtype=np.int32)
print(f4, repr(f4), f4.dtype, f4 + 1, (f4 + 1).dtype, (f4 + 1.5).dtype, (f4 + i8).dtype, (f4 + i4).dtype, (f4 * b1).dtype)
print((i8 + b1).dtype, (i4 + i8).dtype, (i4 + 1).dtype, (b1 + 1).dtype, (b1 + 1.0).dtype, (i4 / 2).dtype, (i8 + 1.0).dtype, (b1 + b1).dtype)
print(repr(np.float32(0.1)), repr(np.float64(0.1)), repr(np.int32(7)), repr(np.int64(7)), repr(np.bool_(False)), np.float32(0.1), np.float32(1e10), np.float32(1) / 3)
print(repr(np.float32(1) + 1), repr(np.float32(1) + np.float64(1)), repr(np.int32(1) + np.int64(1)), repr(np.float32(2) * np.int32(3)), repr(np.int64(3) / 2), repr(np.int64(3) * 2.0))
print(i8.dtype == np.int64, i8.dtype == int, f4.dtype == "float32", f4.dtype.name, f4.itemsize, f4.nbytes, np.dtype("f8"), repr(np.dtype(np.int32)), b1.dtype.kind)
print(isinstance(i8[0], np.integer), isinstance(f4[0], np.floating), isinstance(np.float64(1), float), isinstance(np.float32(1), float), isinstance(np.int64(1), int))
print(i8.astype(np.float32) / 3, f4.astype(np.float64), f4.astype(int), np.zeros(2, dtype="int32"), np.ones(2, bool), np.full(2, 3, dtype=float))
print(np.array([1, 2.5, True]), np.array([1, True]), np.array([1, 2], dtype=float), np.zeros_like(i8), np.ones_like(f4), np.full_like(b1, 0), np.asarray(i8) is i8)
print(f4[0], repr(f4[0]), float(f4[2]), f4 * f4, f4[0] + i8[0], repr(f4.sum()), f4 > 1)
print(np.array([1e-10, 1.0], dtype=np.float32), np.array([16777216.0, 0.1], dtype=np.float32), np.array([1e20], dtype=np.float32), np.arange(3, dtype=np.float32) / 7)
print(np.float64(3).item(), type(np.float64(3).item()), np.int64(5).item(), np.float64("1.5"), int(np.float64(7.9)), np.float64(2.5).dtype, np.int64(3).shape)
i = np.array([1, 2, 3])
try:
    i += 1.5
except TypeError as error:
    print(error)
i *= 2
f4 *= 2
print(i, f4, f4.dtype)
