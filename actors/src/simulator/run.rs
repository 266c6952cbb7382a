//! One run: a cluster, a script for each session, and what must hold at the end.

use super::faults::{Counters, Faults, Leave, Random};
use super::hosts::{Course, Host, NodeHost, SessionHost};
use super::network::{Arrival, Network};
use super::script::{PLACES, Results, Step, steps};
use crate::driver::state::{DriverConfig, RENEW_EVERY, State as DriverState};
use crate::link::{SESSION_SILENCE_MAX, TICK};
use crate::node::state::{Held, Limits};
use crate::request::{Request, Submission};
use crate::{Member, MemberId, Role};
use nums_lshs::ArrayId;
use nums_lshs::rewrite::Rules;
use std::collections::BTreeMap;
use std::time::Duration;
use xxhash_rust::xxh3::Xxh3;

/// A run that takes longer hangs.
const RUN_MAX: Duration = Duration::from_secs(600);
/// How long everything may take to come to rest when nothing goes wrong any more.
pub(super) const REST_MAX: Duration = Duration::from_secs(180);

/// What a run has shown.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shown {
    /// Of everything that happened, in order.
    pub(super) trace: u64,
    pub(super) counters: Counters,
    pub(super) results: u64,
    pub(super) errors: u64,
    /// Plans that were done, with the bytes, tasks and memory that were predicted.
    pub(super) measured: u64,
    /// Sessions that have gone before their work was done.
    pub(super) left: u64,
    /// Nodes that were asked to leave, and have left or not.
    pub(super) drained: u64,
    pub(super) not_drained: u64,
}

pub(super) struct World {
    pub(super) network: Network,
    pub(super) hosts: BTreeMap<MemberId, Host>,
    trace: Xxh3,
}

/// A session's script while it runs.
pub(super) struct Script {
    pub(super) session: MemberId,
    steps: Vec<Step>,
    pub(super) results: Results,
    pub(super) waits: BTreeMap<ArrayId, u64>,
}

/// Runs a seed, and says what it has shown or what is wrong.
pub(super) fn run(seed: u64, faults: Option<Faults>) -> Result<Shown, String> {
    let mut random = Random::new(seed);
    let drawn = Faults::of(&mut random);
    let faults = faults.unwrap_or(drawn);
    let nodes: Vec<_> = (0..2 + random.below(3)).map(node_id).collect();
    let mut sessions: Vec<_> = (0..1 + random.below(2)).map(session_id).collect();
    let mut world = World::new(&mut random, faults, &nodes, &sessions);
    let mut scripts = Vec::new();
    for session in &sessions {
        let count = 3 + random.below(8);
        let (steps, results) = steps(&mut random, count);
        scripts.push(Script { session: session.clone(), steps, results, waits: BTreeMap::new() });
    }
    for script in &mut scripts {
        world.submit(script, &mut random, &faults);
    }
    let mut shown = Shown::default();
    if let (Some(leave), true) = (faults.leaves, sessions.len() > 1) {
        scripts.truncate(1);
        for session in sessions.split_off(1) {
            world.leave(&session, leave);
            shown.left += 1;
        }
    }
    world.until(RUN_MAX, |world| scripts.iter().all(|script| world.has_answers(script)))?;
    for script in &scripts {
        world.check(script, &faults, &mut shown)?;
    }
    world.until(RUN_MAX, World::drains_are_over)?;
    let mut tasks = 0;
    for script in &scripts {
        let (plans, run) = world.check_measured(&script.session)?;
        shown.measured += plans;
        tasks += run;
    }
    world.check_drained(&faults, tasks, &mut shown)?;
    for script in &scripts {
        world.check_handed_on(script, &faults)?;
    }
    // From here on nothing goes wrong: what was given up is forgotten, and the cluster is as good as new.
    shown.counters = world.network.counters;
    let bug = faults.bug;
    world.network.faults = Faults { bug, memory_bytes: faults.memory_bytes, ..Faults::none() };
    world.network.cuts.clear();
    world.rest()?;
    for script in &mut scripts {
        world.release(script);
    }
    world.rest()?;
    world.check_empty()?;
    // A session that has nothing to do hears of a node that has begun anew when it renews its lease.
    world.pass(2 * RENEW_EVERY);
    for session in &sessions {
        world.plan_again(session, &mut random)?;
    }
    world.end(&sessions)?;
    shown.trace = world.trace.digest();
    Ok(shown)
}

fn node_id(number: u64) -> MemberId {
    MemberId::new(format!("node-{number}"))
}

fn session_id(number: u64) -> MemberId {
    MemberId::new(format!("session-{number}"))
}

