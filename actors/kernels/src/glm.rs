//! Newton's method for generalised linear models, block by block.

mod link;
mod partial;
mod update;

use crate::crew::Crew;
use crate::{Block, KernelError};
use nums_lshs::GlmStep;

/// Computes a step into `result`.
///
/// # Errors
/// [`KernelError::NotPositiveDefinite`] when an update has no unique solution, and [`KernelError::OutOfMemory`].
pub(crate) fn step(
    step: GlmStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    match step {
        GlmStep::Partial { family, curvature, .. } => {
            Ok(partial::partial(family, curvature, inputs, crew, result.elements_mut())?)
        }
        GlmStep::Update { ridge, intercept } => {
            update::update(ridge.to_f64(), intercept, inputs, result.elements_mut())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Block, Buffer, KernelError, execute};
    use nums_lshs::{BinaryOp, BlockSpec, Constant, DType, GlmFamily, GlmStep, Op, Program, Shape};
    use std::sync::Arc;

    fn block(lengths: &[usize], elements: impl Fn(usize) -> f64) -> Arc<Block> {
        let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
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
