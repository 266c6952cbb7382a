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
c_: Any
e: float
euler_gamma: float
index_exp: Any
inf: float
mgrid: Any
nan: float
newaxis: None
ogrid: Any
pi: float
r_: Any
s_: Any

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

def all(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
    """Whether all elements count as true, or all along axes."""

def allclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any:
    """Whether all elements of a are near those of b; waits for the answer."""

def amax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The greatest of all elements, or along axes; nan when there is one."""

def amin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The smallest of all elements, or along axes; nan when there is one."""

def angle(z: Any, deg: Any = False) -> Any:
    """The angle of complex numbers to the positive real axis, in radians, or degrees with deg=True."""

def any(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
    """Whether any element counts as true, or any along axes."""

def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """An array with values behind it."""

def arange(start: Any = None, stop: Any = None, step: Any = 1, dtype: Any = None, *, device: Any = None) -> ndarray:
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

def argpartition(a: Any, kth: Any, axis: Any = -1, kind: Any = 'introselect') -> Any:
    """The positions of the elements with that of the kth one in its sorted place."""

def argsort(a: Any, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Any:
    """The positions that put the elements along an axis in order."""

def argwhere(a: Any) -> Any:
    """Where an array is not zero, a row of positions for each element."""

def around(a: Any, decimals: Any = None) -> Any:
    """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""

def array(object: Any, dtype: Any = None, *, copy: Any = None, ndmin: Any = None) -> ndarray:
    """A new array of a number, or of lists of numbers in lists. The elements get the type that holds all of them, unless dtype
    says otherwise. Waits for elements that are still being computed."""

def array2string(a: Any, max_line_width: Any = None, precision: Any = None, suppress_small: Any = None, separator: Any = ' ', prefix: Any = '', *, threshold: Any = None, edgeitems: Any = None) -> Any:
    """The text of an array, with precision, width and separator of choice."""

def array_equal(a1: Any, a2: Any, equal_nan: Any = False) -> builtins.bool:
    """Whether two arrays have the same shape and the same elements; waits for the answer."""

def array_equiv(a1: Any, a2: Any) -> Any:
    """Whether two arrays have the same elements when they are broadcast together; waits for the answer."""

def array_repr(arr: Any, max_line_width: Any = None, precision: Any = None, suppress_small: Any = None) -> Any:
    """What the prompt shows of an array."""

def array_split(ary: Any, indices_or_sections: Any, axis: Any = None) -> list[ndarray]:
    """As split, but the first parts may be longer by one."""

def array_str(a: Any, max_line_width: Any = None, precision: Any = None, suppress_small: Any = None) -> Any:
    """What print shows of an array."""

def asanyarray(a: Any, dtype: Any = None, *, device: Any = None, copy: Any = None) -> Any:
    """The array itself when it is one of the right type, and a new array otherwise."""

def asarray(a: Any, dtype: Any = None, *, device: Any = None, copy: Any = None) -> ndarray:
    """The array itself when it is one of the right type, and a new array otherwise."""

def ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    """The array itself when it is one of the right type, and a new array otherwise."""

def asin(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose sine each element is."""

def asinh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic sine each element is."""

def asnumpy(x: Any, /) -> Any:
    """All elements as an array of NumPy's; waits for them, and copies them into the memory of this process."""

def astype(x: Any, dtype: Any, /, *, copy: Any = True, device: Any = None) -> Any:
    """The elements of an array in another dtype."""

def atan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle in radians whose tangent each element is."""

def atan2(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The angle of the point (x2, x1) in radians, from -pi to pi."""

def atanh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The number whose hyperbolic tangent each element is."""

def atleast_1d(a: Any) -> ndarray:
    """The array, with an axis of length 1 when it has none."""

def atleast_2d(*arys: Any) -> Any:
    """Arrays with at least two axes: new ones come first."""

def atleast_3d(*arys: Any) -> Any:
    """Arrays with at least three axes."""

def average(a: Any, axis: Any = None, weights: Any = None, returned: Any = False, *, keepdims: Any = False) -> Any:
    """The mean along axes with weights."""

def bartlett(M: Any) -> Any:
    """Bartlett's window of M points: a triangle."""

def base_repr(number: Any, base: Any = 2, padding: Any = 0) -> Any:
    """The digits of a whole number in a base."""

def binary_repr(num: Any, width: Any = None) -> Any:
    """The bits of a whole number; of a negative one its two's complement, when a width is given."""

def bincount(x: Any, weights: Any = None, minlength: Any = 0) -> Any:
    """How often each whole number from 0 on occurs. Waits for the largest one."""

def bitwise_and(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that two whole numbers share: x1 & x2."""

def bitwise_count(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that are set in the absolute value of each integer."""

def bitwise_invert(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """All bits turned around: another name of np.invert."""

def bitwise_left_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 shifted to the left by x2: another name of np.left_shift."""

def bitwise_not(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each whole number with all its bits changed, and each truth value with the other: ~x."""

def bitwise_or(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that one of two whole numbers has: x1 | x2."""

def bitwise_right_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 shifted to the right by x2: another name of np.right_shift."""

def bitwise_xor(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits that exactly one of two whole numbers has: x1 ^ x2."""

def blackman(M: Any) -> Any:
    """Blackman's window of M points."""

def block(arrays: Any) -> Any:
    """One array of nested lists of blocks; those of the innermost lists are joined along the last axis."""

def broadcast_arrays(*args: Any) -> tuple[ndarray, ...]:
    """Views of arrays in the shape that they are broadcast to."""

def broadcast_shapes(*args: Any) -> tuple[int, ...]:
    """The shape that shapes are broadcast to."""

def broadcast_to(array: Any, shape: Any) -> ndarray:
    """The array stretched to a shape: axes of length 1 are repeated."""

def can_cast(from_: Any, to: Any, casting: Any = 'safe') -> builtins.bool:
    """Whether the elements of one dtype can be cast to another by a rule."""

def cbrt(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The cube root."""

def ceil(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded up to a whole number."""

def choose(a: Any, choices: Any, out: Any = None, mode: Any = 'raise') -> Any:
    """For each position the element of the array in the list of choices that it names."""

def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """Each element, or the bound that it is beyond."""

def column_stack(tup: Any) -> ndarray:
    """Vectors as the columns of a matrix."""

def common_type(*arrays: Any) -> Any:
    """The class of the floats that hold the elements of all arrays."""

def compress(condition: Any, a: Any, axis: Any = None) -> Any:
    """The slices along an axis at which a condition holds. Waits for how many these are."""

def concat(arrays: Any, axis: Any = None) -> ndarray:
    """Arrays joined along an axis: another name of np.concatenate."""

def concatenate(arrays: Any, axis: Any = None) -> ndarray:
    """Several arrays one behind the other along an axis that they have."""

def conj(x: Any, /) -> Any:
    """The complex conjugate of each element."""

def conjugate(x: Any, /) -> Any:
    """The complex conjugate of each element."""

def convolve(a: Any, v: Any, mode: Any = 'full') -> Any:
    """The discrete convolution of two lines, as many results as mode says. One pass over the longer line for each element of
    the shorter one."""

def copy(a: Any) -> ndarray:
    """The same elements in an array of their own."""

def copysign(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of x1 with the sign of x2, element by element."""

def copyto(dst: Any, src: Any, casting: Any = 'same_kind', where: Any = True) -> Any:
    """Writes the elements of src to dst, where a mask holds."""

def corrcoef(x: Any, y: Any = None, rowvar: Any = True) -> Any:
    """Pearson's correlation coefficients of variables, a row each."""

def correlate(a: Any, v: Any, mode: Any = 'valid') -> Any:
    """The sums of products of two lines at each shift, as many as mode says."""

def cos(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The cosine of each element, an angle in radians."""

def cosh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic cosine of each element."""

def count_nonzero(a: Any, axis: Any = None, *, keepdims: Any = None) -> Any:
    """How many elements count as true, of all or along axes."""

def cov(m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None, fweights: Any = None, aweights: Any = None) -> Any:
    """The covariances of variables, a row each."""

def cross(a: Any, b: Any, axisa: Any = -1, axisb: Any = -1, axisc: Any = -1, axis: Any = None) -> Any:
    """The cross products of vectors along an axis."""

def cumprod(a: Any, /, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """The product of the elements up to each one, along an axis or in C order."""

def cumsum(a: Any, /, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """The sum of the elements up to each one, along an axis or in C order."""

def cumulative_prod(x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: Any = None) -> Any:
    """The product of the elements up to each one along an axis, on request from 1 on."""

def cumulative_sum(x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: Any = None) -> Any:
    """The sum of the elements up to each one along an axis, on request from 0 on."""

def deg2rad(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in degrees as radians."""

def degrees(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in radians as degrees: another name of np.rad2deg."""

def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    """The array without the parts along an axis that an index names."""

def diag(v: Any, k: Any = 0) -> Any:
    """Of a vector the matrix with its elements on the k-th diagonal, of a matrix its k-th diagonal."""

def diag_indices(n: Any, ndim: Any = 2) -> Any:
    """The positions of the main diagonal of an array of ndim axes of length n."""

def diag_indices_from(arr: Any) -> Any:
    """The positions of the main diagonal of an array."""

def diagflat(v: Any, k: Any = 0) -> Any:
    """The matrix with the elements of an array, in C order, on its k-th diagonal."""

def diagonal(a: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
    """A diagonal of the matrices of two axes, as the last axis of the result."""

def diff(a: Any, n: Any = 1, axis: Any = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours along an axis, n times over."""

def digitize(x: Any, bins: Any, right: Any = False) -> Any:
    """The interval between bins that each element lies in."""

def divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient of two arrays, element by element: x1 / x2. Whole numbers give floats."""

def divmod(x1: Any, x2: Any, /) -> Any:
    """The floor of the quotients, and the remainders."""

def dot(a: Any, b: Any) -> Any:
    """The product of matrices and vectors, or with a number."""

def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The parts of an array along its third axis."""

def dstack(tup: Any) -> Any:
    """Arrays joined along the third axis."""

def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """The differences of neighbours in C order, between what is put before and after them."""

def einsum(subscripts: Any, /, *operands: Any, optimize: Any = None) -> Any:
    """Sums of products whose axes are named by letters: those that are missing behind the arrow are summed over."""

def empty(shape: Any, dtype: Any = float, *, device: Any = None) -> ndarray:
    """An array of a shape for elements that are written later. Here they are zeros."""

def empty_like(a: Any, dtype: Any = None, *, shape: Any = None, device: Any = None) -> ndarray:
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

def extract(condition: Any, arr: Any) -> Any:
    """The elements of an array, in C order, at which a condition holds."""

def eye(N: Any, M: Any = None, k: Any = 0, dtype: Any = float, *, device: Any = None) -> ndarray:
    """A matrix of N rows and M columns with ones on one diagonal, the k-th above the main one, and zeros elsewhere."""

def fabs(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The magnitude of each element, as a float."""

def fill_diagonal(a: Any, val: Any, wrap: Any = False) -> Any:
    """Writes a value to the main diagonal of an array."""

def finfo(dtype: Any) -> Any:
    """The limits of a float dtype: eps, max, min, tiny, bits and more."""

def fix(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each number without its fraction."""

def flatnonzero(a: Any) -> Any:
    """The positions of the elements that count as true, in C order. Waits for the array."""

def flip(m: Any, axis: Any = None) -> ndarray:
    """The elements in reverse order along axes, or along all of them. A view."""

def fliplr(m: Any) -> Any:
    """The columns in reverse order: of the second axis. A view."""

def flipud(m: Any) -> Any:
    """The rows in reverse order: of the first axis. A view."""

def float_power(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """x1 to the power of x2, computed in float64 or complex128."""

def floor(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded down to a whole number."""

def floor_divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient rounded down to a whole number, element by element: x1 // x2."""

def fmax(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The greater of two elements, and the other one where one is nan."""

def fmin(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The smaller of two elements, and the other one where one is nan."""

def fmod(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The remainder with the sign of the dividend."""

def from_dlpack(x: Any, /, *, device: Any = None, copy: Any = None) -> Any:
    """An array of the elements of an object that lends its memory by DLPack: an array of nums is viewed where it is, and
    anything else is copied into the cluster."""

def full(shape: Any, fill_value: Any, dtype: Any = None, *, device: Any = None) -> ndarray:
    """An array of a shape whose elements are all fill_value, which may itself be an array that is broadcast."""

def full_like(a: Any, fill_value: Any, dtype: Any = None, *, shape: Any = None, device: Any = None) -> ndarray:
    """An array of one value with the shape and the type of another."""

def gcd(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The greatest common divisor of integers."""

def geomspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, dtype: Any = None) -> Any:
    """num numbers from start to stop at equal ratios."""

def get_printoptions() -> dict[str, Any]:
    """How arrays are shown, as a dict."""

def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: Any = 1) -> Any:
    """The slopes along axes by central differences, and one-sided ones at the ends; after the array come distances or
    coordinates."""

def greater(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is above x2, element by element: x1 > x2."""

def greater_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is not below x2, element by element: x1 >= x2."""

def hamming(M: Any) -> Any:
    """Hamming's window of M points."""

def hanning(M: Any) -> Any:
    """Hann's window of M points."""

def heaviside(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """0 below 0, 1 above it, and x2 at 0."""

def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """How many elements lie in each interval, and the edges of these. The array is sorted on the nodes."""

def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """The edges of the intervals of a histogram."""

def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The parts of an array along its second axis."""

def hstack(tup: Any) -> ndarray:
    """Several arrays side by side."""

def hypot(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The root of x1 squared plus x2 squared, without overflow on the way."""

def identity(n: Any, dtype: Any = None) -> ndarray:
    """The square matrix of n rows with ones on its main diagonal."""

def iinfo(type: Any) -> Any:
    """The limits of an integer dtype: min, max and bits."""

def imag(val: Any) -> Any:
    """The imaginary part of each element; 0 for real numbers."""

def indices(dimensions: Any, dtype: Any = int, sparse: Any = False) -> Any:
    """The index of each element of an array of a shape along each of its axes."""

def inner(a: Any, b: Any, /) -> Any:
    """The sum of the products of two vectors."""

def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """The array with values put in before positions along an axis."""

def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """The values at x of the lines between points xp, fp, whose xp increase."""

def intersect1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    """The distinct elements that two arrays share."""

def invert(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each whole number with all its bits changed, and each truth value with the other: ~x."""

def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any:
    """Whether each element of a is near that of b: |a - b| <= atol + rtol * |b|. NaN is near nothing unless equal_nan is
    True."""

def iscomplex(x: Any, /) -> Any:
    """Whether each element has an imaginary part that is not 0."""

def iscomplexobj(x: Any) -> Any:
    """Whether the elements of an array are of a complex dtype."""

def isdtype(dtype: Any, kind: Any) -> builtins.bool:
    """Whether a dtype is of a kind, such as "integral", or another dtype."""

def isfinite(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is neither infinite nor nan."""

def isin(element: Any, test_elements: Any, assume_unique: Any = False, invert: Any = False, *, kind: Any = None) -> Any:
    """Whether each element is one of the others."""

def isinf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is infinite."""

def isnan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is nan."""

def isneginf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is minus infinity."""

def isposinf(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is infinity."""

def isreal(x: Any, /) -> Any:
    """Whether each element has an imaginary part of 0."""

def isrealobj(x: Any) -> Any:
    """Whether the elements of an array are of a dtype that is not complex."""

def isscalar(element: Any) -> Any:
    """Whether a value is one number or string, and not an array."""

def issubdtype(arg1: Any, arg2: Any) -> Any:
    """Whether a dtype belongs to a class of dtypes."""

def ix_(*args: Any) -> tuple[ndarray, ...]:
    """Lists of positions or truth values, each along an axis of its own: an index of all their combinations."""

def kron(a: Any, b: Any) -> Any:
    """The Kronecker product: each element of a times the whole of b."""

def lcm(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The least common multiple of integers."""

def left_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 moved up by x2 places: x1 << x2."""

def less(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is below x2, element by element: x1 < x2."""

def less_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether x1 is not above x2, element by element: x1 <= x2."""

def lexsort(keys: Any, axis: Any = -1) -> Any:
    """The positions that sort by several keys, the last one first."""

def linspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, retstep: Any = False, dtype: Any = None, *, device: Any = None) -> ndarray:
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

def logaddexp2(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The logarithm to base 2 of 2**x1 + 2**x2, without overflow."""

def logical_and(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether both elements count as true."""

def logical_not(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether each element is zero."""

def logical_or(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether one of two elements counts as true."""

def logical_xor(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether exactly one of two elements counts as true."""

def logspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, base: Any = 10.0, dtype: Any = None) -> Any:
    """Powers of base at equal distances of the exponents, from start to stop."""

def matmul(a: Any, b: Any, /) -> Any:
    """The product of matrices and vectors: a @ b."""

def matrix_transpose(x: Any, /) -> ndarray:
    """The matrices of the last two axes transposed. A view."""

def matvec(x1: Any, x2: Any, /) -> Any:
    """The products of matrices and vectors."""

def max(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The greatest of all elements, or along axes; nan when there is one."""

def maximum(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The greater of two elements, and nan where one is nan."""

def mean(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
    """The mean of all elements, or along axes."""

def median(a: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any:
    """The middle element along axes, or the mean of the two in the middle; NaN where one is NaN."""

def meshgrid(*xi: Any, copy: Any = True, sparse: Any = False, indexing: Any = 'xy') -> tuple[ndarray, ...]:
    """The coordinates of the grid that lines span, an array for each line. Views: nothing is stored."""

def min(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The smallest of all elements, or along axes; nan when there is one."""

def min_scalar_type(a: Any) -> Any:
    """The smallest integer dtype that holds a number."""

def minimum(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The smaller of two elements, and nan where one is nan."""

def mod(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The rest of the division rounded down, with the sign of x2: x1 % x2."""

def modf(x: Any, /) -> Any:
    """The fractions and the whole parts of numbers."""

def moveaxis(a: Any, source: Any, destination: Any) -> ndarray:
    """Axes moved to other places, the rest in order: a view."""

def multiply(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The product of two arrays, element by element: x1 * x2."""

def nan_to_num(x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """The elements with numbers in the place of NaN and infinities."""

def nanargmax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the greatest of the elements that are not nan."""

def nanargmin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The position of the smallest of the elements that are not nan."""

def nancumprod(a: Any, /, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """The running products of the elements that are numbers."""

def nancumsum(a: Any, /, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """The running sums of the elements that are numbers."""

def nanmax(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The greatest of the elements that are not nan."""

def nanmean(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The mean of the elements that are not nan."""

def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any:
    """The middle of the elements that are numbers."""

def nanmin(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The smallest of the elements that are not nan."""

def nanpercentile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any:
    """The percentile of the elements that are numbers."""

def nanprod(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The product of the elements that are not nan."""

def nanquantile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any:
    """The quantile of the elements that are numbers."""

def nanstd(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The standard deviation of the elements that are not nan."""

def nansum(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The sum of the elements that are not nan."""

def nanvar(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The variance of the elements that are not nan."""

def ndim(a: Any) -> int:
    """The number of axes."""

def negative(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element with the other sign: -x."""

def nextafter(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The next float after x1 towards x2."""

def nonzero(a: Any) -> tuple[ndarray, ...]:
    """The positions of the elements that count as true, an array for each axis. Waits for the array."""

def not_equal(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether two elements differ: x1 != x2."""

def ones(shape: Any, dtype: Any = float, *, device: Any = None) -> ndarray:
    """An array of ones of a shape: one length or a tuple of lengths."""

def ones_like(a: Any, dtype: Any = None, *, shape: Any = None, device: Any = None) -> ndarray:
    """An array of ones with the shape and the type of another."""

def outer(a: Any, b: Any) -> Any:
    """The matrix of all products of an element of a with an element of b."""

def pad(array: Any, pad_width: Any, mode: Any = 'constant', *, constant_values: Any = None, end_values: Any = None, stat_length: Any = None, reflect_type: Any = None) -> Any:
    """The array with more elements before and after its axes, which mode makes."""

def partition(a: Any, kth: Any, axis: Any = -1, kind: Any = 'introselect') -> Any:
    """The elements with the kth one in its sorted place. Here they are sorted."""

def percentile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any:
    """The element below which q percent of all lie."""

def permute_dims(a: Any, axes: Any = None) -> ndarray:
    """The axes in another order, reversed unless said: a view."""

def place(arr: Any, mask: Any, vals: Any) -> Any:
    """Writes values, in their order, where a mask holds."""

def poly(seq_of_zeros: Any) -> Any:
    """The coefficients of the polynomial with the given zeros."""

def polyadd(a1: Any, a2: Any) -> Any:
    """The sum of two polynomials."""

def polyder(p: Any, m: Any = 1) -> Any:
    """The derivative of a polynomial."""

def polyfit(x: Any, y: Any, deg: Any, rcond: Any = None, full: Any = False, w: Any = None, cov: Any = False) -> Any:
    """The coefficients of the polynomial of a degree that fits points best, by least squares."""

def polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    """The integral of a polynomial."""

def polymul(a1: Any, a2: Any) -> Any:
    """The product of two polynomials."""

def polysub(a1: Any, a2: Any) -> Any:
    """The difference of two polynomials."""

def polyval(p: Any, x: Any) -> Any:
    """The values of a polynomial at x, from the coefficient of the highest power."""

def positive(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The same numbers in an array of their own: +x."""

def pow(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """x1 to the power of x2, element by element: x1 ** x2. Whole numbers stay whole, and a negative exponent of them is a
    ValueError."""

def power(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """x1 to the power of x2, element by element: x1 ** x2. Whole numbers stay whole, and a negative exponent of them is a
    ValueError."""

def prod(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The product of all elements, or along axes."""

def promote_types(type1: Any, type2: Any) -> Any:
    """The dtype that holds the elements of two."""

def ptp(a: Any, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
    """The greatest element less the smallest, of all or along axes."""

def put(a: Any, ind: Any, v: Any, mode: Any = 'raise') -> Any:
    """Writes values at positions in C order."""

def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> Any:
    """Writes values at positions along an axis."""

def putmask(a: Any, mask: Any, values: Any) -> Any:
    """Writes the values at the same places where a mask holds."""

def quantile(a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, method: Any = 'linear', keepdims: Any = False) -> Any:
    """The element below which the share q of all lies, by any of NumPy's methods."""

def rad2deg(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in radians as degrees."""

def radians(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Angles in degrees as radians: another name of np.deg2rad."""

def ravel(a: Any) -> ndarray:
    """All elements in C order along one axis; a view where NumPy gives one."""

def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = 'raise', order: Any = 'C') -> Any:
    """The positions in C order of positions along each axis."""

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

def resize(a: Any, new_shape: Any) -> Any:
    """An array of a shape with the elements of another one, repeated as often as needed."""

def result_type(*arrays_and_dtypes: Any) -> dtype[Any]:
    """The dtype of an operation on arrays and dtypes; numbers of Python count as their kind only."""

def right_shift(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The bits of x1 moved down by x2 places: x1 >> x2."""

def rint(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element rounded to the nearest whole number; one that is as near to two goes to the even one."""

def roll(a: Any, shift: Any, axis: Any = None) -> ndarray:
    """The elements shifted along axes, or in C order without one; those that pass an end enter at the other."""

def rollaxis(a: Any, axis: Any, start: Any = 0) -> Any:
    """The array with an axis moved in front of another one. np.moveaxis reads better."""

def rot90(m: Any, k: Any = 1, axes: Any = (0, 1)) -> Any:
    """The array turned by k quarter turns in the plane of two axes."""

def round(a: Any, decimals: Any = None) -> Any:
    """Each element rounded to a number of decimals, 0 unless said; one that is as near to two goes to the even one."""

def save(file: Any, arr: Any) -> None:
    """Writes an array to a .npy file, a band of rows at a time. Waits."""

def searchsorted(a: Any, v: Any, side: Any = 'left', sorter: Any = None) -> Any:
    """Where each value would go in a sorted array: before those that are equal to it, or behind them with side='right'."""

def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """For each element that of the first choice whose condition holds."""

def set_printoptions(precision: Any = None, threshold: Any = None, edgeitems: Any = None, linewidth: Any = None, suppress: Any = None, nanstr: Any = None, infstr: Any = None, formatter: Any = None, sign: Any = None, floatmode: Any = None) -> None:
    """How arrays are shown from now on: the most digits after the point, the most elements before an array is summarised and
    how many each end of it shows then, the longest line, and whether small numbers go without an exponent. What is not given
    stays."""

def setdiff1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    """The distinct elements of the first array that the second lacks."""

def setxor1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    """The distinct elements that one of two arrays lacks."""

def shape(a: Any) -> tuple[int, ...]:
    """The lengths of the axes."""

def sign(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """-1, 0 or 1: the sign of each element."""

def signbit(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Whether the sign of each element is minus; that of -0.0 is."""

def sin(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The sine of each element, an angle in radians."""

def sinc(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """sin(pi x) / (pi x), and 1 at 0."""

def sinh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic sine of each element."""

def size(a: Any) -> int:
    """The number of elements."""

def sort(a: Any, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> ndarray:
    """The elements along an axis in order, the last axis unless said; nan comes last."""

def sort_complex(a: Any) -> Any:
    """The elements sorted, as complex numbers."""

def spacing(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The distance of each number to the next one."""

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

def sum(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
    """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
    number of nodes."""

def swapaxes(a: Any, axis1: Any, axis2: Any) -> ndarray:
    """Two axes in each other's place: a view."""

def take(a: Any, indices: Any, axis: Any = None) -> Any:
    """The elements at some positions, along an axis or in C order."""

def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> ndarray:
    """The elements at positions along an axis. The positions stay on the nodes."""

def tan(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The tangent of each element, an angle in radians."""

def tanh(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The hyperbolic tangent of each element."""

def tensordot(a: Any, b: Any, axes: Any = None) -> ndarray:
    """The sum of products over the last axes of a and the first of b, as many as axes says; 2 unless said."""

def tile(A: Any, reps: Any) -> ndarray:
    """The whole array several times along each axis."""

def trace(a: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any:
    """The sum of a diagonal of the matrices of two axes."""

def transpose(a: Any, axes: Any = None) -> ndarray:
    """The axes in another order, reversed unless said: a view."""

def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any:
    """The area under points by the trapezoidal rule."""

def tri(N: Any, M: Any = None, k: Any = 0, dtype: Any = float) -> Any:
    """A matrix of ones on and below the k-th diagonal, and zeros above."""

def tril(m: Any, k: Any = 0) -> ndarray:
    """The elements of matrices on and below the k-th diagonal, and zeros above."""

def tril_indices(n: Any, k: Any = 0, m: Any = None) -> Any:
    """The positions on and below the k-th diagonal of a matrix of n rows. Waits for how many they are."""

def tril_indices_from(arr: Any, k: Any = 0) -> Any:
    """The positions on and below the k-th diagonal of a matrix."""

def trim_zeros(filt: Any, trim: Any = 'fb') -> Any:
    """A vector without the zeros at its ends."""

def triu(m: Any, k: Any = 0) -> ndarray:
    """The elements of matrices on and above the k-th diagonal, and zeros below."""

def triu_indices(n: Any, k: Any = 0, m: Any = None) -> Any:
    """The positions on and above the k-th diagonal of a matrix of n rows. Waits for how many they are."""

def triu_indices_from(arr: Any, k: Any = 0) -> Any:
    """The positions on and above the k-th diagonal of a matrix."""

def true_divide(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """The quotient of two arrays, element by element: x1 / x2. Whole numbers give floats."""

def trunc(x: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element without its fraction."""

def union1d(ar1: Any, ar2: Any) -> Any:
    """The distinct elements of two arrays."""

def unique(ar: Any, return_index: Any = False, return_inverse: Any = False, return_counts: Any = False, axis: Any = None, *, equal_nan: Any = True, sorted: Any = True) -> Any:
    """The distinct elements in order, and on request where they are first, which one each element is, and how often they
    occur."""

def unique_all(x: Any, /) -> Any:
    """The distinct elements with their first positions, what each element is, and how often they occur. Each NaN counts on its
    own."""

def unique_counts(x: Any, /) -> Any:
    """The distinct elements, and how often they occur."""

def unique_inverse(x: Any, /) -> Any:
    """The distinct elements, and which one each element is."""

def unique_values(x: Any, /) -> Any:
    """The distinct elements."""

def unravel_index(indices: Any, shape: Any, order: Any = 'C') -> Any:
    """The positions along each axis of positions in C order."""

def unstack(x: Any, /, *, axis: Any = 0) -> tuple[ndarray, ...]:
    """The parts of an array along an axis."""

def unwrap(p: Any, discont: Any = None, axis: Any = -1, *, period: Any = 6.283185307179586) -> Any:
    """Angles without jumps of more than half a period between neighbours."""

def vander(x: Any, N: Any = None, increasing: Any = False) -> Any:
    """The powers of a vector as columns, from the highest."""

def var(a: Any, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None, correction: Any = None) -> Any:
    """The variance of all elements, or along axes: the sum of squared distances from the mean, divided by the number of
    elements less ddof."""

def vdot(a: Any, b: Any, /) -> Any:
    """The sum of products of all elements, those of a conjugated."""

def vecdot(x1: Any, x2: Any, /, *, axis: Any = -1) -> Any:
    """The sums of products along an axis, the elements of x1 conjugated."""

def vecmat(x1: Any, x2: Any, /) -> Any:
    """The products of vectors, conjugated, and matrices."""

def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The parts of an array along its first axis."""

def vstack(tup: Any) -> ndarray:
    """Several arrays one below the other."""

def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    """x where the condition holds and y elsewhere. With the condition alone, the positions where it holds, for which it
    waits."""

def zeros(shape: Any, dtype: Any = float, *, device: Any = None) -> ndarray:
    """An array of zeros of a shape: one length or a tuple of lengths. The elements are float64 unless dtype says otherwise."""

def zeros_like(a: Any, dtype: Any = None, *, shape: Any = None, device: Any = None) -> ndarray:
    """An array of zeros with the shape and the type of another."""

def __array_namespace_info__() -> Any:
    """The inspection functions of the array API standard: `capabilities`, `default_device`, `default_dtypes`, `devices` and
    `dtypes`."""

class ndarray:
    """An array whose blocks are on the nodes of a cluster. Names and views share it, as in NumPy."""
    T: ndarray
    def all(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """Whether all elements count as true, or all along axes."""
    def any(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """Whether any element counts as true, or any along axes."""
    def argmax(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the greatest element, of all in C order or along an axis; the first when there are several."""
    def argmin(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the smallest element, of all in C order or along an axis; the first when there are several."""
    def argsort(self, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Any:
        """The positions that put the elements along an axis in order."""
    def astype(self, dtype: Any, *, copy: Any = None) -> ndarray:
        """The elements as another type: whole numbers wrap, floats lose their fraction."""
    def choose(self, choices: Any, out: Any = None, mode: Any = 'raise') -> Any:
        """For each position the element of the array in the list of choices that it names."""
    def clip(self, min: Any = None, max: Any = None) -> Any:
        """Each element, or the bound that it is beyond."""
    def compress(self, condition: Any, axis: Any = None) -> Any:
        """The slices along an axis at which a condition holds. Waits for how many these are."""
    def conj(self) -> Any:
        """The complex conjugate of each element."""
    def conjugate(self) -> Any:
        """The complex conjugate of each element."""
    def copy(self) -> ndarray:
        """The same elements in an array of their own."""
    def cumprod(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """The product of the elements up to each one, along an axis or in C order."""
    def cumsum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """The sum of the elements up to each one, along an axis or in C order."""
    device: str
    def diagonal(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
        """A diagonal of the matrices of two axes, as the last axis of the result."""
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
    mT: ndarray
    def max(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The greatest of all elements, or along axes; nan when there is one."""
    def mean(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """The mean of all elements, or along axes."""
    def min(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The smallest of all elements, or along axes; nan when there is one."""
    nbytes: int
    ndim: int
    def nonzero(self) -> tuple[ndarray, ...]:
        """The positions of the elements that count as true, an array for each axis. Waits for the array."""
    def prod(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The product of all elements, or along axes."""
    def put(self, ind: Any, v: Any, mode: Any = 'raise') -> Any:
        """Writes values at positions in C order."""
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
    def sort(self, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> None:
        """Puts the elements along an axis in order, in the array itself."""
    def squeeze(self, axis: Any = None) -> ndarray:
        """Without the axes of length 1, or those of them that are named: a view."""
    def std(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The standard deviation of all elements, or along axes: the root of the variance."""
    def sum(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
        number of nodes."""
    def swapaxes(self, axis1: Any, axis2: Any, /) -> ndarray:
        """Two axes in each other's place: a view."""
    def take(self, indices: Any, axis: Any = None) -> Any:
        """The elements at some positions, along an axis or in C order."""
    def to_device(self, device: Any, /, *, stream: Any = None) -> ndarray:
        """The array itself: its blocks stay on the nodes, and 'cpu' is the one device."""
    def tolist(self) -> Any:
        """The elements as lists of numbers of Python. Waits for them."""
    def trace(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any:
        """The sum of a diagonal of the matrices of two axes."""
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
    def __array_namespace__(self, *, api_version: str | None = None) -> ModuleType: ...
    def __bool__(self) -> builtins.bool: ...
    def __complex__(self) -> complex: ...
    def __contains__(self, item: Any, /) -> builtins.bool: ...
    def __dlpack__(self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None) -> Any: ...
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
    def all(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """Whether all elements count as true, or all along axes."""
    def any(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """Whether any element counts as true, or any along axes."""
    def argmax(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the greatest element, of all in C order or along an axis; the first when there are several."""
    def argmin(self, axis: Any = None, *, out: Any = None, keepdims: Any = None) -> Any:
        """The position of the smallest element, of all in C order or along an axis; the first when there are several."""
    def argsort(self, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Any:
        """The positions that put the elements along an axis in order."""
    def astype(self, dtype: Any, *, copy: Any = None) -> Any:
        """The elements as another type: whole numbers wrap, floats lose their fraction."""
    def choose(self, choices: Any, out: Any = None, mode: Any = 'raise') -> Any:
        """For each position the element of the array in the list of choices that it names."""
    def clip(self, min: Any = None, max: Any = None) -> Any:
        """Each element, or the bound that it is beyond."""
    def compress(self, condition: Any, axis: Any = None) -> Any:
        """The slices along an axis at which a condition holds. Waits for how many these are."""
    def conj(self) -> Any:
        """The complex conjugate of each element."""
    def conjugate(self) -> Any:
        """The complex conjugate of each element."""
    def copy(self) -> Any:
        """The same elements in an array of their own."""
    def cumprod(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """The product of the elements up to each one, along an axis or in C order."""
    def cumsum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """The sum of the elements up to each one, along an axis or in C order."""
    device: str
    def diagonal(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
        """A diagonal of the matrices of two axes, as the last axis of the result."""
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
    def max(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The greatest of all elements, or along axes; nan when there is one."""
    def mean(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, where: Any = True) -> Any:
        """The mean of all elements, or along axes."""
    def min(self, axis: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The smallest of all elements, or along axes; nan when there is one."""
    nbytes: int
    ndim: int
    def nonzero(self) -> Any:
        """The positions of the elements that count as true, an array for each axis. Waits for the array."""
    def prod(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The product of all elements, or along axes."""
    def put(self, ind: Any, v: Any, mode: Any = 'raise') -> Any:
        """Writes values at positions in C order."""
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
    def sort(self, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Any:
        """Puts the elements along an axis in order, in the array itself."""
    def squeeze(self, axis: Any = None) -> Any:
        """Without the axes of length 1, or those of them that are named: a view."""
    def std(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, ddof: Any = None) -> Any:
        """The standard deviation of all elements, or along axes: the root of the variance."""
    def sum(self, axis: Any = None, dtype: Any = None, *, out: Any = None, keepdims: Any = None, initial: Any = None, where: Any = True) -> Any:
        """The sum of all elements, or along axes. The order of the additions follows from the blocks, so it is the same on any
        number of nodes."""
    def swapaxes(self, axis1: Any, axis2: Any, /) -> Any:
        """Two axes in each other's place: a view."""
    def take(self, indices: Any, axis: Any = None) -> Any:
        """The elements at some positions, along an axis or in C order."""
    def to_device(self, device: Any, /, *, stream: Any = None) -> Any:
        """The array itself: its blocks stay on the nodes, and 'cpu' is the one device."""
    def tolist(self) -> Any:
        """The elements as lists of numbers of Python. Waits for them."""
    def trace(self, offset: Any = 0, axis1: Any = 0, axis2: Any = 1, dtype: Any = None) -> Any:
        """The sum of a diagonal of the matrices of two axes."""
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
    def __array_namespace__(self, *, api_version: str | None = None) -> ModuleType: ...
    def __bool__(self) -> builtins.bool: ...
    def __complex__(self) -> complex: ...
    def __float__(self) -> float: ...
    def __getitem__(self, index: Any, /) -> Any: ...
    def __index__(self) -> int: ...
    def __int__(self) -> int: ...
    def __round__(self, digits: int | None = None, /) -> Any: ...
