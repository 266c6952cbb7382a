//! How fast blocks and frames go from one process to another on this machine, beside plain sockets in the same run.
//!
//! Blocks of 64 MiB go to a second process over a plain TCP connection, a plain unix socket, the network path of
//! `nums-net` (encrypted, TCP over loopback) and its path between processes of one host (a unix socket); one at a
//! time, where each is answered before the next is sent, and eight in flight. The receiving side reuses its buffers on
//! all paths. The paths take turns, and the median of the rounds counts; a ratio is that of two medians of one run.
//! Frames of 64 bytes go round one at a time, 1,024 at a time, and one way.
//! `cargo bench --bench transfer -- --format json` prints one JSON object a line.

use nums_net::{
    BlockError, BlockHeader, Bytes, Config, DownReason, Handler, Net, PeerId, PeerInfo, Role,
};
use std::error::Error;
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::mpsc;

const BLOCK_BYTES: usize = 64 << 20;
const WRITE_BYTES: usize = 1 << 20;
/// Blocks of a round, and rounds of which the median counts.
const BLOCKS: usize = 16;
const ROUNDS: usize = 7;
const IN_FLIGHT: [usize; 2] = [1, 8];
const FRAME_BYTES: usize = 64;
const ROUND_TRIPS: usize = 20_000;
const FRAMES_IN_FLIGHT: usize = 1024;
const FRAMES: usize = 600_000;
const KERNEL: &str = "transfer bench";

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if let [role, addresses @ ..] = &arguments[..]
        && role == "receive"
    {
        return runtime.block_on(receive(addresses));
    }
    let json = arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    runtime.block_on(send(json))
}

