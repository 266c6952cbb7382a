//! Accuracy of dense linear algebra, as LAPACK judges it: residuals in units of n, the norms and the rounding error.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Alone, Block, Buffer, Element, KernelError, execute, execute_with};
use nums_lshs::{BlockSpec, DType, LinalgStep, Op, QrStep, Shape, SymmetricStep};
use std::sync::Arc;

/// Sizes below, at and above the panels of the factorisations, and some panels with a rest.
const SIZES: [usize; 7] = [0, 1, 2, 63, 64, 65, 197];
/// LAPACK's bound on every residual below.
const RATIO_MAX: f64 = 30.0;

/// The two floats, with half the distance from 1 to the next number.
trait Float: Element + std::fmt::Debug {
    const ROUNDING: f64;
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
}

impl Float for f32 {
    const ROUNDING: f64 = f32::EPSILON as f64 / 2.0;
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Float for f64 {
    const ROUNDING: f64 = f64::EPSILON / 2.0;
    fn from_f64(value: f64) -> f64 {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

/// Elements without a pattern in -1/2..1/2: a Weyl sequence of squares.
fn scattered(index: usize) -> f64 {
    let index = index as f64 + 1.0;
    (index * 0.618_033_988_749_895 + index * index * 0.414_213_562_373_095).fract() - 0.5
}

fn block<T: Float>(lengths: &[usize], element: impl Fn(usize) -> f64) -> Arc<Block> {
    let spec = BlockSpec::new(T::DTYPE, Shape::new(lengths).unwrap());
    let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
    let all = block.elements_mut::<T>().iter_mut().enumerate();
    all.for_each(|(index, target)| *target = T::from_f64(element(index)));
    Arc::new(block)
}

fn run(op: &Op, inputs: &[&Arc<Block>]) -> Result<Arc<Block>, KernelError> {
    let inputs: Vec<_> = inputs.iter().map(|input| Arc::clone(input)).collect();
    let specs: Vec<_> = inputs.iter().map(|input| input.spec()).collect();
    let promised = op.outputs(&specs).unwrap().swap_remove(0);
    let result = execute(op, inputs, &mut Buffer::zeroed)?;
    assert_eq!((result.spec(), result.bytes().len() as u64), (&promised, promised.bytes()), "{op}");
    Ok(Arc::new(result))
}

/// A matrix in float64, for the arithmetic of the tests.
#[derive(Clone)]
struct Dense {
    rows: usize,
    columns: usize,
    elements: Vec<f64>,
}

impl Dense {
    fn of<T: Float>(block: &Block) -> Dense {
        let shape = &block.spec().shape;
        let (rows, columns) = (shape[0], shape.get(1).copied().unwrap_or(1));
        let elements = block.elements::<T>().iter().map(|element| element.to_f64()).collect();
        Dense { rows, columns, elements }
    }

    fn new(rows: usize, columns: usize, element: impl Fn(usize, usize) -> f64) -> Dense {
        let cells = (0..rows * columns).map(|at| element(at / columns, at % columns));
        Dense { rows, columns, elements: cells.collect() }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.elements[row * self.columns + column]
    }

    fn t(&self) -> Dense {
        Dense::new(self.columns, self.rows, |row, column| self.at(column, row))
    }

    fn identity(order: usize) -> Dense {
        Dense::new(order, order, |row, column| f64::from(u8::from(row == column)))
    }

    /// The product, each element as if computed with twice the digits (T. Ogita, S. Rump, S. Oishi, "Accurate sum and
    /// dot product", 2005).
    fn times(&self, right: &Dense) -> Dense {
        assert_eq!(self.columns, right.rows);
        let right = right.t();
        Dense::new(self.rows, right.rows, |row, column| {
            let (mut sum, mut error) = (0.0_f64, 0.0_f64);
            for step in 0..self.columns {
                let (x, y) = (self.at(row, step), right.at(column, step));
                let product = x * y;
                let next = sum + product;
                let part = next - sum;
                error += x.mul_add(y, -product) + ((sum - (next - part)) + (product - part));
                sum = next;
            }
            sum + error
        })
    }

    fn minus(&self, other: &Dense) -> Dense {
        assert_eq!((self.rows, self.columns), (other.rows, other.columns));
        Dense::new(self.rows, self.columns, |row, column| {
            self.at(row, column) - other.at(row, column)
        })
    }

    fn absolute(&self) -> Dense {
        Dense::new(self.rows, self.columns, |row, column| self.at(row, column).abs())
    }

    /// The largest sum of a column.
    fn norm(&self) -> f64 {
        let column = |column| (0..self.rows).map(|row| self.at(row, column).abs()).sum::<f64>();
        (0..self.columns).map(column).fold(0.0, f64::max)
    }
}

/// A residual over what it may be; nothing over nothing is 0.
fn ratio(residual: f64, scale: f64) -> f64 {
    assert!(!residual.is_nan(), "a residual that is not a number");
    if residual == 0.0 { 0.0 } else { residual / scale }
}

/// A positive definite matrix whose rows and columns are scaled over eight decades.
fn positive_definite<T: Float>(order: usize) -> Arc<Block> {
    let scale = |at: usize| 10_f64.powi(at as i32 % 8 - 4);
    block::<T>(&[order, order], |at| {
        let (row, column) = (at / order, at % order);
        let mixed = scattered(row.min(column) * 1000 + row.max(column));
        let diagonal = if row == column { order as f64 } else { 0.0 };
        (mixed + diagonal) * scale(row) * scale(column)
    })
}

/// The gate of products: componentwise, in units of |A||B|.
fn product_error<T: Float>(found: &Dense, left: &Dense, right: &Dense) -> f64 {
    let error = found.minus(&left.times(right)).absolute();
    let scale = left.absolute().times(&right.absolute());
    let ratios = error.elements.iter().zip(&scale.elements);
    ratios.map(|(&error, &scale)| ratio(error, T::ROUNDING * scale)).fold(0.0, f64::max)
}

fn products<T: Float>() {
    for inner in [0, 1, 2, 63, 64, 65, 197, 1025] {
        for (rows, columns) in [(1, 1), (65, 3), (3, 65), (40, 40)] {
            let left = block::<T>(&[rows, inner], scattered);
            let right = block::<T>(&[inner, columns], |at| scattered(at + 7));
            let op =
                Op::MatMul { transpose_left: false, transpose_right: false, accumulate: false };
            let found = run(&op, &[&left, &right]).unwrap();
            let [found, left, right] = [&found, &left, &right].map(|block| Dense::of::<T>(block));
            let error = product_error::<T>(&found, &left, &right);
            assert!(error <= inner as f64 + 2.0, "{rows} x {inner} x {columns}: {error}");
        }
    }
}

#[test]
fn products_are_accurate_componentwise() {
    products::<f64>();
    products::<f32>();
}

fn symmetric_products<T: Float>() {
    for (rows, columns) in [(0, 3), (1, 1), (5, 2), (1025, 17), (3100, 40), (64, 65), (7, 0)] {
        for transpose in [true, false] {
            if !transpose && rows > 200 {
                continue;
            }
            let x = block::<T>(&[rows, columns], scattered);
            let rank_k = |accumulate| Op::Symmetric(SymmetricStep::RankK { transpose, accumulate });
            let mirror = Op::Symmetric(SymmetricStep::Mirror);
            let packed = run(&rank_k(false), &[&x]).unwrap();
            let full = Dense::of::<T>(&run(&mirror, &[&packed]).unwrap());
            let x_dense = Dense::of::<T>(&x);
            let (left, right) =
                if transpose { (x_dense.t(), x_dense) } else { (x_dense.clone(), x_dense.t()) };
            let error = product_error::<T>(&full, &left, &right);
            assert!(error <= left.columns as f64 + 2.0, "{rows} x {columns}: {error}");
            assert_eq!(full.elements, full.t().elements);
            let twice = run(&rank_k(true), &[&packed, &x]).unwrap();
            for (twice, once) in twice.elements::<T>().iter().zip(packed.elements::<T>()) {
                assert_eq!(twice.to_f64(), 2.0 * once.to_f64());
            }
        }
    }
}

#[test]
fn symmetric_products_are_accurate_and_symmetric() {
    symmetric_products::<f64>();
    symmetric_products::<f32>();
}

fn cholesky<T: Float>() {
    for order in SIZES {
        let a = positive_definite::<T>(order);
        let lower = run(&Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 }), &[&a]).unwrap();
        let (a_dense, l) = (Dense::of::<T>(&a), Dense::of::<T>(&lower));
        assert!((0..order).all(|row| (row + 1..order).all(|column| l.at(row, column) == 0.0)));
        let unit = order as f64 * a_dense.norm() * T::ROUNDING;
        let residual = ratio(a_dense.minus(&l.times(&l.t())).norm(), unit);
        assert!(residual <= RATIO_MAX, "order {order}: {residual}");
        let b = block::<T>(&[order, 3], scattered);
        let x = run(&Op::Linalg(LinalgStep::CholeskySolve), &[&lower, &b]).unwrap();
        check_solution::<T>(&a_dense, &b, &x);
        for (lower_half, transpose) in [(true, false), (true, true), (false, false), (false, true)]
        {
            // The other half holds numbers that must not be read.
            let step = LinalgStep::SolveTriangular { lower: lower_half, transpose };
            let x = run(&Op::Linalg(step), &[&a, &b]).unwrap();
            let kept = |row: usize, column: usize| {
                if lower_half { row >= column } else { row <= column }
            };
            let triangle = Dense::new(order, order, |row, column| {
                if kept(row, column) { a_dense.at(row, column) } else { 0.0 }
            });
            let triangle = if transpose { triangle.t() } else { triangle };
            check_solution::<T>(&triangle, &b, &x);
        }
    }
}

/// |B - A X| in units of n |A| |X|.
fn check_solution<T: Float>(a: &Dense, b: &Block, x: &Block) {
    let (b, x) = (Dense::of::<T>(b), Dense::of::<T>(x));
    let unit = a.rows as f64 * a.norm() * x.norm() * T::ROUNDING;
    let residual = ratio(b.minus(&a.times(&x)).norm(), unit);
    assert!(residual <= RATIO_MAX, "order {}: {residual}", a.rows);
}

#[test]
fn cholesky_and_triangles_solve_graded_systems() {
    cholesky::<f64>();
    cholesky::<f32>();
}

/// Orders that are factorised panel by panel.
fn cholesky_in_panels<T: Float>() {
    for order in [513, 600] {
        let a = positive_definite::<T>(order);
        let l = Dense::of::<T>(
            &run(&Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 }), &[&a]).unwrap(),
        );
        assert!((0..order).all(|row| (row + 1..order).all(|column| l.at(row, column) == 0.0)));
        let a_dense = Dense::of::<T>(&a);
        let unit = order as f64 * a_dense.norm() * T::ROUNDING;
        let residual = ratio(a_dense.minus(&l.times(&l.t())).norm(), unit);
        assert!(residual <= RATIO_MAX, "order {order}: {residual}");
        for pivot in [0, 255, 256, order - 1] {
            let negative = |at: usize| {
                let one = f64::from(u8::from(at.is_multiple_of(order + 1)));
                if at == pivot * (order + 1) { -one } else { one }
            };
            let indefinite = block::<T>(&[order, order], negative);
            let refused =
                run(&Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 }), &[&indefinite])
                    .unwrap_err();
            assert_eq!(refused, KernelError::NotPositiveDefinite { pivot });
        }
    }
}

