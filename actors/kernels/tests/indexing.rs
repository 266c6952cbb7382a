//! Choosing, replacing, joining and sorting elements gives what plain loops over whole arrays give, for any cuts.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::Run;
use nums_kernels::{Alone, Block, Buffer, Element, KernelError, execute, execute_with};
use nums_lshs::array_op::{self, ArrayOp, ArraySpec, BlockArray, Builder, Selection, TakeAlong};
use nums_lshs::{BlockSpec, DType, Grid, IndexStep, Op, Shape, SortStep};
use std::sync::Arc;

const ROWS: [&[usize]; 3] = [&[0, 7], &[0, 3, 5, 7], &[0, 1, 1, 6, 7]];
const COLUMNS: [&[usize]; 2] = [&[0, 5], &[0, 2, 4, 5]];

fn cuts() -> impl Iterator<Item = [&'static [usize]; 2]> {
    ROWS.into_iter().flat_map(|rows| COLUMNS.into_iter().map(move |columns| [rows, columns]))
}

fn selection(start: usize, step: isize, len: usize) -> Selection {
    Selection { start, step, len }
}

fn index(selection: &Selection, at: usize) -> usize {
    selection.start.checked_add_signed(selection.step * at as isize).unwrap()
}

/// The array that a builder adds, computed.
fn built<T: Element>(
    run: &mut Run,
    build: impl FnOnce(&mut nums_lshs::TaskGraph, nums_lshs::ArrayId) -> BlockArray,
) -> Vec<T> {
    let array = run.graph.next_array();
    let result = build(&mut run.graph, array);
    run.compute();
    run.elements(&result)
}

#[test]
fn assignment_replaces_a_box_by_a_stretched_value() {
    let boxes = [
        [selection(0, 1, 7), selection(0, 1, 5)],
        [selection(1, 2, 3), selection(4, -2, 3)],
        [selection(6, -1, 7), selection(2, 1, 1)],
        [selection(3, 1, 0), selection(0, 1, 5)],
        [selection(6, -3, 3), selection(1, 3, 2)],
    ];
    for cuts in cuts() {
        for selections in &boxes {
            let lengths = [selections[0].len, selections[1].len];
            for (rows, columns) in [(lengths[0], lengths[1]), (1, lengths[1]), (lengths[0], 1)] {
                let mut run = Run::new(3);
                let base = run.source(&cuts, |at| at as i32);
                let value_cuts: [&[usize]; 2] = [&[0, rows.min(2), rows], &[0, columns]];
                let value = run.source(&value_cuts, |at| 100 + at as i32);
                let found: Vec<i32> = built(&mut run, |graph, array| {
                    array_op::assign(graph, array, &base, selections, &value).unwrap()
                });
                let mut expected: Vec<i32> = (0..35).collect();
                for row in 0..lengths[0] {
                    for column in 0..lengths[1] {
                        let at = index(&selections[0], row) * 5 + index(&selections[1], column);
                        let from = (row % rows.max(1)) * columns + column % columns.max(1);
                        expected[at] = 100 + from as i32;
                    }
                }
                assert_eq!(found, expected, "{cuts:?} {selections:?} {rows} x {columns}");
            }
        }
    }
    let mut run = Run::new(1);
    let (base, value) = (run.source(&cuts().next().unwrap(), |_| false), run.source(&[], |_| true));
    let all = [Selection::all(7), Selection::all(5)];
    let found: Vec<bool> = built(&mut run, |graph, array| {
        array_op::assign(graph, array, &base, &all, &value).unwrap()
    });
    assert_eq!(found, [true; 35]);
}

