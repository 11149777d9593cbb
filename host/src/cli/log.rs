//! What a host says while it serves, on standard error: text on a terminal, JSON lines otherwise or when asked for.
//!
//! INVARIANT: to say something never fails, never waits and never ends anything. A thread of its own writes; what it cannot
//! write, or is too much to be held until somebody reads it, is lost and counted, and nothing else happens.

use crate::metrics;
use crate::text::lines;
use serde_json::json;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// So many bytes may wait for whoever reads slowly.
const WAITING: usize = 4 * 1024 * 1024;
/// How long the end of the host waits for what is still to be written.
const FAREWELL: Duration = Duration::from_secs(1);

enum Said {
    Text(Vec<u8>),
    /// Everything before it has been written, as far as it can be.
    Until(Sender<()>),
}

/// Where everything that is said goes.
#[derive(Debug, Clone)]
struct Log {
    format: Format,
    /// Whether nothing but objects is written.
    strict: bool,
    to: Sender<Said>,
    waiting: Arc<AtomicUsize>,
    lost: Arc<AtomicU64>,
}

static LOG: OnceLock<Log> = OnceLock::new();

impl Log {
    /// Begins to write to `out`. None, if there can be no thread for it: then nothing is said.
    fn begin(out: impl Write + Send + 'static, format: Format, strict: bool) -> Option<Log> {
        let (to, said) = channel();
        let log = Log { format, strict, to, waiting: Arc::default(), lost: Arc::default() };
        let writes = log.clone();
        // Its own sender would keep it waiting for itself.
        let (waiting, lost) = (writes.waiting, writes.lost);
        let run = move || write(out, &said, strict, (&waiting, &lost));
        std::thread::Builder::new().name("log".to_owned()).spawn(run).ok().map(|_| log)
    }

    fn say(&self, text: &[u8]) {
        let waiting = self.waiting.fetch_add(text.len(), Ordering::Relaxed) + text.len();
        if waiting > WAITING {
            self.waiting.fetch_sub(text.len(), Ordering::Relaxed);
            lose(&self.lost);
        } else if self.to.send(Said::Text(text.to_vec())).is_err() {
            lose(&self.lost);
        }
        metrics::LOG_WAITING.set(waiting.min(WAITING) as i64);
    }

    fn end(&self) {
        let (done, written) = channel();
        if self.to.send(Said::Until(done)).is_ok() {
            let _ = written.recv_timeout(FAREWELL);
        }
    }
}

/// Counts a line that is lost: for the log itself, which says so once it can, and for whoever watches this host.
fn lose(lost: &AtomicU64) {
    lost.fetch_add(1, Ordering::Relaxed);
    metrics::LOG_LOST.add(1);
}

/// Writes what is said, and afterwards, how much was lost.
fn write(mut out: impl Write, said: &Receiver<Said>, strict: bool, (waiting, lost): (&AtomicUsize, &AtomicU64)) {
    for said in said {
        match said {
            Said::Text(text) => {
                let missing = lost.load(Ordering::Relaxed);
                let loss = || line(strict, &format!("{missing} lines of this log were lost"));
                let told = missing == 0 || out.write_all(loss().as_bytes()).is_ok();
                if told {
                    lost.fetch_sub(missing, Ordering::Relaxed);
                }
                if out.write_all(&text).and_then(|()| out.flush()).is_err() {
                    lose(lost);
                }
                let before = waiting.fetch_sub(text.len(), Ordering::Relaxed);
                metrics::LOG_WAITING.set(before.saturating_sub(text.len()) as i64);
            }
            Said::Until(done) => drop(done.send(())),
        }
    }
}

impl Write for Log {
    /// Takes an event, whole, as one line: whatever others wrote into it stays within.
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(text);
        let event = event.trim_end_matches('\n');
        let mut line = String::with_capacity(event.len() + 1);
        match self.format {
            Format::Json => lines::json(event, &mut line),
            Format::Text => line = lines::logged(event),
        }
        line.push('\n');
        self.say(line.as_bytes());
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;
    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// Waits a moment, when dropped, until what was said is written.
pub(super) struct Until;

impl Drop for Until {
    fn drop(&mut self) {
        written();
    }
}

/// Waits a moment until what was said is written.
pub(super) fn written() {
    if let Some(log) = LOG.get() {
        log.end();
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// A line for people
    Text,
    /// An object on each line
    Json,
}

impl Format {
    /// The one that was asked for; if none was, the one for whoever reads.
    fn or_usual(asked: Option<Format>, json: bool) -> Format {
        let usual = if json || !io::stderr().is_terminal() { Format::Json } else { Format::Text };
        asked.unwrap_or(usual)
    }
}

/// Begins to log. `RUST_LOG` chooses what. What a panic says goes the same way.
pub(super) fn begin(format: Option<Format>, json: bool) -> Until {
    let strict = format == Some(Format::Json);
    let format = Format::or_usual(format, json);
    let Some(log) = Log::begin(io::stderr(), format, strict) else { return Until };
    let log = LOG.get_or_init(|| log).clone();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,wasmtime=warn"));
    let to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(log);
    // A second call in one process changes nothing.
    let _ = match format {
        Format::Json => to.json().try_init(),
        Format::Text => to.compact().try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        tracing::error!(thread = thread.name().unwrap_or_default(), %panic, "a part of the host panicked");
    }));
    Until
}

/// Says something to whoever started the host. It is no data, so it goes to standard error, too.
pub(super) fn say(text: &str) {
    if let Some(log) = LOG.get() {
        log.say(line(log.strict, text).as_bytes());
    }
}

/// A text that is no event: as it is or, where nothing but objects is written, in one that looks like an event.
fn line(strict: bool, text: &str) -> String {
    if !strict {
        return format!("{text}\n");
    }
    let fields = json!({ "message": text });
    let event =
        json!({ "timestamp": jiff::Timestamp::now(), "level": "INFO", "fields": fields, "target": "storehand" });
    format!("{event}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::Mutex;

    /// A disk that is full until told otherwise.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(bool, String)>>);

    impl Write for Disk {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock();
            if disk.0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.1 += &String::from_utf8_lossy(text);
            Ok(text.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_cannot_be_written_is_lost_and_counted_and_what_comes_after_is_written() {
        let disk = Disk::default();
        let log = Log::begin(disk.clone(), Format::Text, false).unwrap();
        log.say(b"one\n");
        log.end();
        disk.0.lock().0 = true;
        (0..3).for_each(|_| log.say(b"lost\n"));
        log.end();
        disk.0.lock().0 = false;
        log.say(b"two\n");
        log.end();
        assert_eq!(disk.0.lock().1, "one\n3 lines of this log were lost\ntwo\n");
    }

    #[test]
    fn nobody_waits_for_whoever_does_not_read() {
        /// Takes nothing until it is told to go on.
        struct Stuck(Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, text: &[u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(text.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (go_on, stuck) = channel();
        let log = Log::begin(Stuck(stuck), Format::Text, false).unwrap();
        (0..WAITING / 1_024 + 10).for_each(|_| log.say(&[b'.'; 1_024]));
        assert!(log.lost.load(Ordering::Relaxed) >= 10);
        assert!(log.waiting.load(Ordering::Relaxed) <= WAITING);
        drop(go_on);
    }
}