#[test]
fn cholesky_of_large_blocks() {
    cholesky_in_panels::<f64>();
    cholesky_in_panels::<f32>();
}

/// L with numbers above its diagonal that must not be read.
fn below_a_factor<T: Float>() {
    for (rows, order) in [(3, 0), (0, 3), (5, 1), (65, 64), (600, 197)] {
        let lower = run(
            &Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 }),
            &[&positive_definite::<T>(order)],
        );
        let l = Dense::of::<T>(&lower.unwrap());
        let spoilt = block::<T>(&[order, order], |at| {
            if at / order < at % order { f64::NAN } else { l.elements[at] }
        });
        let b = block::<T>(&[rows, order], scattered);
        let x =
            Dense::of::<T>(&run(&Op::Linalg(LinalgStep::CholeskyPanel), &[&spoilt, &b]).unwrap());
        let unit = order as f64 * l.norm() * x.t().norm() * T::ROUNDING;
        let residual = l.times(&x.t()).minus(&Dense::of::<T>(&b).t()).norm();
        assert!(ratio(residual, unit) <= RATIO_MAX, "{rows} x {order}: {}", ratio(residual, unit));
    }
}

/// Whole numbers, so that every order of summation gives the same.
fn downdates<T: Float>() {
    let whole = |at: usize| (scattered(at) * 16.0).round();
    for (rows, columns, inner) in [(0, 2, 3), (2, 3, 0), (5, 7, 1), (600, 530, 65)] {
        let a = block::<T>(&[rows, inner], whole);
        let b = block::<T>(&[columns, inner], |at| whole(at + 7));
        let c = block::<T>(&[rows, columns], |at| whole(at + 31));
        let op = Op::Linalg(LinalgStep::Downdate { symmetric: false });
        let found = Dense::of::<T>(&run(&op, &[&c, &a, &b]).unwrap());
        let [a_dense, b_dense, c_dense] = [&a, &b, &c].map(|block| Dense::of::<T>(block));
        assert_eq!(found.elements, c_dense.minus(&a_dense.times(&b_dense.t())).elements);
        let above = |at: usize| at / rows < at % rows;
        let square = block::<T>(&[rows, rows], |at| if above(at) { f64::NAN } else { whole(at) });
        let op = Op::Linalg(LinalgStep::Downdate { symmetric: true });
        let found = Dense::of::<T>(&run(&op, &[&square, &a]).unwrap());
        let expected = Dense::of::<T>(&square).minus(&a_dense.times(&a_dense.t()));
        for (at, (found, expected)) in found.elements.iter().zip(&expected.elements).enumerate() {
            assert!(found == expected || (above(at) && found.is_nan()), "{at}: {found}");
        }
    }
}

