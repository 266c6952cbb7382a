# What goes wrong is caught by its name, and the words are NumPy's.
import numpy as np
x = np.arange(6.0).reshape(2, 3)
attempts = [
    ("broadcast", lambda: x + np.ones(4)),
    ("axis", lambda: x.sum(axis=2)),
    ("reshape", lambda: x.reshape(4)),
    ("index", lambda: x[2]),
    ("division", lambda: 1 / 0),
    ("key", lambda: {"a": 1}["b"]),
    ("name", lambda: undefined),
    ("attribute", lambda: "text".nothing),
    ("text", lambda: "1" + 1),
    ("number", lambda: int("x")),
    ("float", lambda: float("1.2.3")),
    ("call", lambda: len(5)),
    ("unpack", lambda: [a + b for a, b in [(1, 2, 3)]]),
    ("truth", lambda: bool(x)),
    ("power", lambda: np.array([2]) ** -1),
    ("scalar", lambda: float(x)),
    ("negative", lambda: np.zeros(-1)),
    ("range", lambda: list(range(0, 3, 0))),
    ("duplicate", lambda: x.sum(axis=(0, 0))),
    ("matmul", lambda: x @ x),
    ("next", lambda: next(iter([]))),
    ("remove", lambda: [1].remove(2)),
]
for name, attempt in attempts:
    try:
        print(name, attempt())
    except np.exceptions.AxisError as error:
        print(name, "AxisError", error)
    except (ValueError, TypeError) as error:
        print(name, type(error).__name__, error)
    except LookupError as error:
        print(name, "LookupError", repr(error))
    except ArithmeticError as error:
        print(name, "ArithmeticError", error)
    except Exception as error:
        print(name, type(error).__name__, str(error).split("\n")[0])

def checked(value):
    if value < 0:
        raise ValueError(f"negative: {value}")
    return value ** 0.5

total = 0
for value in [4, -1, 9]:
    try:
        root = checked(value)
    except ValueError as error:
        print("skipped", error)
        continue
    else:
        total += root
    finally:
        print("done with", value)
print(total)
try:
    try:
        raise KeyError("inner")
    except KeyError as error:
        raise RuntimeError("outer") from error
except RuntimeError as error:
    print(repr(error), error.args)
try:
    assert x.shape == (3, 2), f"shape is {x.shape}"
except AssertionError as error:
    print("AssertionError:", error)
print(isinstance(ValueError("a"), Exception), issubclass(np.exceptions.AxisError, IndexError))
