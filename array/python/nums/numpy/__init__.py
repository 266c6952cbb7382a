"""NumPy's functions on arrays of a cluster, under NumPy's names."""

import importlib

from .. import _nums
from .._functions import named as _named
from .._nums import generic, ndarray

_MODULES = ("exceptions", "linalg", "random")


def from_dlpack(x, /):
    """A new array of the elements of an object that lends its memory by DLPack."""
    import numpy

    return asarray(numpy.from_dlpack(x))


def asnumpy(x, /):
    """All elements as an array of NumPy's; waits for them, and copies them into the memory of this process."""
    import numpy

    return numpy.asarray(x)


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    return _named("numpy", name)


def __dir__():
    return sorted({"asnumpy", "from_dlpack", "generic", "ndarray", *_MODULES, *_nums.names("numpy")})


asarray = _named("numpy", "asarray")
