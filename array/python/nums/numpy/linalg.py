"""`numpy.linalg` on arrays of a cluster."""

from .. import _nums
from .._functions import named as _named


def __getattr__(name):
    return _named("numpy.linalg", name)


def __dir__():
    return _nums.names("numpy.linalg")
