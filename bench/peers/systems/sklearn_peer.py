"""scikit-learn with two threads."""

import warnings

import numpy as np
from data import labels, uniform
from sklearn.linear_model import LogisticRegression

TITLE = "scikit-learn"


def _fit(rows, columns, solver, steps):
    x = uniform(1, rows, columns)
    y = labels(x)

    def run():
        # It is to take its steps, not to converge.
        model = LogisticRegression(solver=solver, C=1.0, tol=1e-14, max_iter=steps, fit_intercept=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)
        return float(np.abs(model.coef_).sum())

    return run


def newton28(rows, columns):
    return _fit(rows, columns, "newton-cholesky", 10)


newton256 = newton28


def lbfgs28(rows, columns):
    return _fit(rows, columns, "lbfgs", 10)
