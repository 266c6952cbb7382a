//! What plans hold, in predicted and in counted bytes: creations that are never stored, and plans that run less far
//! ahead where memory is short.

use nums::{DistArray, Error, Rules, Session, SessionBuilder};

/// 24 MB of float64 or more: no array of it fits a node of these sessions.
const LEN: usize = 3_000_000;
const MEMORY_BYTES: u64 = 4 << 20;

/// Blocks of about 48 kB.
fn builder() -> SessionBuilder {
    Session::builder().nodes(2).workers(2)
}

type Compute = fn(&Session) -> Result<DistArray, Error>;

/// Sums of what follows from its position: of formulas however often they are read, and of draws.
fn sums() -> Vec<(&'static str, Compute)> {
    vec![
        ("arange", |session| Ok(session.arange(0.0, LEN as f64, 1.0)?.sum())),
        ("a chain", |session| {
            let line = session.linspace(0.0, 1.0, LEN, true)?;
            Ok(((line * 2.0 + 1.0).sqrt() * session.arange(0.0, LEN as f64, 1.0)?).sum())
        }),
        ("what is centred", |session| {
            let graph = |x: &DistArray| ((x - x.mean()) / (x.std(0) + 1.0)).exp().sum();
            Ok(graph(&session.arange(0.0, LEN as f64, 1.0)?))
        }),
        ("an argmax", |session| session.arange(LEN as i64, 0, -1)?.argmax()),
        ("a sum of columns", |session| session.ones(&[LEN / 8, 8])?.sum_axis(&[0])),
        ("normal", |session| Ok(session.random(7).normal(0.0, 1.0, &[LEN])?.sum())),
        ("a variance of draws", |session| Ok(session.random(7).random(&[LEN])?.var(1))),
        ("a permutation", |session| session.random(7).permutation(LEN)?.try_max()),
    ]
}

/// Draws that several tasks read, so that they are stored where they fit.
fn centred_draws(session: &Session) -> Result<DistArray, Error> {
    let x = session.random(3).normal(1.0, 2.0, &[LEN])?;
    let centred = &x - x.mean();
    Ok((&centred * &centred).sum())
}

fn number(array: &DistArray) -> u64 {
    let number = array.astype(nums::DType::Float64).unwrap();
    number.fetch::<f64>().wait().unwrap().sum().to_bits()
}

/// The highest predicted and the highest counted bytes of a node in the plans of a session.
fn peaks(session: &Session) -> (u64, u64) {
    let plans = session.plans().wait().unwrap();
    let nodes = plans.iter().flat_map(|plan| &plan.nodes);
    nodes.fold((0, 0), |(predicted, measured), (node, own_predicted, own_measured)| {
        assert!(own_measured.is_as_predicted(own_predicted), "{node}");
        (predicted.max(own_predicted.peak_bytes), measured.max(own_measured.peak_bytes))
    })
}

#[test]
fn what_is_created_to_be_reduced_is_not_stored() {
    let off = Rules::all().without("fuse-creation").unwrap();
    for (name, compute) in sums() {
        let plain = builder().rewrites(off.clone()).embedded().unwrap();
        let expected = number(&compute(&plain).unwrap());
        let (_, stored) = peaks(&plain);
        let session = builder().memory_bytes(MEMORY_BYTES).embedded().unwrap();
        assert_eq!(number(&compute(&session).unwrap()), expected, "{name}");
        let (predicted, measured) = peaks(&session);
        // What is left are partial results, a few numbers a block.
        assert!(measured <= predicted && predicted < 16 << 10, "{name}: {measured}, {predicted}");
        assert!(stored > 10 * predicted, "{name}: {stored} bytes without the rule");
    }
}

#[test]
fn a_plan_for_a_billion_elements_holds_next_to_nothing() {
    let session = builder().memory_bytes(MEMORY_BYTES).embedded().unwrap();
    let sums: [Compute; 2] = [
        |session| Ok(session.arange(0.0, 1e9, 1.0)?.sum()),
        |session| Ok(session.random(1).normal(0.0, 1.0, &[1_000_000_000])?.sum()),
    ];
    for sum in sums {
        let array = sum(&session).unwrap();
        let text = array.explain().wait().unwrap();
        let (_, peak) = text.lines().next().unwrap().split_once("peak mem ").unwrap();
        let (bytes, unit) = peak.trim_end_matches(')').split_once(' ').unwrap();
        assert!(unit == "B" && bytes.parse::<u64>().unwrap() < 4096, "{text}");
    }
}

#[test]
fn draws_that_are_read_twice_are_made_twice_where_they_do_not_fit() {
    let ample = builder().embedded().unwrap();
    let expected = number(&centred_draws(&ample).unwrap());
    let (_, stored) = peaks(&ample);
    assert!(stored > MEMORY_BYTES, "{stored} bytes fit");
    let short = builder().memory_bytes(MEMORY_BYTES).embedded().unwrap();
    assert_eq!(number(&centred_draws(&short).unwrap()), expected);
    let (predicted, measured) = peaks(&short);
    assert!(measured <= predicted && predicted < 16 << 10, "{measured}, {predicted}");
}

#[test]
fn where_memory_is_short_a_plan_runs_less_far_ahead() {
    const SIDE: usize = 1024;
    const ARRAY_BYTES: u64 = 8 * (SIDE * SIDE) as u64;
    let compute = |memory_bytes: u64| {
        // Eight workers would hold seventeen blocks beyond the steps.
        let builder = Session::builder().nodes(1).workers(8).memory_bytes(memory_bytes);
        let session = builder.block_bytes_min(64 << 10).embedded().unwrap();
        let x = session.random(1).random(&[SIDE, SIDE]).unwrap();
        let kept = &x + 1.0;
        x.eval().wait().unwrap();
        kept.eval().wait().unwrap();
        let y = x.t() + &x;
        let text = y.explain().wait().unwrap();
        y.eval().wait().unwrap();
        let plans = session.plans().wait().unwrap();
        let (_, predicted, measured) = &plans.last().unwrap().nodes[0];
        assert!(measured.is_as_predicted(predicted), "{measured:?}, {predicted:?}");
        (text, predicted.peak_bytes, number(&y.sum()))
    };
    let (text, far, expected) = compute(1 << 30);
    assert!(!text.contains("less far ahead"), "{text}");
    // Room for x, what is kept beside it, y, and four blocks.
    let memory_bytes = 3 * ARRAY_BYTES + 4 * ARRAY_BYTES / 64;
    assert!(far <= memory_bytes && memory_bytes < far + ARRAY_BYTES, "{far}, {memory_bytes}");
    let (text, near, found) = compute(memory_bytes);
    assert!(text.contains("less far ahead than with"), "{text}");
    assert_eq!(near, memory_bytes - ARRAY_BYTES);
    assert_eq!(found, expected);
}
