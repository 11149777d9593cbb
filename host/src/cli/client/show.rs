//! How things look on a terminal. Apps, publishers and buyers wrote some of these texts: none of them can steer it.

use std::io::IsTerminal;

use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::text::visible;

/// A text of others on one line, with whatever is hidden in it made visible.
pub fn line(text: &str) -> String {
    visible(&text.replace('\r', "\\r").replace('\n', "\\n").replace('\t', " "))
}

/// A text of others that may have several lines.
pub fn text(text: &str) -> String {
    text.lines().map(|line| visible(&line.replace('\t', "    "))).collect::<Vec<_>>().join("\n")
}

/// A table without rules. The heads say what stands below them in capitals; every cell is made safe to show.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(heads);
    for row in rows {
        table.add_row(row.map(|cell| line(&cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

/// Lines of a name and its values below each other; a name without values is left out.
pub fn sheet(rows: &[(&str, Vec<String>)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    let mut page = String::new();
    for (name, values) in rows {
        for (number, value) in values.iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            page += &format!("{name:<width$}{}\n", line(value));
        }
    }
    page
}

/// Microseconds as people read them: `40 µs`, `0.3 ms`, `12 ms`, `1.2 s`.
pub fn took(us: i64) -> String {
    match us {
        ..100 => format!("{us} µs"),
        100..10_000 => format!("{:.1} ms", us as f64 / 1e3),
        10_000..1_000_000 => format!("{} ms", us / 1_000),
        _ => format!("{:.1} s", us as f64 / 1e6),
    }
}

/// Bytes as people read them: `0.3 MiB`.
pub fn mib(bytes: i64) -> String {
    let tenths = (i128::from(bytes) * 10).div_euclid(1 << 20);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// A moment in the time of whoever reads: the time of day, with the date if it is not today.
pub fn moment(rfc3339: &str) -> String {
    let Ok(at) = rfc3339.parse::<Timestamp>() else { return line(rfc3339) };
    let zone = TimeZone::system();
    let (at, now) = (at.to_zoned(zone.clone()), Timestamp::now().to_zoned(zone));
    let format = if at.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    at.strftime(format).to_string()
}

/// A colour of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// For what went wrong.
    Red,
    /// For what needs a look.
    Yellow,
    /// For what went well.
    Green,
}

/// The text in a colour, where stdout is a terminal that wants colours.
pub fn coloured(text: &str, colour: Colour) -> String {
    let wanted = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let code = match colour {
        Colour::Red => 31,
        Colour::Yellow => 33,
        Colour::Green => 32,
    };
    if wanted { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_others_stays_in_its_line_and_in_its_cell() {
        assert_eq!(line("a\u{1b}[2J\nb"), "a\\u{1b}[2J\\nb");
        let table = table(["APP", "SAYS"], [["notes".to_owned(), "one\ntwo\u{1b}".to_owned()]]);
        assert_eq!(table.lines().map(str::trim_end).collect::<Vec<_>>(), ["APP    SAYS", "notes  one\\ntwo\\u{1b}"]);
    }

    #[test]
    fn times_are_short() {
        assert_eq!([40, 300, 9_999, 12_000, 1_234_567].map(took), ["40 µs", "0.3 ms", "10.0 ms", "12 ms", "1.2 s"]);
    }
}