#[test]
fn the_other_blocks_of_a_cholesky_factor() {
    below_a_factor::<f64>();
    below_a_factor::<f32>();
    downdates::<f64>();
    downdates::<f32>();
}

#[test]
fn steps_of_a_factor_refuse_what_does_not_fit() {
    let spec = |lengths: &[usize]| BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
    let refuses = |step: LinalgStep, shapes: &[&[usize]]| {
        let specs: Vec<_> = shapes.iter().map(|lengths| spec(lengths)).collect();
        assert!(Op::Linalg(step).outputs(&specs.iter().collect::<Vec<_>>()).is_err(), "{shapes:?}");
    };
    let downdate = |symmetric| LinalgStep::Downdate { symmetric };
    let shapes: [&[&[usize]]; 5] = [
        &[&[2, 3], &[2, 4]],
        &[&[2, 3], &[2, 4], &[2, 4]],
        &[&[2, 3], &[2, 4], &[3, 5]],
        &[&[2, 3], &[2], &[3, 1]],
        &[&[2, 3, 1], &[2, 4], &[3, 4]],
    ];
    shapes.iter().for_each(|shapes| refuses(downdate(false), shapes));
    let shapes: [&[&[usize]]; 3] = [&[&[2, 3], &[2, 4]], &[&[3, 3], &[2, 4]], &[&[3, 3]]];
    shapes.iter().for_each(|shapes| refuses(downdate(true), shapes));
    let shapes: [&[&[usize]]; 4] =
        [&[&[3, 3], &[3, 4]], &[&[3, 2], &[4, 3]], &[&[3, 3], &[3]], &[&[3, 3]]];
    shapes.iter().for_each(|shapes| refuses(LinalgStep::CholeskyPanel, shapes));
    let refused = Op::Linalg(LinalgStep::CholeskyPanel)
        .outputs(&[&spec(&[3, 3]), &BlockSpec::new(DType::Float32, Shape::new([4, 3]).unwrap())]);
    assert!(refused.is_err());
}

