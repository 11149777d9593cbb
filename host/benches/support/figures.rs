//! Figures: how they are taken, shown and kept. Nothing here fails because a machine is slow: a figure that misses its
//! bar says so in its row.

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// What a figure has to reach.
#[derive(Debug, Clone, Copy)]
pub enum Bar {
    /// The figure, or less.
    AtMost(f64),
    /// The figure, or more.
    AtLeast(f64),
    /// Shown for its own sake.
    None,
}

/// One measured figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What of it is real and what is faked.
    pub note: &'static str,
    /// The median, unless the name says otherwise.
    pub value: f64,
    /// Of value, baseline and bar.
    pub unit: &'static str,
    /// What it is compared with.
    pub baseline: Option<f64>,
    /// What it has to reach.
    pub bar: Bar,
}

impl Bar {
    fn number(self) -> Option<f64> {
        match self {
            Bar::AtMost(bar) | Bar::AtLeast(bar) => Some(bar),
            Bar::None => None,
        }
    }

    fn is_reached(self, value: f64) -> Option<bool> {
        match self {
            Bar::AtMost(bar) => Some(value <= bar),
            Bar::AtLeast(bar) => Some(value >= bar),
            Bar::None => None,
        }
    }

    fn text(self) -> String {
        match self {
            Bar::AtMost(bar) => format!("≤ {}", number(bar)),
            Bar::AtLeast(bar) => format!("≥ {}", number(bar)),
            Bar::None => String::new(),
        }
    }
}

/// A number with as many digits as it deserves: 1 or 2 after the point below a hundred, thousands apart above.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 1_000.0 => {
            let digits = format!("{value:.0}");
            let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
            groups.join(",")
        }
        v if v >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Bytes this process has handed to files and sockets so far; 0 where the system does not count them.
pub fn written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    io.lines().find_map(|line| line.strip_prefix("wchar: ")?.parse().ok()).unwrap_or(0)
}

/// Prints the figures and writes them to `figures/<bench>.json` in the target folder.
pub fn report(bench: &str, figures: &[Figure]) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(150);
    table.set_header(["figure", "value", "unit", "baseline", "bar", "", "what is real, what is faked"]);
    for figure in figures {
        let ok = match figure.bar.is_reached(figure.value) {
            Some(true) => "ok",
            Some(false) => "missed",
            None => "",
        };
        let baseline = figure.baseline.map(number).unwrap_or_default();
        let (value, bar) = (number(figure.value), figure.bar.text());
        table.add_row([&*figure.name, &value, figure.unit, &baseline, &bar, ok, figure.note]);
    }
    println!("{table}");
    let rows = figures.iter().map(|figure| {
        json!({
            "name": figure.name, "value": figure.value, "unit": figure.unit, "baseline": figure.baseline,
            "bar": figure.bar.number(), "ok": figure.bar.is_reached(figure.value), "note": figure.note,
        })
    });
    // Cargo gives benches a folder of their own inside the target folder.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.parent().unwrap_or(target).join("figures");
    std::fs::create_dir_all(&folder)?;
    let text = serde_json::to_string_pretty(&rows.collect::<Vec<_>>())?;
    std::fs::write(folder.join(format!("{bench}.json")), text + "\n")?;
    Ok(())
}

/// The middle value.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 50.0)
}

/// The value that so many of a hundred do not exceed.
pub fn percentile(values: impl IntoIterator<Item = f64>, percent: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * percent / 100.0).ceil() as usize;
    values.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// Nanoseconds of processor time that each of `times` calls of `work` takes, on average.
pub fn each<T>(times: u32, mut work: impl FnMut() -> T) -> f64 {
    let began = thread_time();
    for _ in 0..times {
        std::hint::black_box(work());
    }
    (thread_time() - began).as_nanos() as f64 / f64::from(times)
}

/// Processor time this thread has taken. For work that never waits it is how long it takes, and what else the machine
/// does at the same time counts for little.
pub fn thread_time() -> Duration {
    clock(ClockId::ThreadCPUTime)
}

/// Processor time this whole process has taken.
pub fn process_time() -> Duration {
    clock(ClockId::ProcessCPUTime)
}

fn clock(id: ClockId) -> Duration {
    let now = clock_gettime(id);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}
