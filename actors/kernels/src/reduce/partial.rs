//! Partial results of several numbers: how two meet, and what they give in the end.

use crate::Block;
use crate::elementwise::{view, view_mut};
use nums_lshs::PartialStep;

/// Computes a step into `result`.
pub(crate) fn step(step: PartialStep, inputs: &[&Block], result: &mut Block) {
    let out = result.bytes_mut();
    match step {
        PartialStep::JoinMoments => {
            join_moments(view(inputs[0].bytes()), view(inputs[1].bytes()), view_mut(out));
        }
        PartialStep::JoinExtremes => {
            join_extremes(view(inputs[0].bytes()), view(inputs[1].bytes()), view_mut(out));
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

/// The numbers of a partial result, which lie one behind the other.
fn planes<T, const COUNT: usize>(all: &[T]) -> [&[T]; COUNT] {
    let len = all.len() / COUNT;
    std::array::from_fn(|plane| &all[plane * len..][..len])
}

/// Source: Chan, Golub, LeVeque, 1982, equations 2.1.
fn join_moments(left: &[f64], right: &[f64], out: &mut [f64]) {
    let [left_counts, left_means, left_squares] = planes(left);
    let [right_counts, right_means, right_squares] = planes(right);
    let len = left_counts.len();
    let (counts, rest) = out.split_at_mut(len);
    let (means, squares) = rest.split_at_mut(len);
    for at in 0..len {
        let count = left_counts[at] + right_counts[at];
        let share = if count == 0.0 { 0.0 } else { right_counts[at] / count };
        let difference = right_means[at] - left_means[at];
        counts[at] = count;
        means[at] = left_means[at] + difference * share;
        squares[at] = left_squares[at]
            + right_squares[at]
            + difference * difference * (left_counts[at] * share);
    }
}

fn join_extremes(left: &[i64], right: &[i64], out: &mut [i64]) {
    let [left_keys, left_indices] = planes(left);
    let [right_keys, right_indices] = planes(right);
    let len = left_keys.len();
    let (keys, indices) = out.split_at_mut(len);
    for at in 0..len {
        // The higher key, and the lower index among equal keys.
        let left_rank = (left_keys[at], std::cmp::Reverse(left_indices[at]));
        let right_rank = (right_keys[at], std::cmp::Reverse(right_indices[at]));
        let (key, std::cmp::Reverse(index)) = left_rank.max(right_rank);
        (keys[at], indices[at]) = (key, index);
    }
}
