//! Reliable, ordered messages over a way that may lose, repeat, delay or reorder them. Pure: time is an argument.
//!
//! What one member says to another is a stream of numbered messages. The receiver delivers them in order, each once,
//! and acknowledges the last; the sender repeats what is not acknowledged, after 100 ms and then after twice as long
//! each time. Acknowledgements ride on whatever goes the other way, or follow within a tick. Streams carry rising
//! numbers, and every packet names the stream that its sender listens to: so a member that has begun anew, because its
//! process did or because it gave the other up, is never taken for its former self.

use crate::{MemberId, Message};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How often the shells tell their machines the time. Acknowledgements wait no longer than this.
pub(crate) const TICK: Duration = Duration::from_millis(25);
/// A session gives a node up that has acknowledged nothing for this long.
pub(crate) const NODE_SILENCE_MAX: Duration = Duration::from_secs(10);
/// A node gives a member up that has acknowledged nothing for this long: longer, because a session may be busy with a
/// large plan, and because what a node forgets of a session is lost.
pub(crate) const SESSION_SILENCE_MAX: Duration = Duration::from_secs(60);
/// Who has not ticked for this long was busy or stopped itself, and cannot say that others were silent meanwhile.
const STALL_MIN: Duration = Duration::from_secs(1);
/// A message is repeated for the first time after this, and then after twice as long each time.
const REPEAT_FIRST: Duration = Duration::from_millis(100);
/// Messages are repeated no less often than this.
const REPEAT_MAX: Duration = Duration::from_secs(5);
/// Messages repeated to one member at a tick: the oldest, since later ones are likely to be there.
const REPEATS_LEN_MAX: usize = 32;
/// Messages that wait for an earlier one; more are dropped, and repeated by their sender.
const EARLY_LEN_MAX: usize = 4096;
/// How long the last stream of a member that has gone is remembered, so that its late packets find nobody.
const REMEMBERED: Duration = Duration::from_secs(60);

/// What travels between members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Packet {
    /// A message outside of any stream, from or to one who asks again by himself.
    Loose(Message),
    /// A piece of a stream.
    Linked(Linked),
}

/// A piece of a stream: a message, an acknowledgement, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Linked {
    /// The sender's stream.
    pub(crate) stream: u64,
    /// The stream of the receiver that the sender listens to, 0 for none.
    pub(crate) heard: u64,
    /// All messages of that stream up to this number have come.
    pub(crate) acknowledged: u64,
    /// The message and its number, from 1.
    pub(crate) message: Option<(u64, Message)>,
}

/// The streams from and to all members.
#[derive(Debug)]
pub(crate) struct Links {
    silence_max: Duration,
    /// When this member ticked last, and since when it has done so without a stall.
    ticked: Duration,
    awake_since: Duration,
    last_stream: u64,
    links: BTreeMap<MemberId, Link>,
}

/// The streams from and to one member.
#[derive(Debug)]
struct Link {
    /// Our stream, and the number of its last message.
    stream: u64,
    sent: u64,
    unacknowledged: VecDeque<Unacknowledged>,
    /// When the member last acknowledged something that was waiting.
    progress: Duration,
    /// The member's stream, 0 for none yet, and the last of its messages in order.
    heard: u64,
    received: u64,
    /// Messages that came before an earlier one, and when the last message came in order.
    early: BTreeMap<u64, Message>,
    received_at: Duration,
    /// Streams up to this one are over.
    over: u64,
    /// The member waits to hear what has come.
    owes: bool,
    /// When the member went, if it has.
    gone: Option<Duration>,
}

#[derive(Debug)]
struct Unacknowledged {
    number: u64,
    message: Message,
    posted: Duration,
    repeat_at: Duration,
    pause: Duration,
}

/// What a tick calls for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Due {
    /// Packets to send.
    pub(crate) packets: Vec<(MemberId, Packet)>,
    /// Members that have been silent for too long. What was on its way to them is dropped.
    pub(crate) silent: Vec<MemberId>,
}

/// What came with a packet.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Accepted {
    /// The member has begun anew: what was said before is void on both sides.
    pub(crate) anew: bool,
    /// The messages that are now in order.
    pub(crate) messages: Vec<Message>,
}

impl Links {
    /// Streams are numbered from `first` on, which must rise from process to process of one member.
    pub(crate) fn new(first: u64, silence_max: Duration) -> Links {
        let (ticked, awake_since) = (Duration::ZERO, Duration::ZERO);
        Links { silence_max, ticked, awake_since, last_stream: first, links: BTreeMap::new() }
    }

