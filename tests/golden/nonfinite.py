"""Writes nonfinite.txt: what NumPy makes of matrices that hold one NaN or infinity.

Run it as `python3 tests/golden/nonfinite.py`; the file lies beside it. A line has the function, rows and columns, and
the number that stands where; then `raise`, or for each result its rows of classes: `.` is a number, `n` NaN, `i` and `j`
the two infinities. The other elements are `element` below.
"""

import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")


def element(row, column):
    return (row * 37 + column * 101) % 41 / 8 - 2


def matrix(rows, columns):
    return np.array([[element(row, column) for column in range(columns)] for row in range(rows)])


def positive_definite(order):
    a = matrix(order, order)
    return a @ a.T + 4 * np.eye(order)


def regular(order):
    return matrix(order, order) + 4 * np.eye(order)


def classes(array):
    kinds = [(np.isnan, "n"), (np.isposinf, "i"), (np.isneginf, "j")]
    one = lambda x: next((letter for holds, letter in kinds if holds(x)), ".")
    return "/".join("".join(one(x) for x in row) for row in np.atleast_2d(array))


functions = {
    "cholesky": (positive_definite, lambda a, clean: [np.linalg.cholesky(a)]),
    "inv": (regular, lambda a, clean: [np.linalg.inv(a)]),
    "solve": (regular, lambda a, clean: [np.linalg.solve(a, clean)]),
    "sides": (regular, lambda b, clean: [np.linalg.solve(clean, b)]),
}
lines = []


def record(name, clean, compute):
    for text in ("nan", "inf", "-inf"):
        for at in np.ndindex(clean.shape):
            spoilt = clean.copy()
            spoilt[at] = float(text)
            try:
                found = " ".join(map(classes, compute(spoilt, clean)))
            except np.linalg.LinAlgError:
                found = "raise"
            rows, columns = clean.shape
            lines.append(f"{name} {rows} {columns} {text} {at[0]} {at[1]} {found}")


for order in (3, 6):
    for name, (make, compute) in functions.items():
        record(name, make(order), compute)
for rows, columns in ((3, 3), (13, 3), (3, 5)):
    record("qr", matrix(rows, columns), lambda a, clean: np.linalg.qr(a))
record("norm", matrix(4, 3), lambda a, clean: [np.linalg.norm(a), np.linalg.norm(a, axis=0), np.linalg.norm(a, axis=1)])
record("matmul", matrix(4, 4), lambda a, clean: [a @ clean, clean @ a, a @ a.T])
(pathlib.Path(__file__).parent / "nonfinite.txt").write_text("\n".join(lines) + "\n")
