//! Passes over memory: what is bound by how fast elements stream and move.

use crate::{Outcome, Run, number, uniform};
use ndarray::Axis;
use nums::{DistArray, Grid, Index, Layout, PlaceMap, Session, Shape};

/// Row blocks, and column blocks, of a redistribution.
const SLABS: usize = 16;

pub(crate) fn fused(session: &Session, n: usize) -> Outcome<Run> {
    let arrays = (1..=4).map(|key| uniform(session, key, &[n])).collect::<Outcome<Vec<_>>>()?;
    let [a, b, c, d]: [DistArray; 4] = arrays.try_into().map_err(|_| "four arrays")?;
    Ok(Box::new(move || {
        // A name of its own: what a statement makes on its way is held, and so kept, until the statement ends.
        let sum = ((&a * &b + &c) / ((-&d).exp() + 1.0)).sum();
        number(&sum)
    }))
}

/// The blocks of one result are free when the next one is computed, as those of a local array would be.
pub(crate) fn add(session: &Session, n: usize) -> Outcome<Run> {
    let (x, y) = (uniform(session, 1, &[n])?, uniform(session, 2, &[n])?);
    Ok(Box::new(move || {
        let sum = &x + &y;
        sum.eval().wait()?;
        ends(&sum, n)
    }))
}

pub(crate) fn sort(session: &Session, n: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[n])?;
    Ok(Box::new(move || {
        let sorted = x.sort(0)?;
        sorted.eval().wait()?;
        ends(&sorted, n)
    }))
}

pub(crate) fn moments(session: &Session, rows: usize, columns: usize, axis: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[rows, columns])?;
    let session = session.clone();
    Ok(Box::new(move || {
        let (mean, std) = (x.mean_axis(Axis(axis))?, x.std_axis(Axis(axis), 0)?);
        session.eval(&[&mean, &std]).wait()?;
        Ok(number(&mean)? + number(&std)?)
    }))
}

pub(crate) fn transpose(session: &Session, n: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[n, n])?;
    Ok(Box::new(move || {
        let sum = &x + &x.t();
        sum.eval().wait()?;
        corners(&sum, n)
    }))
}

pub(crate) fn redistribute(session: &Session, n: usize) -> Outcome<Run> {
    let (slab, shape) = (n.div_ceil(SLABS), Shape::new([n, n])?);
    let layout = |counts: [usize; 2]| Layout::new(session.places(), &counts, PlaceMap::Contiguous);
    let rows = (Grid::uniform(&shape, &[slab, n]), layout([SLABS, 1]));
    let columns = (Grid::uniform(&shape, &[n, slab]), layout([1, SLABS]));
    let x = session.random(1).random(&[n, n])?.redistribute(&rows.0, &rows.1)?;
    x.eval().wait()?;
    Ok(Box::new(move || {
        let moved = x.redistribute(&columns.0, &columns.1)?;
        moved.eval().wait()?;
        corners(&moved, n)
    }))
}

/// The first, the middle and the last element of a vector, added.
fn ends(array: &DistArray, n: usize) -> Outcome<f64> {
    total([0, n / 2, n - 1].map(|index| array.index(&[Index::At(index as isize)])))
}

/// Three elements of a matrix, added.
fn corners(array: &DistArray, n: usize) -> Outcome<f64> {
    let last = n as isize - 1;
    let at = [[0, last], [(n / 2) as isize, 1], [last, last]];
    total(at.map(|[row, column]| array.index(&[Index::At(row), Index::At(column)])))
}

fn total(elements: [Result<DistArray, nums::Error>; 3]) -> Outcome<f64> {
    let pending = elements.map(|element| element.map(|element| element.fetch::<f64>()));
    pending.into_iter().map(|element| Ok(element?.wait()?.sum())).sum()
}
