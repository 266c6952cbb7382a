//! One expression goes the whole way on embedded clusters: the same bits on any number of nodes, NumPy's numbers, and
//! the bytes that the plans predicted.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::check_column;
use nums::{ClusterError, Error, PlanError, Policy, Rules, Session};

#[test]
fn the_same_bits_on_any_number_of_nodes_under_both_policies() {
    let mut all = Vec::new();
    for nodes in [1, 2, 4] {
        for policy in [Policy::Lshs, Policy::RoundRobin] {
            let session = Session::builder().nodes(nodes).places(64).policy(policy).embedded();
            all.push(check_column(&session.unwrap(), nodes));
        }
    }
    let two_workers = Session::builder().nodes(3).workers(2).places(64).embedded();
    all.push(check_column(&two_workers.unwrap(), 3));
    all.dedup();
    assert_eq!(all.len(), 1, "different bits: {all:x?}");
}

#[test]
fn no_rewrite_changes_a_bit() {
    let names = ["transpose-operand", "fuse-elementwise", "fuse-reduction"];
    let without = names.map(|name| Rules::all().without(name).unwrap());
    let rules = without.into_iter().chain([Rules::none(), Rules::all()]);
    let mut all: Vec<_> = rules
        .map(|rules| {
            check_column(&Session::builder().nodes(2).rewrites(rules).embedded().unwrap(), 2)
        })
        .collect();
    all.dedup();
    assert_eq!(all.len(), 1, "different bits: {all:x?}");
}

#[test]
fn lshs_moves_less_than_round_robin() {
    let moved = |policy: Policy| {
        let session = Session::builder().nodes(4).policy(policy).embedded().unwrap();
        common::column(&session).unwrap();
        let plans = session.plans().wait().unwrap();
        let parts = plans.iter().flat_map(|plan| &plan.nodes);
        parts.map(|(_, predicted, _)| predicted.bytes_in).sum::<u64>()
    };
    let (lshs, round_robin) = (moved(Policy::Lshs), moved(Policy::RoundRobin));
    assert!(lshs * 2 < round_robin, "lshs {lshs} bytes, round-robin {round_robin}");
}

#[test]
fn what_is_dropped_is_freed() {
    let session = Session::embedded(3).unwrap();
    let x = session.arange(0.0, 1e6, 1.0).unwrap().persist();
    let kept = &x + 1.0;
    kept.eval().wait().unwrap();
    // x persists, so it was kept when it was computed on the way: two arrays of 8 MB.
    let stored = |session: &Session| {
        session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum::<u64>()
    };
    assert_eq!(stored(&session), 16_000_000);
    drop(x);
    assert_eq!(stored(&session), 8_000_000);
    assert_eq!(kept.index(&[nums::Index::At(-1)]).unwrap().fetch::<f64>().wait().unwrap()[[]], 1e6);
    drop(kept);
    assert_eq!(stored(&session), 0);
}

/// The most bytes that any node held in the plans from a number on.
fn peak(session: &Session, from: usize) -> u64 {
    let plans = session.plans().wait().unwrap();
    let nodes = plans[from..].iter().flat_map(|plan| &plan.nodes);
    nodes.map(|(_, _, measured)| measured.peak_bytes).max().unwrap()
}

#[test]
fn a_chain_holds_the_same_bytes_in_one_statement_and_in_five() {
    // What several workers hold at a time depends on when they are done.
    let session = Session::builder().nodes(2).workers(1).embedded().unwrap();
    let x = session.random(7).normal(0.0, 1.0, &[1 << 21]).unwrap();
    x.eval().wait().unwrap();
    let stored =
        || session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum::<u64>();
    let before = session.plans().wait().unwrap().len();

    // Temporaries live to the end of the statement.
    let one = x.abs().sqrt().exp().sin().sum().fetch::<f64>().wait().unwrap();
    let in_one = peak(&session, before);

    let before = session.plans().wait().unwrap().len();
    let a = x.abs();
    let b = a.sqrt();
    let c = b.exp();
    let d = c.sin();
    let sum = d.sum();
    let five = sum.fetch::<f64>().wait().unwrap();
    assert_eq!((one, in_one), (five, peak(&session, before)));
    assert_eq!(stored(), x.nbytes() + 8, "x and the sum are all that is kept");

    // What a second plan needs is kept; all of it is still right.
    let again = d.try_max().unwrap().fetch::<f64>().wait().unwrap();
    assert_eq!(again, d.try_max().unwrap().fetch::<f64>().wait().unwrap());
    assert!(stored() > 2 * x.nbytes());
}