fn general<T: Float>() {
    for order in SIZES {
        let a = block::<T>(&[order, order], scattered);
        let a_dense = Dense::of::<T>(&a);
        for lengths in [vec![order, 2], vec![order]] {
            let b = block::<T>(&lengths, |at| scattered(at + 31));
            let x = run(&Op::Linalg(LinalgStep::Solve), &[&a, &b]).unwrap();
            check_solution::<T>(&a_dense, &b, &x);
        }
        let inverse = Dense::of::<T>(&run(&Op::Linalg(LinalgStep::Inverse), &[&a]).unwrap());
        let unit = order as f64 * a_dense.norm() * inverse.norm() * T::ROUNDING;
        let residual = Dense::identity(order).minus(&a_dense.times(&inverse)).norm();
        assert!(ratio(residual, unit) <= RATIO_MAX, "order {order}: {}", ratio(residual, unit));
    }
}

#[test]
fn general_systems_and_inverses() {
    general::<f64>();
    general::<f32>();
}

#[test]
fn matrices_without_an_answer_are_errors() {
    let indefinite = block::<f64>(&[3, 3], |at| [4., 0., 0., 0., -1., 0., 0., 0., 1.][at]);
    let cholesky = Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 });
    let refused = run(&cholesky, &[&indefinite]).unwrap_err();
    assert_eq!(refused, KernelError::NotPositiveDefinite { pivot: 1 });
    for (before, pivot) in [(40, 41), (usize::MAX, usize::MAX)] {
        let later = Op::Linalg(LinalgStep::Cholesky { pivots_before: before });
        let refused = run(&later, &[&indefinite]).unwrap_err();
        assert_eq!(refused, KernelError::NotPositiveDefinite { pivot });
    }
    let singular = block::<f64>(&[2, 2], |_| 1.0);
    let side = block::<f64>(&[2], |_| 1.0);
    let refused = run(&Op::Linalg(LinalgStep::Solve), &[&singular, &side]).unwrap_err();
    assert_eq!(refused, KernelError::Singular { pivot: 1 });
    let refused = run(&Op::Linalg(LinalgStep::Inverse), &[&singular]).unwrap_err();
    assert_eq!(refused, KernelError::Singular { pivot: 1 });
    for (bad, index, pivot) in [(f64::NEG_INFINITY, 0, 0), (f64::INFINITY, 2, 1)] {
        let one = |at: usize| if at == 3 { 2.0 } else { 1.0 };
        let broken = block::<f64>(&[2, 2], |at| if at == index { bad } else { one(at) });
        let refused = run(&cholesky, &[&broken]).unwrap_err();
        assert_eq!(refused, KernelError::NotPositiveDefinite { pivot }, "{bad} at {index}");
    }
}

