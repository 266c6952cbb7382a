# Keywords that a function has, and those that it has not.
import numpy as np


def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, "raised", type(e).__name__, "|", str(e))


print(np.add(1, 2, dtype=float), np.multiply(2, 3, dtype=np.float64), np.sqrt(4, dtype=np.float32).dtype)
print(np.add(np.arange(3), 1, dtype=float), np.exp(np.arange(2.0), dtype=np.float32).dtype)

x = np.arange(6.0)
for f in (lambda: np.sum(x, ddof=1), lambda: x.max(ddof=3), lambda: np.all(x, dtype=int), lambda: np.max(x, dtype=int), lambda: np.argmax(x, dtype=float)):
    try:
        print(f())
    except TypeError as e:
        print("TypeError")

i = np.arange(4)
t("float32", lambda: (np.square(i, dtype=np.float32).dtype, np.add(i, 1, dtype=np.int32).dtype))
t("bool", lambda: (np.equal(i, 1, dtype=bool), np.isnan(x, dtype=bool)))
try:
    np.add(x, 1, dtype=int)
except TypeError as e:
    print("input", e)
t("loop", lambda: np.sqrt(x, dtype=int))
t("comparison", lambda: np.less(x, 1, dtype=float))
t("too long", lambda: np.add([1, 2], 2**40, dtype=np.int32))
t("sum", lambda: (np.sum(x, dtype=int), np.sum(i, dtype=np.int32).dtype, np.mean(i, dtype=np.float32).dtype))
t("out", lambda: np.sum(i.reshape(2, 2), axis=0, out=np.zeros(2)))
t("clip", lambda: (np.clip(i, min=1, max=2), i.clip(max=1)))
t("axes", lambda: (np.sum(3, axis=0), np.max(np.float64(2), axis=-1), np.argmax(3, axis=0)))
t("no axis", lambda: np.mean(3.0, axis=0))
t("none", lambda: np.concatenate([[1, 2], [[3]]], axis=None))
t("pairs", lambda: np.tensordot(np.ones((2, 3)), np.ones((3, 2)), axes=[[1], [0]]))
t("all pairs", lambda: np.tensordot(np.ones((2, 3)), np.ones((3, 2)), axes=([1, 0], [0, 1])))
t("truth", lambda: np.arange(True).dtype)
t("range", lambda: np.arange(0, 5, 1.5, dtype=int))
t("uniform", lambda: np.random.Generator(np.random.Philox(key=1)).uniform(3, 1))
