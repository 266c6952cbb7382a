//! The same bits everywhere: with V and block sizes fixed, results do not depend on the number of nodes and workers,
//! on the placement policy, or on the rewrites.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::{DType, DistArray, Error, Index, Rules, Session, SessionBuilder};
use nums_lshs::{policy, rewrite};

/// Places that no number of nodes here equals, and blocks so small that arrays have at least 37, ragged at the edges.
fn builder() -> SessionBuilder {
    Session::builder().places(16).block_bytes_min(64).block_bytes_max(8 * 1024)
}

/// Every family of operations, on grids of one and two axes.
fn results(session: &Session) -> Result<Vec<(&'static str, DistArray)>, Error> {
    let flat = session.arange(1.0, 40_000.0, 1.0)? / 7.0;
    let x = session.arange(0.0, 211.0 * 197.0, 1.0)?.reshape(&[211, 197])? / 1e3;
    let row = session.arange(0.0, 197.0, 1.0)? / 3.0;
    assert!([&flat, &x].iter().all(|array| array.grid().blocks() >= 37));
    let random = session.random(7);
    let (uniform, normal) = (random.random(&[211, 197])?, random.normal(0.0, 1.0, &[211, 197])?);
    let step = Index::Slice { start: Some(200), stop: None, step: -3 };
    let mask = uniform.greater(0.5);
    Ok(vec![
        ("map", (&x * 2.0 + &row).exp().sqrt()),
        ("functions", normal.tanh() + normal.sin() * uniform.log() - normal.sigmoid()),
        ("float32", (uniform.astype(DType::Float32)? * &x.astype(DType::Float32)?).sum()),
        ("integers", (x.astype(DType::Int64)? % 7).sum_axis(&[0])?),
        ("mask", mask.sum_axis(&[1])?),
        ("sum", flat.sum()),
        ("fused sum", ((&flat * &flat + 1.0) / ((-&flat).exp() + 1.0)).sum()),
        ("sum of an axis", x.sum_axis(&[0])?),
        ("sum of the other axis", (&x * &x).sum_axis(&[1])?),
        ("mean", normal.mean()),
        ("var", normal.var(1)),
        ("std of an axis", (&normal * 3.0).std_axis(&[0], 0)?),
        ("prod", (&uniform + 0.5).prod_axis(&[1])?),
        ("max", normal.max_axis(&[0])?),
        ("argmax", normal.argmax()?),
        ("matmul", x.t().dot(&x)),
        ("matmul of two", normal.t().dot(&uniform)),
        ("matmul of a tall array", flat.dot(&flat)),
        ("vector", x.dot(&row)),
        ("cholesky", nums::linalg::cholesky(&(x.t().dot(&x) + session.identity(197)?))?),
        ("einsum", nums::einsum("ij,kj->ik", &[&normal, &x])?),
        ("transpose", (&x.dot(&x.t())) + 1.0),
        ("slice", x.index(&[step, Index::Slice { start: None, stop: None, step: 2 }])?),
        ("assign", x.assign(&[Index::At(3)], &row)?),
        ("take", x.take(&[5, 0, 210, 5], 0)?),
        ("concatenate", nums::concatenate(&[&x, &normal], 0)?),
        ("sort", normal.sort(0)?),
        ("sort of a line", normal.ravel().sort(0)?),
        ("reshape", x.reshape(&[197, 211])?),
        ("shuffle", random.shuffle(&flat)?),
        ("uniform", uniform),
    ])
}

/// The bits of every result, folded into one number each.
fn bits(session: &Session) -> Vec<(&'static str, u64)> {
    let results = results(session).unwrap();
    results.iter().for_each(|(_, array)| drop(array.eval()));
    results.iter().map(|(name, array)| (*name, fold(array))).collect()
}

fn fold(array: &DistArray) -> u64 {
    let bits: Vec<u64> = match array.dtype() {
        DType::Float64 => {
            array.fetch::<f64>().wait().unwrap().mapv(f64::to_bits).into_iter().collect()
        }
        DType::Float32 => {
            array.fetch::<f32>().wait().unwrap().iter().map(|x| x.to_bits().into()).collect()
        }
        DType::Int64 => {
            array.fetch::<i64>().wait().unwrap().mapv(i64::cast_unsigned).into_iter().collect()
        }
        other => unreachable!("no result is of {other}"),
    };
    let shape = array.shape().into_iter().map(|len| len as u64);
    shape
        .chain(bits)
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, bits| (hash ^ bits).wrapping_mul(0x0100_0000_01b3))
}

