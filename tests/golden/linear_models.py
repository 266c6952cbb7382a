"""Makes linear_models.json: what scikit-learn gives for the breast cancer and wine data, and wine.csv.

The wine data is scikit-learn's copy of the UCI data set "Wine" (M. Forina and others, CC BY 4.0), with the first kind as
class 1 and the two others as class 0. The polynomial is fitted in fractions.

Run in this folder with scikit-learn and NumPy: python linear_models.py
"""

import json
import pathlib
from fractions import Fraction

import numpy as np
import sklearn
from sklearn.datasets import load_wine
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

data = np.loadtxt("../../examples/data/breast_cancer.csv", delimiter=",", skiprows=1)
X, y = data[:, :-1], data[:, -1]
scaler = StandardScaler().fit(X)
Z = scaler.transform(X)
golden = {
    "made_with": f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}",
    "mean": scaler.mean_.tolist(),
    "scale": scaler.scale_.tolist(),
    "logistic": [],
}
for C in (0.01, 1.0, 100.0):
    for intercept in (True, False):
        model = LogisticRegression(
            solver="newton-cholesky", tol=1e-12, C=C, fit_intercept=intercept, max_iter=200
        ).fit(Z, y)
        p = model.predict_proba(Z)[:, 1]
        golden["logistic"].append(
            {
                "C": C,
                "fit_intercept": intercept,
                "coefficients": model.coef_[0].tolist(),
                "intercept": float(np.atleast_1d(model.intercept_)[0]),
                "accuracy": model.score(Z, y),
                "log_loss": log_loss(y, p),
                "roc_auc": roc_auc_score(y, p),
            }
        )
# The radius from all other columns, with and without a penalty.
golden["linear"] = []
for alpha in (0.0, 3.0):
    A, b = np.delete(Z, 0, axis=1), X[:, 0]
    model = Ridge(alpha=alpha, solver="svd", tol=1e-15).fit(A, b)
    golden["linear"].append(
        {
            "alpha": alpha,
            "coefficients": model.coef_.tolist(),
            "intercept": float(model.intercept_),
            "score": model.score(A, b),
        }
    )

# Wine as it is measured, whose columns are from 0.1 to 1,700 in size.
X, kind = load_wine(return_X_y=True)
y = (kind == 0).astype(float)
np.savetxt("wine.csv", np.column_stack([X, y]), delimiter=",", fmt="%.10g")
model = LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=500).fit(X, y)
golden["wine"] = {
    "coefficients": model.coef_[0].tolist(),
    "intercept": float(model.intercept_[0]),
}

# Columns that are linear combinations of others, as the function of tests/models.rs of the same name makes them.
def dependent(seed):
    n = np.arange(1000)
    a = np.stack([((n * k + seed) % 101) / 101 for k in (7, 31, 53)], axis=1)
    y = ((n * 17 + seed) % 97) / 97
    return np.column_stack([a, a[:, 2] + 2.0]), y


golden["dependent"] = []
for seed in range(40):
    A, b = dependent(seed)
    model = LinearRegression().fit(A, b)
    golden["dependent"].append(
        {"coefficients": model.coef_.tolist(), "intercept": float(model.intercept_)}
    )


# The polynomial of degree 10 through the sine at 51 points, to the last digit.
def solve(matrix, right):
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(len(rows)):
        pivot = next(row for row in range(at, len(rows)) if rows[row][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in range(len(rows)):
            if row != at:
                rows[row] = [a - rows[row][at] * b for a, b in zip(rows[row], rows[at], strict=True)]
    return [row[-1] for row in rows]


points = [Fraction(i, 64) for i in range(65)]
powers = [[Fraction(float(x) ** k) for k in range(11)] for x in points]
values = [Fraction(int(1000 * np.sin(6 * float(x))), 1024) for x in points]
columns = list(zip(*powers, strict=True))
normal = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in columns] for p in columns]
right = [sum(a * b for a, b in zip(p, values, strict=True)) for p in columns]
golden["polynomial"] = [float(w) for w in solve(normal, right)]

pathlib.Path("linear_models.json").write_text(json.dumps(golden, indent=1) + "\n")
