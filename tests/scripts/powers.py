# Powers of integers and floats, on both sides of the operator.
import numpy as np

def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, "raised", type(e).__name__, "|", str(e))

t("a", lambda: np.array([2, 3]) ** -1)
t("b", lambda: np.array([2, 3]) ** np.array([1, -1]))
t("c", lambda: np.array([2]) ** 63)
t("d", lambda: np.array([10]) ** 19)
t("e", lambda: np.array([0]) ** 0)
t("f", lambda: np.array([0.0, -8.0]) ** np.array([0.0, 1 / 3]))
t("g", lambda: np.array([2, 3]) ** 0.5)
t("h", lambda: 2 ** np.array([1, 2]))
t("i", lambda: np.array([1.0, np.nan]) ** 0)
t("j", lambda: 1.0 ** np.array([np.nan, np.inf]))
t("k", lambda: np.array([-2.0, 0.0, -0.0]) ** -1)
t("l", lambda: np.array([-1.0]) ** np.array([np.inf]))
t("m", lambda: np.array([3], dtype=np.int32) ** 30)
t("n", lambda: np.power(np.array([2], dtype=np.int32), 40))
t("o", lambda: 2 ** np.array([-1]))
t("p", lambda: 2.0 ** np.array([-1, 2]))
