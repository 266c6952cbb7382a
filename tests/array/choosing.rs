//! Elements that lists, masks and their order choose.

use crate::harness::{check, check_error};
use ndarray::{Array2, ArrayD, Axis, IxDyn, array};

fn local() -> Array2<i64> {
    Array2::from_shape_vec((10, 7), (0..70).map(|x| x * 37 % 71).collect()).unwrap()
}

#[test]
fn lists_of_indices() {
    let x = local();
    for (axis, list) in [(0, &[3_isize, -1, 3, 0, 9][..]), (1, &[6, 0]), (0, &[])] {
        let len = x.len_of(Axis(axis)) as isize;
        let own: Vec<_> = list.iter().map(|&index| index.rem_euclid(len) as usize).collect();
        let expected = x.select(Axis(axis), &own).into_dyn();
        check(&format!("{list:?}"), &expected, &|session| {
            session.from_ndarray(&x)?.take(list, axis as isize)
        });
    }
    check_error("index 10 is out of bounds for axis 0 with size 10", &|session| {
        session.from_ndarray(&x)?.take(&[0, 10], 0)
    });
}

#[test]
fn masks() {
    let x = local();
    let even: Vec<_> = x.iter().copied().filter(|x| x % 2 == 0).collect();
    check("x[x % 2 == 0]", &ndarray::arr1(&even).into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.compress(&(&x % 2).equal(0)).wait()
    });
    let rows: Vec<_> = (0..10).filter(|&row| x[[row, 2]] > 30).collect();
    check("x[x[:, 2] > 30]", &x.select(Axis(0), &rows).into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        let column = x.slice(ndarray::s![.., 2])?;
        let rows = x.compress(&column.greater(30)).wait()?;
        // Its blocks have any lengths, and meet others all the same.
        rows.try_add(session.full(&rows.shape(), 0)?)
    });
    check("none", &ArrayD::<i64>::zeros(IxDyn(&[0, 7])), &|session| {
        let x = session.from_ndarray(&x)?;
        x.compress(&session.full(&[10], false)?).wait()
    });
    check("a scalar", &array![3_i64].into_dyn(), &|session| {
        session.full(&[], 3)?.compress(&session.full(&[], true)?).wait()
    });
    check_error("mask: shapes (10, 7) and (7,) do not match", &|session| {
        session.from_ndarray(&x)?.compress(&session.full(&[7], true)?).wait()
    });
}

#[test]
fn orders() {
    let x = local();
    for axis in [0, 1] {
        let mut sorted = x.clone();
        for mut lane in sorted.lanes_mut(Axis(axis)) {
            let mut elements = lane.to_vec();
            elements.sort_unstable();
            lane.assign(&ndarray::arr1(&elements));
        }
        check("sort", &sorted.clone().into_dyn(), &|session| {
            session.from_ndarray(&x)?.sort(axis as isize)
        });
        let mut order = x.clone();
        for (mut lane, elements) in order.lanes_mut(Axis(axis)).into_iter().zip(x.lanes(Axis(axis)))
        {
            let mut indices: Vec<_> = (0..elements.len()).collect();
            indices.sort_by_key(|&index| elements[index]);
            lane.iter_mut().zip(indices).for_each(|(to, index)| *to = index as i64);
        }
        check("argsort", &order.into_dyn(), &|session| {
            session.from_ndarray(&x)?.argsort(axis as isize - 2)
        });
    }
    let last = array![-1.0, f64::NEG_INFINITY, f64::NAN, 2.0, f64::NAN, f64::INFINITY];
    let sorted = [f64::NEG_INFINITY, -1.0, 2.0, f64::INFINITY, f64::NAN, f64::NAN];
    check("NaN last", &ndarray::arr1(&sorted).into_dyn(), &|session| {
        session.from_ndarray(&last)?.sort(0)
    });
    let line: Vec<i64> = (0..1234).map(|at| at * 7919 % 1009).collect();
    let mut sorted = line.clone();
    sorted.sort_unstable();
    check("a line in many blocks", &ndarray::arr1(&sorted).into_dyn(), &|session| {
        session.from_ndarray(&ndarray::arr1(&line))?.sort(0)
    });
    // NumPy: np.searchsorted([1, 3, 3, 5], [0, 3, 6], side="right")
    check("searchsorted", &array![0_i64, 3, 4].into_dyn(), &|session| {
        let line = session.from_ndarray(&array![1_i64, 3, 3, 5])?;
        line.searchsorted(&session.from_ndarray(&array![0.0, 3.0, 6.0])?, true)
    });
    check_error("axis 2 is out of bounds for array of dimension 2", &|session| {
        session.from_ndarray(&x)?.sort(2)
    });
}
