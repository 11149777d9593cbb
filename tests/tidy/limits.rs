//! The table of bounds in `host/docs/limits.md`: each constant it names is there, and has the value it says.

use super::none;
use crate::support::tree;

/// What stands between backticks and names a constant: a file, its name and its value.
fn named(text: &str) -> Vec<(&str, &str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(constant).collect()
}

fn constant(quoted: &str) -> Option<(&str, &str, &str)> {
    let (place, value) = quoted.split_once(" = ")?;
    let (file, name) = place.split_once(' ')?;
    Some((file, name, value))
}

/// Whether a line of code gives a constant of that name that value.
fn gives(line: &str, name: &str, value: &str) -> bool {
    let Some((head, rest)) = line.split_once(&format!("const {name}: ")) else { return false };
    let visible = head.trim().is_empty() || head.trim_start().starts_with("pub");
    visible && rest.split_once(" = ").is_some_and(|(_, found)| found == format!("{value};"))
}

#[test]
fn every_bound_in_the_table_stands_in_the_code_with_its_value() {
    let text = std::fs::read_to_string(tree::root().join("host/docs/limits.md")).expect("the table of bounds is there");
    let all = named(&text);
    assert!(all.len() > 50, "only {} constants are named", all.len());
    let mut complaints = Vec::new();
    for (file, name, value) in all {
        let code = std::fs::read_to_string(tree::root().join("host/src").join(file)).unwrap_or_default();
        if !code.lines().any(|line| gives(line, name, value)) {
            complaints.push(format!("`{file}` has no `{name}` of `{value}`"));
        }
    }
    none(complaints);
}

#[test]
fn another_value_or_another_name_is_noticed() {
    assert!(gives("pub(in crate::db) const MOST: usize = 2 << 20;", "MOST", "2 << 20"));
    assert!(gives("const PAIR: (i64, i64) = (200, 16 << 20);", "PAIR", "(200, 16 << 20)"));
    assert!(!gives("const MOST: usize = 4 << 20;", "MOST", "2 << 20"));
    assert!(!gives("const MOSTLY: usize = 2 << 20;", "MOST", "2 << 20"));
    assert!(!gives("// const MOST: usize = 2 << 20;", "MOST", "2 << 20"));
}