#[test]
fn a_view_is_never_stored() {
    let session = Session::embedded(2).unwrap();
    let x = session.random(7).normal(0.0, 1.0, &[400, 500]).unwrap();
    x.eval().wait().unwrap();
    let part = [nums::Index::Slice { start: Some(1), stop: None, step: 3 }];
    let views = [
        x.t(),
        x.index(&part).unwrap(),
        x.expand_dims(&[0]).unwrap(),
        x.expand_dims(&[0]).unwrap().broadcast_to(&[5, 400, 500]).unwrap(),
    ];
    let stored =
        || session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum::<u64>();
    for view in &views {
        view.eval().wait().unwrap();
        assert_eq!(stored(), x.nbytes(), "a view of shape {:?}", view.shape());
        let sum = view.sum();
        sum.eval().wait().unwrap();
        drop(sum);
        view.fetch::<f64>().wait().unwrap();
        assert_eq!(stored(), x.nbytes(), "a view of shape {:?}", view.shape());
    }
    assert_eq!(views[0].persist().eval().wait(), Ok(()));
}

#[test]
fn dear_work_begins_when_it_is_called_and_the_rest_waits() {
    let session = Session::embedded(2).unwrap();
    let plans = |session: &Session| session.plans().wait().unwrap().len();
    let x = session.random(7).normal(0.0, 1.0, &[300, 300]).unwrap().persist();
    let y = (&x * 2.0 + 1.0).exp();
    assert_eq!(plans(&session), 0);
    let product = x.dot(&y);
    product.eval().wait().unwrap();
    assert_eq!(plans(&session), 1, "eval finds the product submitted");

    // One pass gives both.
    let (mean, deviation) = (x.mean(), x.std(0));
    mean.fetch::<f64>().wait().unwrap();
    assert_eq!(plans(&session), 2);
    deviation.fetch::<f64>().wait().unwrap();
    assert_eq!(plans(&session), 2);

    // A loop builds no chain without end: its window is submitted when it is full.
    let mut state = session.zeros(&[10]).unwrap();
    for _ in 0..600 {
        state = &state + 1.0;
    }
    let sum = state.sum().fetch::<f64>().wait().unwrap();
    assert_eq!((sum[[]], plans(&session)), (6000.0, 5));
}

#[test]
fn what_two_graphs_compute_on_the_way_is_computed_by_both() {
    let session = Session::embedded(2).unwrap();
    let x = session.arange(0.0, 1e5, 1.0).unwrap();
    let (y, z) = (&x + 1.0, &x * 2.0);
    drop(x);
    let (y, z) = (y.sum().fetch::<f64>(), z.sum().fetch::<f64>());
    assert_eq!(y.wait().unwrap()[[]], 4999950000.0 + 1e5);
    assert_eq!(z.wait().unwrap()[[]], 4999950000.0 * 2.0);
}

#[test]
fn a_long_chain_is_built_run_and_dropped() {
    let session = Session::embedded(2).unwrap();
    let mut x = session.arange(0.0, 4.0, 1.0).unwrap();
    for _ in 0..20_000 {
        x += 1.0;
    }
    assert_eq!(
        x.index(&[nums::Index::At(3)]).unwrap().fetch::<f64>().wait().unwrap()[[]],
        20_003.0
    );
    let mut unused = session.arange(0.0, 4.0, 1.0).unwrap();
    for _ in 0..200_000 {
        unused += 1.0;
    }
    drop(unused);
}

