//! The whole protocol in one thread: sessions and nodes as state machines with the links and stores that their shells
//! have, a network that loses, delays, repeats, reorders and damages what it carries, nodes that are started again,
//! crash or leave, sessions that go, a clock that is wound by hand, and one seed. Kernels really run, on tiny blocks.

mod checks;
mod faults;
mod hosts;
mod network;
mod run;
mod script;
mod tests;

pub(crate) use faults::{Faults, Random};
