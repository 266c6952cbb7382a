# Products, a linear system by elimination, and powers of a matrix.
import numpy as np
a = np.array([[4.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 4.0]])
b = np.array([11.0, -16.0, 17.0])

def solve(a, b):
    a, b = a.copy(), b.copy()
    n = len(b)
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(a[k:, k])))
        if pivot != k:
            a[[k, pivot]] = a[[pivot, k]]
            b[[k, pivot]] = b[[pivot, k]]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] -= factor * a[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for k in reversed(range(n)):
        x[k] = (b[k] - a[k, k + 1:] @ x[k + 1:]) / a[k, k]
    return x

x = solve(a, b)
print(x.round(10), np.abs(a @ x - b).max() < 1e-12, np.linalg.norm(b).round(10))
print(a @ a, a.T @ b, b @ b, a.dot(b), np.dot(b, a), np.matmul(a, np.eye(3)).sum())
print(np.outer([1, 2, 3], [1, 10]), np.inner([1, 2], [3, 4]), np.trace(a), np.tensordot(a, a).round(6))
print(np.einsum("ij,jk->ik", a, a)[0], np.einsum("ij->ji", a)[0], np.einsum("i,i->", b, b))
print(np.einsum("ij,ij->i", [[1, 2], [3, 4]], [[1, 0], [0, 1]]), np.tensordot([1, 2], [3, 4], axes=1))

def power(m, n):
    result = np.eye(len(m), dtype=m.dtype)
    while n:
        if n & 1:
            result = result @ m
        m, n = m @ m, n >> 1
    return result

fibonacci = np.array([[1, 1], [1, 0]])
print(power(fibonacci, 10), power(fibonacci, 90)[0, 1])
q = np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2)
print((q @ q.T).round(12)[0, 0], np.abs(q @ q - np.eye(2)).max() < 1e-12)
for bad in (lambda: a @ b[:2], lambda: a.dot(np.ones(4)), lambda: np.ones((2, 3)) @ np.ones((2, 3))):
    try:
        bad()
    except ValueError as error:
        print(error)
big = (np.arange(300) % 7).reshape(15, 20) @ (np.arange(400) % 5).reshape(20, 20)
print(big[:3, :5], big.sum(), big.shape)
spd = a @ a.T + np.eye(3)
lower = np.linalg.cholesky(spd)
print(lower.round(8), np.abs(lower @ lower.T - spd).max() < 1e-12, np.linalg.solve(a, b).round(10), np.abs(np.linalg.inv(a) @ a - np.eye(3)).max() < 1e-12)
q, r = np.linalg.qr(np.arange(12.0).reshape(6, 2))
print((q @ r).round(10)[1:], np.abs(q.T @ q - np.eye(2)).max() < 1e-12, np.abs(r[1, 0]) < 1e-12)
for bad in (lambda: print(np.linalg.inv(np.ones((2, 2)))), lambda: print(np.linalg.cholesky(-np.eye(2))), lambda: np.linalg.solve(np.ones((2, 3)), np.ones(2))):
    try:
        bad()
    except np.linalg.LinAlgError as error:
        print("LinAlgError:", error)
