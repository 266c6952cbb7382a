//! Linear algebra of matrices, with NumPy's names.
//!
//! - All nodes compute a Cholesky factor block by block.
//! - The rows of a tall matrix are factorized on the nodes that hold them, and only triangles move.
//! - Solutions and inverses by LU copy the matrix to one node, which must have room for it.
//!
//! NaN and infinities propagate as in NumPy: a result is NaN wherever NumPy's result is. It can also be NaN where NumPy
//! skips a product with NaN. A NaN never turns an error into a result.

use crate::{DistArray, Error, concatenate};
use ndarray::s;
use nums_lshs::array_op::{ArraySpec, Cholesky, Linalg, Qr};
use nums_lshs::{DType, Grid, LinalgStep};

/// The lower triangle L of a symmetric positive definite matrix A = L Lᵀ, *n* × *n*. Only the lower half of A is read.
/// Integers are computed in float64.
///
/// If both axes of A have the same blocks, L has the same grid as A; otherwise it has about as many blocks. The *n*³/3
/// flops are divided by blocks. On *p* nodes, each node receives at most *n*²/2 elements of L, and the elements of A that
/// it factorizes and does not have. Besides A and L, a node holds the received blocks of L that it still needs. The order
/// of every sum, and thus the bits, follow from the blocks.
///
/// Source: A. Buttari, J. Langou, J. Kurzak, J. Dongarra, "A class of parallel tiled linear algebra algorithms for
/// multicore architectures", 2009.
///
/// # Errors
/// [`Error::NotSquare`] with the shape, and [`Error::UndefinedFor`] for complex matrices. If the matrix is not positive definite, waiting for the result gives
/// [`KernelError::NotPositiveDefinite`](crate::KernelError::NotPositiveDefinite) with the pivot.
///
/// ```
/// use ndarray::array;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.from_ndarray(&array![[4.0, 2.0], [2.0, 2.0]])?;
/// let l = nums::linalg::cholesky(&a)?;
/// assert_eq!(l.fetch::<f64>().wait()?, array![[2.0, 0.0], [1.0, 1.0]].into_dyn());
/// # Ok(())
/// # }
/// ```
pub fn cholesky(a: &DistArray) -> Result<DistArray, Error> {
    let a = a.astype(floating("cholesky", &[a])?)?;
    let shape = a.spec().shape();
    if a.spec().cholesky().is_none() {
        return Err(Error::NotSquare { op: "cholesky", shape });
    }
    DistArray::new(a.session_inner(), Cholesky, &[&a])
}

/// X with A X = B, of a square matrix A (*n* × *n*) and B (*n* × *k*, or a vector), by LU with partial pivoting.
/// Integers are computed in float64.
///
/// Moves at most *n*² elements to each node that holds columns of B.
///
/// # Errors
/// [`Error::NotSquare`], [`Error::ShapeMismatch`] with both shapes, [`Error::UndefinedFor`] for complex matrices, and
/// [`Error::OtherSession`]. If the matrix is
/// singular, waiting for the result gives [`KernelError::Singular`](crate::KernelError::Singular) with the pivot.
///
/// ```
/// use ndarray::array;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.from_ndarray(&array![[0.0, 2.0], [4.0, 0.0]])?;
/// let x = nums::linalg::solve(&a, &session.from_ndarray(&array![2.0, 8.0])?)?;
/// assert_eq!(x.fetch::<f64>().wait()?, array![2.0, 1.0].into_dyn());
/// # Ok(())
/// # }
/// ```
pub fn solve(a: &DistArray, b: &DistArray) -> Result<DistArray, Error> {
    const OP: &str = "solve";
    a.check_session(OP, b)?;
    let order = order_of_square(OP, a)?;
    if !(1..=2).contains(&b.ndim()) || b.shape()[0] != order {
        let (left, right) = (a.spec().shape(), b.spec().shape());
        return Err(Error::ShapeMismatch { op: OP, left, right });
    }
    let dtype = floating(OP, &[a, b])?;
    let (a, b) = (a.astype(dtype)?, b.astype(dtype)?);
    DistArray::new(a.session_inner(), Linalg { step: LinalgStep::Solve }, &[&a, &b])
}

