//! Nodes that find the members of their cluster again by multicast DNS, and nobody else.
//!
//! The link is a bridge in a network namespace of the test's own, so that no packet of it gets out. That takes root and
//! the command `ip`; without them the test says so and passes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{NodeProcess, ip, nums_in};
use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

/// Three hosts, at 10.78.0.1 and on, each in a namespace of its own.
struct Hosts;

impl Hosts {
    /// None where it cannot be done, which is said.
    fn new() -> Option<Hosts> {
        let hosts = Hosts;
        if hosts.build() {
            return Some(hosts);
        }
        eprintln!("SKIPPED: this test needs root, the command `ip` and network namespaces");
        None
    }

    fn build(&self) -> bool {
        let link = self.space(0);
        let made = ip(&format!("netns add {link}"))
            && ip(&format!("-n {link} link add bridge type bridge"))
            && ip(&format!("-n {link} link set bridge up"));
        made && (1..=3).all(|host| {
            let space = self.space(host);
            ip(&format!("netns add {space}"))
                && ip(&format!(
                    "-n {link} link add to{host} type veth peer name wire netns {space}"
                ))
                && ip(&format!("-n {link} link set to{host} master bridge up"))
                && ip(&format!("-n {space} addr add 10.78.0.{host}/24 dev wire"))
                && ip(&format!("-n {space} link set wire up"))
                && ip(&format!("-n {space} link set lo up"))
        })
    }

    fn space(&self, host: u32) -> String {
        format!("nums-mdns-{}-{host}", std::process::id())
    }

    /// What the kernel has counted on a host under a name of the MIB.
    fn counted(&self, host: u32, name: &str) -> u64 {
        let output = Command::new("ip")
            .args([
                "netns",
                "exec",
                &self.space(host),
                "cat",
                "/proc/net/snmp",
                "/proc/net/netstat",
            ])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let found = lines.chunks(2).find_map(|pair| {
            let at = pair[0].split(' ').position(|other| other == name)?;
            pair[1].split(' ').nth(at)
        });
        found.unwrap().parse().unwrap()
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for host in 0..=3 {
            ip(&format!("netns del {}", self.space(host)));
        }
    }
}

fn status(data: &str) -> String {
    let mut nums = Command::new(env!("CARGO_BIN_EXE_nums"));
    let output = nums.args(["status", "--json", "--data", data]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_node_finds_its_cluster_where_it_has_moved_and_turns_to_no_stranger() {
    let Some(hosts) = Hosts::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let [first, second] = [first.to_str().unwrap(), second.to_str().unwrap()];

    // Without the flag nothing is said to the link.
    let founding = ["up", "--data", first, "--listen", "10.78.0.1:7000"];
    let mut founder = NodeProcess::start_in(&hosts.space(1), &founding);
    let ticket = founder.ticket();
    let joining = ["join", &ticket, "--data", second, "--listen", "10.78.0.2:7000"];
    let member = NodeProcess::start_in(&hosts.space(2), &joining);
    let said = [1, 2].map(|host| hosts.counted(host, "OutMcastPkts"));
    assert_eq!(said, [0, 0], "packets to the link without the flag");
    let names = [founder.name.clone(), member.name.clone()];
    // When both admit, each remembers the other.
    let started = Instant::now();
    while status(first).matches("\"admits\":true").count() < 2 {
        assert!(started.elapsed() < Duration::from_secs(20), "{}", status(first));
        std::thread::sleep(Duration::from_millis(50));
    }
    drop((member, founder));

    // A stranger tells the link of itself, and so does the founder, which comes back on other ports.
    let alone = ["up", "--mdns", "--listen", "10.78.0.3:7000"];
    let stranger = NodeProcess::start_in(&hosts.space(3), &alone);
    let moved = ["up", "--mdns", "--data", first, "--listen", "10.78.0.1:9000"];
    let founder = NodeProcess::start_in(&hosts.space(1), &moved);
    assert_eq!(founder.name, names[0]);

    // The other member knows only where it was.
    let back = ["join", "--data", second, "--listen", "10.78.0.2:7000"];
    let lost = nums_in(&hosts.space(2)).args(back).output().unwrap();
    assert!(!lost.status.success(), "{lost:?}");
    let log = folder.path().join("log");
    let mut looking = nums_in(&hosts.space(2));
    looking.env("RUST_LOG", "debug").stderr(File::create(&log).unwrap());
    let member = NodeProcess::run(looking, &[&back[..], &["--mdns"]].concat());
    assert_eq!(member.name, names[1]);
    let status = status(first);
    assert!(names.iter().all(|name| status.contains(name)), "{status}");

    // It has heard of the stranger when it looked, perhaps again since it announces itself, and took no notice.
    let log = std::fs::read_to_string(log).unwrap();
    let heard: Vec<_> = log.lines().filter(|line| line.contains(&stranger.name)).collect();
    assert!(matches!(heard.len(), 1 | 2), "{heard:?}");
    assert!(heard.iter().all(|line| line.contains("libp2p_mdns")), "{heard:?}");
    assert_eq!(hosts.counted(3, "PassiveOpens"), 0, "connections to a stranger");
    assert!(hosts.counted(1, "PassiveOpens") > 0);
}
