"""NumPy's functions on arrays of a cluster, under NumPy's names."""

import importlib

from .. import _nums
from .._functions import named as _named
from .._nums import generic, ndarray

_MODULES = ("exceptions", "linalg", "random")

# The version of the array API standard that the names and signatures follow.
__array_api_version__ = "2025.12"


def __array_namespace_info__():
    """The inspection functions of the array API standard: `capabilities`, `default_device`, `default_dtypes`, `devices` and
    `dtypes`."""
    from ._info import Info

    return Info()


def from_dlpack(x, /, *, device=None, copy=None):
    """An array of the elements of an object that lends its memory by DLPack: an array of nums is viewed where it is, and
    anything else is copied into the cluster."""
    import numpy

    if device not in (None, "cpu"):
        raise ValueError(f"unsupported device: {device!r}; there is 'cpu'")
    if isinstance(x, ndarray):
        return x.copy() if copy else x[...]
    if copy is False:
        raise BufferError("an array of nums is on the nodes of its cluster: it can only be a copy of the memory of another")
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