#[test]
fn errors_say_what_is_wrong() {
    let session = Session::embedded(2).unwrap();
    let x = session.arange(0.0, 6.0, 1.0).unwrap();
    let message = |result: Result<nums::DistArray, Error>| result.unwrap_err().to_string();
    let y = x.reshape(&[2, 3]).unwrap();
    assert_eq!(
        message(y.try_add(session.ones(&[2]).unwrap())),
        "operands could not be broadcast together with shapes (2, 3) (2,)"
    );
    assert_eq!(message(y.try_matmul(&y)), "matmul: shapes (2, 3) and (2, 3) do not match");
    let other = Session::embedded(1).unwrap().ones(&[2, 3]).unwrap();
    assert_eq!(message(y.try_add(&other)), "add: the arrays belong to different sessions");
    assert_eq!(message(x.reshape(&[4, -1])), "cannot reshape array of size 6 into shape [4, -1]");
    assert_eq!(message(y.sum_axis(&[2])), "axis 2 is out of bounds for array of dimension 2");
    assert_eq!(
        message(y.index(&[nums::Index::At(2)])),
        "index 2 is out of bounds for axis 0 with size 2"
    );
    assert_eq!(
        message(session.zeros(&[usize::MAX, 2])),
        "an array of shape [18446744073709551615, 2] is too large to address"
    );
    let unknown = Error::from("magic".parse::<Policy>().unwrap_err());
    let Error::Cluster(ClusterError::Plan(PlanError::UnknownPolicy { name, .. })) = unknown else {
        panic!("{unknown}");
    };
    assert_eq!(name, "magic");
    let threads = Session::builder().nodes(3).workers(1 << 24).embedded().err();
    assert_eq!(threads, Some(Error::TooManyThreads { threads: 3 << 24, max: 4096 }));
    assert_eq!(Session::embedded(0).err(), Some(Error::Session { what: "node" }));
}

#[test]
fn waiting_inside_an_async_runtime_is_an_error_and_awaiting_is_not() {
    let session = Session::embedded(2).unwrap();
    let x = session.arange(0.0, 10.0, 1.0).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        // A session may also begin and end on a thread of a runtime.
        let inner = Session::embedded(2).unwrap();
        assert_eq!(inner.ones(&[3]).unwrap().sum().fetch::<f64>().await.unwrap()[[]], 3.0);
        drop(inner);
        assert_eq!(x.sum().fetch::<f64>().wait().err(), Some(Error::WaitInRuntime));
        assert_eq!(x.sum().fetch::<f64>().await.unwrap()[[]], 45.0);
    });
}

#[test]
fn empty_scalar_and_single_element_arrays() {
    let session = Session::embedded(3).unwrap();
    let empty = session.zeros(&[0, 3]).unwrap();
    assert_eq!(empty.exp().fetch::<f64>().wait().unwrap().shape(), [0, 3]);
    assert_eq!(empty.sum().fetch::<f64>().wait().unwrap()[[]], 0.0);
    assert_eq!(empty.sum_axis(&[0]).unwrap().fetch::<f64>().wait().unwrap().elements(), [0.0; 3]);
    let product = empty.t().dot(&empty);
    assert_eq!(product.fetch::<f64>().wait().unwrap().elements(), [0.0; 9]);
    let scalar = session.full(&[], 2.0).unwrap();
    assert_eq!(
        (&scalar + &session.ones(&[2]).unwrap()).fetch::<f64>().wait().unwrap().elements(),
        [3.0; 2]
    );
    assert!(session.arange(5.0, 1.0, 1.0).unwrap().shape() == [0]);
}

/// The elements of a local array in C order.
trait Elements {
    fn elements(&self) -> Vec<f64>;
}

impl Elements for ndarray::ArrayD<f64> {
    fn elements(&self) -> Vec<f64> {
        self.iter().copied().collect()
    }
}
