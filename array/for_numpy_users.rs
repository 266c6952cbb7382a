//! NumPy's functions and their equivalents in this crate.
//!
//! - Arrays are lazy and immutable. An operation returns a new array; instead of assigning in place, use
//!   [`assign`](crate::DistArray::assign).
//! - Operations check shapes and dtypes when they are called.
//! - To read a result, use [`fetch`](crate::DistArray::fetch) with the element type.
//! - Negative axes count from the end, as in NumPy.
//! - Functions that can fail return a `Result`. Operators and functions that panic instead have a `try_` form.
//!
//! In the tables, `x` and `y` are arrays, and `session` is a [`Session`](crate::Session).
//!
//! # Making arrays
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `np.array(a)` | [`session.from_ndarray(&a)`](crate::Session::from_ndarray) | from a local `ndarray` array; its element type gives the dtype |
//! | `np.zeros(s)`, `np.ones(s)`, `np.empty(s)` | [`zeros`](crate::Session::zeros), [`ones`](crate::Session::ones), [`empty`](crate::Session::empty) | float64; with a dtype: [`zeros_dtype`](crate::Session::zeros_dtype) and so on |
//! | `np.full(s, v)` | [`full`](crate::Session::full), [`full_dtype`](crate::Session::full_dtype) | |
//! | `np.zeros_like(x)` | [`zeros_like`](crate::DistArray::zeros_like), [`ones_like`](crate::DistArray::ones_like), [`full_like`](crate::DistArray::full_like) | also with the grid and layout of `x` |
//! | `np.arange(a, b, c)` | [`arange`](crate::Session::arange) | takes all three arguments; int64 if all are integers |
//! | `np.linspace(a, b, n)` | [`linspace`](crate::Session::linspace) | takes `endpoint` as an argument |
//! | `np.eye(n)`, `np.identity(n)` | [`eye`](crate::Session::eye), [`identity`](crate::Session::identity) | |
//! | `np.random.default_rng(seed)` | [`session.random(seed)`](crate::Session::random) | Philox, as `np.random.Generator(np.random.Philox(key=seed))`; the same elements on any number of nodes |
//! | `rng.random(s)`, `rng.normal(m, d, s)` | [`random`](crate::Generator::random), [`uniform`](crate::Generator::uniform), [`normal`](crate::Generator::normal) | |
//! | `rng.integers(a, b, s)`, `rng.permutation(n)`, `rng.shuffle(x)` | [`integers`](crate::Generator::integers), [`permutation`](crate::Generator::permutation), [`shuffle`](crate::Generator::shuffle) | `shuffle` returns a new array |
//! | `np.load(f)`, `np.save(f, x)` | [`read_npy`](crate::Session::read_npy), [`write_npy`](crate::DistArray::write_npy) | |
//! | `np.genfromtxt(f)` | [`read_csv`](crate::Session::read_csv) | in parallel; can one-hot encode text columns |
//!
//! # What an array is
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x.shape`, `x.ndim`, `x.size`, `x.dtype`, `x.nbytes` | [`shape`](crate::DistArray::shape), [`ndim`](crate::DistArray::ndim), [`size`](crate::DistArray::size), [`dtype`](crate::DistArray::dtype), [`nbytes`](crate::DistArray::nbytes) | known before anything runs |
//! | `np.asarray(x)` | [`x.fetch::<f64>().wait()?`](crate::DistArray::fetch) | the elements, as an `ndarray` array |
//! | `x.item()` | `x.fetch::<f64>().wait()?[[]]` | for a 0-dimensional array |
//! | `np.result_type(a, b)` | [`result_type`](crate::result_type) | scalars are weak, as in NumPy 2 |
//! | | [`eval`](crate::DistArray::eval), [`explain`](crate::DistArray::explain), [`layout`](crate::DistArray::layout) | compute without reading; show the plan; show the location of blocks |
//!
//! # Arithmetic
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x + y`, `x - 1`, `2 * x`, `x / y`, `x % y`, `-x` | the same, of arrays and references | [`try_add`](crate::DistArray::try_add) and so on return the error; `%` has the sign of the divisor |
//! | `x // y`, `x ** y` | [`floor_divide`](crate::DistArray::floor_divide), [`power`](crate::DistArray::power) | |
//! | `x & y`, `x \| y`, `x ^ y`, `~x`, `x << n`, `x >> n` | the same, but `!x` for `~x` | bools and integers |
//! | `x < y`, `x == y`, ... | [`less`](crate::DistArray::less), [`less_equal`](crate::DistArray::less_equal), [`greater`](crate::DistArray::greater), [`greater_equal`](crate::DistArray::greater_equal), [`equal`](crate::DistArray::equal), [`not_equal`](crate::DistArray::not_equal) | Rust's comparisons give one bool, so they have names |
//! | `np.sqrt(x)`, `np.exp(x)`, `np.sin(x)`, `np.abs(x)`, ... | [`x.sqrt()`](crate::DistArray::sqrt), [`x.exp()`](crate::DistArray::exp), [`x.sin()`](crate::DistArray::sin), [`x.abs()`](crate::DistArray::abs), ... | inverse functions as in Rust: [`asin`](crate::DistArray::asin), [`atan2`](crate::DistArray::atan2) |
//! | `np.maximum(x, y)`, `np.fmin(x, y)`, `np.hypot(x, y)` | [`maximum`](crate::DistArray::maximum), [`fmin`](crate::DistArray::fmin), [`hypot`](crate::DistArray::hypot) | |
//! | `np.where(c, x, y)` | [`c.where_(&x, &y)`](crate::DistArray::where_) | |
//! | `np.clip(x, a, b)`, `np.round(x, n)` | [`clip`](crate::DistArray::clip), [`round`](crate::DistArray::round) | |
//! | `x.astype(d)` | [`astype`](crate::DistArray::astype) | |
//!
//! # Reductions
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x.sum()` | [`sum`](crate::DistArray::sum) | as all reductions: the same bits on any number of nodes |
//! | `x.sum(axis=0)`, `x.sum(axis=(0, 2))` | [`sum_axis`](crate::DistArray::sum_axis) | `x.keepdims().sum_axis(0)` for `keepdims=True` |
//! | `x.sum(axis=0, keepdims=True)` | [`keepdims().sum_axis`](crate::DistArray::keepdims) | |
//! | `x.mean()`, `x.prod()`, `x.any()`, `x.all()` | [`mean`](crate::DistArray::mean), [`prod`](crate::DistArray::prod), [`any`](crate::DistArray::any), [`all`](crate::DistArray::all) | in the same four forms |
//! | `x.min()`, `x.max()` | [`min`](crate::DistArray::min), [`max`](crate::DistArray::max) | an empty array is an error |
//! | `x.var(ddof=1)`, `x.std()` | [`var`](crate::DistArray::var), [`std`](crate::DistArray::std) | take `ddof` as an argument |
//! | `x.cumsum(axis=0)`, `x.cumprod(axis=0)` | [`cumsum`](crate::DistArray::cumsum), [`cumprod`](crate::DistArray::cumprod) | take the axis as an argument if the array has several |
//! | `x.argmin()`, `x.argmax(axis=0)` | [`argmin`](crate::DistArray::argmin), [`argmax_axis`](crate::DistArray::argmax_axis) | |
//! | `np.nansum(x)`, `np.nanmean(x)`, ... | [`nansum`](crate::DistArray::nansum), [`nanmean`](crate::DistArray::nanmean), ... | |
//! | `np.median(x)`, `np.quantile(x, q)` | [`median`](crate::DistArray::median), [`quantile`](crate::DistArray::quantile), [`quantile_axis`](crate::DistArray::quantile_axis) | all of NumPy's methods |
//! | `np.average(x, weights=w)`, `np.cov(x)`, `np.corrcoef(x)` | [`average`](crate::DistArray::average), [`cov`](crate::DistArray::cov), [`corrcoef`](crate::DistArray::corrcoef) | |
//! | `np.histogram(x, bins=10)` | [`histogram`](crate::DistArray::histogram) | |
//! | `np.isclose(x, y)`, `np.allclose(x, y)`, `np.array_equal(x, y)` | [`isclose`](crate::DistArray::isclose), [`allclose`](crate::DistArray::allclose), [`array_equal`](crate::DistArray::array_equal) | tolerances are arguments |
//! | `np.diff(x)`, `np.gradient(x)`, `np.trapezoid(x)` | [`diff`](crate::DistArray::diff), [`gradient`](crate::DistArray::gradient), [`trapezoid`](crate::DistArray::trapezoid) | |
//! | `np.convolve(x, w)`, `np.correlate(x, w)` | [`convolve`](crate::DistArray::convolve), [`correlate`](crate::DistArray::correlate) | one pass for each weight |
//! | `np.count_nonzero(x)` | [`count_nonzero`](crate::DistArray::count_nonzero) | |
//!
//! # Parts of arrays
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x[1:5, ::-1]`, `x[3]` | [`x.slice(s![1..5, ..;-1])`](crate::DistArray::slice) | ndarray's `s![]`, with its meaning |
//! | `x[..., None, -1]` | [`x.index(&[Index::Ellipsis, Index::NewAxis, Index::At(-1)])`](crate::DistArray::index) | Python's meaning, see [`Index`](crate::Index) |
//! | `x[[3, 1, 1]]`, `np.take(x, i, axis)` | [`take`](crate::DistArray::take) | takes a local list of indices |
//! | `x[mask]` | [`compress`](crate::DistArray::compress) | counts the true elements first, because shapes are exact |
//! | `x[1:3] = v` | [`assign`](crate::DistArray::assign), [`assign_slice`](crate::DistArray::assign_slice) | returns a new array |
//! | `x[mask] = v` | [`assign_mask`](crate::DistArray::assign_mask) | returns a new array |
//! | `x[[3, 1]] = v` | [`assign_take`](crate::DistArray::assign_take) | returns a new array |
//! | `np.sort(x, axis)`, `np.argsort(x, axis)` | [`sort`](crate::DistArray::sort), [`argsort`](crate::DistArray::argsort) | -0.0 before 0.0, NaN last; a one-dimensional array is sorted on all nodes; `argsort` is stable and makes the axis one block |
//! | `np.take_along_axis(x, i, axis)` | [`take_along_axis`](crate::DistArray::take_along_axis), [`take_array`](crate::DistArray::take_array) | the positions are an array on the cluster |
//! | `np.diag(x)`, `np.tril(x)`, `np.triu(x)` | [`diag`](crate::DistArray::diag), [`diagonal`](crate::DistArray::diagonal), [`from_diag`](crate::Session::from_diag), [`tril`](crate::DistArray::tril), [`triu`](crate::DistArray::triu) | |
//! | `np.searchsorted(x, v)` | [`searchsorted`](crate::DistArray::searchsorted) | |
//!
//! # Shapes
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x.reshape(3, -1)`, `x.ravel()` | [`reshape`](crate::DistArray::reshape), [`ravel`](crate::DistArray::ravel) | |
//! | `x.T`, `x.transpose(o)` | [`t`](crate::DistArray::t), [`transpose`](crate::DistArray::transpose) | products read a transposed array without a copy |
//! | `np.swapaxes`, `np.moveaxis` | [`swapaxes`](crate::DistArray::swapaxes), [`moveaxis`](crate::DistArray::moveaxis) | |
//! | `np.flip`, `np.roll`, `np.rot90` | [`flip`](crate::DistArray::flip), [`roll`](crate::DistArray::roll), [`rot90`](crate::DistArray::rot90) | |
//! | `np.pad(x, widths, mode)` | [`pad`](crate::DistArray::pad) | modes are those of [`Pad`](crate::Pad) |
//! | `np.meshgrid(x, y, indexing="ij")`, `np.indices(shape)` | [`meshgrid`](crate::meshgrid()), [`indices`](crate::Session::indices) | views: nothing is stored |
//! | `np.squeeze`, `np.expand_dims` | [`squeeze`](crate::DistArray::squeeze), [`squeeze_axis`](crate::DistArray::squeeze_axis), [`expand_dims`](crate::DistArray::expand_dims) | |
//! | `np.broadcast_to`, `np.tile`, `np.repeat` | [`broadcast_to`](crate::DistArray::broadcast_to), [`tile`](crate::DistArray::tile), [`repeat`](crate::DistArray::repeat) | |
//! | `np.concatenate`, `np.stack`, `np.vstack`, `np.hstack` | [`concatenate`](crate::concatenate()), [`stack`](crate::stack()), [`vstack`](crate::vstack()), [`hstack`](crate::hstack()) | |
//! | `np.split(x, [2, 5])` | [`split`](crate::DistArray::split) | |
//! | (Dask) `x.rechunk(b)` | [`rechunk`](crate::DistArray::rechunk), [`redistribute`](crate::DistArray::redistribute) | other blocks; other nodes |
//!
//! # Linear algebra
//!
//! | NumPy | nums | note |
//! |---|---|---|
//! | `x @ y` | [`x.try_matmul(&y)`](crate::DistArray::try_matmul) | vectors and matrices |
//! | `x.dot(y)` | [`dot`](crate::DistArray::dot), [`try_dot`](crate::DistArray::try_dot) | |
//! | `np.outer(x, y)`, `np.tensordot(x, y, n)` | [`outer`](crate::DistArray::outer), [`tensordot`](crate::DistArray::tensordot) | |
//! | `np.einsum("ij,jk->ik", x, y)` | [`einsum`](crate::einsum()) | the subscripts include the output |
//! | `np.vdot`, `np.vecdot`, `np.cross`, `np.kron`, `np.trace` | [`vdot`](crate::DistArray::vdot), [`vecdot`](crate::DistArray::vecdot), [`cross`](crate::DistArray::cross), [`kron`](crate::DistArray::kron), [`trace`](crate::DistArray::trace) | |
//! | `np.linalg.cholesky` | [`linalg::cholesky`](crate::linalg::cholesky) | block by block on all nodes |
//! | `np.linalg.solve`, `inv` | [`linalg::solve`](crate::linalg::solve), [`linalg::inv`](crate::linalg::inv) | the matrix must fit one node |
//! | `np.linalg.norm(x)` | [`norm`](crate::DistArray::norm) | the root of the sum of squares |
//! | `np.linalg.qr` | [`linalg::qr`](crate::linalg::qr) | the blocks of tall matrices do not move |
//!
//! # What differs
//!
//! - The dtypes are bool, signed and unsigned integers of 8 to 64 bits, float32, float64, complex64 and complex128.
//!   Complex arrays have arithmetic, functions such as `sqrt` and `exp`, comparisons, sums, products, sorts and casts,
//!   but no factorizations.
//! - There is no float16. Functions of bools and 8-bit integers that give float16 in NumPy give float64. Functions of
//!   bools that give int8 in NumPy are refused.
//! - [`reciprocal`](crate::DistArray::reciprocal) of integers is computed in float64.
//! - A slice is a new array; writing to views is not possible, because arrays are immutable.
//! - `wait` inside an async runtime is an error. Use `.await` on the [`Pending`](crate::Pending) instead.
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! use ndarray::s;
//! let session = nums::Session::embedded(2)?;
//! // x = np.arange(12).reshape(3, 4); y = np.where(x % 2 == 0, x, -1)[:, ::-1].sum(axis=0)
//! let x = session.arange(0, 12, 1)?.reshape(&[3, 4])?;
//! let even = (&x % 2).equal(0);
//! let y = even.where_(&x, -1)?.slice(s![.., ..;-1])?.sum_axis(0)?;
//! assert_eq!(y.fetch::<i64>().wait()?.as_slice(), Some(&[-3, 18, -3, 12][..]));
//! # Ok(())
//! # }
//! ```
//!
#![doc = include_str!("for_numpy_users.md")]
