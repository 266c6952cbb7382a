//! Reductions against plain loops, over shapes around the lengths of tiles and trees, and across blocks.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Element, execute};
use nums_lshs::array_op::{ArraySpec, BlockArray, reduce};
use nums_lshs::{
    ArrayId, BlockSpec, Cluster, DType, Fold, Grid, NodeId, Op, Program, Reduction, Shape,
    TaskGraph, UnaryOp, rewrite,
};
use std::sync::Arc;

fn shape(lengths: &[usize]) -> Shape {
    Shape::new(lengths).unwrap()
}

fn block<T: Element>(lengths: &[usize], elements: &[T]) -> Arc<Block> {
    let mut block =
        Block::new(BlockSpec::new(T::DTYPE, shape(lengths)), &mut Buffer::zeroed).unwrap();
    block.elements_mut().copy_from_slice(elements);
    Arc::new(block)
}

/// Runs an operation and holds the result against the promise.
fn run(op: &Op, inputs: &[Arc<Block>]) -> Block {
    let specs: Vec<_> = inputs.iter().map(|input| input.spec()).collect();
    let promised = op.outputs(&specs).unwrap().swap_remove(0);
    let result = execute(op, inputs.to_vec(), &mut Buffer::zeroed).unwrap();
    assert_eq!((result.spec(), result.bytes().len() as u64), (&promised, promised.bytes()), "{op}");
    result
}

/// All blocks of a graph, computed in order; sources are given.
fn evaluate(graph: &TaskGraph, mut sources: Vec<Arc<Block>>) -> Vec<Option<Arc<Block>>> {
    sources.reverse();
    let mut blocks: Vec<Option<Arc<Block>>> = Vec::new();
    for vertex in graph.vertices() {
        if graph.is_source(vertex) {
            blocks.push(Some(sources.pop().unwrap()));
            continue;
        }
        let inputs: Vec<_> = graph
            .inputs(vertex)
            .iter()
            .map(|input| blocks[input.index()].clone().unwrap())
            .collect();
        let result = run(graph.op(vertex), &inputs);
        assert_eq!(result.spec(), graph.spec(vertex));
        blocks.push(Some(Arc::new(result)));
    }
    blocks
}

/// The elements of a reduction of an array that is cut into blocks, with all rewrites and with none.
fn reduced<T: Element, U: Element + PartialEq + std::fmt::Debug>(
    kind: Reduction,
    lengths: &[usize],
    cut: &[usize],
    axes: &[usize],
    elements: &[T],
) -> Vec<U> {
    let whole = shape(lengths);
    let mut graph = TaskGraph::new(ArrayId(1));
    let spec = ArraySpec::with_grid(T::DTYPE, Grid::uniform(&whole, cut), 4);
    let x = BlockArray::source(&mut graph, ArrayId(0), &spec, |_| vec![NodeId(0)]);
    let sources: Vec<_> = (0..spec.grid.blocks())
        .map(|index| {
            let region = spec.grid.region(index);
            let runs = region.runs(&whole).into_iter();
            let own: Vec<T> =
                runs.flat_map(|(first, len)| elements[first..first + len].to_vec()).collect();
            block(&region.len, &own)
        })
        .collect();
    let array = graph.next_array();
    let result = reduce(&mut graph, array, &x, kind, axes).unwrap();
    assert_eq!(Some(result.spec.dtype), kind.output(T::DTYPE));
    result.keep(&mut graph);
    let gather = |graph: &TaskGraph| {
        let blocks = evaluate(graph, sources.clone());
        let mut all = vec![U::default(); result.spec.shape().elements()];
        for vertex in graph.tasks().filter(|&task| graph.is_kept(task)) {
            let region = result.spec.grid.region(graph.name(vertex).index as usize);
            let own = blocks[vertex.index()].as_ref().unwrap();
            let mut own = own.elements::<U>().iter();
            for (first, len) in region.runs(&result.spec.shape()) {
                all[first..first + len].iter_mut().zip(&mut own).for_each(|(to, from)| *to = *from);
            }
        }
        all
    };
    let plain = gather(&graph);
    let (rules, cluster) = (rewrite::Rules::all(), Cluster::uniform(1, 1));
    let rewritten = gather(&rewrite::apply(graph.clone(), &rules, &cluster));
    assert_eq!(format!("{plain:?}"), format!("{rewritten:?}"), "{}", kind.name());
    plain
}

