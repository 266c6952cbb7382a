"""Models and their data: `LogisticRegression`, `LinearRegression`, `StandardScaler`, metrics and `train_test_split`."""

from . import _nums
from ._functions import named as _named


def __getattr__(name):
    return _named("nums", name)


def __dir__():
    return _nums.names("nums")
