"""`numpy.linalg` on arrays of a cluster."""

# Written by tests/python_package/stubs.py.

from typing import Any

from . import ndarray

from numpy.linalg import LinAlgError as LinAlgError

def cholesky(a: Any) -> ndarray:
    """The lower triangular matrix whose product with its transpose a symmetric positive definite matrix is."""

def cross(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any:
    """The cross products of vectors along an axis."""

def diagonal(x: Any, /, *, offset: Any = 0) -> Any:
    """A diagonal of the matrices of two axes, as the last axis of the result."""

def inv(a: Any) -> ndarray:
    """The inverse of a square matrix: their product is the identity."""

def matmul(x1: Any, x2: Any, /) -> Any:
    """The product of matrices and vectors: a @ b."""

def matrix_transpose(x: Any, /) -> Any:
    """The matrices of the last two axes transposed. A view."""

def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: Any = None) -> Any:
    """The root of the sum of squares, of all elements or along axes."""

def outer(x1: Any, x2: Any, /) -> Any:
    """The matrix of all products of an element of a with an element of b."""

def qr(a: Any) -> Any:
    """A matrix with orthonormal columns and an upper triangular one, whose product is a."""

def solve(a: Any, b: Any) -> ndarray:
    """The x for which a @ x is b, of a square matrix a."""

def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """The sum of products over the last axes of a and the first of b, as many as axes says; 2 unless said."""

def trace(x: Any, /, *, offset: Any = 0, dtype: Any = None) -> Any:
    """The sum of a diagonal of the matrices of two axes."""

def vecdot(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any:
    """The sums of products along an axis, the elements of x1 conjugated."""