/// The elements that each element of the result is made of, in C order.
fn groups<T: Copy>(lengths: &[usize], axes: &[usize], elements: &[T]) -> Vec<Vec<T>> {
    let whole = shape(lengths);
    let kept = whole.without(axes);
    let mut groups = vec![Vec::new(); kept.elements()];
    for (index, &element) in elements.iter().enumerate() {
        let at = whole.unravel(index);
        let own: Vec<_> =
            (0..at.len()).filter(|axis| !axes.contains(axis)).map(|axis| at[axis]).collect();
        groups[kept.ravel(&own)].push(element);
    }
    groups
}

/// Numbers that are not in order, and exact in every dtype.
fn scrambled(len: usize) -> Vec<f64> {
    (0..len).map(|index| ((index * 7919 + 13) % 257) as f64 - 128.0).collect()
}

/// Shapes, blocks and axes: rows shorter and longer than a tile, columns, and axes in between.
fn cases() -> Vec<(Vec<usize>, Vec<usize>, Vec<usize>)> {
    let case = |lengths: &[usize], cut: &[usize], axes: &[usize]| {
        (lengths.to_vec(), cut.to_vec(), axes.to_vec())
    };
    let mut cases = vec![
        case(&[5, 700], &[2, 300], &[1]),
        case(&[5, 700], &[2, 300], &[0]),
        case(&[5, 700], &[2, 300], &[0, 1]),
        case(&[300, 3], &[300, 3], &[0]),
        case(&[300, 3], &[300, 3], &[1]),
        case(&[2500, 5], &[2500, 5], &[0]),
        case(&[21, 2100], &[21, 2100], &[0]),
        case(&[3, 2100], &[3, 2100], &[1]),
        case(&[6, 19, 50], &[6, 19, 50], &[1]),
        case(&[6, 19, 50], &[4, 10, 20], &[0, 2]),
        case(&[11, 4, 20, 3], &[11, 4, 20, 3], &[0, 2]),
        case(&[11, 4, 20, 3], &[5, 4, 20, 2], &[1, 3]),
        case(&[20, 2, 7], &[20, 2, 7], &[0, 2]),
        case(&[2, 1, 3], &[2, 1, 3], &[1]),
        case(&[4, 3], &[2, 3], &[]),
        case(&[], &[], &[]),
    ];
    for len in [1, 2, 7, 8, 9, 127, 128, 129, 1023, 1024, 1025, 3077] {
        cases.push(case(&[len], &[len], &[0]));
        cases.push(case(&[len], &[len.div_ceil(3)], &[0]));
    }
    cases
}