    /// The packet that carries a message; it is kept until it is acknowledged.
    pub(crate) fn post(&mut self, now: Duration, to: &MemberId, message: Message) -> Packet {
        if message.is_loose() {
            return Packet::Loose(message);
        }
        let link = self.link(to);
        if link.unacknowledged.is_empty() {
            link.progress = now;
        }
        link.gone = None;
        link.sent += 1;
        link.unacknowledged.push_back(Unacknowledged {
            number: link.sent,
            message: message.clone(),
            posted: now,
            repeat_at: now + REPEAT_FIRST,
            pause: REPEAT_FIRST,
        });
        link.packet(Some((link.sent, message)))
    }

    /// Takes in a packet.
    pub(crate) fn accept(&mut self, now: Duration, from: &MemberId, packet: Packet) -> Accepted {
        let Linked { stream, heard, acknowledged, message } = match packet {
            Packet::Linked(linked) => linked,
            Packet::Loose(message) if message.is_loose() => {
                return Accepted { anew: false, messages: vec![message] };
            }
            // What belongs into a stream counts for nothing outside of one.
            Packet::Loose(_) => return Accepted::default(),
        };
        let next_stream = self.last_stream + 1;
        let link = self.link(from);
        if stream <= link.over || stream < link.heard {
            // A late packet of a stream that is over, or of one who does not know yet that we have begun anew.
            link.owes |= stream == link.over;
            return Accepted::default();
        }
        let mut anew = false;
        if stream > link.heard {
            if link.heard == 0 && heard != 0 && heard != link.stream {
                // It speaks to our former self, and cannot be understood from the middle. Hearing of our stream it
                // will begin anew.
                link.owes = true;
                return Accepted::default();
            }
            if link.heard != 0 && heard != link.stream {
                anew = true;
                link.restart(next_stream);
            }
            (link.heard, link.received) = (stream, 0);
            link.early.clear();
        }
        link.gone = None;
        if heard == link.stream {
            link.acknowledge(now, acknowledged);
        }
        let messages =
            message.map_or_else(Vec::new, |(number, message)| link.take(now, number, message));
        if anew {
            self.last_stream = next_stream;
        }
        Accepted { anew, messages }
    }

    /// What is to be sent again or acknowledged by now, and who has been silent for too long.
    pub(crate) fn tick(&mut self, now: Duration) -> Due {
        let mut due = Due::default();
        if now > self.ticked + STALL_MIN {
            self.awake_since = now;
        }
        self.ticked = now;
        let silent_at = |since: Duration| since.max(self.awake_since) + self.silence_max;
        let lately = |link: &Link| link.gone.is_none_or(|gone| now < gone + REMEMBERED);
        self.links.retain(|_, link| lately(link));
        for (member, link) in &mut self.links {
            // The earlier message will not come any more: its sender has given this member up.
            if now >= link.received_at + 2 * SESSION_SILENCE_MAX {
                link.early.clear();
            }
            if link.waits_since().is_some_and(|since| now >= silent_at(since)) {
                due.silent.push(member.clone());
                continue;
            }
            for packet in link.repeat(now) {
                due.packets.push((member.clone(), packet));
            }
            if link.owes {
                due.packets.push((member.clone(), link.packet(None)));
            }
        }
        for member in &due.silent {
            self.forget(now, member);
        }
        due
    }

    /// Ends the streams from and to a member. If it is heard of again, both begin anew.
    pub(crate) fn forget(&mut self, now: Duration, member: &MemberId) {
        let Some(link) = self.links.get_mut(member) else { return };
        self.last_stream += 1;
        link.restart(self.last_stream);
        link.over = link.over.max(link.heard);
        (link.heard, link.received, link.owes) = (0, 0, false);
        link.early.clear();
        link.gone = Some(now);
    }

    /// The messages that nobody has acknowledged, and those that wait for an earlier one.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        let links = self.links.values();
        links.map(|link| link.unacknowledged.len() + link.early.len()).sum()
    }

    fn link(&mut self, member: &MemberId) -> &mut Link {
        if !self.links.contains_key(member) {
            self.last_stream += 1;
            self.links.insert(member.clone(), Link::new(self.last_stream));
        }
        self.links.entry(member.clone()).or_insert_with(|| Link::new(self.last_stream))
    }
}

