//! A flood of strangers at the doors of a node, while a session works.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::NodeProcess;
use nums::Session;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Connections to each of the three ports.
const CONNECTIONS: usize = 334;
/// What they may cost the node: buffers of the handshakes that are admitted, and tables.
const GROWTH_KIB_MAX: u64 = 64 << 10;

/// The largest memory that a process has used.
fn peak_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The ports on which a process listens.
fn ports(process: u32) -> Vec<u16> {
    let mut inodes = Vec::new();
    for entry in std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().flatten() {
        if let Ok(target) = std::fs::read_link(entry.path())
            && let Some(inode) = target.to_str().and_then(|text| text.strip_prefix("socket:["))
        {
            inodes.push(inode.trim_end_matches(']').to_owned());
        }
    }
    let table = std::fs::read_to_string(format!("/proc/{process}/net/tcp")).unwrap();
    let listening = table.lines().skip(1).filter_map(|line| {
        let cells: Vec<_> = line.split_whitespace().collect();
        let listens = cells[3] == "0A" && inodes.iter().any(|inode| inode == cells[9]);
        let (_, port) = cells[1].split_once(':')?;
        listens.then(|| u16::from_str_radix(port, 16).unwrap())
    });
    listening.collect()
}

#[test]
fn a_thousand_connections_cost_little_and_hurt_nobody() {
    let (founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    let session = Session::connect(&ticket).unwrap();
    let sum = || session.arange(0.0, 1e6, 1.0).unwrap().sum().fetch::<f64>().wait().unwrap()[[]];
    assert_eq!(sum(), 499_999_500_000.0);
    let ports = ports(founder.id());
    assert_eq!(ports.len(), 3, "{ports:?}");
    let before = peak_kib(founder.id());

    // A third says nothing, a third says a byte now and then, a third says something wrong.
    let mut strangers = Vec::new();
    for index in 0..CONNECTIONS {
        for &port in &ports {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            if index % 3 == 2 {
                let _ = stream.write_all(&[0xff; 4096]);
            }
            strangers.push(stream);
        }
    }
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) {
        for stream in strangers.iter_mut().step_by(3) {
            let _ = stream.write_all(&[0x13]);
        }
        assert_eq!(sum(), 499_999_500_000.0);
        std::thread::sleep(Duration::from_millis(100));
    }
    let growth = peak_kib(founder.id()) - before;
    println!("{} connections cost {growth} KiB", strangers.len());
    assert!(growth < GROWTH_KIB_MAX, "{growth} KiB");
    drop(strangers);
    // Whoever has a ticket still gets in.
    let started = Instant::now();
    while Session::connect(&ticket).is_err() {
        assert!(started.elapsed() < Duration::from_secs(15), "nobody gets in any more");
    }
}