impl World {
    fn new(
        random: &mut Random,
        faults: Faults,
        nodes: &[MemberId],
        sessions: &[MemberId],
    ) -> World {
        let mut network = Network::new(Random::new(random.next()), faults);
        if let Some(length) = faults.partition {
            let all: Vec<_> = nodes.iter().chain(sessions).collect();
            let one = *random.pick(&all);
            let since = Duration::from_millis(random.below(3000));
            for other in all.iter().filter(|other| **other != one) {
                network.cuts.push((one.clone(), (*other).clone(), since, since + length));
                // Half of the cuts are one-way.
                if random.below(2) == 0 {
                    network.cuts.push(((*other).clone(), one.clone(), since, since + length));
                }
            }
        }
        if faults.restart {
            let pause = Duration::from_millis(random.below(3000));
            network.after(pause, random.pick(nodes), Arrival::Restart);
        }
        let stays = random.below(nodes.len() as u64) as usize;
        let mut leave: Vec<_> = nodes.to_vec();
        leave.remove(stays);
        if faults.crash {
            let pause = Duration::from_millis(random.below(3000));
            network.after(pause, random.pick(&leave), Arrival::Crash);
        }
        for node in leave.into_iter().take(faults.drains as usize) {
            let pause = Duration::from_millis(random.below(3000));
            network.after(pause, random.pick(nodes), Arrival::Drain { node });
        }
        let mut hosts = BTreeMap::new();
        let limits = Limits {
            weight_in_flight_max: 1 << 17,
            window_blocks_max: 1 + random.below(4) as usize,
            workers: 1,
            memory_bytes: faults.memory_bytes,
            lease: SESSION_SILENCE_MAX,
        };
        let member = |(id, order): (&MemberId, u64)| Member {
            id: id.clone(),
            role: Role::Node,
            order: (0, order),
        };
        let members: Vec<_> = nodes.iter().zip(0..).map(member).collect();
        for id in nodes {
            let others = members.iter().filter(|other| other.id != *id).cloned().collect();
            let node = NodeHost::new(id.clone(), others, limits);
            hosts.insert(id.clone(), Host::Node(Box::new(node)));
        }
        for id in sessions {
            let policy = (*random.pick(&["lshs", "round-robin", "random"])).to_owned();
            let config = DriverConfig { places: PLACES, policy, rewrites: Rules::all() };
            let state = DriverState::new(id.clone(), config, members.clone());
            hosts.insert(id.clone(), Host::Session(Box::new(SessionHost::new(id.clone(), state))));
        }
        for id in hosts.keys() {
            let pause = TICK.mul_f64(random.below(1000) as f64 / 1000.0);
            network.after(pause, id, Arrival::Tick);
        }
        World { network, hosts, trace: Xxh3::new() }
    }

    fn step(&mut self) -> bool {
        let Some((to, arrival)) = self.network.next() else { return false };
        if !matches!(arrival, Arrival::Tick) {
            self.trace.update(format!("{:?} {to} {arrival:?}", self.network.now).as_bytes());
        }
        let Some(host) = self.hosts.get_mut(&to) else { return true };
        host.arrive(arrival, &mut self.network);
        self.close_if_gone(&to);
        true
    }

    /// The others hear of a node that has left or crashed.
    fn close_if_gone(&mut self, node: &MemberId) {
        if self.hosts.get_mut(node).is_some_and(Host::goes) {
            for other in self.hosts.keys().filter(|other| *other != node) {
                self.network.close(node, other);
            }
        }
    }

    /// Lets some time pass.
    fn pass(&mut self, time: Duration) {
        let until = self.network.now + time;
        while self.network.now < until && self.step() {}
    }

    /// Lets time pass until something holds.
    pub(super) fn until(
        &mut self,
        within: Duration,
        holds: impl Fn(&World) -> bool,
    ) -> Result<(), String> {
        let end = self.network.now + within;
        while !holds(self) {
            if self.network.now > end || !self.step() {
                let open: Vec<_> = self.sessions().map(|session| session.state.open()).collect();
                let held: Vec<_> = self.nodes().map(|node| node.state.held()).collect();
                let links: Vec<_> = self.hosts.values().map(Host::links).collect();
                return Err(format!("nothing more happens: {open:?}, {held:?}, {links:?}"));
            }
        }
        Ok(())
    }

