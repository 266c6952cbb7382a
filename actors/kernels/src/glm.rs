//! Newton's method for generalised linear models, block by block.

use crate::{Block, KernelError};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Conj, Mat, MatMut, MatRef, Par};
use nums_lshs::{GlmFamily, GlmStep};

/// Rows whose products are formed together: with 100 columns they fill 200 kB, which a second-level cache holds.
const TILE_ROWS: usize = 256;

/// Computes a step into `result`.
///
/// # Errors
/// [`KernelError::NotPositiveDefinite`] when an update has no unique solution.
pub(crate) fn step(
    step: GlmStep,
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    match step {
        GlmStep::Partial { family, curvature, .. } => {
            partial(family, curvature, inputs, result.elements_mut());
            Ok(())
        }
        GlmStep::Update { ridge, intercept } => {
            update(ridge.to_f64(), intercept, inputs, result.elements_mut())
        }
    }
}

/// Hessian (on demand), gradient, negative log-likelihood and number of rows, tile by tile: X is read once. Each tile
/// is summed alone before it is added, which keeps the rounding of long sums small.
fn partial(family: GlmFamily, curvature: bool, inputs: &[&Block], result: &mut [f64]) {
    let [x, y, beta] = [inputs[0], inputs[1], inputs[2]].map(Block::elements::<f64>);
    let (rows, columns) = (inputs[0].spec().shape[0], inputs[0].spec().shape[1]);
    let features = beta.len();
    let mut hessian = vec![0.0; if curvature { features * features } else { 0 }];
    let mut gradient = vec![0.0; features];
    let mut loss = 0.0;
    let mut scaled = vec![0.0; if curvature { TILE_ROWS.min(rows) * features } else { 0 }];
    let mut tile_gradient = vec![0.0; features];
    let (weights, intercept) = beta.split_at(columns);
    let intercept = intercept.first();
    for start in (0..rows).step_by(TILE_ROWS) {
        let count = TILE_ROWS.min(rows - start);
        tile_gradient.fill(0.0);
        let mut tile_loss = 0.0;
        for row in 0..count {
            let own = &x[(start + row) * columns..][..columns];
            let predictor = dot(own, weights) + intercept.unwrap_or(&0.0);
            let label = y[start + row];
            let [residual, weight, row_loss] = link(family, predictor, label);
            tile_loss += row_loss;
            let (slopes, rest) = tile_gradient.split_at_mut(columns);
            slopes.iter_mut().zip(own).for_each(|(sum, value)| *sum += value * residual);
            // The intercept's column of ones, where there is one.
            rest.iter_mut().for_each(|sum| *sum += residual);
            if curvature {
                let root = weight.sqrt();
                let (target, rest) = scaled[row * features..][..features].split_at_mut(columns);
                target.iter_mut().zip(own).for_each(|(scaled, value)| *scaled = value * root);
                rest.fill(root);
            }
        }
        loss += tile_loss;
        gradient.iter_mut().zip(&tile_gradient).for_each(|(sum, tile)| *sum += tile);
        if curvature {
            // H += (W^1/2 X)' (W^1/2 X), of which only the lower triangle is computed.
            let tile = MatRef::from_row_major_slice(&scaled[..count * features], count, features);
            triangular::matmul(
                MatMut::from_row_major_slice_mut(&mut hessian, features, features),
                BlockStructure::TriangularLower,
                Accum::Add,
                tile.transpose(),
                BlockStructure::Rectangular,
                tile,
                BlockStructure::Rectangular,
                1.0,
                Par::Seq,
            );
        }
    }
    // The packed upper triangle, row by row, is the lower one column by column.
    let packed = (0..if curvature { features } else { 0 })
        .flat_map(|column| (column..features).map(move |row| row * features + column))
        .map(|at| &hessian[at]);
    let scalars = [loss, rows as f64];
    let all = packed.chain(&gradient).chain(&scalars);
    result.iter_mut().zip(all).for_each(|(target, &value)| *target = value);
}

