"""NumPy's arrays on a cluster."""

# Written by tests/python_package/stubs.py.

from contextlib import AbstractContextManager
from typing import Any

from . import models as models
from . import numpy as numpy

from ._errors import ConvergenceWarning as ConvergenceWarning
from ._errors import NotFittedError as NotFittedError
from ._errors import NotSupported as NotSupported
from ._errors import UndefinedMetricWarning as UndefinedMetricWarning
from .models import LinearRegression as LinearRegression
from .models import LogisticRegression as LogisticRegression
from .models import StandardScaler as StandardScaler
from .models import accuracy as accuracy
from .models import log_loss as log_loss
from .models import read_csv as read_csv
from .models import rechunk as rechunk
from .models import roc_auc as roc_auc
from .models import train_test_split as train_test_split

def init(
    *, nodes: int | None = None, workers: int | None = None, memory: str | None = None, places: int | None = None,
    block_bytes: int | None = None, policy: str | None = None,
) -> None:
    """Makes an embedded cluster the current one. The settings are `nodes`, `workers`, `memory`, `places`, `block_bytes` and
    `policy`."""

def session(
    *, nodes: int | None = None, workers: int | None = None, memory: str | None = None, places: int | None = None,
    block_bytes: int | None = None, policy: str | None = None,
) -> AbstractContextManager[Session]:
    """A session of its own for a block: `with nums.session(nodes=2): ...`. The settings are those of `init`."""

def lazy_errors() -> AbstractContextManager[None]:
    """Raises the errors of factorizations and the like where their results are used, and not where they are begun."""

def explain(array: numpy.ndarray) -> str:
    """How an array would be computed: its tasks, and the node of each."""

def connect(ticket: str, places: int | None = None, block_bytes: int | None = None, policy: str | None = None) -> None:
    """Makes the cluster of a ticket the current one."""

def nodes() -> int:
    """The number of nodes of the current cluster."""

def status() -> list[dict[str, Any]]:
    """What each node of the current cluster holds and does."""

class Session:
    """A cluster to work on, and the process that opened it."""
    def __init__(
        self, *, nodes: int | None = None, workers: int | None = None, memory: str | None = None, places: int | None = None,
        block_bytes: int | None = None, policy: str | None = None,
    ) -> None: ...
    @property
    def nodes(self) -> int: ...
