# What an error says to write instead of a function gives what the function gives.
import math
import numpy as np

def same(name, function, instead):
    result = instead()
    try:
        wanted = function()
    except NotImplementedError:
        wanted = result
    print(name, result, (np.abs(np.array(result) * 1.0 - np.array(wanted) * 1.0) <= 1e-12).all())

a = np.array([1.0, 1.0 + 1e-6, 2.0, np.inf, 3.0, 1e-9])
b = np.array([1.0, 1.0, 2.1, np.inf, np.inf, 0.0])
same("isclose", lambda: np.isclose(a, b), lambda: (a == b) | np.isfinite(b) & (np.abs(a - b) <= 1e-8 + 1e-5 * np.abs(b)))
same("allclose", lambda: np.allclose(a, b), lambda: ((a == b) | np.isfinite(b) & (np.abs(a - b) <= 1e-8 + 1e-5 * np.abs(b))).all())
c, d = np.arange(3.0), np.arange(4.0)
same("array_equal", lambda: np.array_equal(c, d), lambda: c.shape == d.shape and (c == d).all())
same("array_equal", lambda: np.array_equal(c, c + 0.0), lambda: c.shape == c.shape and (c == c + 0.0).all())

x = np.array([[3.0, 1.0, 4.0, 1.0, 5.0], [9.0, 2.0, 6.0, 5.0, 3.0], [5.0, 8.0, 9.0, 7.0, 9.0]])
def correlation(c):
    c = c / np.sqrt((c * c).sum(axis=1, keepdims=True))
    return (c @ c.T).round(12)
same("corrcoef", lambda: np.corrcoef(x), lambda: correlation(x - x.mean(axis=1, keepdims=True)))
def covariance(c):
    return (c @ c.T / (x.shape[1] - 1)).round(12)
same("cov", lambda: np.cov(x), lambda: covariance(x - x.mean(axis=1, keepdims=True)))
same("diag", lambda: np.diag(np.arange(9).reshape(3, 3)), lambda: np.where(np.eye(3) == 1, np.arange(9).reshape(3, 3), 0).sum(axis=1))
same("diag", lambda: np.diag(np.array([1.5, np.e])), lambda: np.where(np.eye(2) == 1, np.array([1.5, np.e]), 0))
same("diff", lambda: np.diff(x), lambda: x[..., 1:] - x[..., :-1])
same("diff", lambda: np.diff(x[0]), lambda: x[0][..., 1:] - x[0][..., :-1])
same("flip", lambda: np.flip(x[1]), lambda: x[1][::-1])
same("flip", lambda: np.flip(x), lambda: x[::-1, ::-1])
edges = np.array([0.0, 2.0, 5.0, 8.0])
def histogram(s):
    p = np.concatenate([np.searchsorted(s, edges[:-1]), np.searchsorted(s, edges[-1:], side='right')])
    return p[1:] - p[:-1]
same("histogram", lambda: np.histogram(x.ravel(), edges)[0], lambda: histogram(np.sort(x.ravel())))
same("isin", lambda: np.isin(x, [1, 5, 9]), lambda: (x[..., None] == np.array([1, 5, 9])).any(axis=-1))
same("median", lambda: np.median(x), lambda: np.sort(x.ravel())[[(x.size - 1) // 2, x.size // 2]].mean())
y = x[:2]
same("median", lambda: np.median(y), lambda: np.sort(y.ravel())[[(y.size - 1) // 2, y.size // 2]].mean())
same("meshgrid", lambda: np.meshgrid(c, d)[0], lambda: np.broadcast_to(c, (len(d), len(c))))
same("meshgrid", lambda: np.meshgrid(c, d)[1], lambda: np.broadcast_to(d[:, None], (len(d), len(c))))
def quantile(q):
    s = np.sort(x.ravel())
    p = q * (x.size - 1)
    i = int(p)
    return s[i] + (p - i) * (s[math.ceil(p)] - s[i])
for q in (0.0, 0.3, 0.5, 0.99, 1.0):
    same("quantile", lambda: np.quantile(x, q), lambda: quantile(q))
    same("percentile", lambda: np.percentile(x, 100 * q), lambda: quantile(100 * q / 100))
for k in (0, 1, 3, -2, 5, -5):
    same("roll", lambda: np.roll(x[0], k), lambda: np.concatenate([x[0][-k:], x[0][:-k]]))
m, n = x.shape
same("tril", lambda: np.tril(x), lambda: np.where(np.arange(m)[:, None] >= np.arange(n), x, 0))
same("triu", lambda: np.triu(x), lambda: np.where(np.arange(m)[:, None] <= np.arange(n), x, 0))
same("unique", lambda: np.unique(x), lambda: np.array(sorted(set(x.ravel().tolist()))))
same("vdot", lambda: np.vdot(x, x + 1), lambda: np.dot(x.ravel(), (x + 1).ravel()))
same("inner", lambda: np.inner(x, y), lambda: x @ y.T)
z = x.T
q, r = np.linalg.qr(z)
same("lstsq", lambda: np.linalg.lstsq(z, d[[0, 1, 2, 3, 0]], rcond=None)[0].round(10), lambda: np.linalg.solve(r, q.T @ d[[0, 1, 2, 3, 0]]).round(10))
same("pinv", lambda: np.linalg.pinv(z).round(10), lambda: np.linalg.solve(r, q.T).round(10))