/// A product of vectors in eight running sums, so that it is vectorised; their order is fixed.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (left_lanes, left_rest) = left.as_chunks::<8>();
    let (right_lanes, right_rest) = right.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (left, right) in left_lanes.iter().zip(right_lanes) {
        let products = left.iter().zip(right).map(|(left, right)| left * right);
        sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest
}

/// The mean less the label, the weight, and the negative log-likelihood of one row, up to a constant.
fn link(family: GlmFamily, predictor: f64, label: f64) -> [f64; 3] {
    match family {
        GlmFamily::Normal => {
            let residual = predictor - label;
            [residual, 1.0, residual * residual / 2.0]
        }
        GlmFamily::Bernoulli => {
            // The power is never positive, so nothing overflows, and both tails keep their digits.
            let small = (-predictor.abs()).exp();
            let (near, far) = (1.0 / (1.0 + small), small / (1.0 + small));
            let [mean, complement] = if predictor < 0.0 { [far, near] } else { [near, far] };
            // mean - label, without a difference of nearly equal numbers where the label is 1.
            let residual = (1.0 - label) * mean - label * complement;
            let softplus = predictor.max(0.0) + small.ln_1p();
            [residual, mean * complement, softplus - label * predictor]
        }
        GlmFamily::Poisson => {
            let mean = predictor.exp();
            [mean - label, mean, mean - label * predictor]
        }
    }
}

