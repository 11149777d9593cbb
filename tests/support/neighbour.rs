//! How another store fares while somebody attacks the host: the same requests in quiet and beside the attack, in one
//! run, so that what is compared is the same machine in the same minute.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

/// How many requests a measurement makes.
const REQUESTS: usize = 200;
/// Between two requests of the neighbour, who is not in a hurry.
const PAUSE: Duration = Duration::from_millis(5);
/// Below this a request is fast whatever the ratio says: other stories run on the same cores meanwhile, and what these
/// attacks did before they were bounded took every request seconds.
const FAST: Duration = Duration::from_millis(250);

/// How a row of requests went.
#[derive(Debug, Clone, Copy)]
pub struct Fared {
    /// Half took no longer.
    pub p50: Duration,
    /// Of a hundred, ninety-nine took no longer.
    pub p99: Duration,
    /// Requests that were not answered well.
    pub errors: usize,
}

/// The same requests in quiet and beside the attack.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// Before it.
    pub quiet: Fared,
    /// While it went on.
    pub attacked: Fared,
}

/// Makes `request` again and again, which says whether it was answered well: first in quiet, then while `attack` runs,
/// which goes on until it is told to stop.
pub fn beside(request: impl Fn() -> bool, attack: impl FnOnce(&AtomicBool) + Send) -> Beside {
    let quiet = fares(&request);
    let stop = AtomicBool::new(false);
    let attacked = scope(|scope| {
        let attacker = scope.spawn(|| attack(&stop));
        // The attack is under way before the neighbour comes.
        sleep(Duration::from_millis(500));
        let attacked = fares(&request);
        stop.store(true, Ordering::Relaxed);
        attacker.join().expect("the attack is carried out");
        attacked
    });
    Beside { quiet, attacked }
}

fn fares(request: &impl Fn() -> bool) -> Fared {
    let mut took = Vec::with_capacity(REQUESTS);
    let mut errors = 0;
    for _ in 0..REQUESTS {
        let since = Instant::now();
        if !request() {
            errors += 1;
        }
        took.push(since.elapsed());
        sleep(PAUSE);
    }
    took.sort_unstable();
    let at = |percent: usize| took[(REQUESTS * percent / 100).min(REQUESTS - 1)];
    Fared { p50: at(50), p99: at(99), errors }
}

impl Beside {
    /// How many times as long the slowest of a hundred took beside the attack.
    pub fn ratio(&self) -> f64 {
        self.attacked.p99.max(FAST).as_secs_f64() / self.quiet.p99.max(FAST).as_secs_f64()
    }

    /// The neighbour noticed nothing: every request was answered well, and none took three times as long as in quiet.
    #[track_caller]
    pub fn is_unharmed(&self) {
        println!("{self}");
        assert_eq!(self.attacked.errors, 0, "{self}");
        assert!(self.ratio() <= 3.0, "{self}");
    }
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Beside { quiet, attacked } = self;
        write!(
            f,
            "p99 {:.1?} beside the attack, {:.1?} in quiet ({:.1} times); p50 {:.1?} and {:.1?}; {} errors",
            attacked.p99,
            quiet.p99,
            self.ratio(),
            attacked.p50,
            quiet.p50,
            attacked.errors
        )
    }
}

/// The most memory that a process has held since its start, in bytes.
pub fn most_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024
}