/// The inverse of a square matrix, *n* × *n*, by LU with partial pivoting. Integers are computed in float64.
///
/// Moves at most *n*² elements, to one node.
///
/// # Errors
/// [`Error::NotSquare`] with the shape, and [`Error::UndefinedFor`] for complex matrices. If the matrix is singular, waiting for the result gives
/// [`KernelError::Singular`](crate::KernelError::Singular) with the pivot.
///
/// ```
/// use ndarray::array;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.from_ndarray(&array![[0.0, 2.0], [4.0, 0.0]])?;
/// let inverse = nums::linalg::inv(&a)?;
/// assert_eq!(inverse.fetch::<f64>().wait()?, array![[0.0, 0.25], [0.5, 0.0]].into_dyn());
/// # Ok(())
/// # }
/// ```
pub fn inv(a: &DistArray) -> Result<DistArray, Error> {
    order_of_square("inv", a)?;
    let a = a.astype(floating("inv", &[a])?)?;
    DistArray::new(a.session_inner(), Linalg { step: LinalgStep::Inverse }, &[&a])
}

/// The factors Q (*m* × *k*, with orthonormal columns) and R (*k* × *n*, an upper triangle) of a matrix *m* × *n*, where
/// *k* is the smaller of *m* and *n*; the diagonal of R is not negative. Integers are computed in float64.
///
/// A tall matrix is factorized by TSQR: each block of rows gives an R, and a tree joins them. On *p* nodes this moves
/// (*p* - 1) *n*(*n* + 1)/2 elements for R, and (*p* - 1) *n*² more for Q. For a wide matrix, the first *m* columns are
/// factorized, and the other columns of R are the product of Qᵀ and the other columns. Steps shared by both factors run
/// once if the factors are submitted together.
///
/// If one of the factorized columns has NaN or an infinity, this column and all later columns of both factors are NaN. If
/// one of the other columns has one, this column of R is NaN.
///
/// Source: J. Demmel, L. Grigori, M. Hoemmen, J. Langou, "Communication-optimal parallel and sequential QR and LU
/// factorizations", 2012.
///
/// # Errors
/// [`Error::NotMatrix`] with the shape, and [`Error::UndefinedFor`] for complex matrices.
///
/// ```
/// use ndarray::array;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.from_ndarray(&array![[3.0, 1.0], [4.0, 2.0]])?;
/// let (q, r) = nums::linalg::qr(&a)?;
/// session.eval(&[&q, &r]).wait()?;
/// let difference = (q.dot(&r) - a).abs().max().item::<f64>().wait()?;
/// assert!(difference < 1e-15, "{difference}");
/// # Ok(())
/// # }
/// ```
pub fn qr(a: &DistArray) -> Result<(DistArray, DistArray), Error> {
    let shape = a.spec().shape();
    let [rows, columns] = shape[..] else {
        return Err(Error::NotMatrix { op: "qr", shape });
    };
    let a = a.astype(floating("qr", &[a])?)?;
    if rows >= columns {
        return tall_qr(&a, columns);
    }
    let (square, rest) = (a.slice(s![.., ..rows])?, a.slice(s![.., rows..])?);
    let (q, first) = tall_qr(&square, rows)?;
    // An infinity is NaN in R: reflections subtract it from itself, what a product need not do.
    let differences = rest.try_sub(&rest)?;
    let rest = &rest - differences;
    let r = concatenate([&first, &q.t().try_matmul(&rest)?], 1)?;
    Ok((q, r))
}

/// The factor R of a QR factorization, as NumPy's `qr` with mode `r`. For a tall matrix this is half of the work of
/// [`qr`]. Q is not computed.
///
/// # Errors
/// Those of [`qr`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.random(7).normal(0.0, 1.0, &[100, 3])?;
/// let same = nums::linalg::qr_r(&a)?.equal(&nums::linalg::qr(&a)?.1).all();
/// assert!(same.fetch::<bool>().wait()?[[]]);
/// # Ok(())
/// # }
/// ```
pub fn qr_r(a: &DistArray) -> Result<DistArray, Error> {
    let shape = a.spec().shape();
    match shape[..] {
        [rows, columns] if rows >= columns => triangle(&a.astype(floating("qr", &[a])?)?),
        _ => Ok(qr(a)?.1),
    }
}

