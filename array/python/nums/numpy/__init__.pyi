"""NumPy's functions on arrays of a cluster, under NumPy's names."""

# Written by tests/python_package/stubs.py.

import builtins
import numpy
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar, Self

from numpy import bool as bool
from numpy import bool as bool_
from numpy import int8 as byte
from numpy import complex128 as cdouble
from numpy import complex128 as complex128
from numpy import complex64 as complex64
from numpy import complex64 as csingle
from numpy import float64 as double
from numpy import dtype as dtype
from . import exceptions as exceptions
from numpy import float32 as float32
from numpy import float64 as float64
from numpy import int16 as int16
from numpy import int32 as int32
from numpy import int64 as int64
from numpy import int8 as int8
from numpy import int64 as int_
from numpy import int32 as intc
from numpy import int64 as intp
from . import linalg as linalg
from numpy import int64 as long
from numpy import int64 as longlong
from . import random as random
from numpy import int16 as short
from numpy import float32 as single
from numpy import uint8 as ubyte
from numpy import uint64 as uint
from numpy import uint16 as uint16
from numpy import uint32 as uint32
from numpy import uint64 as uint64
from numpy import uint8 as uint8
from numpy import uint32 as uintc
from numpy import uint64 as uintp
from numpy import uint64 as ulong
from numpy import uint64 as ulonglong
from numpy import uint16 as ushort

__array_api_version__: str

False_: numpy.bool
True_: numpy.bool
e: float
inf: float
nan: float
newaxis: None
pi: float

