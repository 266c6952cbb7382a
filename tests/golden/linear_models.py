"""Makes linear_models.json: what scikit-learn gives for the breast cancer data.

Run in this folder with scikit-learn and NumPy: python linear_models.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
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
pathlib.Path("linear_models.json").write_text(json.dumps(golden, indent=1) + "\n")
