//! Being asked to stop, and ending then, whatever runs.
//!
//! INVARIANT: this process ends within its drain time and [`GRACE`] of the first signal, and at once with the second: a
//! thread of its own sees to it, which shares nothing with what serves, runs or writes.

use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long the threads may take to end once everything has been drained.
const GRACE: Duration = Duration::from_secs(5);
/// How long the last line of the log may take to be written: whoever reads it may have stopped reading.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Somebody's wish that this process ends.
#[derive(Debug)]
pub struct Stop(CancellationToken);

/// Ctrl-c and SIGTERM, listened to from the beginning: none that comes between two waits is lost.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Signals> {
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Waits until somebody asks this process to end; for ever, if it cannot be heard.
pub async fn stopped() {
    match Signals::listen() {
        Ok(mut signals) => signals.next().await,
        Err(_) => std::future::pending().await,
    }
}

impl Stop {
    /// Begins to listen for ctrl-c and SIGTERM. From the first one on, the process has `drain` to end. `written` waits
    /// until what was logged has been written.
    pub fn watch(drain: Duration, written: fn()) -> std::io::Result<Stop> {
        let asked = CancellationToken::new();
        let told = asked.clone();
        let waits = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut signals = {
            let _entered = waits.enter();
            Signals::listen()?
        };
        Builder::new().name("stop".to_owned()).spawn(move || {
            waits.block_on(async {
                signals.next().await;
                told.cancel();
                let longest = drain.saturating_add(GRACE);
                match tokio::time::timeout(longest, signals.next()).await {
                    Ok(()) => end("asked to stop again: ends now, without waiting for what is under way", written),
                    Err(_) => end(
                        "the drain time is over and something still runs: ends now; nothing that was acknowledged is lost",
                        written,
                    ),
                }
            });
        })?;
        Ok(Stop(asked))
    }

    /// Waits until somebody asks this process to end.
    pub async fn asked(&self) {
        self.0.cancelled().await;
    }
}

/// Ends the process here and now. Neither destructors nor handlers run: any of them could wait for what does not end.
fn end(why: &'static str, written: fn()) {
    let (said, done) = mpsc::channel();
    let speaks = Builder::new().name("last-words".to_owned()).spawn(move || {
        tracing::warn!("{why}");
        written();
        let _ = said.send(());
    });
    if speaks.is_ok() {
        let _ = done.recv_timeout(LAST_WORDS);
    }
    // SAFETY: `_exit` takes a number and does not return.
    #[allow(unsafe_code, reason = "the library's own exit runs handlers, which could wait")]
    unsafe {
        libc::_exit(0)
    }
}