/// beta - (H + ridge I)⁻¹ (g + ridge beta), by Cholesky, with no ridge at an intercept.
fn update(
    ridge: f64,
    intercept: bool,
    inputs: &[&Block],
    result: &mut [f64],
) -> Result<(), KernelError> {
    let [sum, beta] = [inputs[0], inputs[1]].map(Block::elements::<f64>);
    let features = beta.len();
    let ridge = |row: usize| if intercept && row + 1 == features { 0.0 } else { ridge };
    let mut packed = sum.iter().copied();
    let mut hessian = Mat::<f64>::zeros(features, features);
    for row in 0..features {
        for column in row..features {
            // Cholesky reads the lower triangle.
            hessian[(column, row)] = packed.next().unwrap_or(0.0);
        }
        hessian[(row, row)] += ridge(row);
    }
    let gradient: Vec<f64> = packed.take(features).collect();
    let mut step = Mat::from_fn(features, 1, |row, _| gradient[row] + ridge(row) * beta[row]);
    let scratch =
        llt::factor::cholesky_in_place_scratch::<f64>(features, Par::Seq, Default::default())
            .or(llt::solve::solve_in_place_scratch::<f64>(features, 1, Par::Seq));
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    llt::factor::cholesky_in_place(
        hessian.as_mut(),
        Default::default(),
        Par::Seq,
        stack,
        Default::default(),
    )
    .map_err(|error| match error {
        faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index } => {
            KernelError::NotPositiveDefinite { pivot: index }
        }
    })?;
    llt::solve::solve_in_place_with_conj(
        hessian.as_ref(),
        Conj::No,
        step.as_mut(),
        Par::Seq,
        MemStack::new(&mut memory),
    );
    for (row, target) in result.iter_mut().enumerate() {
        *target = beta[row] - step[(row, 0)];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{Block, Buffer, KernelError, execute};
    use nums_lshs::{BinaryOp, BlockSpec, Constant, DType, GlmFamily, GlmStep, Op, Program, Shape};
    use std::sync::Arc;

    fn block(lengths: &[usize], elements: impl Fn(usize) -> f64) -> Arc<Block> {
        let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed);
        let all = block.elements_mut::<f64>().iter_mut().enumerate();
        all.for_each(|(index, element)| *element = elements(index));
        Arc::new(block)
    }

    fn run(op: &Op, inputs: &[&Arc<Block>]) -> Result<Arc<Block>, KernelError> {
        let inputs = inputs.iter().map(|input| Arc::clone(input)).collect();
        execute(op, inputs, &mut Buffer::zeroed).map(Arc::new)
    }

    /// One Newton step from two blocks of rows.
    fn newton(
        family: GlmFamily,
        intercept: bool,
        ridge: f64,
        rows: [&[&Arc<Block>; 2]; 2],
        beta: &Arc<Block>,
    ) -> Result<Arc<Block>, KernelError> {
        let partial = Op::Glm(GlmStep::Partial { family, intercept, curvature: true });
        let [upper, lower] = rows.map(|[x, y]| run(&partial, &[x, y, beta]).unwrap());
        let sum = run(&Op::Map(Program::binary(BinaryOp::Add, DType::Float64)), &[&upper, &lower])?;
        let update = GlmStep::Update { ridge: Constant::float64(ridge), intercept };
        run(&Op::Glm(update), &[&sum, beta])
    }

    #[test]
    fn linear_regression_is_solved_in_one_step() {
        // y = 2 a - 3 b + 5 exactly, in blocks of 300 and 7 rows: more than a tile, and less.
        let feature = |at: usize| (at as f64 * 0.618_033_988_749_895).fract();
        let x = |start: usize| move |at: usize| feature(start * 2 + at);
        let y = |start: usize| {
            move |row: usize| {
                2.0 * feature((start + row) * 2) - 3.0 * feature((start + row) * 2 + 1) + 5.0
            }
        };
        let rows = [
            [&block(&[300, 2], x(0)), &block(&[300], y(0))],
            [&block(&[7, 2], x(300)), &block(&[7], y(300))],
        ];
        let start = block(&[3], |_| 0.25);
        let beta = newton(GlmFamily::Normal, true, 0.0, [&rows[0], &rows[1]], &start).unwrap();
        for (found, wanted) in beta.elements::<f64>().iter().zip([2.0, -3.0, 5.0]) {
            assert!((found - wanted).abs() < 1e-10, "{found} {wanted}");
        }
    }

    #[test]
    fn newton_steps_reach_the_optimum_of_logistic_and_poisson_regression() {
        for family in [GlmFamily::Bernoulli, GlmFamily::Poisson] {
            let x = block(&[40, 2], |at| (at as f64 * 0.754_877_666_246_693).fract() - 0.5);
            let y = block(&[40], |row| f64::from(u8::from(row % 3 == 0)));
            let mut beta = block(&[3], |_| 0.0);
            let rows = [&x, &y];
            for _ in 0..12 {
                beta = newton(family, true, 0.5, [&rows, &rows], &beta).unwrap();
            }
            // At the optimum the gradient of the penalised likelihood vanishes.
            let partial = Op::Glm(GlmStep::Partial { family, intercept: true, curvature: false });
            let sum = run(&partial, &[&x, &y, &beta]).unwrap();
            for (at, beta) in beta.elements::<f64>().iter().enumerate() {
                let penalty = if at == 2 { 0.0 } else { 0.5 * beta };
                let gradient = 2.0 * sum.elements::<f64>()[at] + penalty;
                assert!(gradient.abs() < 1e-9, "{family:?} {gradient}");
            }
        }
    }

    #[test]
    fn far_predictors_have_finite_losses() {
        let family = GlmFamily::Bernoulli;
        let partial = GlmStep::Partial { family, intercept: false, curvature: true };
        let partial = Op::Glm(partial);
        let (x, y) = (block(&[2, 1], |at| [1e4, -1e4][at]), block(&[2], |at| [0.0, 1.0][at]));
        let sum = run(&partial, &[&x, &y, &block(&[1], |_| 1.0)]).unwrap();
        assert_eq!(sum.elements::<f64>(), [0.0, 2e4, 2e4, 2.0]);
    }

    #[test]
    fn a_singular_hessian_is_an_error_with_its_pivot() {
        // Two equal columns of sixteen ones: H is 16 everywhere, and Cholesky is exact.
        let (x, y) = (block(&[8, 2], |_| 1.0), block(&[8], |_| 1.0));
        let beta = block(&[2], |_| 0.0);
        let rows = [&x, &y];
        let refused = newton(GlmFamily::Normal, false, 0.0, [&rows, &rows], &beta);
        assert_eq!(refused.unwrap_err(), KernelError::NotPositiveDefinite { pivot: 1 });
        assert!(newton(GlmFamily::Normal, false, 1.0, [&rows, &rows], &beta).is_ok());
    }
}