def abs(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of each element."""

def absolute(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of each element."""

def acos(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose cosine each element is."""

def acosh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic cosine each element is."""

def add(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The sum of two arrays, element by element: x1 + x2."""

def all(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """Whether all elements count as true, or all along axes."""

def allclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any: ...

def amax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The greatest of all elements, or along axes; nan when there is one."""

def amin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The smallest of all elements, or along axes; nan when there is one."""

def angle(z: Any, deg: Any = False) -> Any: ...

def any(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """Whether any element counts as true, or any along axes."""

def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """An array with values behind it."""

def arange(start: Any = None, stop: Any = None, step: Any = None, dtype: Any = None) -> ndarray:
    """Numbers from start up to stop, which is left out, each a step after the one before. With one argument they start at 0.
    Nothing is made before it is read."""

def arccos(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose cosine each element is."""

def arccosh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic cosine each element is."""

def arcsin(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose sine each element is."""

def arcsinh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic sine each element is."""

def arctan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose tangent each element is."""

def arctan2(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle of the point (x2, x1) in radians, from -pi to pi."""

def arctanh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic tangent each element is."""

def argmax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the greatest element, of all in C order or along an axis; the first when there are several."""

def argmin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the smallest element, of all in C order or along an axis; the first when there are several."""

def argsort(a: Any, axis: Any = None, kind: Any = None) -> Any:
    """The positions that put the elements along an axis in order."""

def argwhere(a: Any) -> Any: ...

def around(a: Any, decimals: Any = None) -> Any:
    """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""

def array(object: Any, dtype: Any = None, *, copy: Any = None, ndmin: Any = None) -> ndarray:
    """A new array of a number, or of lists of numbers in lists. The elements get the type that holds all of them, unless dtype
    says otherwise. Waits for elements that are still being computed."""

def array_equal(a1: Any, a2: Any, equal_nan: Any = False) -> builtins.bool: ...

def array_equiv(a1: Any, a2: Any) -> Any: ...

def array_split(ary: Any, indices_or_sections: Any, axis: Any = None) -> list[ndarray]:
    """As split, but the first parts may be longer by one."""

def asarray(a: Any, dtype: Any = None) -> ndarray:
    """The array itself when it is one of the right type, and a new array otherwise."""

def asin(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose sine each element is."""

def asinh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic sine each element is."""

def asnumpy(x: Any, /) -> Any:
    """All elements as an array of NumPy's; waits for them, and copies them into the memory of this process."""

def astype(x: Any, dtype: Any, /, *, copy: Any = True, device: Any = None) -> Any: ...

def atan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose tangent each element is."""

def atan2(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle of the point (x2, x1) in radians, from -pi to pi."""

def atanh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic tangent each element is."""

def atleast_1d(a: Any) -> ndarray:
    """The array, with an axis of length 1 when it has none."""

def atleast_2d(*arys: Any) -> Any: ...

def atleast_3d(*arys: Any) -> Any: ...

def average(a: Any, axis: Any = None, weights: Any = None, returned: Any = False, *, keepdims: Any = False) -> Any: ...

def bartlett(M: Any) -> Any: ...

def bincount(x: Any, weights: Any = None, minlength: Any = 0) -> Any: ...

def bitwise_and(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that two whole numbers share: x1 & x2."""

def bitwise_invert(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def bitwise_left_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def bitwise_not(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each whole number with all its bits changed, and each truth value with the other: ~x."""

def bitwise_or(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that one of two whole numbers has: x1 | x2."""

def bitwise_right_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def bitwise_xor(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that exactly one of two whole numbers has: x1 ^ x2."""

def blackman(M: Any) -> Any: ...

def block(arrays: Any) -> Any: ...

def broadcast_arrays(*args: Any) -> tuple[ndarray, ...]: ...

def broadcast_shapes(*args: Any) -> tuple[int, ...]: ...

def broadcast_to(array: Any, shape: Any) -> ndarray:
    """The array stretched to a shape: axes of length 1 are repeated."""

def can_cast(from_: Any, to: Any, casting: Any = 'safe') -> builtins.bool: ...

def ceil(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded up to a whole number."""

def choose(a: Any, choices: Any, out: Any = None, mode: Any = 'raise') -> Any: ...

def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """Each element, or the bound that it is beyond."""

def column_stack(tup: Any) -> ndarray:
    """Vectors as the columns of a matrix."""

def common_type(*arrays: Any) -> Any: ...

def compress(condition: Any, a: Any, axis: Any = None) -> Any: ...

def concat(arrays: Any, axis: Any = None) -> ndarray: ...

def concatenate(arrays: Any, axis: Any = None) -> ndarray:
    """Several arrays one behind the other along an axis that they have."""

def conj(x: Any, /) -> Any:
    """The complex conjugate of each element."""

def conjugate(x: Any, /) -> Any:
    """The complex conjugate of each element."""

def convolve(a: Any, v: Any, mode: Any = 'full') -> Any: ...

def copy(a: Any) -> ndarray:
    """The same elements in an array of their own."""

def copysign(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of x1 with the sign of x2, element by element."""

def copyto(dst: Any, src: Any, casting: Any = 'same_kind', where: Any = True) -> Any: ...

def corrcoef(x: Any, y: Any = None, rowvar: Any = True) -> Any: ...

def correlate(a: Any, v: Any, mode: Any = 'valid') -> Any: ...

def cos(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The cosine of each element, an angle in radians."""

def cosh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic cosine of each element."""

def count_nonzero(a: Any, axis: Any = None, *, keepdims: Any = None) -> Any:
    """How many elements count as true, of all or along axes."""

def cov(m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None, fweights: Any = None, aweights: Any = None) -> Any: ...

def cross(a: Any, b: Any, axisa: Any = -1, axisb: Any = -1, axisc: Any = -1, axis: Any = None) -> Any: ...

def cumprod(a: Any, /, axis: Any = None, dtype: Any = None) -> Any:
    """The product of the elements up to each one, along an axis or in C order."""

def cumsum(a: Any, /, axis: Any = None, dtype: Any = None) -> Any:
    """The sum of the elements up to each one, along an axis or in C order."""

def cumulative_prod(x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: Any = None) -> Any:
    """The product of the elements up to each one along an axis, on request from 1 on."""

def cumulative_sum(x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: Any = None) -> Any:
    """The sum of the elements up to each one along an axis, on request from 0 on."""

def deg2rad(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in degrees as radians."""

def degrees(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def delete(arr: Any, obj: Any, axis: Any = None) -> Any: ...

def diag(v: Any, k: Any = 0) -> Any: ...

def diag_indices(n: Any, ndim: Any = 2) -> Any: ...

def diag_indices_from(arr: Any) -> Any: ...

def diagflat(v: Any, k: Any = 0) -> Any: ...

def diagonal(a: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any: ...

def diff(a: Any, n: Any = 1, axis: Any = -1, prepend: Any = None, append: Any = None) -> Any: ...

def digitize(x: Any, bins: Any, right: Any = False) -> Any: ...

def divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient of two arrays, element by element: x1 / x2. Whole numbers give floats."""

def divmod(x1: Any, x2: Any, /) -> Any: ...

def dot(a: Any, b: Any) -> Any:
    """The product of matrices and vectors, or with a number."""

def dsplit(ary: Any, indices_or_sections: Any) -> Any: ...

def dstack(tup: Any) -> Any: ...

def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any: ...

def einsum(subscripts: Any, /, *operands: Any) -> Any:
    """Sums of products whose axes are named by letters: those that are missing behind the arrow are summed over."""

def empty(shape: Any, dtype: Any = None) -> ndarray:
    """An array of a shape for elements that are written later. Here they are zeros."""

def empty_like(a: Any, dtype: Any = None, *, shape: Any = None) -> ndarray:
    """An array with the shape and the type of another, for elements that are written later. Here they are zeros."""

def equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether two elements are equal: x1 == x2. A nan equals nothing."""

def exp(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """e to the power of each element."""

def exp2(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """2 to the power of each element."""

def expand_dims(a: Any, axis: Any) -> ndarray:
    """With new axes of length 1: a view."""

def expm1(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """e to the power of each element, less 1, exact also near 0."""

def extract(condition: Any, arr: Any) -> Any: ...

def eye(N: Any, M: Any = None, k: Any = None, dtype: Any = None) -> ndarray:
    """A matrix of N rows and M columns with ones on one diagonal, the k-th above the main one, and zeros elsewhere."""

def fabs(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of each element, as a float."""

def fill_diagonal(a: Any, val: Any, wrap: Any = False) -> Any: ...

def finfo(dtype: Any) -> Any: ...

def fix(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def flatnonzero(a: Any) -> Any:
    """The positions of the elements that count as true, in C order. Waits for the array."""

def flip(m: Any, axis: Any = None) -> ndarray: ...

def fliplr(m: Any) -> Any: ...

def flipud(m: Any) -> Any: ...

def float_power(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def floor(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded down to a whole number."""

def floor_divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient rounded down to a whole number, element by element: x1 // x2."""

def fmax(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The greater of two elements, and the other one where one is nan."""

def fmin(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The smaller of two elements, and the other one where one is nan."""

def from_dlpack(x: Any, /, *, device: Any = None, copy: Any = None) -> Any:
    """An array of the elements of an object that lends its memory by DLPack: an array of nums is viewed where it is, and
    anything else is copied into the cluster."""

def full(shape: Any, fill_value: Any, dtype: Any = None) -> ndarray:
    """An array of a shape whose elements are all fill_value, which may itself be an array that is broadcast."""

def full_like(a: Any, fill_value: Any, dtype: Any = None, *, shape: Any = None) -> ndarray:
    """An array of one value with the shape and the type of another."""

def geomspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, dtype: Any = None) -> Any: ...

def get_printoptions() -> dict[str, Any]:
    """How arrays are shown, as a dict."""

def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: Any = 1) -> Any: ...

def greater(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is above x2, element by element: x1 > x2."""

def greater_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is not below x2, element by element: x1 >= x2."""

def hamming(M: Any) -> Any: ...

def hanning(M: Any) -> Any: ...

def heaviside(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any: ...

def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any: ...

def hsplit(ary: Any, indices_or_sections: Any) -> Any: ...

def hstack(tup: Any) -> ndarray:
    """Several arrays side by side."""

def hypot(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The root of x1 squared plus x2 squared, without overflow on the way."""

def identity(n: Any, dtype: Any = None) -> ndarray:
    """The square matrix of n rows with ones on its main diagonal."""

def iinfo(type: Any) -> Any: ...

def imag(val: Any) -> Any:
    """The imaginary part of each element; 0 for real numbers."""

def indices(dimensions: Any, dtype: Any = int, sparse: Any = False) -> Any: ...

def inner(a: Any, b: Any, /) -> Any:
    """The sum of the products of two vectors."""

def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any: ...

def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any: ...

def intersect1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any: ...

def invert(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each whole number with all its bits changed, and each truth value with the other: ~x."""

def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any: ...

def iscomplex(x: Any, /) -> Any: ...

def iscomplexobj(x: Any) -> Any: ...

def isdtype(dtype: Any, kind: Any) -> builtins.bool: ...

def isfinite(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is neither infinite nor nan."""

def isin(element: Any, test_elements: Any, assume_unique: Any = False, invert: Any = False, *, kind: Any = None) -> Any: ...

def isinf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is infinite."""

def isnan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is nan."""

def isneginf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def isposinf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def isreal(x: Any, /) -> Any: ...

def isrealobj(x: Any) -> Any: ...

def isscalar(element: Any) -> Any: ...

def issubdtype(arg1: Any, arg2: Any) -> Any: ...

def ix_(*args: Any) -> tuple[ndarray, ...]:
    """Lists of positions or truth values, each along an axis of its own: an index of all their combinations."""

def kron(a: Any, b: Any) -> Any: ...

def left_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 moved up by x2 places: x1 << x2."""

def less(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is below x2, element by element: x1 < x2."""

def less_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is not above x2, element by element: x1 <= x2."""

def linspace(start: Any, stop: Any, num: Any = None, endpoint: Any = None, retstep: Any = None, dtype: Any = None) -> ndarray:
    """num numbers at equal distances from start to stop; stop is the last of them unless endpoint is False. With retstep=True
    the distance comes with them."""

def load(file: Any) -> Any:
    """Reads an array from a .npy file; the nodes get its blocks. Waits for the file."""

def log(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The natural logarithm of each element; nan where it is negative, -inf at 0."""

def log10(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The logarithm of each element to the base 10."""

def log1p(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The natural logarithm of 1 plus each element, exact also near 0."""

def log2(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The logarithm of each element to the base 2."""

def logaddexp(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The logarithm of the sum of the exponentials of two arrays, without overflow on the way."""

def logaddexp2(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def logical_and(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether both elements count as true."""

def logical_not(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is zero."""

def logical_or(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether one of two elements counts as true."""

def logical_xor(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether exactly one of two elements counts as true."""

def logspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, base: Any = 10.0, dtype: Any = None) -> Any: ...

def matmul(a: Any, b: Any, /) -> Any:
    """The product of matrices and vectors: a @ b."""

def matrix_transpose(x: Any, /) -> ndarray: ...

def matvec(x1: Any, x2: Any, /) -> Any: ...

def max(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The greatest of all elements, or along axes; nan when there is one."""

def maximum(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The greater of two elements, and nan where one is nan."""

def mean(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The mean of all elements, or along axes."""

def median(a: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any: ...

def meshgrid(*xi: Any, copy: Any = True, sparse: Any = False, indexing: Any = 'xy') -> tuple[ndarray, ...]: ...

def min(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The smallest of all elements, or along axes; nan when there is one."""

def min_scalar_type(a: Any) -> Any: ...

def minimum(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The smaller of two elements, and nan where one is nan."""

def mod(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The rest of the division rounded down, with the sign of x2: x1 % x2."""

def modf(x: Any, /) -> Any: ...

def moveaxis(a: Any, source: Any, destination: Any) -> ndarray:
    """Axes moved to other places, the rest in order: a view."""

def multiply(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The product of two arrays, element by element: x1 * x2."""

def nan_to_num(x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any: ...

def nanargmax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the greatest of the elements that are not nan."""

def nanargmin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the smallest of the elements that are not nan."""

def nanmax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The greatest of the elements that are not nan."""

def nanmean(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The mean of the elements that are not nan."""

def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any: ...

def nanmin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The smallest of the elements that are not nan."""

def nanpercentile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any: ...

def nanprod(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The product of the elements that are not nan."""

def nanquantile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any: ...

def nanstd(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The standard deviation of the elements that are not nan."""

def nansum(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The sum of the elements that are not nan."""

def nanvar(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The variance of the elements that are not nan."""

def ndim(a: Any) -> int:
    """The number of axes."""

def negative(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element with the other sign: -x."""

def nonzero(a: Any) -> tuple[ndarray, ...]:
    """The positions of the elements that count as true, an array for each axis. Waits for the array."""

def not_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether two elements differ: x1 != x2."""

def ones(shape: Any, dtype: Any = None) -> ndarray:
    """An array of ones of a shape: one length or a tuple of lengths."""

def ones_like(a: Any, dtype: Any = None, *, shape: Any = None) -> ndarray:
    """An array of ones with the shape and the type of another."""

def outer(a: Any, b: Any) -> Any:
    """The matrix of all products of an element of a with an element of b."""

def pad(array: Any, pad_width: Any, mode: Any = 'constant', *, constant_values: Any = None, end_values: Any = None, stat_length: Any = None, reflect_type: Any = None) -> Any: ...

def percentile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any: ...

def permute_dims(a: Any, axes: Any = None) -> ndarray:
    """The axes in another order, reversed unless said: a view."""

def place(arr: Any, mask: Any, vals: Any) -> Any: ...

def poly(seq_of_zeros: Any) -> Any: ...

def polyadd(a1: Any, a2: Any) -> Any: ...

def polyder(p: Any, m: Any = 1) -> Any: ...

def polyfit(x: Any, y: Any, deg: Any, rcond: Any = None, full: Any = False, w: Any = None, cov: Any = False) -> Any: ...

def polyint(p: Any, m: Any = 1, k: Any = None) -> Any: ...

def polymul(a1: Any, a2: Any) -> Any: ...

def polysub(a1: Any, a2: Any) -> Any: ...

def polyval(p: Any, x: Any) -> Any: ...

def positive(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def pow(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """x1 to the power of x2, element by element: x1 ** x2. Whole numbers stay whole, and a negative exponent of them is a
    ValueError."""

def power(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """x1 to the power of x2, element by element: x1 ** x2. Whole numbers stay whole, and a negative exponent of them is a
    ValueError."""

def prod(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The product of all elements, or along axes."""

def promote_types(type1: Any, type2: Any) -> Any: ...

def ptp(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The greatest element less the smallest, of all or along axes."""

def put(a: Any, ind: Any, v: Any, mode: Any = 'raise') -> Any: ...

def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> Any: ...

def putmask(a: Any, mask: Any, values: Any) -> Any: ...

def quantile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any: ...

def rad2deg(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in radians as degrees."""

def radians(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def ravel(a: Any) -> ndarray:
    """All elements in C order along one axis; a view where NumPy gives one."""

def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = 'raise', order: Any = 'C') -> Any: ...

def real(val: Any) -> Any:
    """The real part of each element. NumPy gives a view of it; here it is a copy that cannot be written to."""

def reciprocal(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """One divided by each element."""

def remainder(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The rest of the division rounded down, with the sign of x2: x1 % x2."""

def repeat(a: Any, repeats: Any, axis: Any = None) -> ndarray:
    """Each element several times, one behind the other."""

def reshape(a: Any, shape: Any) -> ndarray:
    """The same elements in the same order under another shape; a length of -1 follows from the others. A view where NumPy gives
    one."""

def resize(a: Any, new_shape: Any) -> Any: ...

def result_type(*arrays_and_dtypes: Any) -> dtype[Any]: ...

def right_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 moved down by x2 places: x1 >> x2."""

def rint(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded to the nearest whole number; one that is as near to two goes to the even one."""

def roll(a: Any, shift: Any, axis: Any = None) -> ndarray: ...

def rollaxis(a: Any, axis: Any, start: Any = 0) -> Any: ...

def rot90(m: Any, k: Any = 1, axes: Any = (0, 1)) -> Any: ...

def round(a: Any, decimals: Any = None) -> Any:
    """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""

def save(file: Any, arr: Any) -> None:
    """Writes an array to a .npy file, a band of rows at a time. Waits."""

def searchsorted(a: Any, v: Any, side: Any = None) -> Any:
    """Where each value would go in a sorted array: before those that are equal to it, or behind them with side='right'."""

def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any: ...

def set_printoptions(precision: Any = None, threshold: Any = None, edgeitems: Any = None, linewidth: Any = None, suppress: Any = None, nanstr: Any = None, infstr: Any = None, formatter: Any = None, sign: Any = None, floatmode: Any = None) -> None:
    """How arrays are shown from now on: the most digits after the point, the most elements before an array is summarised and
    how many each end of it shows then, the longest line, and whether small numbers go without an exponent. What is not given
    stays."""

def setdiff1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any: ...

def setxor1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any: ...

def shape(a: Any) -> tuple[int, ...]:
    """The lengths of the axes."""

def sign(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """-1, 0 or 1: the sign of each element."""

def signbit(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether the sign of each element is minus; that of -0.0 is."""

def sin(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The sine of each element, an angle in radians."""

def sinc(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any: ...

def sinh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic sine of each element."""

def size(a: Any) -> int:
    """The number of elements."""

def sort(a: Any, axis: Any = None, kind: Any = None) -> ndarray:
    """The elements along an axis in order, the last axis unless said; nan comes last."""

def split(ary: Any, indices_or_sections: Any, axis: Any = None) -> list[ndarray]:
    """The parts between positions along an axis, or so many parts of equal length."""

def sqrt(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The square root of each element; nan where it is negative."""

def square(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element times itself."""

def squeeze(a: Any, axis: Any = None) -> ndarray:
    """Without the axes of length 1, or those of them that are named: a view."""

def stack(arrays: Any, axis: Any = None) -> ndarray:
    """Several arrays of one shape along a new axis."""

def std(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The standard deviation of all elements, or along axes: the root of the variance."""

def subtract(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The difference of two arrays, element by element: x1 - x2."""

def sum(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
    number of nodes."""

def swapaxes(a: Any, axis1: Any, axis2: Any) -> ndarray:
    """Two axes in each other's place: a view."""

def take(a: Any, indices: Any, axis: Any = None) -> Any:
    """The elements at some positions, along an axis or in C order."""

def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> ndarray: ...

def tan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The tangent of each element, an angle in radians."""

def tanh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic tangent of each element."""

def tensordot(a: Any, b: Any, axes: Any = None) -> ndarray:
    """The sum of products over the last axes of a and the first of b, as many as axes says; 2 unless said."""

def tile(A: Any, reps: Any) -> ndarray:
    """The whole array several times along each axis."""

def trace(a: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any:
    """The sum of the main diagonal of a matrix."""

def transpose(a: Any, axes: Any = None) -> ndarray:
    """The axes in another order, reversed unless said: a view."""

def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any: ...

def tri(N: Any, M: Any = None, k: Any = 0, dtype: Any = float) -> Any: ...

def tril(m: Any, k: Any = 0) -> ndarray: ...

def tril_indices(n: Any, k: Any = 0, m: Any = None) -> Any: ...

def tril_indices_from(arr: Any, k: Any = 0) -> Any: ...

def trim_zeros(filt: Any, trim: Any = 'fb') -> Any: ...

def triu(m: Any, k: Any = 0) -> ndarray: ...

def triu_indices(n: Any, k: Any = 0, m: Any = None) -> Any: ...

def triu_indices_from(arr: Any, k: Any = 0) -> Any: ...

def true_divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient of two arrays, element by element: x1 / x2. Whole numbers give floats."""

def trunc(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element without its fraction."""

def union1d(ar1: Any, ar2: Any) -> Any: ...

def unique(ar: Any, return_index: Any = False, return_inverse: Any = False, return_counts: Any = False, axis: Any = None, *, equal_nan: Any = True, sorted: Any = True) -> Any: ...

def unique_all(x: Any, /) -> Any: ...

def unique_counts(x: Any, /) -> Any: ...

def unique_inverse(x: Any, /) -> Any: ...

def unique_values(x: Any, /) -> Any: ...

def unravel_index(indices: Any, shape: Any, order: Any = 'C') -> Any: ...

def unstack(x: Any, /, *, axis: Any = 0) -> tuple[ndarray, ...]: ...

def unwrap(p: Any, discont: Any = None, axis: Any = -1, *, period: Any = 6.283185307179586) -> Any: ...

def vander(x: Any, N: Any = None, increasing: Any = False) -> Any: ...

def var(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The variance of all elements, or along axes: the sum of squared distances from the mean, divided by the number of
    elements less ddof."""

def vdot(a: Any, b: Any, /) -> Any: ...

def vecdot(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any: ...

def vecmat(x1: Any, x2: Any, /) -> Any: ...

def vsplit(ary: Any, indices_or_sections: Any) -> Any: ...

def vstack(tup: Any) -> ndarray:
    """Several arrays one below the other."""

def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    """x where the condition holds and y elsewhere. With the condition alone, the positions where it holds, for which it
    waits."""

def zeros(shape: Any, dtype: Any = None) -> ndarray:
    """An array of zeros of a shape: one length or a tuple of lengths. The elements are float64 unless dtype says otherwise."""

def zeros_like(a: Any, dtype: Any = None, *, shape: Any = None) -> ndarray:
    """An array of zeros with the shape and the type of another."""

def __array_namespace_info__() -> Any:
    """The inspection functions of the array API standard: `capabilities`, `default_device`, `default_dtypes`, `devices` and
    `dtypes`."""

class ndarray:
    """An array whose blocks are on the nodes of a cluster. Names and views share it, as in NumPy."""
    T: ndarray
    def all(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """Whether all elements count as true, or all along axes."""
    def any(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """Whether any element counts as true, or any along axes."""
    def argmax(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the greatest element, of all in C order or along an axis; the first when there are several."""
    def argmin(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the smallest element, of all in C order or along an axis; the first when there are several."""
    def argsort(self, axis: Any = None, kind: Any = None) -> Any:
        """The positions that put the elements along an axis in order."""
    def astype(self, dtype: Any, *, copy: Any = None) -> ndarray:
        """The elements as another type: whole numbers wrap, floats lose their fraction."""
    def choose(self, choices: Any, out: Any = None, mode: Any = 'raise') -> Any: ...
    def clip(self, min: Any = None, max: Any = None) -> Any:
        """Each element, or the bound that it is beyond."""
    def compress(self, condition: Any, axis: Any = None) -> Any: ...
    def conj(self) -> Any:
        """The complex conjugate of each element."""
    def conjugate(self) -> Any:
        """The complex conjugate of each element."""
    def copy(self) -> ndarray:
        """The same elements in an array of their own."""
    def cumprod(self, axis: Any = None, dtype: Any = None) -> Any:
        """The product of the elements up to each one, along an axis or in C order."""
    def cumsum(self, axis: Any = None, dtype: Any = None) -> Any:
        """The sum of the elements up to each one, along an axis or in C order."""
    def diagonal(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any: ...
    def dot(self, b: Any) -> Any:
        """The product of matrices and vectors, or with a number."""
    dtype: numpy.dtype[Any]
    def fill(self, value: Any) -> None:
        """Puts one value in the place of all elements."""
    def flatten(self) -> ndarray:
        """All elements in C order along one axis, in an array of their own."""
    imag: ndarray
    def item(self, *index: Any) -> Any:
        """The only element, or that of an index, as a number of Python. Waits for it."""
    itemsize: int
    def max(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The greatest of all elements, or along axes; nan when there is one."""
    def mean(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The mean of all elements, or along axes."""
    def min(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The smallest of all elements, or along axes; nan when there is one."""
    nbytes: int
    ndim: int
    def nonzero(self) -> tuple[ndarray, ...]:
        """The positions of the elements that count as true, an array for each axis. Waits for the array."""
    def prod(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The product of all elements, or along axes."""
    def put(self, ind: Any, v: Any, mode: Any = 'raise') -> Any: ...
    def ravel(self) -> ndarray:
        """All elements in C order along one axis; a view where NumPy gives one."""
    real: ndarray
    def reshape(self, *shape: Any) -> ndarray:
        """The same elements in the same order under another shape; a length of -1 follows from the others. A view where NumPy
        gives one."""
    def round(self, decimals: Any = None) -> Any:
        """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""
    shape: tuple[int, ...]
    size: int
    def sort(self, axis: Any = None, kind: Any = None) -> None:
        """Puts the elements along an axis in order, in the array itself."""
    def squeeze(self, axis: Any = None) -> ndarray:
        """Without the axes of length 1, or those of them that are named: a view."""
    def std(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The standard deviation of all elements, or along axes: the root of the variance."""
    def sum(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
        number of nodes."""
    def swapaxes(self, axis1: Any, axis2: Any, /) -> ndarray:
        """Two axes in each other's place: a view."""
    def take(self, indices: Any, axis: Any = None) -> Any:
        """The elements at some positions, along an axis or in C order."""
    def tolist(self) -> Any:
        """The elements as lists of numbers of Python. Waits for them."""
    def trace(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any: ...
    def transpose(self, *axes: Any) -> ndarray:
        """The axes in another order, reversed unless said: a view."""
    def var(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The variance of all elements, or along axes: the sum of squared distances from the mean, divided by the number of
        elements less ddof."""
    def __add__(self, other: Any, /) -> ndarray: ...
    def __radd__(self, other: Any, /) -> ndarray: ...
    def __sub__(self, other: Any, /) -> ndarray: ...
    def __rsub__(self, other: Any, /) -> ndarray: ...
    def __mul__(self, other: Any, /) -> ndarray: ...
    def __rmul__(self, other: Any, /) -> ndarray: ...
    def __truediv__(self, other: Any, /) -> ndarray: ...
    def __rtruediv__(self, other: Any, /) -> ndarray: ...
    def __floordiv__(self, other: Any, /) -> ndarray: ...
    def __rfloordiv__(self, other: Any, /) -> ndarray: ...
    def __mod__(self, other: Any, /) -> ndarray: ...
    def __rmod__(self, other: Any, /) -> ndarray: ...
    def __divmod__(self, other: Any, /) -> Any: ...
    def __rdivmod__(self, other: Any, /) -> Any: ...
    def __pow__(self, other: Any, /) -> ndarray: ...
    def __rpow__(self, other: Any, /) -> ndarray: ...
    def __matmul__(self, other: Any, /) -> ndarray: ...
    def __rmatmul__(self, other: Any, /) -> ndarray: ...
    def __and__(self, other: Any, /) -> ndarray: ...
    def __rand__(self, other: Any, /) -> ndarray: ...
    def __or__(self, other: Any, /) -> ndarray: ...
    def __ror__(self, other: Any, /) -> ndarray: ...
    def __xor__(self, other: Any, /) -> ndarray: ...
    def __rxor__(self, other: Any, /) -> ndarray: ...
    def __lshift__(self, other: Any, /) -> ndarray: ...
    def __rlshift__(self, other: Any, /) -> ndarray: ...
    def __rshift__(self, other: Any, /) -> ndarray: ...
    def __rrshift__(self, other: Any, /) -> ndarray: ...
    def __iadd__(self, other: Any, /) -> Self: ...
    def __isub__(self, other: Any, /) -> Self: ...
    def __imul__(self, other: Any, /) -> Self: ...
    def __itruediv__(self, other: Any, /) -> Self: ...
    def __ifloordiv__(self, other: Any, /) -> Self: ...
    def __imod__(self, other: Any, /) -> Self: ...
    def __ipow__(self, other: Any, /) -> Self: ...
    def __imatmul__(self, other: Any, /) -> Self: ...
    def __iand__(self, other: Any, /) -> Self: ...
    def __ior__(self, other: Any, /) -> Self: ...
    def __ixor__(self, other: Any, /) -> Self: ...
    def __ilshift__(self, other: Any, /) -> Self: ...
    def __irshift__(self, other: Any, /) -> Self: ...
    def __lt__(self, other: Any, /) -> ndarray: ...
    def __le__(self, other: Any, /) -> ndarray: ...
    def __gt__(self, other: Any, /) -> ndarray: ...
    def __ge__(self, other: Any, /) -> ndarray: ...
    def __eq__(self, other: object, /) -> Any: ...
    def __ne__(self, other: object, /) -> Any: ...
    def __neg__(self) -> ndarray: ...
    def __pos__(self) -> ndarray: ...
    def __invert__(self) -> ndarray: ...
    def __abs__(self) -> ndarray: ...
    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> numpy.ndarray[Any, Any]: ...
    def __bool__(self) -> builtins.bool: ...
    def __complex__(self) -> complex: ...
    def __contains__(self, item: Any, /) -> builtins.bool: ...
    def __dlpack__(self, **keywords: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def __float__(self) -> float: ...
    def __getitem__(self, index: Any, /) -> Any: ...
    def __index__(self) -> int: ...
    def __int__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def __round__(self, digits: int | None = None, /) -> Any: ...
    def __setitem__(self, index: Any, value: Any, /) -> None: ...
    def explain(self) -> str: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

class generic:
    """One number of a dtype, which is fetched when its value is needed."""
    T: Any
    def all(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """Whether all elements count as true, or all along axes."""
    def any(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """Whether any element counts as true, or any along axes."""
    def argmax(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the greatest element, of all in C order or along an axis; the first when there are several."""
    def argmin(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the smallest element, of all in C order or along an axis; the first when there are several."""
    def argsort(self, axis: Any = None, kind: Any = None) -> Any:
        """The positions that put the elements along an axis in order."""
    def astype(self, dtype: Any, *, copy: Any = None) -> Any:
        """The elements as another type: whole numbers wrap, floats lose their fraction."""
    def choose(self, choices: Any, out: Any = None, mode: Any = 'raise') -> Any: ...
    def clip(self, min: Any = None, max: Any = None) -> Any:
        """Each element, or the bound that it is beyond."""
    def compress(self, condition: Any, axis: Any = None) -> Any: ...
    def conj(self) -> Any:
        """The complex conjugate of each element."""
    def conjugate(self) -> Any:
        """The complex conjugate of each element."""
    def copy(self) -> Any:
        """The same elements in an array of their own."""
    def cumprod(self, axis: Any = None, dtype: Any = None) -> Any:
        """The product of the elements up to each one, along an axis or in C order."""
    def cumsum(self, axis: Any = None, dtype: Any = None) -> Any:
        """The sum of the elements up to each one, along an axis or in C order."""
    def diagonal(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any: ...
    def dot(self, b: Any) -> Any:
        """The product of matrices and vectors, or with a number."""
    dtype: numpy.dtype[Any]
    def fill(self, value: Any) -> Any:
        """Puts one value in the place of all elements."""
    def flatten(self) -> Any:
        """All elements in C order along one axis, in an array of their own."""
    imag: Any
    def item(self, *index: Any) -> Any:
        """The only element, or that of an index, as a number of Python. Waits for it."""
    itemsize: int
    def max(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The greatest of all elements, or along axes; nan when there is one."""
    def mean(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The mean of all elements, or along axes."""
    def min(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The smallest of all elements, or along axes; nan when there is one."""
    nbytes: int
    ndim: int
    def nonzero(self) -> Any:
        """The positions of the elements that count as true, an array for each axis. Waits for the array."""
    def prod(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The product of all elements, or along axes."""
    def put(self, ind: Any, v: Any, mode: Any = 'raise') -> Any: ...
    def ravel(self) -> Any:
        """All elements in C order along one axis; a view where NumPy gives one."""
    real: Any
    def reshape(self, *shape: Any) -> Any:
        """The same elements in the same order under another shape; a length of -1 follows from the others. A view where NumPy
        gives one."""
    def round(self, decimals: Any = None) -> Any:
        """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""
    shape: tuple[()]
    size: int
    def sort(self, axis: Any = None, kind: Any = None) -> Any:
        """Puts the elements along an axis in order, in the array itself."""
    def squeeze(self, axis: Any = None) -> Any:
        """Without the axes of length 1, or those of them that are named: a view."""
    def std(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The standard deviation of all elements, or along axes: the root of the variance."""
    def sum(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
        number of nodes."""
    def swapaxes(self, axis1: Any, axis2: Any, /) -> Any:
        """Two axes in each other's place: a view."""
    def take(self, indices: Any, axis: Any = None) -> Any:
        """The elements at some positions, along an axis or in C order."""
    def tolist(self) -> Any:
        """The elements as lists of numbers of Python. Waits for them."""
    def trace(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any: ...
    def transpose(self, *axes: Any) -> Any:
        """The axes in another order, reversed unless said: a view."""
    def var(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The variance of all elements, or along axes: the sum of squared distances from the mean, divided by the number of
        elements less ddof."""
    def __add__(self, other: Any, /) -> Any: ...
    def __radd__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __rmul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __rtruediv__(self, other: Any, /) -> Any: ...
    def __floordiv__(self, other: Any, /) -> Any: ...
    def __rfloordiv__(self, other: Any, /) -> Any: ...
    def __mod__(self, other: Any, /) -> Any: ...
    def __rmod__(self, other: Any, /) -> Any: ...
    def __divmod__(self, other: Any, /) -> Any: ...
    def __rdivmod__(self, other: Any, /) -> Any: ...
    def __pow__(self, other: Any, /) -> Any: ...
    def __rpow__(self, other: Any, /) -> Any: ...
    def __matmul__(self, other: Any, /) -> Any: ...
    def __rmatmul__(self, other: Any, /) -> Any: ...
    def __and__(self, other: Any, /) -> Any: ...
    def __rand__(self, other: Any, /) -> Any: ...
    def __or__(self, other: Any, /) -> Any: ...
    def __ror__(self, other: Any, /) -> Any: ...
    def __xor__(self, other: Any, /) -> Any: ...
    def __rxor__(self, other: Any, /) -> Any: ...
    def __lshift__(self, other: Any, /) -> Any: ...
    def __rlshift__(self, other: Any, /) -> Any: ...
    def __rshift__(self, other: Any, /) -> Any: ...
    def __rrshift__(self, other: Any, /) -> Any: ...
    def __lt__(self, other: Any, /) -> Any: ...
    def __le__(self, other: Any, /) -> Any: ...
    def __gt__(self, other: Any, /) -> Any: ...
    def __ge__(self, other: Any, /) -> Any: ...
    def __eq__(self, other: object, /) -> Any: ...
    def __ne__(self, other: object, /) -> Any: ...
    def __neg__(self) -> Any: ...
    def __pos__(self) -> Any: ...
    def __invert__(self) -> Any: ...
    def __abs__(self) -> Any: ...
    def __array__(self, dtype: Any = None, copy: builtins.bool | None = None) -> numpy.ndarray[Any, Any]: ...
    def __bool__(self) -> builtins.bool: ...
    def __complex__(self) -> complex: ...
    def __float__(self) -> float: ...
    def __getitem__(self, index: Any, /) -> Any: ...
    def __index__(self) -> int: ...
    def __int__(self) -> int: ...
    def __round__(self, digits: int | None = None, /) -> Any: ...
