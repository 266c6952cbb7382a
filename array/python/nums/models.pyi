"""Models and their data: `LogisticRegression`, `LinearRegression`, `StandardScaler`, metrics and `train_test_split`."""

# Written by tests/python_package/stubs.py.

from typing import Any, Self

from .numpy import ndarray

from nums._errors import ConvergenceWarning as ConvergenceWarning
from nums._errors import NotFittedError as NotFittedError
from nums._errors import UndefinedMetricWarning as UndefinedMetricWarning

def LinearRegression(*, fit_intercept: Any = None, ridge: Any = None, solver: Any = None, tol: Any = None, max_iter: Any = None) -> _LinearRegression:
    """Least squares, with a penalty of ridge on the squares of the coefficients. `fit` begins and does not wait; what was
    learnt is in `coef_` and `intercept_`."""

def LogisticRegression(*, C: Any = None, fit_intercept: Any = None, solver: Any = None, tol: Any = None, max_iter: Any = None) -> _LogisticRegression:
    """Logistic regression for labels 0 and 1 with an l2 penalty of weight 1 / C, as scikit-learn's. solver is 'newton' or
    'lbfgs'. `fit` begins and does not wait, so independent fits run at the same time."""

def StandardScaler() -> _StandardScaler:
    """Columns of mean 0 and standard deviation 1: `fit`, `transform`, `fit_transform` and `inverse_transform`."""

def accuracy(labels: Any, predictions: Any) -> float:
    """The share of the predictions that are the labels. Waits."""

def log_loss(labels: Any, probabilities: Any) -> float:
    """The mean of minus the logarithm of the probability that was given to each label. Waits."""

def read_csv(path: Any, *, columns: Any = None, one_hot: Any = None, drop_missing: Any = None, missing: Any = None, delimiter: Any = None, encoding: Any = None, header: Any = None, skip_lines: Any = None) -> Table:
    """A table of a CSV file, plain or compressed by gzip. one_hot names text columns that become a column for each value,
    drop_missing columns whose missing values take the row out. Waits for the file. `table['name']` is a column, `table[['a',
    'b']]` a matrix, `table.values` all of it."""

def rechunk(x: Any, block_shape: Any) -> ndarray:
    """The same array cut into blocks of another shape; `%layout x` shows them."""

def roc_auc(labels: Any, scores: Any) -> float:
    """The area under the ROC curve: how often a row of class 1 has a higher score than one of class 0. Waits."""

def train_test_split(X: Any, y: Any, *, test_size: Any = None, random_state: Any = None) -> list[ndarray]:
    """X_train, X_test, y_train, y_test: rows to learn from and rows to be judged by, split at random by random_state."""

class Table:
    """The columns of a file of comma-separated values."""
    columns: list[str]
    shape: tuple[int, int]
    values: ndarray
    def __len__(self) -> int: ...
    def __getitem__(self, index: Any, /) -> ndarray: ...

class _LinearRegression:
    """What LinearRegression() gives."""
    coef_: Any
    convergence_: Any
    def fit(self, X: Any, y: Any) -> Self:
        """Begins to fit to X, a row for each sample, and y, and gives the model. It does not wait: what goes wrong is told to
        who asks for what was learnt."""
    intercept_: Any
    n_iter_: Any
    def predict(self, X: Any) -> Any:
        """The predicted class or value for each row of X. Waits for the fit."""
    def score(self, X: Any, y: Any) -> Any:
        """The share of the rows whose class is predicted, or R squared for numbers. Waits."""

class _LogisticRegression:
    """What LogisticRegression() gives."""
    coef_: Any
    convergence_: Any
    def fit(self, X: Any, y: Any) -> Self:
        """Begins to fit to X, a row for each sample, and y, and gives the model. It does not wait: what goes wrong is told to
        who asks for what was learnt."""
    intercept_: Any
    n_iter_: Any
    def predict(self, X: Any) -> Any:
        """The predicted class or value for each row of X. Waits for the fit."""
    def predict_proba(self, X: Any) -> Any:
        """The probabilities of the classes 0 and 1, a column each. Waits for the fit."""
    def score(self, X: Any, y: Any) -> Any:
        """The share of the rows whose class is predicted, or R squared for numbers. Waits."""

class _StandardScaler:
    """What StandardScaler() gives."""
    def fit(self, X: Any) -> Self:
        """Begins to compute the mean and the deviation of the columns of X, and gives the scaler."""
    def fit_transform(self, X: Any) -> Any:
        """fit, and then transform of the same X."""
    def inverse_transform(self, X: Any) -> Any:
        """What was transformed, as it was before."""
    mean_: Any
    scale_: Any
    def transform(self, X: Any) -> Any:
        """X less the mean of each column, divided by its deviation."""
    var_: Any
