//! Waiting for the cluster: Ctrl-C ends it, and what takes long shows that it goes on.

use crate::{
    exception::{Exception, Kind},
    watch,
};
use nums::{Pending, Session};
use std::{
    cell::RefCell,
    future::{Future, IntoFuture, poll_fn},
    io::{IsTerminal, Write},
    pin::pin,
    sync::{
        LazyLock,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    sync::Notify,
    time::{MissedTickBehavior, interval},
};

/// Whether Ctrl-C was pressed and nothing has answered it.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Tells who waits that Ctrl-C was pressed.
static INTERRUPT: LazyLock<Notify> = LazyLock::new(Notify::new);

/// How long a wait may take before it shows how far it is.
const SILENT: Duration = Duration::from_secs(1);

/// How often the line of a long wait is drawn.
const REDRAW: Duration = Duration::from_millis(200);

thread_local! {
    /// What the prompt waits with; a script has none, and waits until it is ended from outside.
    static PROMPT: RefCell<Option<Prompt>> = const { RefCell::new(None) };

    /// What waits on this thread.
    static RUNTIME: std::io::Result<Runtime> =
        tokio::runtime::Builder::new_current_thread().enable_all().build();
}

/// How the prompt waits.
struct Prompt {
    session: Session,
}

/// From now on Ctrl-C raises `KeyboardInterrupt` in what is running, and long waits show a line on
/// the terminal.
pub(crate) fn watch(session: &Session) -> std::io::Result<()> {
    let listener = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // It is in place before the line editor asks what there is, which it puts back after each line.
    let mut presses = {
        let _inside = listener.enter();
        signal(SignalKind::interrupt())?
    };
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        listener.block_on(async {
            while presses.recv().await.is_some() {
                INTERRUPTED.store(true, SeqCst);
                INTERRUPT.notify_waiters();
            }
        });
    })?;
    PROMPT.set(Some(Prompt { session: session.clone() }));
    Ok(())
}

/// Forgets a Ctrl-C that came when nothing was running.
pub(crate) fn forget_interrupt() {
    INTERRUPTED.store(false, SeqCst);
}

/// Raises `KeyboardInterrupt` when Ctrl-C was pressed, and ends all work that is not done.
pub(crate) fn check_interrupt() -> Result<(), Exception> {
    if INTERRUPTED.swap(false, SeqCst) {
        // What is not done would go on behind the prompt.
        PROMPT.with_borrow(|prompt| {
            if let Some(prompt) = prompt {
                drop(prompt.session.cancel());
            }
        });
        return Err(Exception::bare(Kind::KeyboardInterrupt));
    }
    Ok(())
}

/// Waits for a result.
pub(crate) fn wait<T>(pending: Pending<T>) -> Result<T, Exception> {
    Ok(wait_for(pending.into_future())??)
}

/// Waits as long as something holds of what is watched.
pub(crate) fn wait_while(holds: impl Fn() -> bool) -> Result<(), Exception> {
    if !holds() {
        return Ok(());
    }
    let changed = poll_fn(|_| if holds() { Poll::Pending } else { Poll::Ready(()) });
    wait_for(changed)
}

/// Waits for what comes of something, and looks after what is watched.
pub(crate) fn wait_for<T>(awaited: impl Future<Output = T>) -> Result<T, Exception> {
    check_interrupt()?;
    let awaited = watch::meanwhile(awaited);
    RUNTIME.with(|runtime| match runtime {
        Ok(runtime) => PROMPT.with_borrow(|prompt| match prompt {
            None => Ok(runtime.block_on(awaited)),
            Some(prompt) => runtime.block_on(prompt.wait(awaited)),
        }),
        Err(error) => Err(Exception::new(Kind::Os, error.to_string())),
    })
}

impl Prompt {
    async fn wait<T>(&self, awaited: impl Future<Output = T>) -> Result<T, Exception> {
        let mut outcome = pin!(awaited);
        let mut line = ProgressLine::new();
        let mut ticks = interval(REDRAW);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let interrupt = INTERRUPT.notified();
            tokio::select! {
                biased;
                result = &mut outcome => {
                    line.clear();
                    return Ok(result);
                }
                () = interrupt => {
                    line.clear();
                    check_interrupt()?;
                }
                _ = ticks.tick() => {
                    if line.is_due() {
                        // A cluster that does not answer at once keeps the old numbers.
                        let status = self.session.status().into_future();
                        if let Ok(Ok(nodes)) = tokio::time::timeout(REDRAW, status).await {
                            line.tasks = nodes.iter().map(|node| node.tasks).sum();
                        }
                        line.draw();
                    }
                }
            }
        }
    }
}

/// One line on the terminal that says what a long wait is at.
struct ProgressLine {
    begun: Instant,
    on_terminal: bool,
    drawn: bool,
    /// Tasks that the nodes have run since they started.
    tasks: u64,
    /// The same when the line was first drawn.
    tasks_before: Option<u64>,
}

impl ProgressLine {
    fn new() -> ProgressLine {
        let on_terminal = std::io::stderr().is_terminal();
        ProgressLine {
            begun: Instant::now(),
            on_terminal,
            drawn: false,
            tasks: 0,
            tasks_before: None,
        }
    }

    fn is_due(&self) -> bool {
        self.on_terminal && self.begun.elapsed() >= SILENT
    }

    fn draw(&mut self) {
        const WIDTH: usize = 20;
        let seconds = self.begun.elapsed().as_secs_f64();
        let done = self.tasks - *self.tasks_before.get_or_insert(self.tasks);
        // How much is left is not known, so the mark runs to and fro.
        let step = (seconds / REDRAW.as_secs_f64()) as usize % (2 * WIDTH);
        let at = if step < WIDTH { step } else { 2 * WIDTH - 1 - step };
        let bar: String = (0..WIDTH).map(|place| if place == at { '=' } else { ' ' }).collect();
        eprint!("\r[{bar}] {seconds:.1} s, {done} tasks done\x1b[K");
        drop(std::io::stderr().flush());
        self.drawn = true;
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            eprint!("\r\x1b[K");
            drop(std::io::stderr().flush());
        }
    }
}
