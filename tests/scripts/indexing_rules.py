# Lists, masks, truth values and integers beside each other, read and written.
import numpy as np


def t(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, "raised", type(e).__name__, "|", str(e))


a = np.arange(6).reshape(2, 3)
t("a", lambda: a[True].shape); t("b", lambda: a[False].shape); t("c", lambda: a[0, True].shape); t("d", lambda: a[a.sum() > 3].shape)
b = a.copy(); b[False] = 9; print(b)
c = a.copy(); c[True] = 9; print(c)

v = np.arange(4)
for f in (lambda: v[[True, False]], lambda: v[np.array([True, False])], lambda: v[[True] * 6], lambda: np.eye(4)[[True, False, True]]):
    try:
        print(f())
    except IndexError as e:
        print("IndexError")
try:
    w = np.arange(4)
    w[[True, False]] = 9
    print(w)
except IndexError as e:
    print("IndexError")

x = np.arange(24).reshape(2, 3, 4)
t("a", lambda: x[0, :, [0, 1]].shape); t("b", lambda: x[0, :, [0, 1]]); t("c", lambda: x[:, :, [0, 1]][0, :, :].shape)
d = np.arange(27).reshape(1, 9, 3); t("d", lambda: d[0, :, [0, 2]]); t("e", lambda: d[0][:, [0, 2]].shape)
t("f", lambda: x[:, [0, 2], 1]); t("g", lambda: x[[0, 1], [0, 2]].shape); t("h", lambda: x[[0, 1], :, [1, 2]])

x = np.zeros((3, 4), dtype=int); x[[0, 2], 1] = 5; print(x)
x = np.zeros((3, 4), dtype=int); x[np.array([True, False, True]), 0] = 7; print(x)
x = np.zeros((3, 4), dtype=int); x[[1], 2:] = 9; print(x)
x = np.zeros((3, 4), dtype=int); x[[0, 1], ::2] = [[1, 2], [3, 4]]; print(x)
x = np.zeros((2, 3, 4), dtype=int); x[:, [0, 2], 1] = 6; print(x)
x = np.zeros((3, 4)); x[[0, 2], 1] += 1; print(x)

x = np.arange(24).reshape(2, 3, 4)
t("mesh", lambda: x[np.ix_([1, 0], [True, False, True])].tolist())
t("masks", lambda: x[np.array([True, False]), :, np.array([0, 3])])
t("two axes", lambda: x[np.array([[True, False, True], [False, True, False]])])
t("two axes behind", lambda: x[:, [[True, False, False, True], [False] * 4, [True] * 4]])
t("lists", lambda: x[[[0], [1]], [0, 2], [[1, 2]]])
t("misfit", lambda: x[[0, 1], [0, 1, 2]])
t("outside", lambda: x[:, [0, 3]])
t("mask of another length", lambda: x[np.array([True])])
y = np.zeros((3, 4), dtype=int)
y[[0, 0, 2], [1, 1, 3]] = [5, 6, 7]
print(y)
y[np.ix_([0, 2], [0, 3])] += 10
print(y)
y[:, [0, 1, 2]] = np.arange(9).reshape(3, 3)
print(y)
y[y > 6] = [70, 80, 90, 100]
print(y)


def misfit():
    y[y > 6] = [1, 2]


t("misfit of a mask", misfit)


def stretched():
    z = np.broadcast_to(np.arange(3), (2, 3))
    z[0, 0] = 1


t("stretched", stretched)
