//! The demo as people see it: a table that is drawn over and over on a terminal, or a line per app now and then.

use super::{Failure, failed};
use crate::demo::apps::App;
use crate::demo::feed::Happened;
use crate::demo::store::NAME;
use crate::demo::watch::{Tally, Watch};
use comfy_table::{Attribute, Cell, CellAlignment, Color, Table, presets};
use std::io::{IsTerminal, Write, stdout};
use std::time::Duration;

/// How wide a terminal is that does not say so.
const WIDTH: usize = 80;
const HEADS: [&str; 9] = ["App", "Runs", "Failed", "Allowed", "Denied", "Changes", "p50", "p99", "CPU"];

/// What stands around the table.
pub(super) struct Frame<'a> {
    /// Where the store is in the API.
    pub(super) url: &'a str,
    /// The owner's token.
    pub(super) token: &'a str,
    /// Where the owner gets into the browser, once.
    pub(super) door: &'a str,
    /// The owner's password, which acts of weight ask for.
    pub(super) password: &'a str,
    /// A code of theirs, good once, in place of the second factor.
    pub(super) code: &'a str,
    /// What has happened so far.
    pub(super) happened: Happened,
    /// How the app that misbehaves does so now.
    pub(super) kind: &'a str,
    /// Whether the host has paused that app.
    pub(super) paused: bool,
    /// Since the first thing happened.
    pub(super) since: Duration,
}

/// Where the demo is shown.
pub(super) struct Screen {
    colours: bool,
    width: usize,
}

impl Screen {
    /// The terminal, if standard output is one that can be drawn on.
    pub(super) fn open() -> Option<Screen> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        if !stdout().is_terminal() || set("TERM").is_none_or(|term| term == "dumb") {
            return None;
        }
        // Clears the screen and hides the cursor.
        let _ = write!(stdout(), "\x1b[2J\x1b[H\x1b[?25l");
        Some(Screen { colours: set("NO_COLOR").is_none(), width: WIDTH })
    }

    /// Draws a frame over the one before: each line is cleared before it is written, so that nothing flickers.
    pub(super) fn draw(&mut self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<(), Failure> {
        self.width = Table::new().width().map_or(WIDTH, usize::from).max(40);
        let mut lines = self.head(frame);
        lines.extend(table(watch, self.colours).lines().map(str::to_owned));
        lines.extend([String::new(), self.bold("Newest denials")]);
        lines.extend(watch.denials.iter().map(|words| self.cut(words)));
        let how = if frame.paused { "paused by the host, until its owner resumes it" } else { frame.kind };
        lines.extend([String::new(), self.bold(&format!("Newest failures (runaway: {how})"))]);
        lines.extend(watch.failures.iter().take(2).map(|words| self.cut(words)));
        let mut text = String::from("\x1b[H");
        for line in lines {
            text += &format!("\x1b[2K{line}\r\n");
        }
        text += "\x1b[J";
        let mut out = stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(failed)
    }

    fn head(&self, frame: &Frame<'_>) -> Vec<String> {
        let (Happened { orders, stock, carts }, since) = (frame.happened, frame.since.as_secs());
        let (minutes, seconds) = (since / 60, since % 60);
        let title = format!("{}  {minutes}:{seconds:02}", NAME);
        let told = format!("  {orders} orders, {stock} stock changes, {carts} carts  (ctrl-c ends it)");
        // Not cut: they are there to be copied.
        let door = format!(
            "web admin, once: {}   password, when it asks: {}   code, once: {}",
            frame.door, frame.password, frame.code
        );
        let (url, token) = (format!("API: {}", frame.url), format!("owner's token: {}", frame.token));
        vec![format!("{}{}", self.bold(&title), told), door, url, token, String::new()]
    }

    fn bold(&self, text: &str) -> String {
        if self.colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// As much of a line as fits.
    fn cut(&self, line: &str) -> String {
        if line.chars().count() <= self.width {
            return line.to_owned();
        }
        line.chars().take(self.width.saturating_sub(1)).chain(['…']).collect()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = writeln!(stdout(), "\x1b[?25h");
    }
}

/// The table of apps; 72 columns wide, and a few more once the numbers are large.
pub(super) fn table(watch: &Watch<'_>, colours: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let head = |text: &str| {
        let cell = Cell::new(text);
        if colours { cell.add_attribute(Attribute::Bold) } else { cell }
    };
    table.set_header(HEADS.iter().copied().map(head));
    for (app, tally) in &watch.tallies {
        table.add_row(row(app.name, tally, colours));
    }
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((u16::from(i > 0), 0));
        if i > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

fn row(name: &str, tally: &Tally, colours: bool) -> Vec<Cell> {
    let Tally { runs, failed, allowed, denied, changes, wall, cpu } = tally;
    let number = |n: &i64| Cell::new(n);
    let alarming = |n: &i64| if colours && *n > 0 { Cell::new(n).fg(Color::Red) } else { Cell::new(n) };
    vec![
        Cell::new(name),
        number(runs),
        alarming(failed),
        number(allowed),
        alarming(denied),
        number(changes),
        Cell::new(time(wall.percentile(50))),
        Cell::new(time(wall.percentile(99))),
        Cell::new(time(cpu.percentile(50))),
    ]
}

/// "420 µs", "4.2 ms", "42 ms", "1.5 s".
fn time(us: i64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..10_000 => format!("{:.1} ms", us as f64 / 1_000.0),
        10_000..1_000_000 => format!("{} ms", us / 1_000),
        us => format!("{:.1} s", us as f64 / 1_000_000.0),
    }
}

/// One line per app, for where nobody watches a screen.
pub(super) fn lines(watch: &Watch<'_>) -> String {
    let now = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
    let line = |(app, tally): &(&App, Tally)| {
        let Tally { runs, failed, allowed, denied, changes, wall, cpu } = tally;
        let times = [wall.percentile(50), wall.percentile(99), cpu.percentile(50)].map(time);
        let [p50, p99, cpu] = times;
        format!(
            "{now}  {}: {runs} runs, {failed} failed, {allowed} calls allowed, {denied} denied, {changes} changes, \
            p50 {p50}, p99 {p99}, CPU {cpu}\n",
            app.name
        )
    };
    watch.tallies.iter().map(line).collect()
}
