"""Our logistic regression beside scikit-learn's, on the same data with the same C: coefficients and times.

Started by compare_sklearn.sh, with the path of flights.csv.gz where the flights are to be compared as well. It runs
the examples in release mode, which keep the data that they fitted, fits scikit-learn to it in this process, and fails
when a coefficient differs by more than 1e-6 of the largest one.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

BOUND = 1e-6
MANIFEST = pathlib.Path(__file__).parents[2] / "Cargo.toml"


def ours(example, arguments):
    """Runs an example; its data, its coefficients with the intercept last, and the seconds of its fit."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["cargo", "run", "--release", "--quiet", "--manifest-path", MANIFEST, "--example", example, "--"]
        subprocess.run(command + arguments + ["--save", folder], check=True, stdout=subprocess.DEVNULL)
        x, y, fit = (np.load(pathlib.Path(folder) / f"{name}.npy") for name in ("x", "y", "fit"))
    return x, y, fit[:-1], fit[-1]


def theirs(x, y):
    begun = time.perf_counter()
    model = LogisticRegression(solver="newton-cholesky", tol=1e-12, C=1.0, max_iter=200).fit(x, y)
    seconds = time.perf_counter() - begun
    return np.append(model.coef_[0], model.intercept_), seconds


def main():
    cases = [("quickstart", [])]
    if len(sys.argv) > 1:
        cases.append(("flights", [sys.argv[1]]))
    print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}")
    print(f"{'data':<12}{'shape':>14}{'NumS s':>10}{'sklearn s':>11}{'difference':>12}")
    worst = 0.0
    for example, arguments in cases:
        x, y, found, our_seconds = ours(example, arguments)
        wanted, their_seconds = theirs(x, y)
        difference = np.abs(found - wanted).max() / np.abs(wanted).max()
        shape = f"{x.shape[0]}x{x.shape[1]}"
        print(f"{example:<12}{shape:>14}{our_seconds:>10.3f}{their_seconds:>11.3f}{difference:>12.1e}")
        worst = max(worst, difference)
    sys.exit(0 if worst <= BOUND else f"a coefficient differs by {worst:.1e}")


if __name__ == "__main__":
    main()