#[test]
fn integers_and_extremes_are_exact_along_any_axes() {
    for (lengths, cut, axes) in cases() {
        let numbers = scrambled(lengths.iter().product());
        let floats = groups(&lengths, &axes, &numbers);
        let integers: Vec<i32> = numbers.iter().map(|&x| x as i32).collect();
        let truths: Vec<bool> = numbers.iter().map(|&x| x > 126.0).collect();
        let each =
            |f: &dyn Fn(&[f64]) -> f64| floats.iter().map(|group| f(group)).collect::<Vec<_>>();
        let least = each(&|group| group.iter().copied().fold(f64::INFINITY, f64::min));
        let sums = each(&|group| group.iter().sum());
        let context = format!("{lengths:?} in {cut:?} along {axes:?}");
        let found: Vec<f64> = reduced(Reduction::Min, &lengths, &cut, &axes, &numbers);
        assert_eq!(found, least, "{context}");
        let found: Vec<f64> = reduced(Reduction::Sum, &lengths, &cut, &axes, &numbers);
        assert_eq!(found, sums, "these sums are exact: {context}");
        let found: Vec<i64> = reduced(Reduction::Sum, &lengths, &cut, &axes, &integers);
        assert_eq!(found, sums.iter().map(|&x| x as i64).collect::<Vec<_>>(), "{context}");
        let found: Vec<i32> = reduced(Reduction::Max, &lengths, &cut, &axes, &integers);
        let greatest = each(&|group| group.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        assert_eq!(found, greatest.iter().map(|&x| x as i32).collect::<Vec<_>>(), "{context}");
        let first = |group: &[f64], wanted: f64| group.iter().position(|&x| x == wanted).unwrap();
        for (kind, extremes) in [(Reduction::ArgMin, &least), (Reduction::ArgMax, &greatest)] {
            let expected: Vec<_> =
                floats.iter().zip(extremes).map(|(group, &x)| first(group, x) as i64).collect();
            let found: Vec<i64> = reduced(kind, &lengths, &cut, &axes, &numbers);
            assert_eq!(found, expected, "{} of {context}", kind.name());
            let found: Vec<i64> = reduced(kind, &lengths, &cut, &axes, &integers);
            assert_eq!(found, expected, "{} of int32 {context}", kind.name());
        }
        let truth_groups = groups(&lengths, &axes, &truths);
        let found: Vec<bool> = reduced(Reduction::Any, &lengths, &cut, &axes, &truths);
        assert_eq!(
            found,
            truth_groups.iter().map(|group| group.contains(&true)).collect::<Vec<_>>()
        );
        let found: Vec<bool> = reduced(Reduction::All, &lengths, &cut, &axes, &integers);
        let all = truth_of(&floats, |group| group.iter().all(|&x| x != 0.0));
        assert_eq!(found, all, "{context}");
        let found: Vec<i64> = reduced(Reduction::CountNonzero, &lengths, &cut, &axes, &truths);
        let counts = truth_groups.iter().map(|group| group.iter().filter(|&&x| x).count() as i64);
        assert_eq!(found, counts.collect::<Vec<_>>(), "{context}");
    }
}

fn truth_of(groups: &[Vec<f64>], holds: impl Fn(&[f64]) -> bool) -> Vec<bool> {
    groups.iter().map(|group| holds(group)).collect()
}

#[test]
fn means_and_variances_are_accurate_along_any_axes() {
    for (lengths, cut, axes) in cases() {
        // Far from zero, so that a sum of squares would lose all digits of the variance.
        let numbers: Vec<f64> =
            scrambled(lengths.iter().product()).iter().map(|x| x / 3.0 + 1e9).collect();
        let found: Vec<f64> = reduced(Reduction::Var { ddof: 1 }, &lengths, &cut, &axes, &numbers);
        let roots: Vec<f64> = reduced(Reduction::Std { ddof: 1 }, &lengths, &cut, &axes, &numbers);
        let means: Vec<f64> = reduced(Reduction::Mean, &lengths, &cut, &axes, &numbers);
        for (at, group) in groups(&lengths, &axes, &numbers).iter().enumerate() {
            let count = group.len() as f64;
            // Shifted by a number near the mean, plain sums are exact enough.
            let mean = group.iter().map(|x| x - 1e9).sum::<f64>() / count;
            let squares: f64 = group.iter().map(|x| (x - 1e9 - mean).powi(2)).sum();
            let expected = squares / (count - 1.0);
            let context = format!("{lengths:?} in {cut:?} along {axes:?}");
            assert!((means[at] - 1e9 - mean).abs() <= 1e-6, "mean {} of {context}", means[at]);
            if group.len() == 1 {
                assert!(found[at].is_nan() && roots[at].is_nan());
            } else {
                assert!((found[at] - expected).abs() <= 1e-8 * expected, "{context}");
                assert_eq!(roots[at], found[at].sqrt());
            }
        }
    }
}

#[test]
fn nan_is_an_extreme_or_missing_as_the_name_says() {
    let nan = f64::NAN;
    let x = [3.0, nan, -1.0, 7.0, nan, 2.0];
    let of = |kind| -> f64 { reduced::<f64, f64>(kind, &[6], &[2], &[0], &x)[0] };
    let index = |kind| -> i64 { reduced::<f64, i64>(kind, &[6], &[2], &[0], &x)[0] };
    for kind in [Reduction::Sum, Reduction::Min, Reduction::Max, Reduction::Mean] {
        assert!(of(kind).is_nan(), "{}", kind.name());
    }
    assert!(of(Reduction::Var { ddof: 0 }).is_nan());
    assert_eq!((index(Reduction::ArgMin), index(Reduction::ArgMax)), (1, 1));
    assert_eq!((index(Reduction::NanArgMin), index(Reduction::NanArgMax)), (2, 3));
    assert_eq!((of(Reduction::NanSum), of(Reduction::NanProd)), (11.0, -42.0));
    assert_eq!((of(Reduction::NanMin), of(Reduction::NanMax)), (-1.0, 7.0));
    assert_eq!(of(Reduction::NanMean), 2.75);
    assert_eq!(of(Reduction::NanVar { ddof: 0 }), 8.1875);
    assert_eq!(of(Reduction::NanStd { ddof: 1 }), (4.0 * 8.1875 / 3.0_f64).sqrt());
    let nothing: Vec<f64> = reduced(Reduction::NanMean, &[4], &[2], &[0], &[nan; 4]);
    assert!(nothing[0].is_nan());
    let nothing: Vec<f64> = reduced(Reduction::NanMax, &[4], &[2], &[0], &[nan; 4]);
    assert!(nothing[0].is_nan());
    // Both zeros are equal, and the first one is found.
    let zeros: Vec<i64> = reduced(Reduction::ArgMax, &[3], &[3], &[0], &[-0.0_f64, 0.0, -0.0]);
    assert_eq!(zeros, [0]);
    let infinite = [1.0_f32, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    assert_eq!(reduced::<f32, i64>(Reduction::NanArgMin, &[4], &[2], &[0], &infinite), [2]);
    assert_eq!(
        reduced::<f32, f32>(Reduction::Max, &[3], &[2], &[0], &infinite[..3]),
        [f32::INFINITY]
    );
}

/// A power of two changes no digit of a deviation or norm, wherever squares would be too large or too small.
#[test]
fn deviations_and_norms_have_the_range_of_their_elements() {
    let power = |exponent: i32| 2.0_f64.powi(exponent);
    for (lengths, cut, axes) in cases() {
        let base = scrambled(lengths.iter().product());
        let with_nan = |x: &[f64]| -> Vec<f64> {
            let some = x.iter().enumerate();
            some.map(|(at, &x)| if at % 5 == 3 { f64::NAN } else { x }).collect()
        };
        for exponent in [-1000, -600, -500, 0, 500, 600, 1000] {
            let scaled: Vec<f64> = base.iter().map(|x| x * power(exponent)).collect();
            let of = |kind, x: &[f64]| reduced::<f64, f64>(kind, &lengths, &cut, &axes, x);
            for kind in [Reduction::Std { ddof: 0 }, Reduction::NanStd { ddof: 1 }, Reduction::Norm]
            {
                let skips = matches!(kind, Reduction::NanStd { .. });
                let [base, scaled] = [&base, &scaled]
                    .map(|x| of(kind, &if skips { with_nan(x) } else { x.clone() }));
                let expected: Vec<f64> = base.iter().map(|x| x * power(exponent)).collect();
                let story = || format!("{} of {lengths:?} by 2^{exponent}", kind.name());
                assert_eq!(format!("{scaled:?}"), format!("{expected:?}"), "{}", story());
            }
            if exponent.abs() <= 500 {
                let kind = Reduction::Var { ddof: 1 };
                let expected: Vec<f64> =
                    of(kind, &base).iter().map(|x| x * power(exponent) * power(exponent)).collect();
                assert_eq!(
                    format!("{:?}", of(kind, &scaled)),
                    format!("{expected:?}"),
                    "var of {lengths:?} by 2^{exponent}"
                );
            }
        }
    }
}

#[test]
fn columns_of_other_sizes_change_no_bit_of_a_column() {
    let rows = 70_000;
    let column = |scale: f64| -> Vec<f64> { scrambled(rows).iter().map(|x| x * scale).collect() };
    let columns = [column(1.0), column(1e200), column(1e-250), vec![0.0; rows], vec![7.0; rows]];
    let together: Vec<f64> = (0..rows * 5).map(|at| columns[at % 5][at / 5]).collect();
    for kind in [Reduction::Std { ddof: 0 }, Reduction::Norm, Reduction::NanVar { ddof: 0 }] {
        let all = reduced::<f64, f64>(kind, &[rows, 5], &[30_000, 5], &[0], &together);
        for (column, found) in columns.iter().zip(all) {
            let alone = reduced::<f64, f64>(kind, &[rows, 1], &[30_000, 1], &[0], column)[0];
            let error = (found - alone).abs();
            assert!(found == alone || error <= 1e-14 * alone, "{}: {found}, {alone}", kind.name());
        }
    }
}

#[test]
fn deviations_at_the_ends_of_the_range() {
    let of = |kind, x: &[f64]| reduced::<f64, f64>(kind, &[x.len()], &[2], &[0], x)[0];
    let std = Reduction::Std { ddof: 0 };
    let close = |found: f64, exact: f64| (found / exact - 1.0).abs() < 1e-15;
    assert_eq!(of(Reduction::Var { ddof: 0 }, &[1e308; 5]), 0.0);
    assert!(close(of(std, &[1.5e308, -1.5e308, 1.5e308, -1.5e308]), 1.5e308));
    assert!(close(of(std, &[1e200, 3e200]), 1e200));
    assert!(close(of(Reduction::Norm, &[3e200, 4e200]), 5e200));
    assert!(close(of(Reduction::Norm, &[3e-200, 4e-200]), 5e-200));
    assert_eq!(of(Reduction::Norm, &[0.0, 0.0, 5e-324]), 5e-324);
    assert_eq!(of(Reduction::Norm, &[1.0, f64::NEG_INFINITY, 1.0]), f64::INFINITY);
    assert!(of(Reduction::Norm, &[f64::NAN, f64::INFINITY]).is_nan());
    assert!(of(std, &[1.0, f64::INFINITY, 1.0]).is_nan());
    // A variance that is beyond the range is infinite.
    assert_eq!(of(Reduction::Var { ddof: 0 }, &[1e200, 3e200]), f64::INFINITY);
    let single = reduced::<f32, f32>(Reduction::Norm, &[2], &[1], &[0], &[3e30_f32, 4e30]);
    assert_eq!(single, [5e30]);
}

#[test]
fn nothing_reduces_to_the_identity() {
    let none: [f64; 0] = [];
    assert_eq!(reduced::<f64, f64>(Reduction::Sum, &[0], &[1], &[0], &none), [0.0]);
    assert_eq!(reduced::<f64, f64>(Reduction::Prod, &[0, 2], &[1, 2], &[0], &none), [1.0; 2]);
    assert_eq!(reduced::<f64, bool>(Reduction::All, &[0], &[1], &[0], &none), [true]);
    assert_eq!(reduced::<f64, bool>(Reduction::Any, &[0], &[1], &[0], &none), [false]);
    assert!(reduced::<f64, f64>(Reduction::Mean, &[0], &[1], &[0], &none)[0].is_nan());
    assert!(reduced::<f64, f64>(Reduction::Var { ddof: 0 }, &[0], &[1], &[0], &none)[0].is_nan());
    assert_eq!(reduced::<f64, f64>(Reduction::Sum, &[3, 0], &[3, 1], &[0], &none), none);
    assert_eq!(
        reduced::<i32, i64>(Reduction::Prod, &[2], &[1], &[0], &[i32::MAX; 2])[0],
        (i64::from(i32::MAX)).pow(2)
    );
}

#[test]
fn a_fused_reduction_gives_the_bits_of_its_parts() {
    let exp = Program::unary(UnaryOp::Exp, DType::Float64);
    for (lengths, _, axes) in cases() {
        let numbers: Vec<f64> =
            scrambled(lengths.iter().product()).iter().map(|x| x / 50.0).collect();
        let x = block(&lengths, &numbers);
        let whole = Arc::new(run(&Op::Map(exp.clone()), std::slice::from_ref(&x)));
        for kind in [Fold::Sum, Fold::Product, Fold::Moments { skip_nan: true, central: true }] {
            let of = |program| Op::Reduce { program, kind: kind.clone(), axes: axes.clone() };
            let parts = run(&of(Program::identity(DType::Float64)), std::slice::from_ref(&whole));
            let fused = run(&of(exp.clone()), std::slice::from_ref(&x));
            assert_eq!(fused.bytes(), parts.bytes(), "{kind:?} of {lengths:?} along {axes:?}");
        }
    }
}

#[test]
fn the_error_of_a_sum_grows_with_the_logarithm_of_its_length() {
    let len = 1 << 20;
    let sum = |lengths: &[usize]| {
        let (program, kind) = (Program::identity(DType::Float64), Fold::Sum);
        let x = block(lengths, &vec![0.1; len]);
        run(&Op::Reduce { program, kind, axes: vec![0] }, &[x]).elements::<f64>()[0]
    };
    let exact = 0.1 * len as f64;
    let bound = (2.0 * 20.0 + 8.0) * f64::EPSILON / 2.0 * exact;
    for found in [sum(&[len]), sum(&[len / 4, 4]) * 4.0, sum(&[len / 4096, 4096]) * 4096.0] {
        assert!((found - exact).abs() <= bound, "{found} for {exact}");
    }
    let running: f64 = vec![0.1; len].iter().sum();
    assert!((running - exact).abs() > bound, "the bound would also pass a running sum");
}