/// The square root of the sum of the squares of all elements: the length of a vector, and the Frobenius norm of a matrix.
/// [`DistArray::norm`] is the same as a method.
///
/// # Errors
/// None; the signature is that of its neighbours.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// assert_eq!(nums::linalg::norm(&session.array([3.0, 4.0])?)?.item::<f64>().wait()?, 5.0);
/// # Ok(())
/// # }
/// ```
pub fn norm(a: &DistArray) -> Result<DistArray, Error> {
    Ok(a.norm())
}

/// The least-squares solution of `a x = b`, for a matrix with at least as many rows as columns, whose columns are
/// linearly independent. The rows are factorized where they are (QR); only triangles and the projection of `b` move.
///
/// # Errors
/// [`Error::NotMatrix`] if `a` is not a matrix, [`Error::ShapeMismatch`] if it has fewer rows than columns or `b` has other
/// rows, [`Error::UndefinedFor`] for complex numbers. A matrix of dependent columns is singular when the result is used.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let a = session.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])?;
/// let b = session.array([1.0, 3.0, 5.0])?;
/// let x = nums::linalg::lstsq(&a, &b)?.fetch_as::<f64, nums::ndarray::Ix1>().wait()?;
/// assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
pub fn lstsq(a: &DistArray, b: &DistArray) -> Result<DistArray, Error> {
    a.check_session("lstsq", b)?;
    let shape = a.spec().shape();
    let [rows, columns] = shape[..] else {
        return Err(Error::NotMatrix { op: "lstsq", shape });
    };
    if rows < columns || !(1..=2).contains(&b.ndim()) || b.shape()[0] != rows {
        return Err(Error::ShapeMismatch { op: "lstsq", left: shape, right: b.spec().shape() });
    }
    let dtype = floating("lstsq", &[a, b])?;
    let (q, r) = qr(&a.astype(dtype)?)?;
    solve(&r, &q.t().try_matmul(&b.astype(dtype)?)?)
}

/// The factors of a matrix with at least as many rows as columns.
fn tall_qr(a: &DistArray, columns: usize) -> Result<(DistArray, DistArray), Error> {
    let a = a.with_grid(tall_blocks(a.spec(), columns)?);
    // Both factors come of one graph, and of one factorisation.
    let deferred = a.session().defer();
    let factors = (
        DistArray::new(a.session_inner(), Qr::Q, &[&a])?,
        DistArray::new(a.session_inner(), Qr::R, &[&a])?,
    );
    drop(deferred);
    Ok(factors)
}

/// R of a matrix with at least as many rows as columns, in float64 or float32.
pub(crate) fn triangle(a: &DistArray) -> Result<DistArray, Error> {
    let a = a.with_grid(tall_blocks(a.spec(), a.spec().shape()[1])?);
    DistArray::new(a.session_inner(), Qr::R, &[&a])
}

/// The cuts of a tall matrix with each block as wide as the matrix and no wider than tall: neighbours are joined until
/// they are. The Q of a block with fewer rows than columns is not orthonormal by itself where the matrix lacks rank.
fn tall_blocks(spec: &ArraySpec, columns: usize) -> Result<Grid, Error> {
    let mut lengths: Vec<usize> = Vec::new();
    let mut rows = 0;
    for pair in spec.grid.bounds(0).windows(2) {
        rows += pair[1] - pair[0];
        if rows >= columns.max(1) {
            lengths.push(rows);
            rows = 0;
        }
    }
    match lengths.last_mut() {
        Some(last) => *last += rows,
        None => lengths.push(rows),
    }
    Ok(spec.with_whole_axes(&[1]).grid.with_block_lengths(0, &lengths)?)
}

fn order_of_square(op: &'static str, a: &DistArray) -> Result<usize, Error> {
    let shape = a.spec().shape();
    match shape[..] {
        [rows, columns] if rows == columns => Ok(rows),
        _ => Err(Error::NotSquare { op, shape }),
    }
}

/// The dtype that matrices are factorized in.
///
/// # Errors
/// [`Error::UndefinedFor`] for complex matrices.
fn floating(op: &'static str, arrays: &[&DistArray]) -> Result<DType, Error> {
    match crate::ops::elementwise_dtype(arrays) {
        dtype if dtype.is_complex() => Err(Error::UndefinedFor { op, dtype }),
        DType::Float32 => Ok(DType::Float32),
        _ => Ok(DType::Float64),
    }
}