impl Link {
    fn new(stream: u64) -> Link {
        Link {
            stream,
            sent: 0,
            unacknowledged: VecDeque::new(),
            progress: Duration::ZERO,
            heard: 0,
            received: 0,
            early: BTreeMap::new(),
            received_at: Duration::ZERO,
            over: 0,
            owes: false,
            gone: None,
        }
    }

    /// A packet of this stream; whatever it carries, it acknowledges.
    fn packet(&mut self, message: Option<(u64, Message)>) -> Packet {
        self.owes = false;
        let (stream, heard, acknowledged) = (self.stream, self.heard, self.received);
        Packet::Linked(Linked { stream, heard, acknowledged, message })
    }

    fn restart(&mut self, stream: u64) {
        (self.stream, self.sent) = (stream, 0);
        self.unacknowledged.clear();
    }

    fn acknowledge(&mut self, now: Duration, number: u64) {
        while self.unacknowledged.front().is_some_and(|oldest| oldest.number <= number) {
            self.unacknowledged.pop_front();
            self.progress = now;
        }
    }

    /// The messages that are in order with this one.
    fn take(&mut self, now: Duration, number: u64, message: Message) -> Vec<Message> {
        self.owes = true;
        if self.early.is_empty() {
            self.received_at = now;
        }
        if number <= self.received {
            return Vec::new();
        }
        if number > self.received + 1 {
            if self.early.len() < EARLY_LEN_MAX {
                self.early.insert(number, message);
            }
            return Vec::new();
        }
        let mut messages = vec![message];
        self.received = number;
        self.received_at = now;
        while let Some(next) = self.early.remove(&(self.received + 1)) {
            self.received += 1;
            messages.push(next);
        }
        messages
    }

    /// Since when the oldest message waits to be acknowledged, and nothing else was.
    fn waits_since(&self) -> Option<Duration> {
        self.unacknowledged.front().map(|oldest| oldest.posted.max(self.progress))
    }