/// Products of vectors, by the gate of sums.
fn dots<T: Float>() {
    for len in [0, 1, 2, 127, 128, 129, 4099, 300_001, 1 << 20] {
        let left = block::<T>(&[len], |at| scattered(at) + 0.25);
        let right = block::<T>(&[len], |at| scattered(at + 7));
        let op = Op::MatMul { transpose_left: false, transpose_right: false, accumulate: false };
        let found = run(&op, &[&left, &right]).unwrap().elements::<T>()[0].to_f64();
        let [left, right] = [&left, &right].map(|block| Dense::of::<T>(block));
        let exact = left.t().times(&right).at(0, 0);
        let scale = left.absolute().t().times(&right.absolute()).at(0, 0);
        let error = ratio((found - exact).abs(), T::ROUNDING * scale);
        let bound = 2.0 * (len.max(1) as f64).log2().ceil() + 8.0;
        assert!(error <= bound, "{len}: {error}");
        // Far below the gate, as a chain is not.
        assert!(error <= 4.0, "{len}: {error}");
    }
}

#[test]
fn products_of_vectors_are_as_accurate_as_sums() {
    dots::<f64>();
    dots::<f32>();
}

fn householder<T: Float>() {
    // With a spread of 1e-15 the condition is about 1e15: a Gram matrix of these columns would be singular.
    for spread in [1.0, 1e-8, 1e-15] {
        for (rows, columns) in [(1, 1), (2, 2), (65, 3), (64, 64), (197, 40), (500, 20)] {
            let x = block::<T>(&[rows, columns], |at| {
                scattered(at / columns) + spread * scattered(at + 5)
            });
            let factor = Op::Qr(QrStep::Factor { q: true });
            let given = execute_with(&factor, vec![x.clone()], &Alone, &mut Buffer::zeroed);
            let [packed, q] = <[_; 2]>::try_from(given.unwrap()).unwrap().map(Arc::new);
            let r = Dense::of::<T>(&run(&Op::Qr(QrStep::Unpack), &[&packed]).unwrap());
            let q = Dense::of::<T>(&q);
            let x = Dense::of::<T>(&x);
            let unit = rows as f64 * T::ROUNDING;
            let residual = ratio(x.minus(&q.times(&r)).norm(), unit * x.norm());
            let orthogonality =
                ratio(Dense::identity(columns).minus(&q.t().times(&q)).norm(), unit);
            assert!(residual <= RATIO_MAX, "{rows} x {columns}, {spread}: {residual}");
            assert!(orthogonality <= RATIO_MAX, "{rows} x {columns}, {spread}: {orthogonality}");
        }
    }
}

#[test]
fn householder_stays_orthogonal_where_columns_almost_agree() {
    householder::<f64>();
    householder::<f32>();
}
