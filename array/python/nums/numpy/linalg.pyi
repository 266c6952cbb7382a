"""`numpy.linalg` on arrays of a cluster."""

# Written by tests/python_package/stubs.py.

from typing import Any

from . import ndarray

from numpy.linalg import LinAlgError as LinAlgError

def cholesky(a: Any) -> ndarray:
    """The lower triangular matrix whose product with its transpose a symmetric positive definite matrix is."""

def cross(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any: ...

def inv(a: Any) -> ndarray:
    """The inverse of a square matrix: their product is the identity."""

def matrix_transpose(x: Any, /) -> Any: ...

def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: Any = None) -> Any:
    """The root of the sum of squares, of all elements or along axes."""

def qr(a: Any) -> Any:
    """A matrix with orthonormal columns and an upper triangular one, whose product is a."""

def solve(a: Any, b: Any) -> ndarray:
    """The x for which a @ x is b, of a square matrix a."""

def vecdot(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any: ...
