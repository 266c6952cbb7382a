//! Other shapes, orders of axes and cuts of the same elements.

use crate::harness::{check, check_error};
use ndarray::{Array, ArrayD, Axis, IxDyn};
use nums::{DistArray, Error, Grid, Layout, PlaceMap, Session, Shape};

fn local(shape: &[usize]) -> ArrayD<i64> {
    let elements = (0..).take(shape.iter().product());
    ArrayD::from_shape_vec(IxDyn(shape), elements.collect()).unwrap()
}

#[test]
fn what_goes_up_comes_down() {
    for shape in [&[][..], &[1], &[0], &[7], &[10, 7], &[3, 0, 2], &[4, 5, 3], &[1, 1, 9, 1]] {
        let x = local(shape);
        check(&format!("{shape:?}"), &x, &|session| session.from_ndarray(&x));
        let (narrow, flags) =
            (x.mapv(|element| element as f32), x.mapv(|element| element % 3 == 0));
        check(&format!("{shape:?}"), &narrow, &|session| session.from_ndarray(&narrow));
        check(&format!("{shape:?}"), &flags, &|session| session.from_ndarray(&flags));
        check(&format!("{shape:?} transposed"), &x.t().to_owned(), &|session| {
            session.from_ndarray(&x.t())
        });
    }
}

#[test]
fn reshapes() {
    let x = local(&[4, 5, 3]);
    for shape in [&[60][..], &[-1, 4], &[2, 2, -1], &[4, 1, 5, 1, 3, 1], &[3, 5, 4]] {
        let expected = x.to_shape(shape_of(shape, 60)).unwrap().to_owned();
        check(&format!("{shape:?}"), &expected, &|session| {
            session.from_ndarray(&x)?.reshape(shape)
        });
    }
    check("ravel", &x.flatten().into_dyn().to_owned(), &|session| {
        Ok(session.from_ndarray(&x)?.ravel())
    });
    let thin = local(&[1, 4, 1]);
    check("squeeze", &local(&[4]), &|session| session.from_ndarray(&thin)?.squeeze());
    check("squeeze_axis", &local(&[1, 4]), &|session| {
        session.from_ndarray(&thin)?.squeeze_axis(&[-1])
    });
    check("expand_dims", &local(&[1, 4, 1]), &|session| {
        session.from_ndarray(&local(&[4]))?.expand_dims(&[0, 2])
    });
    let empty = local(&[0, 4]);
    check("empty", &local(&[2, 0, 2]), &|session| {
        session.from_ndarray(&empty)?.reshape(&[2, 0, 2])
    });
    check_error("cannot reshape array of size 60 into shape [7, -1]", &|session| {
        session.from_ndarray(&x)?.reshape(&[7, -1])
    });
    check_error("cannot squeeze axis 1: expected length 1, got 4", &|session| {
        session.from_ndarray(&thin)?.squeeze_axis(&[1])
    });
}

fn shape_of(shape: &[isize], size: usize) -> Vec<usize> {
    let known: usize = shape.iter().filter(|&&len| len > 0).map(|&len| len as usize).product();
    shape.iter().map(|&len| usize::try_from(len).unwrap_or(size / known)).collect()
}

#[test]
fn orders_of_axes() {
    let x = local(&[4, 5, 3]);
    check("t", &x.t().to_owned(), &|session| Ok(session.from_ndarray(&x)?.t()));
    for order in [[0, 1, 2], [2, 0, 1], [1, 0, 2]] {
        let expected = x.view().permuted_axes(IxDyn(&order)).to_owned();
        check(&format!("{order:?}"), &expected, &|session| {
            session.from_ndarray(&x)?.try_permuted_axes(&order)
        });
    }
    let mut swapped = x.clone();
    swapped.swap_axes(0, 2);
    check("swapaxes", &swapped, &|session| session.from_ndarray(&x)?.swapaxes(0, -1));
    // NumPy: np.moveaxis(x, [0, 1], [-1, 0]) has the axes 1, 2, 0.
    let moved = x.view().permuted_axes(IxDyn(&[1, 2, 0])).to_owned();
    check("moveaxis", &moved, &|session| session.from_ndarray(&x)?.moveaxis(&[0, 1], &[-1, 0]));
    check_error("axis 0 is given twice", &|session| {
        session.from_ndarray(&x)?.try_permuted_axes(&[0, 0, 1])
    });
    check_error("axis 3 is out of bounds for array of dimension 3", &|session| {
        session.from_ndarray(&x)?.swapaxes(0, 3)
    });
}

