//! What the host's care costs: one host call and one run, beside the same on plain wasmtime, in one run of this bench.
//! Nothing here waits, so all of it is processor time of the one thread that does the work.

mod support;

use std::sync::Arc;
use storehand_host::db::{Outcome, Purpose};
use storehand_host::runtime::measure::Guest;
use storehand_host::runtime::{Target, Trigger};
use support::figures::{Bar, Figure, median, report, thread_time};
use support::guests::App;
use support::host::Host;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds of which the median counts. In each, everything is measured once, one after the other.
const ROUNDS: usize = 61;
/// Runs in a row.
const RUNS: u32 = 300;
/// Host calls of a run in which calls are measured: as many as are recorded in full.
const CALLS: u32 = 100;

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bare,
    Recorded,
    Whole,
}

/// Everything the runs need.
struct Setting {
    host: Host,
    guest: Guest,
    target: Arc<Target>,
}

fn main() -> anyhow::Result<()> {
    let executor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    executor.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let host = Host::start(folder.path()).await?;
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let app = hands.publish(&host, &App::build("test-guests/calls")?).await?;
    let target = host.target(shop.install(&app, None).await?).await?;
    let guest = Guest::new(&host.runtime, &App::build("test-guests/calls")?.bytes(), app.manifest.asked());
    let guest = guest.map_err(|e| anyhow::anyhow!("{e:#}"))?;
    let order = shop.order().await?;
    let setting = Setting { host, guest, target };

    let count = |calls: u32| press("count", &calls.to_string());
    let (none, two, many) = (count(0), count(2), count(CALLS));
    let turn = press("turn", &order);
    let timed = [
        (Kind::Bare, &none),
        (Kind::Recorded, &none),
        (Kind::Bare, &two),
        (Kind::Recorded, &two),
        (Kind::Bare, &many),
        (Kind::Recorded, &many),
        (Kind::Whole, &turn),
    ];
    let mut rounds: Vec<[f64; 7]> = Vec::with_capacity(ROUNDS);
    for round in 0..=ROUNDS {
        let mut taken = [0.0; 7];
        for ((kind, trigger), taken) in timed.iter().zip(&mut taken) {
            *taken = setting.time(*kind, trigger).await?;
        }
        // The first round warms up.
        if round > 0 {
            rounds.push(taken);
        }
    }
    report("invocation", &figures(&rounds))
}

fn press(action: &str, record: &str) -> Trigger {
    Trigger::Action { id: action.to_owned(), kind: "order".to_owned(), record: record.to_owned() }
}

impl Setting {
    /// Nanoseconds of processor time of one run.
    async fn time(&self, kind: Kind, trigger: &Trigger) -> anyhow::Result<f64> {
        let began = thread_time();
        for _ in 0..RUNS {
            self.run(kind, trigger).await?;
        }
        Ok((thread_time() - began).as_nanos() as f64 / f64::from(RUNS))
    }

    async fn run(&self, kind: Kind, trigger: &Trigger) -> anyhow::Result<()> {
        if kind == Kind::Bare {
            let handled = self.guest.bare(trigger).await.map_err(|e| anyhow::anyhow!("{e:#}"))?;
            anyhow::ensure!(handled, "the guest failed");
            return Ok(());
        }
        let slot = self.host.db.reserve(self.target.party(Purpose::Delivery)).await?;
        let run = match kind {
            Kind::Whole => self.guest.whole(slot, &self.target, trigger).await?,
            _ => self.guest.recorded(slot, &self.target, trigger).await?,
        };
        let (outcome, changes) = (run.usage.outcome(), run.changes);
        anyhow::ensure!(outcome == Outcome::Ok, "the run ended {outcome:?}: {:?}", run.usage.error());
        anyhow::ensure!(changes == usize::from(kind == Kind::Whole), "{changes} changes were staged");
        Ok(())
    }
}

fn figures(rounds: &[[f64; 7]]) -> Vec<Figure> {
    let of = |figure: fn(&[f64; 7]) -> f64| median(rounds.iter().map(figure));
    let per_call = f64::from(CALLS);
    let bare_call = of(|[none, _, _, _, many, ..]| (many - none) / f64::from(CALLS));
    let recorded_call = of(|[_, none, _, _, _, many, _]| (many - none) / f64::from(CALLS));
    let extra = median(rounds.iter().map(|r| ((r[5] - r[1]) - (r[4] - r[0])) / per_call));
    let figure = |name: &str, note, value, unit, baseline, bar| Figure {
        name: name.to_owned(),
        note,
        value,
        unit,
        baseline,
        bar,
    };
    vec![
        figure(
            "host call on plain wasmtime",
            "real: guest, engine, generated bindings, async import; faked: the answer is a constant",
            bare_call,
            "ns",
            None,
            Bar::None,
        ),
        figure(
            "host call, authorised, counted, recorded",
            "real: the same guest and bindings through the one door, each call recorded in full; faked: the answer is the same constant, no database",
            recorded_call,
            "ns",
            Some(bare_call),
            Bar::None,
        ),
        figure(
            "what that adds to the call",
            "the difference of the two rows above, of each round",
            extra,
            "ns",
            None,
            Bar::AtMost(80.0),
        ),
        figure(
            "fresh run of two host calls on plain wasmtime",
            "real: a fresh instance from the host's own pool; no limits, no record; faked: the answers are constants",
            of(|r| r[2]) / 1_000.0,
            "µs",
            None,
            Bar::None,
        ),
        figure(
            "fresh run of two host calls, authorised, recorded",
            "real: slot, principal, draft, limits, CPU meter, timeout, instance, usage record in memory; faked: the answers are constants, nothing is committed",
            of(|r| r[3]) / 1_000.0,
            "µs",
            Some(of(|r| r[2]) / 1_000.0),
            Bar::None,
        ),
        figure("the one as a multiple of the other", "of each round", of(|r| r[3] / r[2]), "×", None, Bar::AtMost(1.4)),
        figure(
            "fresh run that reads a record and stages a change",
            "real: everything, on SQLite: one order read by one call, read again and changed by another; the commit is not in it (see throughput)",
            of(|r| r[6]) / 1_000.0,
            "µs",
            None,
            Bar::AtMost(40.0),
        ),
    ]
}
