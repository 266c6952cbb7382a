# What fails by its numbers is caught where NumPy would catch it, also when nobody looks at the result.
import numpy as np

A = np.array([[1.0, 2.0], [2.0, 1.0]])
try:
    L = np.linalg.cholesky(A)
    print("positive definite")
except np.linalg.LinAlgError as error:
    print("not positive definite, adding jitter:", error)
    L = np.linalg.cholesky(A + 2 * np.eye(2))
print(L)

try:
    x = np.linalg.solve(np.zeros((2, 2)), np.ones(2))
    print("solved")
except np.linalg.LinAlgError as e:
    print("singular", e)

try:
    y = np.array([1, 2]) ** np.array([1, -1])
    print("powered")
except ValueError as e:
    print(e)

# A result that is dropped.
try:
    np.linalg.inv(np.zeros((3, 3)))
    print("inverted")
except np.linalg.LinAlgError as e:
    print("dropped", e)

# The try is in a caller, or in the caller of a caller, or the failing call is one of Python's.
def inverse(a):
    result = np.linalg.inv(a)
    print("went on")
    return result

def twice(a):
    return inverse(a) + inverse(a)

def attempt(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "fine"

print(attempt(lambda: twice(np.zeros((2, 2)))))
print(attempt(lambda: twice(np.eye(2))))
print(attempt(lambda: list(map(np.linalg.cholesky, [np.eye(2), -np.eye(2)]))))
print(attempt(lambda: [np.linalg.inv(a) for a in (np.eye(2), np.ones((2, 2)))]))
print(attempt(lambda: np.power(2, np.array([3, -3]))))
print(attempt(lambda: (np.arange(4) ** np.arange(-2, 2)).sum()))
print(attempt(lambda: np.arange(4) ** np.arange(4)))

# Nothing is written by what fails in place.
k = np.array([3, 4])
try:
    k **= np.array([-1, 1])
except ValueError as error:
    print(error, k)
k **= np.array([2, 0])
print(k)

# The try of a function that has returned is no longer around, and `finally` runs.
def cleaned():
    try:
        np.linalg.solve(np.ones((2, 2)), np.ones(2))
        print("not here")
    finally:
        print("finally")

print(attempt(cleaned))

# The words for what is no matrix.
for bad in (
    lambda: np.linalg.inv(np.ones(3)),
    lambda: np.linalg.inv(np.ones((2, 3))),
    lambda: np.linalg.cholesky(np.ones((3, 2))),
    lambda: np.linalg.qr(np.ones(3)),
    lambda: np.linalg.solve(np.eye(2), np.ones(3)),
    lambda: np.linalg.solve(np.eye(2), np.ones((3, 4))),
    lambda: np.linalg.solve(np.eye(2), 3.0),
    lambda: np.matmul(np.ones((4, 1)), np.ones((3,))),
    lambda: np.matmul(np.ones((3,)), np.ones((1, 4))),
    lambda: np.matmul(np.ones(3), np.ones(1)),
    lambda: np.matmul(np.ones((5, 3, 1)), np.ones((3, 1, 4))),
    lambda: np.matmul(np.ones((2, 5, 3, 4)), np.ones((3, 4, 5))),
    lambda: np.ones((2, 3, 4)) @ np.ones((3,)),
    lambda: np.ones(3) @ np.ones((2, 4, 5)),
    lambda: np.ones((2, 3)) @ np.ones((2, 3)),
    lambda: np.matmul(3, np.ones(3)),
):
    print(attempt(bad))
