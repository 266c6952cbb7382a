# Raising, catching, cleaning up.
import numpy as np

def attempt(action):
    try:
        result = action()
    except (ValueError, TypeError) as error:
        return f"caught {type(error).__name__}: {error}"
    except IndexError as error:
        return f"index: {error}"
    except KeyError as error:
        return f"key: {error} {error.args}"
    except Exception as error:
        return f"other {type(error).__name__}: {error}"
    else:
        return f"fine: {result}"
    finally:
        print("done", end=" ")

print(attempt(lambda: 1 + 1))
print(attempt(lambda: int("one")))
print(attempt(lambda: [1][3]))
print(attempt(lambda: {}["missing"]))
print(attempt(lambda: None + 1))
print(attempt(lambda: undefined_name))
print(attempt(lambda: (1).real_part))
print(attempt(lambda: 1 / 0))
print(attempt(lambda: np.zeros(3)[5]))
print(attempt(lambda: np.zeros(3) + np.zeros(4)))
print(attempt(lambda: np.zeros((2, 2)) @ np.zeros(3)))
print(attempt(lambda: np.zeros((2, 3)).sum(axis=5)))
print(attempt(lambda: np.arange(6).reshape(4, 2)))
print(attempt(lambda: np.array([[1, 2], [3]])))

def checked(x):
    if x < 0:
        raise ValueError(f"negative: {x}")
    return x ** 0.5

try:
    checked(-4)
except ValueError as error:
    print(error, error.args, repr(error))
try:
    try:
        raise KeyError("inner")
    except KeyError:
        print("handling")
        raise
except LookupError as error:
    print("outer", type(error).__name__, error)
try:
    raise RuntimeError
except RuntimeError as error:
    print(repr(error), str(error) == "")
try:
    raise ValueError("from") from None
except ValueError as error:
    print(error)
def cleanup():
    try:
        return "returned"
    finally:
        print("cleanup first")
print(cleanup())
for i in range(3):
    try:
        if i == 1:
            continue
        print("body", i)
    finally:
        print("after", i)
try:
    assert 1 > 2, "one is not above two"
except AssertionError as error:
    print("AssertionError:", error)
def endless(n):
    return endless(n + 1)
try:
    endless(0)
except RecursionError as error:
    print(type(error).__name__, error)
print(issubclass(IndexError, LookupError), isinstance(ValueError("x"), Exception), ValueError("a", 1))