#[test]
fn stretched_arrays() {
    let x = local(&[3, 1]);
    let expected = x.broadcast(IxDyn(&[2, 3, 4])).unwrap().to_owned();
    check("broadcast_to", &expected, &|session| session.from_ndarray(&x)?.broadcast_to(&[2, 3, 4]));
    check("a scalar", &ArrayD::<i64>::zeros(IxDyn(&[3, 3])), &|session| {
        session.full(&[], 0)?.broadcast_to(&[3, 3])
    });
    check("to nothing", &local(&[0, 3, 1]), &|session| {
        session.from_ndarray(&x)?.broadcast_to(&[0, 3, 1])
    });
    check_error("operands could not be broadcast together with shapes (3, 1) (2, 4)", &|session| {
        session.from_ndarray(&x)?.broadcast_to(&[2, 4])
    });
    let y = local(&[2, 3]);
    let twice = ndarray::concatenate(Axis(1), &[y.view(), y.view()]).unwrap();
    check("tile", &twice, &|session| session.from_ndarray(&y)?.tile(&[2]));
    let rows: Vec<_> = [0, 0, 1, 1].map(|row| y.index_axis(Axis(0), row)).into();
    let repeated = ndarray::stack(Axis(0), &rows).unwrap();
    check("repeat", &repeated, &|session| session.from_ndarray(&y)?.repeat(2, 0));
}

#[test]
fn other_cuts_and_places() {
    let x = local(&[10, 7]);
    for block in [[3, 7], [1, 2], [100, 100]] {
        check(&format!("{block:?}"), &x, &|session| session.from_ndarray(&x)?.rechunk(&block));
    }
    check("cyclic", &x, &|session| redistributed(&session.from_ndarray(&x)?, session));
    check("used after", &(&x + &x), &|session| {
        let x = session.from_ndarray(&x)?;
        redistributed(&x, session)?.try_add(&x)
    });
    check_error(
        "invalid block shape [3] for an array of shape (10, 7): expected one positive length for each axis",
        &|session| session.from_ndarray(&x)?.rechunk(&[3]),
    );
    check_error(
        "expected a grid of shape (10, 7) and a layout of 2 axes on 64 places, got a grid of shape (10, 7) \
         and a layout of 1 axes on 64 places",
        &|session| {
            let x = session.from_ndarray(&x)?;
            let grid = x.grid().clone();
            x.redistribute(&grid, &Layout::new(64, &[2], PlaceMap::Cyclic))
        },
    );
}

fn redistributed(x: &DistArray, session: &Session) -> Result<DistArray, Error> {
    let grid = Grid::uniform(&Shape::new(x.shape())?, &[2, 3]);
    x.redistribute(&grid, &Layout::new(session.places(), &[4, 2], PlaceMap::Cyclic))
}

/// A node sends what another one is missing and no more.
#[test]
fn a_redistribution_moves_the_missing_parts_alone() {
    let session = Session::builder().nodes(2).block_bytes_min(8).embedded().unwrap();
    let x = session.from_ndarray(&Array::from_elem((8, 8), 1.0)).unwrap();
    let grid = Grid::uniform(&Shape::new([8, 8]).unwrap(), &[4, 8]);
    let halves = Layout::new(session.places(), &[2, 1], PlaceMap::Contiguous);
    let rows = x.redistribute(&grid, &halves).unwrap();
    rows.eval().wait().unwrap();
    let columns = Grid::uniform(&Shape::new([8, 8]).unwrap(), &[8, 4]);
    let sides = Layout::new(session.places(), &[1, 2], PlaceMap::Contiguous);
    let before = session.plans().wait().unwrap().len();
    rows.redistribute(&columns, &sides).unwrap().eval().wait().unwrap();
    let plans = session.plans().wait().unwrap();
    let moved = |measured: fn(&nums::Measured) -> u64| {
        plans[before..]
            .iter()
            .flat_map(|plan| &plan.nodes)
            .map(|(_, _, cost)| measured(cost))
            .sum::<u64>()
    };
    // Each node keeps a quarter of the array and receives another one.
    assert_eq!(moved(|cost| cost.bytes_in), 2 * 4 * 4 * 8);
}

/// Blocks that are put together from parts of others receive these parts and no more.
#[test]
fn other_cuts_move_parts_of_blocks() {
    let session = Session::builder().nodes(2).places(2).block_bytes_min(8).embedded().unwrap();
    let x = session.from_ndarray(&Array::from_elem((8, 8), 1.0)).unwrap().rechunk(&[4, 8]).unwrap();
    x.eval().wait().unwrap();
    let before = session.plans().wait().unwrap().len();
    x.rechunk(&[8, 4]).unwrap().eval().wait().unwrap();
    let plans = session.plans().wait().unwrap();
    let moved = plans[before].nodes.iter().map(|(_, _, cost)| cost.bytes_in);
    assert_eq!(moved.sum::<u64>(), 2 * 4 * 4 * 8);
}