    /// Lets time pass until all is at rest, and nothing is held for those who have gone.
    fn rest(&mut self) -> Result<(), String> {
        self.until(REST_MAX, |world| {
            let nodes = world.nodes().all(|node| {
                if world.gone().any(|session| node.state.serves(session)) {
                    return false;
                }
                let Held { parts, in_flight, early_pulls, copies, .. } = node.state.held();
                node.links.waiting() == 0 && (parts, in_flight, early_pulls, copies) == (0, 0, 0, 0)
            });
            nodes && world.sessions().all(|own| own.links.waiting() == 0 && own.state.open() == 0)
        })
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &NodeHost> {
        self.all_nodes().filter(|node| node.course == Course::Stays)
    }

    /// The nodes, those among them that are gone.
    pub(super) fn all_nodes(&self) -> impl Iterator<Item = &NodeHost> {
        self.hosts.values().filter_map(|host| match host {
            Host::Node(node) => Some(&**node),
            Host::Session(_) => None,
        })
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = &SessionHost> {
        self.hosts.values().filter_map(|host| match host {
            Host::Session(session) => (!session.gone).then_some(&**session),
            Host::Node(_) => None,
        })
    }

    /// The sessions that have gone.
    fn gone(&self) -> impl Iterator<Item = &MemberId> {
        self.hosts.iter().filter_map(|(id, host)| match host {
            Host::Session(session) => session.gone.then_some(id),
            Host::Node(_) => None,
        })
    }

    pub(super) fn session(&self, id: &MemberId) -> Option<&SessionHost> {
        self.sessions().find(|session| session.id == *id)
    }

    pub(super) fn request(&mut self, session: &MemberId, request: Request) -> u64 {
        match self.hosts.get_mut(session) {
            Some(Host::Session(session)) => session.request(request, &mut self.network),
            _ => 0,
        }
    }

    /// Submits a script and waits for its arrays, some of which are given up.
    fn submit(&mut self, script: &mut Script, random: &mut Random, faults: &Faults) {
        let id = script.session.clone();
        for step in script.steps.clone() {
            let seconds = Duration::from_secs(random.below(20));
            let within = (faults.impatient && random.below(4) == 0).then_some(seconds);
            if step.put {
                let (put, blocks) = step.put(&script.results);
                if let Some(Host::Session(session)) = self.hosts.get_mut(&id) {
                    session.uploads.insert(step.makes, blocks);
                }
                self.request(&id, Request::Put(put));
            } else {
                self.request(&id, Request::Submit(Submission { graph: step.graph, within }));
            }
            let wait = Request::Wait { arrays: vec![step.makes], within: None };
            let wait = self.request(&id, wait);
            script.waits.insert(step.makes, wait);
            // Some time passes before the next submission.
            self.pass(Duration::from_millis(random.below(300)));
            if faults.impatient && random.below(6) == 0 {
                self.request(&id, Request::Cancel(vec![step.makes]));
            }
        }
    }

    fn has_answers(&self, script: &Script) -> bool {
        self.session(&script.session).is_some_and(|session| {
            script.waits.values().all(|wait| session.outcomes.contains_key(wait))
        })
    }

    fn release(&mut self, script: &Script) {
        let arrays = script.waits.keys().copied().collect();
        self.request(&script.session, Request::Release(arrays));
    }

    /// After all that went wrong, a plan goes well.
    fn plan_again(&mut self, session: &MemberId, random: &mut Random) -> Result<(), String> {
        let (steps, _) = steps(random, 1);
        let Step { makes, graph, .. } = steps.into_iter().next().ok_or("no step")?;
        self.request(session, Request::Submit(Submission { graph, within: None }));
        let wait = self.request(session, Request::Wait { arrays: vec![makes], within: None });
        let answered = |world: &World| {
            world.session(session).is_some_and(|own| own.outcomes.contains_key(&wait))
        };
        self.until(REST_MAX, answered)?;
        match self.session(session).map(|own| &own.outcomes[&wait]) {
            Some(Ok(_)) => Ok(()),
            other => Err(format!("afterwards {session} gets {other:?}")),
        }
    }

    /// A session goes.
    fn leave(&mut self, session: &MemberId, leave: Leave) {
        for host in self.hosts.values_mut() {
            match host {
                Host::Session(own) if own.id == *session => own.gone = true,
                Host::Node(node) if leave == Leave::Goodbye => {
                    node.member_down(session, &mut self.network);
                }
                Host::Node(_) | Host::Session(_) => {}
            }
        }
        // It may be what a node has waited for that is to leave.
        for node in self.hosts.keys().cloned().collect::<Vec<_>>() {
            self.close_if_gone(&node);
        }
    }

    /// The sessions go without a word: their leases end, and with them all of their jobs.
    fn end(&mut self, sessions: &[MemberId]) -> Result<(), String> {
        sessions.iter().for_each(|session| self.leave(session, Leave::Silent));
        let jobs = |world: &World| world.nodes().all(|node| node.state.held().jobs == 0);
        self.until(REST_MAX, jobs)?;
        self.check_empty()
    }
}
