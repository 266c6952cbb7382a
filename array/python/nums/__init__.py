"""NumPy's arrays on a cluster.

    import nums.numpy as np

    x = np.arange(1e6)
    print((x ** 2).sum())

The first call starts an embedded cluster on this machine. `init` starts one of another size, and `connect` joins the
cluster of a ticket.
"""

from contextlib import contextmanager

from . import _nums, models, numpy
from ._errors import ConvergenceWarning, NotFittedError, NotSupported, UndefinedMetricWarning
from ._functions import named as _named
from ._nums import Session, connect, nodes, status

__all__ = [
    "ConvergenceWarning", "NotFittedError", "NotSupported", "Session", "UndefinedMetricWarning", "connect", "explain", "init",
    "lazy_errors", "models", "nodes", "numpy", "session", "status",
]


def init(**settings):
    """Makes an embedded cluster the current one. The settings are `nodes`, `workers`, `memory`, `places`, `block_bytes` and
    `policy`."""
    _nums.switch(Session(**settings))


@contextmanager
def session(**settings):
    """A session of its own for a block: `with nums.session(nodes=2): ...`. The settings are those of `init`."""
    own = Session(**settings)
    former = _nums.switch(own)
    try:
        yield own
    finally:
        _nums.switch(former)


@contextmanager
def lazy_errors():
    """Raises the errors of factorizations and the like where their results are used, and not where they are begun."""
    former = _nums.set_lazy_errors(True)
    try:
        yield
    finally:
        _nums.set_lazy_errors(former)


def explain(array):
    """How an array would be computed: its tasks, and the node of each."""
    return array.explain()


def __getattr__(name):
    return _named("nums", name)


def __dir__():
    return sorted(set(__all__) | set(_nums.names("nums")))