    fn repeat(&mut self, now: Duration) -> Vec<Packet> {
        let mut due = Vec::new();
        for waiting in self.unacknowledged.iter_mut().take(REPEATS_LEN_MAX) {
            if waiting.repeat_at <= now {
                waiting.pause = (waiting.pause * 2).min(REPEAT_MAX);
                waiting.repeat_at = now + waiting.pause;
                due.push((waiting.number, waiting.message.clone()));
            }
        }
        due.into_iter().map(|message| self.packet(Some(message))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{JobId, PlanId};
    use proptest::prelude::*;

    fn message(number: u64) -> Message {
        Message::Cancel { job: JobId(1), plan: PlanId(number) }
    }

    fn number(message: &Message) -> u64 {
        match message {
            Message::Cancel { plan, .. } => plan.0,
            other => panic!("{other:?}"),
        }
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn names() -> (MemberId, MemberId) {
        (MemberId::new("a"), MemberId::new("b"))
    }

    #[test]
    fn what_is_lost_is_repeated_until_it_is_acknowledged() {
        let (a, b) = names();
        let (mut left, mut right) = (links(0), links(0));
        left.post(ms(0), &b, message(1));
        assert_eq!(left.tick(ms(99)), Due::default());
        let mut due = left.tick(ms(100));
        assert_eq!(due.packets.len(), 1);
        assert_eq!(left.tick(ms(299)), Due::default(), "twice as long");
        let (_, packet) = due.packets.remove(0);
        assert_eq!(right.accept(ms(300), &a, packet.clone()).messages, [message(1)]);
        assert_eq!(right.accept(ms(300), &a, packet).messages, [], "a copy is dropped");
        let mut due = right.tick(ms(300));
        assert_eq!(due.packets.len(), 1, "nothing else goes the other way");
        left.accept(ms(300), &b, due.packets.remove(0).1);
        assert_eq!((left.waiting(), right.waiting()), (0, 0));
        assert_eq!(right.tick(ms(400)), Due::default());
    }

    fn links(first: u64) -> Links {
        Links::new(first, NODE_SILENCE_MAX)
    }

    #[test]
    fn a_silent_member_is_given_up_and_both_begin_anew() {
        let (a, b) = names();
        let (mut left, mut right) = (links(0), links(0));
        let first = left.post(ms(0), &b, message(1));
        right.accept(ms(0), &a, first);
        // The acknowledgements are lost.
        (1..10_000 / 25).for_each(|tick| assert_eq!(left.tick(tick * TICK).silent, []));
        assert_eq!(left.tick(NODE_SILENCE_MAX).silent, std::slice::from_ref(&b));
        let anew = left.post(NODE_SILENCE_MAX, &b, message(2));
        let accepted = right.accept(NODE_SILENCE_MAX, &a, anew);
        assert_eq!(accepted, Accepted { anew: true, messages: vec![message(2)] });
        let answer = right.post(NODE_SILENCE_MAX, &a, message(3));
        let accepted = left.accept(NODE_SILENCE_MAX, &b, answer);
        assert_eq!(accepted, Accepted { anew: false, messages: vec![message(3)] });
        assert_eq!(left.waiting(), 0);
    }

    #[test]
    fn who_was_stopped_itself_gives_nobody_up() {
        let (_, b) = names();
        let mut left = links(0);
        left.post(ms(0), &b, message(1));
        assert_eq!(left.tick(2 * NODE_SILENCE_MAX).silent, []);
        assert_eq!(left.waiting(), 1);
    }

    #[test]
    fn one_who_has_forgotten_makes_the_other_begin_anew() {
        let (a, b) = names();
        let (mut left, mut right) = (links(0), links(0));
        let hello = left.post(ms(0), &b, message(1));
        right.accept(ms(0), &a, hello);
        let answer = right.post(ms(0), &a, message(2));
        left.accept(ms(0), &b, answer);
        right.forget(ms(1), &a);
        let late = left.post(ms(2), &b, message(3));
        assert_eq!(right.accept(ms(2), &a, late), Accepted::default());
        let mut due = right.tick(ms(3));
        assert!(left.accept(ms(3), &b, due.packets.remove(0).1).anew);
        let fresh = left.post(ms(4), &b, message(4));
        let accepted = right.accept(ms(4), &a, fresh);
        assert_eq!(accepted, Accepted { anew: false, messages: vec![message(4)] });
    }

    #[test]
    fn a_process_that_was_started_again_is_not_taken_for_its_former_self() {
        let (a, b) = names();
        let (mut old, mut right) = (links(0), links(0));
        let first = old.post(ms(0), &b, message(1));
        right.accept(ms(0), &a, first);
        let answer = right.post(ms(0), &a, message(2));
        let late = old.post(ms(0), &b, message(3));
        let mut new = links(1000);
        assert_eq!(new.accept(ms(1), &b, answer), Accepted::default(), "it is not for this one");
        let mut due = new.tick(ms(1));
        assert!(right.accept(ms(1), &a, due.packets.remove(0).1).anew);
        assert_eq!(right.accept(ms(2), &a, late), Accepted::default(), "a late packet");
        let answer = right.post(ms(2), &a, message(4));
        assert_eq!(new.accept(ms(2), &b, answer).messages, [message(4)]);
    }

    proptest! {
        /// Whatever is lost, repeated or overtaken, messages come once and in order.
        #[test]
        fn messages_come_once_and_in_order(fates in proptest::collection::vec(0_u8..5, 1..200)) {
            let (a, b) = names();
            let (mut left, mut right) = (links(0), links(0));
            let (mut way, mut back): (Vec<Packet>, Vec<Packet>) = (Vec::new(), Vec::new());
            let mut delivered = Vec::new();
            let mut now = ms(0);
            let posted = 20;
            for at in 1..=posted {
                way.push(left.post(now, &b, message(at)));
            }
            // After the fates nothing is lost any more, so that everything arrives.
            for fate in fates.into_iter().chain(std::iter::repeat_n(4, 200)) {
                now += ms(30);
                way.extend(left.tick(now).packets.into_iter().map(|(_, packet)| packet));
                back.extend(right.tick(now).packets.into_iter().map(|(_, packet)| packet));
                match fate {
                    0 => drop(way.pop()),
                    1 => drop(back.pop()),
                    2 => way.reverse(),
                    3 => way.extend(way.last().cloned()),
                    _ => {
                        for packet in std::mem::take(&mut way) {
                            delivered.extend(right.accept(now, &a, packet).messages);
                        }
                        for packet in std::mem::take(&mut back) {
                            left.accept(now, &b, packet);
                        }
                    }
                }
            }
            let numbers: Vec<_> = delivered.iter().map(number).collect();
            prop_assert_eq!(numbers, (1..=posted).collect::<Vec<_>>());
            prop_assert_eq!((left.waiting(), right.waiting()), (0, 0));
        }
    }
}
