//! Clusters whose nodes have networks of their own: what really goes over the wire, and what becomes of cuts.
//!
//! Each node lives in a network namespace behind a pair of virtual interfaces, and a bridge joins them. That takes
//! root and the command `ip`; without them the tests say so and pass.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{NodeProcess, ip};
use nums::{Error, Session};
use std::process::Command;
use std::time::{Duration, Instant};

/// Bytes beside the blocks: handshakes, plans and their acknowledgements, heartbeats, and the headers of packets.
const OVERHEAD_BYTES: u64 = 200_000;

/// A bridge in this namespace, where sessions live at address 254 of a network of its own, and a namespace for each node
/// at the addresses from 1 on.
struct Networks {
    /// A number that no other test has, nor another run of the tests on this machine.
    net: u32,
    nodes: u32,
}

/// Tests of this file.
const TESTS: u32 = 4;

impl Networks {
    /// None where it cannot be done, which is said.
    fn new(test: u32, nodes: u32) -> Option<Networks> {
        let networks = Networks { net: (std::process::id() * TESTS + test) % (1 << 15), nodes };
        let probe = networks.space(0);
        if !ip(&format!("netns add {probe}")) || !ip(&format!("netns del {probe}")) {
            eprintln!("SKIPPED: this test needs root, the command `ip` and network namespaces");
            return None;
        }
        assert!(networks.build(), "the network {} was not built", networks.net);
        Some(networks)
    }

    fn build(&self) -> bool {
        let net = self.net;
        let bridge = format!("nums{net}");
        let made = ip(&format!("link add {bridge} type bridge"))
            && ip(&format!("addr add {}/24 dev {bridge}", self.address(254)))
            && ip(&format!("link set {bridge} up"));
        made && (1..=self.nodes).all(|node| {
            let (space, inner, outer) =
                (self.space(node), format!("n{net}i{node}"), format!("n{net}o{node}"));
            ip(&format!("netns add {space}"))
                && ip(&format!("link add {outer} type veth peer name {inner}"))
                && ip(&format!("link set {inner} netns {space}"))
                && ip(&format!("link set {outer} master {bridge} up"))
                && ip(&format!("-n {space} addr add {}/24 dev {inner}", self.address(node)))
                && ip(&format!("-n {space} link set {inner} up"))
                && ip(&format!("-n {space} link set lo up"))
        })
    }

    fn space(&self, node: u32) -> String {
        format!("nums{}-{node}", self.net)
    }

    fn address(&self, node: u32) -> String {
        format!("10.{}.{}.{node}", 128 + self.net / 256, self.net % 256)
    }

    fn start(&self, node: u32, command: &[&str]) -> NodeProcess {
        let listen = format!("{}:7000", self.address(node));
        let listen = ["--listen", &listen];
        NodeProcess::start_in(&self.space(node), &[command, &listen].concat())
    }

    /// The founder and all others, and a ticket of the founder.
    fn cluster(&self) -> (Vec<NodeProcess>, String) {
        let mut founder = self.start(1, &["up"]);
        let ticket = founder.ticket();
        let mut nodes = vec![founder];
        nodes.extend((2..=self.nodes).map(|node| self.start(node, &["join", &ticket])));
        (nodes, ticket)
    }

    /// Bytes that the kernel has counted out of a node's interface and into it.
    fn bytes(&self, node: u32) -> (u64, u64) {
        let space = self.space(node);
        let output = Command::new("ip")
            .args(["netns", "exec", &space, "cat", "/proc/net/dev"])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.trim().starts_with('n')).unwrap();
        let (_, numbers) = line.split_once(':').unwrap();
        let numbers: Vec<u64> =
            numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
        (numbers[8], numbers[0])
    }

    /// Drops what a node sends to all others, or lets it pass again.
    fn mute(&self, node: u32, muted: bool) {
        let (space, word) = (self.space(node), if muted { "add" } else { "del" });
        for other in (1..=self.nodes).filter(|other| *other != node).chain([254]) {
            assert!(ip(&format!("-n {space} route {word} blackhole {}/32", self.address(other))));
        }
    }

    /// Drops what all others send to a node, or lets it pass again.
    fn deafen(&self, node: u32, deaf: bool) {
        let (word, address) = (if deaf { "add" } else { "del" }, self.address(node));
        for other in (1..=self.nodes).filter(|other| *other != node) {
            assert!(ip(&format!("-n {} route {word} blackhole {address}/32", self.space(other))));
        }
        assert!(ip(&format!("route {word} blackhole {address}/32")));
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        for node in 1..=self.nodes {
            ip(&format!("netns del {}", self.space(node)));
        }
        ip(&format!("link del nums{}", self.net));
    }
}

fn sum_of_product(session: &Session) -> Result<f64, Error> {
    let x = session.arange(0.0, 4e6, 1.0)?.reshape(&[2000, 2000])? / 1e6;
    Ok(x.dot(&x.t()).sum().fetch::<f64>().wait()?[[]])
}