/// A way for blocks, and what has come back over it.
enum Path {
    Plain(Box<dyn Duplex>),
    Net {
        net: Net,
        to: PeerId,
        answers: mpsc::Receiver<usize>,
        /// Answers that came together with others and have not been asked for.
        spare: usize,
    },
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl Path {
    async fn net(config: Config, tickets: &mut Vec<String>) -> Outcome<Founded> {
        let (answer, answers) = mpsc::channel(2 * FRAMES_IN_FLIGHT);
        let (arrive, arrived) = mpsc::channel(1);
        let net = Net::found(config, Arc::new(Sending { answer, arrive })).await?;
        tickets.push(net.ticket().ok_or("no ticket")?.to_string());
        Ok(Founded { net, answers, arrived })
    }

    /// Seconds for the blocks of a round.
    async fn round(&mut self, block: &Arc<Vec<u8>>, in_flight: usize) -> Outcome<f64> {
        let started = Instant::now();
        let mut unanswered = 0;
        for _ in 0..BLOCKS {
            if unanswered == in_flight {
                self.answer().await?;
                unanswered -= 1;
            }
            match self {
                Path::Plain(stream) => {
                    for piece in block.chunks(WRITE_BYTES) {
                        stream.write_all(piece).await?;
                    }
                }
                Path::Net { net, to, .. } => {
                    net.send_block(to, [7; 32], Vec::new(), block.clone(), None)?;
                }
            }
            unanswered += 1;
        }
        for _ in 0..unanswered {
            self.answer().await?;
        }
        Ok(started.elapsed().as_secs_f64())
    }

    /// Waits until the other side says that a block has come.
    async fn answer(&mut self) -> Outcome<()> {
        match self {
            Path::Plain(stream) => {
                stream.read_u8().await?;
            }
            Path::Net { answers, spare, .. } => {
                if *spare == 0 {
                    *spare = answers.recv().await.ok_or("the other side has gone")?;
                }
                *spare -= 1;
            }
        }
        Ok(())
    }
}

/// A net that waits for the other process.
struct Founded {
    net: Net,
    answers: mpsc::Receiver<usize>,
    arrived: mpsc::Receiver<PeerId>,
}

impl Founded {
    async fn path(mut self) -> Outcome<Path> {
        let to = self.arrived.recv().await.ok_or("nobody came")?;
        Ok(Path::Net { net: self.net, to, answers: self.answers, spare: 0 })
    }
}

/// Ends the other process whatever happens here.
struct Receiver(Child);

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn send(json: bool) -> Outcome<()> {
    let tcp = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("plain");
    let unix = UnixListener::bind(&socket)?;
    let mut tickets = Vec::new();
    let far = Path::net(config(false), &mut tickets).await?;
    let near = Path::net(config(true), &mut tickets).await?;
    let socket = socket.to_str().ok_or("a folder with an odd name")?;
    let receiver = Command::new(std::env::current_exe()?)
        .args(["receive", &tcp.local_addr()?.to_string(), socket])
        .args(&tickets)
        .spawn()?;
    let _receiver = Receiver(receiver);
    let tcp = tcp.accept().await?.0;
    tcp.set_nodelay(true)?;
    let mut paths = [
        ("tcp", Path::Plain(Box::new(tcp))),
        ("unix socket", Path::Plain(Box::new(unix.accept().await?.0))),
        ("network, encrypted", far.path().await?),
        ("same host", near.path().await?),
    ];
    let block = Arc::new((0..BLOCK_BYTES).map(|index| (index * 31) as u8).collect::<Vec<u8>>());
    for in_flight in IN_FLIGHT {
        let mut seconds = [(); 4].map(|()| Vec::new());
        for round in 0..=ROUNDS {
            for ((_, path), seconds) in paths.iter_mut().zip(&mut seconds) {
                let took = path.round(&block, in_flight).await?;
                // The first round makes the pages.
                if round > 0 {
                    seconds.push(took);
                }
            }
        }
        let rates = seconds.map(|mut seconds| {
            seconds.sort_by(f64::total_cmp);
            (BLOCKS * BLOCK_BYTES) as f64 / f64::from(1 << 20) / seconds[ROUNDS / 2]
        });
        for (index, ((name, _), rate)) in paths.iter().zip(rates).enumerate() {
            let ratio = rate / rates[index % 2];
            if json {
                println!(
                    "{{\"bench\":\"transfer\",\"path\":\"{name}\",\"in_flight\":{in_flight},\
                     \"mib_per_s\":{rate:.0},\"ratio_to_plain\":{ratio:.3}}}"
                );
            } else {
                println!(
                    "{name}, {in_flight} in flight: {rate:.0} MiB/s, {ratio:.2} of the plain socket"
                );
            }
        }
    }
    let [.., (_, near)] = &mut paths;
    frames(near, json).await
}

/// Frames: round trips one at a time, many at a time, and one way.
async fn frames(path: &mut Path, json: bool) -> Outcome<()> {
    let Path::Net { net, to, answers, .. } = path else { return Err("no frames there".into()) };
    let frame = Bytes::from(vec![1; FRAME_BYTES]);
    let mut trips = Vec::with_capacity(ROUND_TRIPS);
    for _ in 0..ROUND_TRIPS {
        let started = Instant::now();
        net.send(to, frame.clone())?;
        answers.recv().await.ok_or("the other side has gone")?;
        trips.push(started.elapsed().as_secs_f64());
    }
    trips.sort_by(f64::total_cmp);
    let (p50, p99) = (trips[ROUND_TRIPS / 2] * 1e6, trips[ROUND_TRIPS * 99 / 100] * 1e6);

    let mut rates = [0.0; 2];
    // Answered frames begin with a 1; those that are only counted with a 2, and the last with a 3.
    for (rate, mark) in rates.iter_mut().zip([1, 2]) {
        let started = Instant::now();
        let (mut sent, mut answered) = (0, 0);
        while sent < FRAMES {
            let frame = frame_of(if mark == 2 && sent == FRAMES - 1 { 3 } else { mark });
            if (mark == 1 && sent - answered == FRAMES_IN_FLIGHT) || net.send(to, frame).is_err() {
                if mark == 1 {
                    answered += answers.recv().await.ok_or("the other side has gone")?;
                } else {
                    tokio::task::yield_now().await;
                }
                continue;
            }
            sent += 1;
        }
        while answered < if mark == 1 { FRAMES } else { 1 } {
            answered += answers.recv().await.ok_or("the other side has gone")?;
        }
        *rate = FRAMES as f64 / started.elapsed().as_secs_f64();
    }
    let [in_flight, one_way] = rates;
    if json {
        println!(
            "{{\"bench\":\"transfer\",\"path\":\"frames\",\"round_trip_p50_us\":{p50:.1},\
             \"round_trip_p99_us\":{p99:.1},\"per_s_with_1024_in_flight\":{in_flight:.0},\
             \"per_s_one_way\":{one_way:.0}}}"
        );
    } else {
        println!(
            "frames: a round trip {p50:.0} us (p99 {p99:.0}), {in_flight:.0} a second with 1,024 in flight, \
             {one_way:.0} one way"
        );
    }
    Ok(())
}

fn frame_of(mark: u8) -> Bytes {
    static FRAMES_BY_MARK: [[u8; FRAME_BYTES]; 4] =
        [[0; FRAME_BYTES], [1; FRAME_BYTES], [2; FRAME_BYTES], [3; FRAME_BYTES]];
    Bytes::from_static(&FRAMES_BY_MARK[usize::from(mark)])
}

fn config(same_host: bool) -> Config {
    Config { same_host, ..Config::loopback(KERNEL) }
}

/// The handler of the sending side: only answers come.
struct Sending {
    answer: mpsc::Sender<usize>,
    arrive: mpsc::Sender<PeerId>,
}

impl Handler for Sending {
    type Buffer = Vec<u8>;

