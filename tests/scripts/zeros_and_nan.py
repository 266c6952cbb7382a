# Signs of zeros, and reductions of what is no number.
import numpy as np


def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, "raised", type(e).__name__, "|", str(e))


v = np.array([3, -1, 0, 4]); a = np.array([1, -5, 2, -3]); h = v * 0.5
with_zero = a % h
print(repr(with_zero), repr(np.minimum(v >= True, with_zero)))
print(repr(np.array([1.0, -1.0, 0.0]) % 0.0), repr(np.array([-0.0, 0.0]) % 2), repr(np.minimum(0, np.array([-0.0, 0.0]))))

x = np.array([[1.0, np.nan], [np.nan, 2.0]]); t("a", lambda: np.nanmax(x, axis=1)); t("b", lambda: np.nanargmax(x, axis=1)); t("c", lambda: np.nanmin(x, axis=0)); t("d", lambda: np.nanargmin(x))
v = np.full(10, np.nan); v[0] = 1; v[1] = 2; t("e", lambda: np.nanstd(v)); t("f", lambda: np.nanvar(v, ddof=1)); t("g", lambda: np.nanmean(v)); t("h", lambda: np.nanmax(v)); t("i", lambda: np.nanargmax(v))
i = np.array([np.inf, np.nan, -np.inf]); t("j", lambda: np.nanstd(i)); t("k", lambda: np.nansum(i)); t("k2", lambda: np.nanmean(i))
n = np.full((2, 3), np.nan); t("l", lambda: np.nanmax(n)); t("m", lambda: np.nanmean(n, axis=0)); t("n", lambda: np.nansum(n, axis=0)); t("o", lambda: np.nanprod(n)); t("p", lambda: np.nanargmax(n)); t("q", lambda: np.nanstd(n)); t("r", lambda: np.nanargmin(np.array([[np.nan, np.nan], [1.0, 0.0]]), axis=1))
t("s", lambda: np.nanstd(np.array([1.0, np.nan, np.nan]), ddof=1)); t("u", lambda: np.nanstd(np.array([1.0]), ddof=1)); t("v", lambda: np.nanmax(np.array([1, 5, 3]))); t("w", lambda: np.nansum(np.array([True, True])))

z = np.array([-0.0, 0.0])
t("sums", lambda: (np.sum(np.array([-0.0])), np.sum(np.array([-0.0, -0.0])), np.mean(np.array([-0.0]))))
t("extremes", lambda: (np.max(z), np.min(z), np.max(z[::-1]), np.maximum(0.0, z), np.minimum(z, -0.0)))
t("reciprocal", lambda: (np.reciprocal(np.array([1, 2, 0, -1])), np.reciprocal(np.array([4.0]))))
t("fabs", lambda: (np.fabs(np.array([-1.5], dtype=np.float32)).dtype, np.fabs(np.array([-2]))))
t("text", lambda: (np.arange(3) == "a", np.arange(3) != "a", np.arange(3) == None))
