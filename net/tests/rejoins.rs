//! What honest members cause that come back, again and again: nothing that is written as a warning.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::{Recorder, config, limited, try_join};
use nums_net::{Config, Net};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn kept_in(folder: &Path) -> Config {
    Config { data: Some(folder.into()), ..config() }
}

async fn all_see(nets: &[&Net], peers: usize) {
    let start = Instant::now();
    while nets.iter().any(|net| net.peers().len() != peers || net.admitting().len() != 3) {
        assert!(start.elapsed() < Duration::from_secs(20), "they have not met");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn honest_rejoins_cause_no_warning() {
    let lines = tracing_subscriber::fmt().with_ansi(false).without_time();
    let lines = lines.with_max_level(tracing::Level::WARN).with_writer(|| Log);
    tracing::subscriber::set_global_default(lines.finish()).unwrap();
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let data = |name: &str| kept_in(&folder.path().join(name));
        let founder = Net::found(data("founder"), Recorder::new()).await.unwrap();
        let ticket = founder.ticket().unwrap();
        let mut second = try_join(&ticket, data("second")).await.unwrap();
        let mut third = try_join(&ticket, data("third")).await.unwrap();
        all_see(&[&founder, &second, &third], 2).await;
        for round in 0..4 {
            // One that says goodbye, and one that is killed: the others still dial it when it is there again.
            if round % 2 == 0 {
                second.leave().await;
            }
            drop(second);
            second = Net::rejoin(data("second"), Recorder::new()).await.unwrap();
            all_see(&[&founder, &second, &third], 2).await;
            drop(third);
            third = Net::rejoin(data("third"), Recorder::new()).await.unwrap();
            all_see(&[&founder, &second, &third], 2).await;
        }
    })
    .await;
    let lines = LINES.lock().unwrap();
    assert_eq!(String::from_utf8_lossy(&lines), "");
}