fn assert_same(expected: &[(&'static str, u64)], session: Result<Session, Error>, what: &str) {
    assert_eq!(bits(&session.unwrap()), expected, "{what}");
}

#[test]
fn nodes_and_workers_change_no_bit() {
    let expected = bits(&builder().embedded().unwrap());
    for nodes in [1, 2, 3, 4, 7] {
        for workers in [1, 2, 4] {
            let session = builder().nodes(nodes).workers(workers).embedded();
            assert_same(&expected, session, &format!("{nodes} nodes of {workers} workers"));
        }
    }
}

#[test]
fn policies_change_no_bit() {
    let expected = bits(&builder().embedded().unwrap());
    let policies = policy::NAMES.into_iter().filter(|&name| name != "lshs-paper");
    for policy in policies {
        for nodes in [3, 7] {
            let session =
                builder().nodes(nodes).workers(2).policy(policy.parse().unwrap()).embedded();
            assert_same(&expected, session, &format!("{policy} on {nodes} nodes"));
        }
    }
}

#[test]
fn rewrites_change_no_bit() {
    let expected = bits(&builder().embedded().unwrap());
    let without = rewrite::names().map(|name| Rules::all().without(name).unwrap());
    for rules in without.chain([Rules::none()]) {
        let session = builder().nodes(3).rewrites(rules.clone()).embedded();
        assert_same(&expected, session, &format!("{rules:?}"));
    }
}

#[test]
fn workers_that_share_a_kernel_change_no_bit() {
    // One large block: the workers that have no task of their own help with its parts.
    let large = |workers| {
        let bytes = 1 << 30;
        let builder = Session::builder().places(1).block_bytes_min(bytes).block_bytes_max(bytes);
        let session = builder.workers(workers).embedded().unwrap();
        let x = session.random(3).normal(0.0, 1.0, &[1100, 700]).unwrap();
        assert_eq!(x.grid().blocks(), 1);
        let results = [
            (&x * 2.0 + 1.0).exp(),
            (&x * &x).sum(),
            x.sum_axis(&[0]).unwrap(),
            x.var_axis(&[1], 0).unwrap(),
            x.t().dot(&(&x + 1.0)),
            x.t().dot(&x),
        ];
        results.map(|array| fold(&array))
    };
    let alone = large(1);
    for workers in [2, 4] {
        assert_eq!(large(workers), alone, "{workers} workers");
    }
}

/// A small generator of random numbers, so that a seed names a program.
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// A random program over matrices, of which all arrays that it made on the way are held. `look` is called with each of
/// them, and may evaluate what it likes.
fn program(
    session: &Session,
    seed: u64,
    mut look: impl FnMut(&mut Choices, &[DistArray]),
) -> Result<Vec<DistArray>, Error> {
    let (mut choices, mut looks) = (Choices(seed), Choices(seed ^ 0x5555));
    let random = session.random(seed);
    let (rows, columns) = (13 + choices.below(30), 11 + choices.below(20));
    let mut made = vec![
        random.normal(0.0, 1.0, &[rows, columns])?,
        session
            .arange(0.0, (rows * columns) as f64, 1.0)?
            .reshape(&[rows as isize, columns as isize])?
            / 7.0,
    ];
    for _ in 0..12 {
        let x = made[choices.below(made.len())].clone();
        let y = made[choices.below(made.len())].clone();
        let next = match choices.below(12) {
            0 | 1 => x.t(),
            2 | 3 => x.t().dot(&x),
            4 if x.shape()[1] == y.shape()[0] => x.dot(&y),
            5 if x.shape() == y.shape() => &x - &y * 0.5,
            6 => (&x * 0.25).tanh(),
            7 => x.index(&[Index::Slice { start: Some(1), stop: None, step: 2 }])?,
            8 => &x - x.keepdims().mean_axis(&[0])?,
            9 => x.dot(&x.t()),
            10 => nums::concatenate(&[&x, &x], 1)?,
            _ => (&x / x.abs().try_max()?).exp(),
        };
        // Products of products grow, and so does what they are made of.
        let next = if next.size() > 4096 || next.size() == 0 { x.t() } else { next };
        made.push(next);
        look(&mut looks, &made);
    }
    Ok(made)
}

#[test]
fn a_product_with_a_transpose_is_the_same_before_and_after_a_look_at_it() {
    let session = builder().nodes(2).embedded().unwrap();
    let x = session.random(1).normal(0.0, 1.0, &[200, 200]).unwrap();
    x.eval().wait().unwrap();
    let xt = x.t();
    let tasks = || {
        let plans = session.plans().wait().unwrap();
        plans.last().unwrap().nodes.iter().map(|(_, _, measured)| measured.tasks).sum::<u64>()
    };
    let before = xt.dot(&x);
    before.eval().wait().unwrap();
    let tasks_before = tasks();
    xt.eval().wait().unwrap();
    let (sum, elements) = (xt.sum(), fold(&xt));
    sum.eval().wait().unwrap();
    let after = xt.dot(&x);
    after.eval().wait().unwrap();
    assert_eq!(tasks(), tasks_before, "half of the work is enough, also after the look");
    assert_eq!((fold(&before), fold(&xt)), (fold(&after), elements));
}

#[test]
fn what_was_evaluated_before_changes_no_bit() {
    for seed in 0..40 {
        let session = || builder().nodes(2).embedded().unwrap();
        let plain = session();
        let expected: Vec<u64> =
            program(&plain, seed, |_, _| {}).unwrap().iter().map(fold).collect();
        for way in 0..3 {
            let other = session();
            // What the program defers becomes one graph; otherwise each product is a graph.
            let deferred = (way == 2).then(|| other.defer());
            let made = program(&other, seed, |choices, made| {
                let seen = &made[choices.below(made.len())];
                match choices.below(4) {
                    0 => seen.eval().wait().unwrap(),
                    1 => drop(fold(seen)),
                    2 => drop(fold(&seen.sum())),
                    _ => {}
                }
                if way == 1 {
                    drop(other.eval(&[seen, &made[0]]));
                }
            });
            drop(deferred);
            let found: Vec<u64> = made.unwrap().iter().rev().map(fold).rev().collect();
            assert_eq!(found, expected, "program {seed}, way {way}");
        }
    }
}
