# Many elements become one: of all, along axes, with axes kept, with nan left out.
import numpy as np
m = np.arange(24).reshape(2, 3, 4) - 7
print(m.sum(), m.sum(axis=0), m.sum(axis=(0, 2)), m.sum(axis=-1, keepdims=True).shape)
print(m.prod(axis=2), m.min(), m.max(axis=1), m.argmin(), m.argmax(axis=2), np.ptp(m, axis=0))
print(m.mean(), m.mean(axis=(1, 2)), m.std().round(12), m.var(axis=0), m.var(ddof=1).round(10))
print((m > 0).any(), (m > -10).all(), (m > 0).any(axis=(0, 1)), np.count_nonzero(m), np.count_nonzero(m, axis=1))
print(repr(m.sum()), repr(m.mean()), repr(m.max()), repr((m > 0).all()), repr(m.argmax()))
f = np.array([[1.5, np.nan, -2.0], [np.inf, 4.0, 0.25]])
print(f.sum(), f.max(), f.min(axis=0), np.nansum(f[:, 1:]), np.nanmax(f[:1]), np.nanmin(f, axis=0), np.nanmean(f[0]))
print(np.nanargmax(f[0]), np.nanargmin(f, axis=1), np.isnan(f).sum(), np.nanstd(f[0]), np.nanvar(f[0]), np.nanprod(f[0]))
print(np.array([]).sum(), np.array([]).prod(), np.zeros((0, 3)).sum(axis=0), np.zeros((3, 0)).sum(axis=1), np.zeros((0, 3)).all())
for function in (np.max, np.min, np.argmax, np.argmin):
    try:
        function(np.array([]))
    except ValueError as error:
        print(error)
b = np.array([True, True, False])
print(b.sum(), b.mean().round(4), b.prod(), b.max(), repr(b.min()), np.array([1, 2], dtype=np.int32).sum().dtype, np.float32([1.5, 2.5]).sum().dtype)
print(np.float32([1, 2, 4]).mean(), repr(np.float32([1, 2, 4]).mean().dtype), np.arange(5, dtype=np.int32).mean().dtype)
x = np.arange(1.0, 101.0)
print(x.sum(), (x ** 2).sum(), (1 / x).sum().round(10), x.mean(), x.std().round(10), np.log(x).sum().round(8))
print(np.sum([1, 2, 3]), np.mean([[1, 2], [3, 5]], axis=0), np.max([4, 9, 2]), sum(x[:4]), max(x), min(-x))
big = np.arange(100000).reshape(1000, 100)
print(big.sum(), big.sum(axis=0)[:5], big.mean(axis=1)[-3:], big.max(axis=0)[-1], (big % 7 == 0).sum())
