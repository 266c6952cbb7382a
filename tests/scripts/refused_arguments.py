import numpy as np

# A copy where the elements do not lie in order, and a view where they do.
x = np.arange(6)
for part in [x[::2], x[::-1], x.reshape(2, 3)[0, ::2], x.reshape(2, 3)[:, 1]]:
    flat = part.ravel()
    flat[0] = 99
    print(x, np.ravel(part))
flat = x.reshape(2, 3).ravel()
flat[0] = 99
print(x)

# Whole numbers of linspace are floors.
print(np.linspace(-1, 0, 4, dtype=int), np.linspace(0, -10, 4, dtype=np.int32))

# A float32 is formatted as a float of Python.
print(f"{np.float32(0.1)} {np.float32(2097152.25)} {np.array(0.1, dtype=np.float32)} {np.float64(0.1)} {np.int64(3)}")
print(np.array([2548.53125, 0.5], dtype=np.float32))
print(np.cumsum(np.array(5), axis=0), np.cumprod(np.array(5), axis=-1))


def refused(label, compute):
    try:
        print(label, compute())
    except Exception as error:
        print(label, type(error).__name__, "|", error)


refused("a", lambda: np.sort([2, 1], kind="foo"))
refused("b", lambda: np.argsort([2, 1], kind="foo"))
refused("c", lambda: np.sort([2, 1], kind="mergesort"))
refused("d", lambda: np.searchsorted([1, 2], 1, side="foo"))
refused("e", lambda: np.cumsum([1, 2], axis=True))
refused("f", lambda: np.concatenate([[1], [2]], axis=True))
refused("g", lambda: np.linalg.norm([1.0, 2.0], "fro"))
refused("h", lambda: np.linalg.norm(np.ones((2, 2, 2)), "fro"))
refused("i", lambda: np.linalg.norm(np.ones((2, 2)), "fro", axis=0))
refused("j", lambda: np.linalg.norm(np.ones((2, 2)), "fro"))
refused("k", lambda: np.squeeze(np.ones((1, 2)), (0, 0)))
refused("l", lambda: np.where([True], 1))


def in_place():
    y = np.arange(3)
    y @= y


refused("m", in_place)
a = np.eye(2)
a @= np.ones((2, 2))
print(a)

# Stacks of matrices.
s = np.arange(24).reshape(2, 3, 4)
t = np.arange(16).reshape(2, 4, 2)
print(s @ t)
print(np.dot(s, t).shape, (s @ t[:1]).shape, (s[0] @ t).shape, (s @ np.arange(4)).shape, (np.arange(3) @ s).shape)
print((np.ones((3, 1, 2, 4)) @ np.ones((5, 4, 3))).shape)