    async fn peer_up(&self, peer: PeerInfo) {
        let _ = self.arrive.send(peer.id).await;
    }

    async fn peer_down(&self, _: PeerId, _: DownReason) {}

    async fn frames(&self, _: &PeerId, frames: Vec<Bytes>) {
        let _ = self.answer.send(frames.len()).await;
    }

    fn block_buffer(&self, _: &PeerId, _: &BlockHeader) -> Option<Vec<u8>> {
        None
    }

    async fn block(&self, _: &PeerId, _: BlockHeader, _: Result<Vec<u8>, BlockError>) {}
}

/// The other process: takes blocks and frames, and answers.
async fn receive(addresses: &[String]) -> Outcome<()> {
    let [tcp, socket, tickets @ ..] = addresses else { return Err("no addresses".into()) };
    let stream = TcpStream::connect(tcp).await?;
    stream.set_nodelay(true)?;
    let tcp = tokio::spawn(receive_plain(stream));
    let unix = tokio::spawn(receive_plain(UnixStream::connect(socket).await?));
    let mut nets = Vec::new();
    for (ticket, same_host) in tickets.iter().zip([false, true]) {
        let receiving = Arc::new(Receiving::default());
        let net =
            Net::join(&ticket.parse()?, Role::Node, config(same_host), receiving.clone()).await?;
        *receiving.net.lock().unwrap_or_else(PoisonError::into_inner) = Some(net.clone());
        nets.push(net);
    }
    tcp.await??;
    unix.await??;
    Ok(())
}

async fn receive_plain(mut stream: impl Duplex) -> Outcome<()> {
    let mut buffer = vec![0; BLOCK_BYTES];
    // Ends with the other process.
    while stream.read_exact(&mut buffer).await.is_ok() {
        stream.write_u8(1).await?;
    }
    Ok(())
}

/// The handler of the receiving side. Buffers are used again, as on the plain paths.
#[derive(Default)]
struct Receiving {
    net: Mutex<Option<Net>>,
    buffers: Mutex<Vec<Vec<u8>>>,
}

impl Receiving {
    /// Answers to where something came from; the queue has room for all that is in flight.
    async fn answer(&self, to: &PeerId, count: usize) {
        let net = loop {
            let net = self.net.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match net {
                Some(net) => break net,
                // The first frame may come before `join` has returned.
                None => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        for _ in 0..count {
            let _ = net.send(to, Bytes::from_static(&[0; FRAME_BYTES]));
        }
    }
}

impl Handler for Receiving {
    type Buffer = Vec<u8>;

    async fn peer_up(&self, _: PeerInfo) {}

    async fn peer_down(&self, _: PeerId, _: DownReason) {}

    async fn frames(&self, from: &PeerId, frames: Vec<Bytes>) {
        let answered = frames.iter().filter(|frame| frame.first() != Some(&2)).count();
        self.answer(from, answered).await;
    }

    fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
        let kept = self.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Some(kept.unwrap_or_else(|| vec![0; header.len as usize]))
    }

    async fn block(&self, from: &PeerId, _: BlockHeader, block: Result<Vec<u8>, BlockError>) {
        match block {
            Ok(buffer) => {
                self.buffers.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
                self.answer(from, 1).await;
            }
            Err(error) => eprintln!("a block did not come: {error}"),
        }
    }
}