#[test]
fn an_axis_is_stretched_when_it_arrives() {
    for rows in ROWS {
        let mut run = Run::new(3);
        let column = run.source(&[rows, &[0, 1]], |at| at as f32);
        let grid = Grid::from_bounds(vec![vec![0, 4, 7], vec![0, 1, 3]]).unwrap();
        let spec = ArraySpec::with_grid(DType::Float32, grid.clone(), 3);
        let stretched = [Selection::all(7), selection(0, 0, 3)];
        let found: Vec<f32> = built(&mut run, |graph, array| {
            array_op::gather(graph, array, &column, &stretched, &grid, &spec).unwrap()
        });
        assert_eq!(found, (0..21).map(|at| (at / 3) as f32).collect::<Vec<_>>());
    }
}

#[test]
fn lists_of_indices_take_rows_and_columns() {
    for cuts in cuts() {
        for (axis, indices) in [
            (0, vec![6, 0, 0, 3, 5, 1, 2, 4, 6, 6]),
            (0, vec![2]),
            (0, vec![]),
            (1, vec![4, 3, 2, 1, 0]),
        ] {
            let mut run = Run::new(4);
            let x = run.source(&cuts, |at| at as i64);
            let spec = x.spec.taken(axis, indices.len()).unwrap();
            let found: Vec<i64> = built(&mut run, |graph, array| {
                array_op::take(graph, array, &x, axis, &indices, &spec).unwrap()
            });
            let expected: Vec<i64> = match axis {
                0 => indices
                    .iter()
                    .flat_map(|row| (0..5).map(move |at| row * 5 + at))
                    .map(|at| at as i64)
                    .collect(),
                _ => (0..7)
                    .flat_map(|row| indices.iter().map(move |at| (row * 5 + at) as i64))
                    .collect(),
            };
            assert_eq!(found, expected, "{cuts:?} axis {axis} {indices:?}");
        }
    }
    let mut run = Run::new(1);
    let x = run.source(&[&[0, 3]], |at| at as f64);
    let (array, spec) = (run.graph.next_array(), x.spec.taken(0, 1).unwrap());
    let refused = array_op::take(&mut run.graph, array, &x, 0, &[3], &spec).unwrap_err();
    assert!(refused.to_string().contains("index 3 on an axis of length 3"), "{refused}");
}

#[test]
fn positions_choose_elements_along_an_axis() {
    for cuts in cuts() {
        for positions in cuts_of_positions() {
            let mut run = Run::new(3);
            let x = run.source(&cuts, |at| at as i64);
            // Row numbers of either sign, another one for each element.
            let row = |at: usize| (at * 5 % 7) as i64 - if at.is_multiple_of(3) { 7 } else { 0 };
            let rows = run.source(&positions, row);
            let found: Vec<i64> = built(&mut run, |graph, array| {
                let mut into = Builder::new(array);
                std::mem::swap(&mut into.graph, graph);
                let take = ArrayOp::from(TakeAlong { axis: 0 });
                let taken = take.build(&mut into, array, &[&x, &rows]).unwrap();
                std::mem::swap(&mut into.graph, graph);
                taken
            });
            let expected: Vec<i64> =
                (0..35).map(|at| row(at).rem_euclid(7) * 5 + (at % 5) as i64).collect();
            assert_eq!(found, expected, "{cuts:?} {positions:?}");
        }
    }
    let step = |index: i64| {
        let take = Op::Index(IndexStep::TakeAlong { axis: 0, start: 0, len: 2 });
        execute(&take, vec![vector(&[index]), vector(&[true, false])], &mut Buffer::zeroed)
    };
    assert_eq!(step(-1).unwrap().elements::<bool>(), [false]);
    let outside = KernelError::IndexOutOfBounds { index: 2, axis: 0, len: 2 };
    assert_eq!(step(2).unwrap_err(), outside);
}