/// Works again and again until it succeeds, at most 30 s.
fn eventually(session: &Session) -> f64 {
    let started = Instant::now();
    loop {
        match sum_of_product(session) {
            Ok(sum) => return sum,
            Err(error) => assert!(started.elapsed() < Duration::from_secs(30), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_kernel_counts_the_bytes_that_the_plan_predicts() {
    let Some(networks) = Networks::new(1, 4) else { return };
    let (_nodes, ticket) = networks.cluster();
    let session = Session::builder().places(64).connect(&ticket).unwrap();
    assert_eq!(session.nodes(), 4);
    let embedded = Session::builder().nodes(4).places(64).embedded().unwrap();
    let expected = sum_of_product(&embedded).unwrap();
    let before: Vec<_> = (1..=4).map(|node| networks.bytes(node)).collect();
    assert_eq!(sum_of_product(&session).unwrap().to_bits(), expected.to_bits());
    let counted: Vec<_> = (1..=4)
        .zip(before)
        .map(|(node, (out, into))| {
            let (out_now, into_now) = networks.bytes(node);
            (out_now - out, into_now - into)
        })
        .collect();
    let plans = session.plans().wait().unwrap();
    let status = session.status().wait().unwrap();
    for (row, (out, into)) in status.iter().zip(counted) {
        let parts = || plans.iter().flat_map(|plan| &plan.nodes);
        let own = || parts().filter(|(name, ..)| name.as_str() == row.name);
        let predicted_out: u64 = own().map(|(_, predicted, _)| predicted.bytes_out).sum();
        let predicted_in: u64 = own().map(|(_, predicted, _)| predicted.bytes_in).sum();
        println!("{}: out {out} for {predicted_out}, in {into} for {predicted_in}", row.name);
        assert!(predicted_in > 1_000_000, "{} moves too little to be measured", row.name);
        for (counted, predicted) in [(out, predicted_out), (into, predicted_in)] {
            assert!(counted >= predicted, "{counted} bytes cannot hold {predicted}");
            let most = predicted + predicted / 50 + OVERHEAD_BYTES;
            assert!(counted <= most, "{counted} bytes on the wire for {predicted}");
        }
    }
}

#[test]
fn a_short_cut_heals_and_a_long_one_is_an_error_that_names_the_node() {
    let Some(networks) = Networks::new(2, 2) else { return };
    let (nodes, ticket) = networks.cluster();
    let session = Session::connect(&ticket).unwrap();
    let kept = session.arange(0.0, 1e6, 1.0).unwrap();
    kept.eval().wait().unwrap();
    let expected = sum_of_product(&session).unwrap();

    networks.mute(2, true);
    networks.deafen(2, true);
    let cut = Instant::now();
    std::thread::scope(|scope| {
        let working = scope.spawn(|| sum_of_product(&session));
        std::thread::sleep(Duration::from_secs(2));
        networks.mute(2, false);
        networks.deafen(2, false);
        assert_eq!(working.join().unwrap().unwrap().to_bits(), expected.to_bits());
    });
    println!("a cut of 2 s: the work was done after {:?}", cut.elapsed());
    let sum = |array: &nums::DistArray| array.sum().fetch::<f64>().wait();
    assert_eq!(sum(&kept).unwrap()[[]], 499_999_500_000.0);

    networks.mute(2, true);
    networks.deafen(2, true);
    let cut = Instant::now();
    let error = sum(&kept).unwrap_err();
    let noticed = cut.elapsed();
    println!("a cut of 15 s: {error}, after {noticed:?}");
    assert!(error.to_string().contains(&nodes[1].name), "{error}");
    // Five seconds of silence, and what a loaded machine adds.
    assert!(noticed < Duration::from_secs(12), "{noticed:?}");
    // The rest of the cluster works.
    let small = session.arange(0.0, 10.0, 1.0).unwrap().sum().fetch::<f64>().wait();
    assert_eq!(small.unwrap()[[]], 45.0);
    std::thread::sleep(Duration::from_secs(15).saturating_sub(cut.elapsed()));
    networks.mute(2, false);
    networks.deafen(2, false);
    // It comes back by itself, and is used.
    let healed = Instant::now();
    while session.status().wait().unwrap().len() < 2 {
        assert!(healed.elapsed() < Duration::from_secs(30), "the node has not come back");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(eventually(&session).to_bits(), expected.to_bits());
}

#[test]
fn a_node_that_hears_but_is_not_heard_is_lost_on_both_sides() {
    let Some(networks) = Networks::new(3, 2) else { return };
    let (nodes, ticket) = networks.cluster();
    let session = Session::connect(&ticket).unwrap();
    let kept = session.arange(0.0, 1e6, 1.0).unwrap();
    kept.eval().wait().unwrap();
    networks.mute(2, true);
    let cut = Instant::now();
    let error = kept.sum().fetch::<f64>().wait().unwrap_err();
    assert!(error.to_string().contains(&nodes[1].name), "{error}");
    assert!(cut.elapsed() < Duration::from_secs(12), "{:?}", cut.elapsed());
    networks.mute(2, false);
    eventually(&session);
}
