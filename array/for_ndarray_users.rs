//! For users of ndarray: how lines of ndarray are written here.
//!
//! A [`DistArray`](crate::DistArray) is lazy and immutable, its shape and dtype are values and not types, and its elements
//! are on the nodes of a [`Session`](crate::Session). Nothing reads them but `fetch` and its relatives, and printing.
//!
//! | ndarray | here | remarks |
//! |---|---|---|
//! | `arr1(&[1.0, 2.0])`, `Array2::zeros((2, 5))` | [`session.array([1.0, 2.0])?`](crate::Session::array), [`session.zeros((2, 5))?`](crate::Session::zeros) | also of a `Vec`, a slice, an array of ndarray, faer |
//! | `iter.collect::<Array1<_>>()` | [`session.from_iter(iter)?`](crate::Session::from_iter) | |
//! | `&x + &y`, `2.0 * &x`, `x += 1.0` | the same | all integer and float types, `bool` and complex; they broadcast |
//! | `x.sum()`, `x.sum_axis(Axis(0))` | the same; also `x.sum_axis(0)?`, `x.sum_axis((0, -1))?`, `x.sum_axis(..)?` | [`keepdims`](crate::DistArray::keepdims) keeps the axes |
//! | `x.mean().unwrap()`, `x.std(0.0)`, `x.var_axis(Axis(0), 1.0)` | `x.mean()`, `x.std(0)`, `x.var_axis(0, 1)?` | `ddof` is an integer |
//! | `x.slice(s![1..3, ..])` | [`x.slice(s![1..3, ..])?`](crate::DistArray::slice), `x.slice(1..3)?` | a lazy array; `use nums::s` |
//! | `x.row(0)`, `x.column(1)`, `x.outer_iter()`, `for row in &x` | the same | each row is a lazy array |
//! | `x.dot(&y)` | the same, and [`matmul`](crate::DistArray::matmul) | |
//! | `x.into_shape_with_order((2, 5))?` | [`x.reshape((2, -1))?`](crate::DistArray::reshape) | |
//! | `x.t()`, `x.permuted_axes([1, 0])` | the same | |
//! | `x.mapv(f64::exp)` | [`x.exp()`](crate::DistArray::exp) | see below |
//! | `x.ln()`, `x.powi(2)`, `x.powf(0.5)`, `x.abs()`, `x.clamp(0.0, 1.0)` | the same | |
//! | `concatenate(Axis(0), &[x.view(), y.view()])?` | [`concatenate([&x, &y], 0)?`](crate::concatenate) | of anything that iterates over arrays |
//! | `x[[0, 1]]` | `x.slice(s![0, 1])?.item::<f64>().wait()?` | see below |
//! | `x.len()`, `x.ndim()`, `x.shape()`, `x.nrows()`, `x.dim()`, `x.is_empty()` | the same | |
//!
//! # Results
//!
//! | result | line |
//! |---|---|
//! | `ArrayD<f64>` | [`x.fetch::<f64>().wait()?`](crate::DistArray::fetch) |
//! | `Array2<f64>` | [`x.fetch_as::<f64, Ix2>().wait()?`](crate::DistArray::fetch_as) |
//! | `Vec<f64>` | [`x.to_vec::<f64>().wait()?`](crate::DistArray::to_vec) |
//! | `f64` | [`x.sum().item::<f64>().wait()?`](crate::DistArray::item) |
//! | any dtype | [`x.fetch_any().wait()?`](crate::DistArray::fetch_any) |
//!
//! ```
//! use nums::ndarray::{Array2, Ix2};
//! # fn main() -> Result<(), nums::Error> {
//! let session = nums::Session::new()?;
//! let x = session.arange(0.0, 6.0, 1.0)?.reshape((2, 3))?;
//! let centred = &x - x.keepdims().mean_axis(1)?;
//! let local: Array2<f64> = centred.fetch_as::<f64, Ix2>().wait()?;
//! assert_eq!(local.row(0).to_vec(), [-1.0, 0.0, 1.0]);
//! # Ok(())
//! # }
//! ```
//!
//! # What is refused
//!
//! The compiler refuses these lines, and says for most of them what to write.
//!
//! There is no array without a session; write `session.array(vec![1.0, 2.0])?`:
//! ```compile_fail,E0277
//! let y = nums::DistArray::from(vec![1.0, 2.0]);
//! ```
//! ```compile_fail,E0277
//! let y: nums::DistArray = (0..10).map(|i| i as f64).collect();
//! ```
//! No element can be referred to; write `x.slice(s![0])?.item::<f64>().wait()?`:
//! ```compile_fail,E0277
//! fn first(x: &nums::DistArray) { let y = &x[[0]]; }
//! ```
//! A comparison of arrays is an array; write `x.equal(&y)`:
//! ```compile_fail,E0277
//! fn same(x: &nums::DistArray) { let y = *x == x.clone(); }
//! ```
//! So an array is no key of a map:
//! ```compile_fail,E0599
//! fn insert(x: nums::DistArray) { std::collections::HashMap::new().insert(x, 1); }
//! ```
//! Closures do not run on nodes; write the function with methods of arrays, or fetch first:
//! ```compile_fail,E0277
//! fn more(x: &nums::DistArray) { let y = x.mapv(|v: f64| v + 1.0); }
//! ```
//! ```compile_fail,E0277
//! fn total(x: &nums::DistArray) { let y = x.fold(0.0, |a: f64, b: f64| a + b); }
//! ```
//! ```compile_fail,E0277
//! fn same(x: &nums::DistArray) { let y = x.map_blocks(|b: f64| b); }
//! ```
//! What waits is a [`Pending`](crate::Pending); write `.wait()?`, or `.await?` in async code:
//! ```compile_fail,E0277
//! fn total(x: &nums::DistArray) -> Result<f64, nums::Error> { Ok(x.sum().item()?) }
//! ```
//! ```compile_fail,E0277
//! fn total(x: &nums::DistArray) -> Result<(), nums::Error> { x.sum().fetch::<f64>()?; Ok(()) }
//! ```
//! ```compile_fail,E0277
//! fn large(x: &nums::DistArray) -> Result<(), nums::Error> { x.compress(&x.greater(1.0))?; Ok(()) }
//! ```
//! The dtype is a value, so the type of the elements must be named, `x.fetch::<f64>()`:
//! ```compile_fail
//! fn print(x: &nums::DistArray) -> Result<(), nums::Error> { let y = x.fetch().wait()?; println!("{y}"); Ok(()) }
//! ```
//! A number is an [`item`](crate::DistArray::item), and an array of fixed rank comes of
//! [`fetch_as`](crate::DistArray::fetch_as):
//! ```compile_fail,E0308
//! fn total(x: &nums::DistArray) -> Result<f64, nums::Error> { Ok(x.sum().fetch::<f64>().wait()?) }
//! ```
//! ```compile_fail,E0599
//! fn total(x: &nums::DistArray) -> Result<f64, nums::Error> { Ok(x.sum().fetch::<f64>().wait()?.into_scalar()) }
//! ```
//! ```compile_fail,E0308
//! fn line(x: &nums::DistArray) -> Result<nums::ndarray::Array1<f64>, nums::Error> { x.fetch::<f64>().wait() }
//! ```
//! `where` is a word of Rust; write `mask.where_(&x, 0)?`:
//! ```compile_fail
//! fn positive(x: &nums::DistArray) { let y = x.where(&x, 0); }
//! ```
//! Options of a node are set by methods, `NodeOptions::default().workers(1)`:
//! ```compile_fail,E0639
//! let y = nums::NodeOptions { workers: 1, ..Default::default() };
//! ```
//! `unique`, `bincount` and `linalg::svd` are not there yet.
