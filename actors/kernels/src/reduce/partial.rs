//! Partial results of several numbers: how two meet, and what they give in the end.

use super::panels::{planes, planes_mut};
use super::{extreme, moments};
use crate::Block;
use crate::elementwise::{view, view_mut};
use nums_lshs::PartialStep;

/// Computes a step into `result`.
pub(crate) fn step(step: PartialStep, inputs: &[&Block], result: &mut Block) {
    let out = result.bytes_mut();
    match step {
        PartialStep::JoinMoments => {
            let [left, right] = [inputs[0], inputs[1]].map(|input| view::<f64>(input.bytes()));
            let out = view_mut(out);
            out.copy_from_slice(left);
            moments::join(planes_mut(out), planes(right));
        }
        PartialStep::JoinExtremes => {
            let [left, right] = [inputs[0], inputs[1]].map(|input| view::<i64>(input.bytes()));
            let out = view_mut(out);
            out.copy_from_slice(left);
            extreme::join(planes_mut(out), planes(right));
        }
        PartialStep::Variance { ddof } => {
            let [counts, _, squares] = planes(view::<f64>(inputs[0].bytes()));
            let moments = counts.iter().zip(squares);
            for (out, (count, squares)) in view_mut::<f64>(out).iter_mut().zip(moments) {
                *out = squares / (count - f64::from(ddof)).max(0.0);
            }
        }
        PartialStep::Index => {
            let [_, indices] = planes(view::<i64>(inputs[0].bytes()));
            view_mut(out).copy_from_slice(indices);
        }
    }
}
