# Numbers of Python count as their kind only, and must fit.
import numpy as np


def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, "raised", type(e).__name__, "|", str(e))


v = np.array([2 ** 63 - 1]); t("a", lambda: v < 2 ** 63); t("b", lambda: v == 2 ** 63); t("c", lambda: v == 2 ** 63 + 1536); t("d", lambda: v > -2 ** 70); t("e", lambda: np.array([10000000000000001]) == 10000000000000000.0); t("f", lambda: np.array([2 ** 53 + 1]) == np.array([2.0 ** 53])); t("g", lambda: np.int64(2 ** 53 + 1) == 2 ** 53); t("h", lambda: v + 1); t("i", lambda: v + 2 ** 63); t("j", lambda: np.array([1], dtype=np.int32) == 2 ** 33); t("k", lambda: np.maximum(v, 2 ** 63)); t("l", lambda: np.array([5]) * 10 ** 20); t("m", lambda: np.int64(5) < 10 ** 30); t("n", lambda: np.float64(5) < 10 ** 30); t("o", lambda: np.array([1.5]) < 10 ** 400)

a = np.array([3, -7], dtype=np.int32)
t("a", lambda: 2 ** 40 - a); t("b", lambda: 0xFFFFFFFF & a); t("c", lambda: 2 ** 40 | a); t("d", lambda: a - 2 ** 40)
def f():
    b = a.copy(); b[0] = 2 ** 40
    return b
t("e", f); t("f", lambda: np.array([2 ** 40], dtype=np.int32)); t("g", lambda: np.full(2, 2 ** 40, dtype=np.int32)); t("h", lambda: np.clip(a, 0, 2 ** 40)); t("i", lambda: np.fabs(np.array([1.5], dtype=np.float32)).dtype); t("j", lambda: np.arange(True).dtype)

i = np.array([1, 2, 3])
try:
    i[0] = np.nan
    print(i)
except ValueError as e:
    print(e)
try:
    i[1] = np.inf
    print(i)
except OverflowError as e:
    print(e)

a = np.array([3, -7], dtype=np.int32)
i = np.array([3, -7])
t("quotients", lambda: (a / 2**40, 10**20 / i, np.hypot(i, 10**20)))
t("scalars", lambda: (np.int32(5) < 2**40, np.int64(5) == 2**70, np.int32(5) / 2**40, np.int64(3) ** 2**40))
t("scalar sum", lambda: np.int32(5) + 2**40)
t("scalar", lambda: np.int32(2**40))
t("scalar of NumPy", lambda: np.int32(np.int64(2**40)))
t("float", lambda: np.array([3e9], dtype=np.int32))
t("array", lambda: np.array([1, np.float64(2.5), True], dtype=int))
t("long", lambda: np.array([2**70], dtype=float))
t("too long", lambda: np.float64(10**400))
t("clip", lambda: (np.clip(a, 0, 2**70), i.clip(-2**63, 2**63 - 1), a.clip(max=2)))
t("clip beyond", lambda: np.clip(a, 2**40, None))
t("where", lambda: (np.where(a > 0, a, 2.5), np.where([True, False], 1, 2.5)))
t("where too long", lambda: np.where([True, False], 2**70, 1))


def fill():
    b = a.copy()
    b.fill(2**40)


t("fill", fill)


def place():
    b = a.copy()
    b[[0]] = 2**40


t("place", place)


def cast():
    b = a.copy()
    b[:] = i * 2**33
    return b


t("arrays are cast", cast)
