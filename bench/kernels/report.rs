//! How a case is timed and printed.

use nums_kernels::{Alone, Block, Buffer, execute, execute_with};
use nums_lshs::{BlockSpec, DType, Op, Shape};
use std::collections::VecDeque;
use std::sync::Arc;

/// Runs of each case and of its peer, alternating, of which the fastest counts.
const RUNS: usize = 7;

pub(crate) struct Report {
    json: bool,
    picked: Option<String>,
    /// Bytes a second of the triad.
    bandwidth: f64,
}

/// What a case is measured against.
pub(crate) struct Peer<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut() + 'a>,
}

impl<'a> Peer<'a> {
    pub(crate) fn new(name: &'static str, run: impl FnMut() + 'a) -> Option<Peer<'a>> {
        Some(Peer { name, run: Box::new(run) })
    }
}

impl Report {
    pub(crate) fn new(json: bool, picked: Option<String>) -> Report {
        Report { json, picked, bandwidth: 0.0 }
    }

    pub(crate) fn set_bandwidth(&mut self, bytes_per_s: f64) {
        self.bandwidth = bytes_per_s;
    }

    /// Prints the bandwidth of a plain loop that touches `bytes`, and gives it.
    pub(crate) fn bandwidth(&mut self, name: &str, bytes: u64, run: impl FnMut()) -> f64 {
        let runs: [Box<dyn FnMut()>; 1] = [Box::new(run)];
        let bytes_per_s = bytes as f64 / fastest(runs)[0];
        let gb = bytes_per_s / 1e9;
        match self.json {
            true => println!(r#"{{"bench":"kernels","kernel":"{name}","gb_per_s":{gb:.2}}}"#),
            false => println!("{name:36} {gb:8.2} GB/s"),
        }
        bytes_per_s
    }

    /// Times an operation of a kernel, and of the peer where there is one.
    pub(crate) fn case(&mut self, name: &str, op: &Op, inputs: &[&Arc<Block>], peer: Option<Peer>) {
        if self.picked.as_ref().is_some_and(|picked| !name.contains(picked.as_str())) {
            return;
        }
        let specs: Vec<&BlockSpec> = inputs.iter().map(|input| input.spec()).collect();
        let outputs = match op.outputs(&specs) {
            Ok(outputs) => outputs,
            Err(error) => panic!("{name}: {error:?}"),
        };
        let bytes: u64 = specs.iter().copied().chain(&outputs).map(BlockSpec::bytes).sum();
        let flops = op.flops(&specs, &outputs);
        // The buffers of the last run, in the order in which they are asked for.
        let mut used: VecDeque<Buffer> = VecDeque::new();
        let ours = || {
            let mut allocate = |bytes| match used.pop_front().map(|buffer| buffer.reuse(bytes)) {
                Some(Some(buffer)) => Ok(buffer),
                _ => Buffer::zeroed(bytes),
            };
            let inputs = inputs.iter().map(|&input| input.clone()).collect();
            match execute_with(op, inputs, &Alone, &mut allocate) {
                Ok(blocks) => used = blocks.into_iter().map(Block::into_buffer).collect(),
                Err(error) => panic!("{name}: {error}"),
            }
        };
        let (peer_name, peer_run) = peer.map(|peer| (peer.name, peer.run)).unzip();
        let mut runs: Vec<Box<dyn FnMut()>> = vec![Box::new(ours)];
        runs.extend(peer_run);
        let fastest = fastest(runs);
        let seconds = fastest[0];
        let gb = bytes as f64 / seconds / 1e9;
        let of_triad = bytes as f64 / seconds / self.bandwidth;
        let gflops = flops as f64 / seconds / 1e9;
        let against = peer_name.zip(fastest.get(1)).map(|(name, &peer)| (name, peer));
        if self.json {
            let against = against.map(|(peer, peer_seconds)| {
                let ratio = peer_seconds / seconds;
                format!(r#","peer":"{peer}","peer_seconds":{peer_seconds:.6},"speed_of_peer":{ratio:.3}"#)
            });
            println!(
                r#"{{"bench":"kernels","kernel":"{name}","seconds":{seconds:.6},"gb_per_s":{gb:.2},"of_triad":{of_triad:.3},"gflop_per_s":{gflops:.2}{}}}"#,
                against.unwrap_or_default()
            );
        } else {
            let against = against.map(|(peer, peer_seconds)| {
                format!(
                    "   {:5.2} of {peer} ({:.2} ms)",
                    peer_seconds / seconds,
                    peer_seconds * 1e3
                )
            });
            println!(
                "{name:36} {:8.2} ms {gb:7.2} GB/s {of_triad:5.2} of triad {gflops:7.2} GFLOP/s{}",
                seconds * 1e3,
                against.unwrap_or_default()
            );
        }
    }
}

/// The seconds of the fastest run of each, in turns; a first round warms up.
fn fastest<'a>(runs: impl IntoIterator<Item = Box<dyn FnMut() + 'a>>) -> Vec<f64> {
    let mut runs: Vec<_> = runs.into_iter().collect();
    runs.iter_mut().for_each(|run| run());
    let mut fastest = vec![f64::INFINITY; runs.len()];
    for _ in 0..RUNS {
        for (run, fastest) in runs.iter_mut().zip(&mut fastest) {
            let started = processor_seconds();
            run();
            *fastest = fastest.min(processor_seconds() - started);
        }
    }
    fastest
}

/// The time that this thread has had a processor: the machine may have other work.
fn processor_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to the time that it is given, and to nothing else.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0, "the clock of a thread's processor time does not run");
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// A shape that is known to be addressable.
pub(crate) fn shape(lengths: &[usize]) -> Shape {
    match Shape::new(lengths) {
        Ok(shape) => shape,
        Err(error) => panic!("{error}"),
    }
}

/// A block of float64 without a pattern in -1/2..1/2: a Weyl sequence of squares.
pub(crate) fn block(lengths: &[usize], seed: usize) -> Arc<Block> {
    let spec = BlockSpec::new(DType::Float64, shape(lengths));
    let mut block =
        Block::new(spec, &mut Buffer::zeroed).expect("a benchmark has memory for its blocks");
    for (index, element) in block.elements_mut::<f64>().iter_mut().enumerate() {
        let index = (index + 1000 * seed) as f64;
        let scattered = index * 0.618_033_988_749_895 + index * index * 0.414_213_562_373_095;
        *element = scattered.fract() - 0.5;
    }
    Arc::new(block)
}

/// What an operation makes of some blocks.
pub(crate) fn made(op: &Op, inputs: &[&Arc<Block>]) -> Arc<Block> {
    let inputs = inputs.iter().map(|&input| input.clone()).collect();
    match execute(op, inputs, &mut Buffer::zeroed) {
        Ok(block) => Arc::new(block),
        Err(error) => panic!("{op}: {error}"),
    }
}
