//! The local socket of a node: a unix socket in its data folder, which only the folder's owner can use.
//!
//! A request is one line of JSON, and so is the answer; then the connection closes.

use crate::report::Row;
use nums::Node;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;

const SOCKET: &str = "nums.sock";
/// The size limit of a request; the longest request holds the name of a node.
const REQUEST_BYTES_MAX: u64 = 4096;
/// The size limit of an answer: a row for each of 256 members.
const ANSWER_BYTES_MAX: u64 = 1 << 20;
/// How long a client may take to send a request, and a node to answer. A drain has no limit: it waits for running work.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Requests that are answered at a time.
const ANSWERS_MAX: u32 = 16;
/// The default lifetime of a ticket.
const TICKET_MAX: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    Status,
    Ticket { once: bool, expires: Option<Duration> },
    Revoke,
    Drain { node: String },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Status(Vec<Row>),
    Ticket(String),
    Revoked(usize),
    /// The node with this name is drained and leaves.
    Drained(String),
    Error(String),
}

/// The listening end. Dropping it removes the socket.
pub(crate) struct LocalSocket {
    listener: UnixListener,
    path: PathBuf,
    answering: Arc<Semaphore>,
}

impl LocalSocket {
    /// Listens in the data folder, unless another node uses it.
    pub(crate) fn bind(data: &Path) -> io::Result<LocalSocket> {
        let path = path_in(data)?;
        if std::os::unix::net::UnixStream::connect(&path).is_ok() {
            let reason = format!("another node uses the data folder {}", data.display());
            return Err(io::Error::new(io::ErrorKind::AddrInUse, reason));
        }
        // A node that was killed leaves its socket behind.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::create_dir_all(data)?;
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let answering = Arc::new(Semaphore::new(ANSWERS_MAX as usize));
        Ok(LocalSocket { listener, path, answering })
    }

    /// Answers requests until the future is dropped.
    pub(crate) async fn serve(&self, node: Arc<Node>) {
        loop {
            let Ok(permit) = self.answering.clone().acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let node = node.clone();
                    tokio::spawn(async move {
                        if let Err(error) = answer(stream, &node).await {
                            tracing::warn!(%error, "a local request failed");
                        }
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the local socket cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Waits until all pending requests are answered, for at most one second.
    pub(crate) async fn finish(&self) {
        let answered = self.answering.acquire_many(ANSWERS_MAX);
        let _ = tokio::time::timeout(Duration::from_secs(1), answered).await;
    }
}

impl Drop for LocalSocket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn answer(mut stream: UnixStream, node: &Node) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(REQUEST_BYTES_MAX));
    tokio::time::timeout(TIME_MAX, reader.read_line(&mut line)).await??;
    if line.is_empty() {
        // `bind` of another process connects only to see whether a node runs.
        return Ok(());
    }
    let answer = match serde_json::from_str(&line) {
        // When the client has disconnected, the request is dropped.
        Ok(request) => tokio::select! {
            outcome = carry_out(request, node) => outcome.unwrap_or_else(Answer::Error),
            _ = reader.read_u8() => return Ok(()),
        },
        Err(error) => Answer::Error(format!("malformed request: {error}")),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    let write = async {
        writer.write_all(&line).await?;
        writer.shutdown().await
    };
    tokio::time::timeout(TIME_MAX, write).await?
}

async fn carry_out(request: Request, node: &Node) -> Result<Answer, String> {
    let answer = match request {
        Request::Status => {
            node.status().await.map(|rows| Answer::Status(rows.iter().map(Row::of).collect()))
        }
        Request::Ticket { once, expires } => {
            node.new_ticket(expires.unwrap_or(TICKET_MAX), once).map(Answer::Ticket)
        }
        Request::Revoke => node.revoke_tickets().map(Answer::Revoked),
        Request::Drain { node: name } => node.drain(&name).await.map(Answer::Drained),
    };
    answer.map_err(|error| error.to_string())
}

/// The longest path of a socket, without the terminating zero byte.
const PATH_BYTES_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The path of a data folder's socket, or an error if it is too long for the system.
fn path_in(data: &Path) -> io::Result<PathBuf> {
    let path = data.join(SOCKET);
    let len = path.as_os_str().len();
    if len > PATH_BYTES_MAX {
        let reason = format!(
            "the path of the socket {} has {len} bytes, and the system allows {PATH_BYTES_MAX}: use a shorter --data, \
             or a relative one",
            path.display()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(path)
}

/// Sends a request to the node that uses a data folder.
pub(crate) async fn ask(data: &Path, request: &Request) -> Result<Answer, String> {
    let path = path_in(data).map_err(|error| error.to_string())?;
    let ask = async {
        let mut stream = UnixStream::connect(&path).await?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let mut answer = String::new();
        BufReader::new(stream.take(ANSWER_BYTES_MAX)).read_line(&mut answer).await?;
        Ok::<_, io::Error>(serde_json::from_str(&answer)?)
    };
    let answered = match request {
        Request::Drain { .. } => ask.await,
        _ => match tokio::time::timeout(TIME_MAX, ask).await {
            Ok(answered) => answered,
            Err(_) => {
                return Err(format!(
                    "no answer within {TIME_MAX:?} from the node at {}",
                    path.display()
                ));
            }
        },
    };
    match answered {
        Ok(Answer::Error(reason)) => Err(reason),
        Ok(answer) => Ok(answer),
        Err(error) => Err(format!("no node answers at {}: {error}", path.display())),
    }
}
