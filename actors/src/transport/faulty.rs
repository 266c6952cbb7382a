//! A transport that loses, repeats and delays what it is given, and damages blocks, so that the real actors meet what
//! the simulator tests the machines with.

use super::{KeyedBlock, NotSent, Traffic, Transport};
use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::simulator::{Faults, Random};
use crate::{ClusterError, MemberId};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A transport around another one.
pub(crate) struct Faulty<T: Transport + ?Sized> {
    inner: Arc<T>,
    faults: Faults,
    random: Mutex<Random>,
}

/// What becomes of something that is sent: when each of its copies goes.
type Fate = Vec<Duration>;

impl<T: Transport + ?Sized> Faulty<T> {
    pub(crate) fn new(inner: Arc<T>, faults: Faults, seed: u64) -> Arc<Faulty<T>> {
        Arc::new(Faulty { inner, faults, random: Mutex::new(Random::new(seed)) })
    }

    fn fate(&self) -> Fate {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        if random.per_mille(self.faults.loss) {
            return Fate::new();
        }
        let copies = if random.per_mille(self.faults.duplicate) { 2 } else { 1 };
        let pause = |random: &mut Random| {
            if !random.per_mille(self.faults.delay) {
                return Duration::ZERO;
            }
            self.faults.delay_max.mul_f64(random.below(1000) as f64 / 1000.0)
        };
        (0..copies).map(|_| pause(&mut random)).collect()
    }

    fn damages(&self) -> bool {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        random.per_mille(self.faults.corrupt)
    }

    fn carry(
        &self,
        send: impl Fn(&T) -> Result<(), ClusterError> + Clone + Send + 'static,
    ) -> Result<(), ClusterError> {
        for pause in self.fate() {
            if pause.is_zero() {
                send(&self.inner)?;
                continue;
            }
            let (inner, send) = (self.inner.clone(), send.clone());
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                // Who has gone meanwhile needs it no more.
                let _ = send(&inner);
            });
        }
        Ok(())
    }
}

impl<T: Transport + ?Sized> Transport for Faulty<T> {
    fn local(&self) -> &MemberId {
        self.inner.local()
    }

    fn send(&self, to: &MemberId, packet: Packet) -> Result<(), ClusterError> {
        let to = to.clone();
        self.carry(move |inner| inner.send(&to, packet.clone()))
    }

    /// Each block meets its own faults.
    fn send_blocks(&self, to: &MemberId, blocks: Vec<KeyedBlock>) -> Vec<NotSent> {
        let mut not_sent = Vec::new();
        for (key, block) in blocks {
            let to = to.clone();
            let sent = if self.damages() {
                self.carry(move |inner| inner.send_damaged(&to, &key))
            } else {
                self.carry(move |inner| {
                    let refused = inner.send_blocks(&to, vec![(key, block.clone())]).pop();
                    refused.map_or(Ok(()), |(_, error)| Err(error))
                })
            };
            not_sent.extend(sent.err().map(|error| (key, error)));
        }
        not_sent
    }

    fn send_damaged(&self, to: &MemberId, key: &BlockKey) -> Result<(), ClusterError> {
        self.inner.send_damaged(to, key)
    }

    fn traffic(&self) -> Traffic {
        self.inner.traffic()
    }

    fn leave(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.inner.leave()
    }
}