/// The blocks of an array of positions.
fn cuts_of_positions() -> [[&'static [usize]; 2]; 2] {
    [[&[0, 7], &[0, 5]], [&[0, 2, 3, 7], &[0, 4, 5]]]
}

#[test]
fn masks_choose_rows() {
    for cuts in cuts() {
        for period in [1, 2, 8] {
            let mut run = Run::new(2);
            let x = run.source(&cuts, |at| at as f64);
            let mask = run.source(&[&[0, 2, 5, 7]], |at| at % period == 0);
            let counted: Vec<i64> =
                built(&mut run, |graph, array| array_op::count_true(graph, array, &mask).unwrap());
            let chosen: Vec<usize> = (0..7).filter(|at| at % period == 0).collect();
            assert_eq!(counted.iter().sum::<i64>(), chosen.len() as i64);
            let counts: Vec<_> = counted.iter().map(|&count| count as usize).collect();
            let spec = x.spec.compressed(&counts).unwrap();
            let found: Vec<f64> = built(&mut run, |graph, array| {
                array_op::compress(graph, array, &x, &mask, &counts, &spec).unwrap()
            });
            let expected: Vec<f64> =
                chosen.iter().flat_map(|row| (0..5).map(move |at| (row * 5 + at) as f64)).collect();
            assert_eq!(found, expected);
        }
    }
    let mask = vector(&[true, false]);
    let wrong = Op::Index(IndexStep::Compress { count: 2 });
    let refused = execute(&wrong, vec![mask.clone(), mask], &mut Buffer::zeroed).unwrap_err();
    assert_eq!(refused, KernelError::Count { expected: 2, found: 1 });
}

#[test]
fn arrays_are_joined_along_any_axis() {
    for first in cuts() {
        for second in cuts() {
            let mut run = Run::new(3);
            let (x, y) =
                (run.source(&first, |at| at as i32), run.source(&second, |at| 100 + at as i32));
            let none = run.source(&[&[0, 0], &[0, 5]], |_| 0);
            let spec = |rows: Vec<usize>, columns: Vec<usize>| {
                let grid = Grid::from_bounds(vec![rows, columns]).unwrap();
                ArraySpec::with_grid(DType::Int32, grid, 3)
            };
            let rows = spec(vec![0, 4, 9, 14], vec![0, 1, 5]);
            let found: Vec<i32> = built(&mut run, |graph, array| {
                array_op::concatenate(graph, array, &[&x, &none, &y], 0, &rows).unwrap()
            });
            assert_eq!(found, (0..35).chain(100..135).collect::<Vec<_>>());
            let columns = spec(vec![0, 4, 7], vec![0, 4, 10]);
            let found: Vec<i32> = built(&mut run, |graph, array| {
                array_op::concatenate(graph, array, &[&x, &y], 1, &columns).unwrap()
            });
            let row = |row: i32| (row * 5..row * 5 + 5).chain(100 + row * 5..105 + row * 5);
            assert_eq!(found, (0..7).flat_map(row).collect::<Vec<_>>());
        }
    }
}

#[test]
fn lines_are_sorted_with_nan_last() {
    let number = |at: usize| match at % 11 {
        3 => f64::NAN,
        5 => f64::NEG_INFINITY,
        _ => ((at * 7) % 5) as f64 - 2.0,
    };
    for cuts in cuts() {
        for axis in [0, 1] {
            let mut run = Run::new(2);
            let x = run.source(&cuts, number);
            let values: Vec<f64> = built(&mut run, |graph, array| {
                array_op::sort(graph, array, &x, axis, false).unwrap()
            });
            let indices: Vec<i64> = built(&mut run, |graph, array| {
                array_op::sort(graph, array, &x, axis, true).unwrap()
            });
            let (lines, len) = if axis == 0 { (5, 7) } else { (7, 5) };
            for line in 0..lines {
                let at = |step: usize| if axis == 0 { step * 5 + line } else { line * 5 + step };
                let mut expected: Vec<usize> = (0..len).collect();
                // Stable, and NaN after infinity.
                expected.sort_by(|&left, &right| {
                    let key = |step: usize| (number(at(step)).is_nan(), number(at(step)));
                    key(left).partial_cmp(&key(right)).unwrap_or(std::cmp::Ordering::Equal)
                });
                for (step, &from) in expected.iter().enumerate() {
                    assert_eq!(indices[at(step)], from as i64);
                    assert_eq!(values[at(step)].to_bits(), number(at(from)).to_bits());
                }
            }
        }
    }
}

/// Sorts lines of every length in blocks of every length, and holds their bits against a plain sort by `before`.
fn sorts_lines<T: Element>(
    element: impl Fn(usize) -> T + Copy,
    before: impl Fn(&T, &T) -> bool,
    bits: impl Fn(&T) -> u64,
) {
    let orders: [fn(usize, usize) -> usize; 4] =
        [|at, _| at * 7919 % 1009, |at, _| at, |at, len| len - at, |_, _| 3];
    for len in [0, 1, 2, 7, 40, 41, 333] {
        for block in [1, 5, 7, 40, 400] {
            for order in orders {
                let mut run = Run::new(3);
                let cuts: Vec<usize> = (0..len.max(1)).step_by(block).chain([len]).collect();
                let x = run.source(&[&cuts], |at| element(order(at, len)));
                let found: Vec<T> = built(&mut run, |graph, array| {
                    array_op::sort(graph, array, &x, 0, false).unwrap()
                });
                let mut given: Vec<u64> =
                    (0..len).map(|at| bits(&element(order(at, len)))).collect();
                given.sort_unstable();
                let mut same: Vec<u64> = found.iter().map(&bits).collect();
                same.sort_unstable();
                assert_eq!(same, given, "{len} elements in blocks of {block}");
                let rises = found.windows(2).all(|pair| !before(&pair[1], &pair[0]));
                assert!(rises, "{len} elements in blocks of {block}");
            }
        }
    }
}

#[test]
fn lines_in_any_blocks_have_one_total_order() {
    sorts_lines(|at| at % 3 == 0, |a, b| a < b, |x| u64::from(*x));
    sorts_lines(|at| (at as i32 - 500) * 4_000_003, |a, b| a < b, |x| u64::from(x.cast_unsigned()));
    sorts_lines(|at| (at as i64 - 500) << 45, |a, b| a < b, |x| x.cast_unsigned());
    // Numbers as the total order of IEEE 754 has them, and NaN of both signs behind.
    sorts_lines(
        |at| match at % 8 {
            0 => f64::from_bits(f64::NAN.to_bits() | at as u64),
            1 => -f64::from_bits(f64::NAN.to_bits() | at as u64),
            2 => 0.0,
            3 => -0.0,
            4 => {
                if at % 3 == 0 {
                    f64::INFINITY
                } else {
                    f64::NEG_INFINITY
                }
            }
            _ => at as f64 - 500.5,
        },
        |a, b| match (a.is_nan(), b.is_nan()) {
            (false, false) => a.total_cmp(b).is_lt(),
            (left, right) => !left && right,
        },
        |x| x.to_bits(),
    );
    sorts_lines(
        |at| if at % 5 == 0 { -f32::NAN } else { (300.0 - at as f32) / 7.0 },
        |a, b| match (a.is_nan(), b.is_nan()) {
            (false, false) => a.total_cmp(b).is_lt(),
            (left, right) => !left && right,
        },
        |x| x.to_bits().into(),
    );
}

#[test]
fn a_line_that_nobody_else_reads_is_sorted_where_it_is() {
    let line: Vec<f64> = (0..1000).map(common::scattered).collect();
    let block = vector(&line);
    let memory = block.bytes().as_ptr();
    let sort = Op::Sort(SortStep::Sort { axis: 0 });
    let shared = execute(&sort, vec![block.clone()], &mut Buffer::zeroed).unwrap();
    assert_eq!(block.elements::<f64>(), line, "what others read stays");
    let own = execute(&sort, vec![block], &mut Buffer::zeroed).unwrap();
    assert_eq!(own.bytes().as_ptr(), memory);
    assert_eq!(own.bytes(), shared.bytes());
}

/// Lines that nobody else reads are merged where they are, in any order of their elements; others stay as they are.
#[test]
fn a_comparator_works_in_the_memory_of_both_lines() {
    let sort = Op::Sort(SortStep::Sort { axis: 0 });
    let merge = Op::Sort(SortStep::Merge);
    let line = |len: usize, from: usize, add: f64| {
        let line: Vec<f64> = (from..from + len).map(|at| common::scattered(at) + add).collect();
        Arc::new(execute(&sort, vec![vector(&line)], &mut Buffer::zeroed).unwrap())
    };
    let merged = |inputs| execute_with(&merge, inputs, &Alone, &mut Buffer::zeroed).unwrap();
    for (lens, add) in [([500, 500], 0.0), ([500, 300], 0.0), ([300, 500], 9.0), ([400, 400], -9.0)]
    {
        let lines = || [line(lens[0], 0, 0.0), line(lens[1], 1000, add)];
        let [left, right] = lines();
        let mut all = [left.elements::<f64>(), right.elements()].concat();
        all.sort_by(f64::total_cmp);
        let apart = merged(vec![left.clone(), right.clone()]);
        assert_eq!([left.bytes(), right.bytes()], lines().each_ref().map(|line| line.bytes()));
        for found in [apart, merged(vec![left.clone(), right]), merged(lines().into())] {
            assert_eq!(found[0].elements::<f64>(), &all[..lens[0]], "{lens:?}, {add}");
            assert_eq!(found[1].elements::<f64>(), &all[lens[0]..], "{lens:?}, {add}");
        }
        let lines = lines();
        let own = lines.each_ref().map(|line| line.bytes().as_ptr());
        let found = merged(lines.into());
        assert_eq!([found[0].bytes().as_ptr(), found[1].bytes().as_ptr()], own);
    }
    let twice = line(300, 0, 0.0);
    let found = merged(vec![twice.clone(), twice.clone()]);
    let mut all = [twice.elements::<f64>(), twice.elements()].concat();
    all.sort_by(f64::total_cmp);
    assert_eq!([found[0].elements::<f64>(), found[1].elements()].concat(), all);
}

#[test]
fn sorted_lines_are_searched_from_both_sides() {
    let mut run = Run::new(2);
    let line = run.source(&[&[0, 2, 6]], |at| [1.0, 2.0, 2.0, 2.0, 5.0, f64::NAN][at]);
    let values = run.source(&[&[0, 3, 7]], |at| [0.0, 1.0, 2.0, 3.0, 5.0, 9.0, f64::NAN][at]);
    for (right, expected) in [(false, [0, 0, 1, 4, 4, 5, 5]), (true, [0, 1, 4, 4, 5, 5, 6])] {
        let found: Vec<i64> = built(&mut run, |graph, array| {
            array_op::search_sorted(graph, array, &line, &values, right).unwrap()
        });
        assert_eq!(found, expected);
    }
}

fn vector<T: Element>(elements: &[T]) -> Arc<Block> {
    let spec = BlockSpec::new(T::DTYPE, Shape::new([elements.len()]).unwrap());
    let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
    block.elements_mut().copy_from_slice(elements);
    Arc::new(block)
}

#[test]
fn every_dtype_is_sorted() {
    fn check<T: Element + PartialEq + std::fmt::Debug>(from: [T; 4], to: [T; 4]) {
        let sort = Op::Sort(SortStep::Sort { axis: 0 });
        let sorted = execute(&sort, vec![vector(&from)], &mut Buffer::zeroed).unwrap();
        assert_eq!(sorted.elements::<T>(), to);
    }
    check([true, false, true, false], [false, false, true, true]);
    check([3, -1, i32::MIN, 0], [i32::MIN, -1, 0, 3]);
    check([3, -1, i64::MIN, 0], [i64::MIN, -1, 0, 3]);
    check([3.0_f32, -1.0, -0.0, 0.0], [-1.0, -0.0, 0.0, 3.0]);
}
