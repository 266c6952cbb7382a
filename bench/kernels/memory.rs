//! The memory bandwidth of one thread, by loops that do nothing else.

use super::report::Report;
use std::hint::black_box;

/// Elements of each array: 64 MiB, which no cache here holds.
pub(crate) const LEN: usize = 1 << 23;

/// Prints copy, triad and sum, and gives the bytes a second of the triad.
pub(crate) fn bandwidth(report: &mut Report) -> f64 {
    let (b, c) = (vec![1.5_f64; LEN], vec![2.5_f64; LEN]);
    let mut a = vec![0.5_f64; LEN];
    let bytes = size_of_val(&a[..]) as u64;
    report.bandwidth("bandwidth: copy", 2 * bytes, || {
        black_box(&mut a).copy_from_slice(black_box(&b))
    });
    report.bandwidth("bandwidth: sum", bytes, || {
        black_box(sum(black_box(&b)));
    });
    report.bandwidth("bandwidth: triad", 3 * bytes, || {
        triad(black_box(&mut a), black_box(&b), black_box(&c));
    })
}

fn triad(a: &mut [f64], b: &[f64], c: &[f64]) {
    a.iter_mut().zip(b.iter().zip(c)).for_each(|(a, (b, c))| *a = b + 3.0 * c);
}

/// In 16 lanes: one chain of additions would wait for itself.
fn sum(b: &[f64]) -> f64 {
    let mut lanes = [0.0; 16];
    for chunk in b.as_chunks::<16>().0 {
        lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane += x);
    }
    lanes.iter().sum()
}
