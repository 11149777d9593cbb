//! The table of attacks in `host/docs/threats.md`: every row shows its test, or says that there is none yet.

use super::none;
use crate::support::tree;

/// The ids there must be, each once. Those that are missing were never given.
fn ids() -> impl Iterator<Item = String> {
    let groups = [1..=6, 10..=18, 20..=31, 40..=44, 50..=90];
    groups.into_iter().flatten().map(|n| format!("T{n:02}"))
}

/// The cells of each row of an attack.
fn rows() -> Vec<Vec<String>> {
    let path = tree::root().join("host/docs/threats.md");
    let text = std::fs::read_to_string(path).expect("the table of attacks is there");
    let row = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    text.lines().filter(|line| line.starts_with("| T")).map(row).collect()
}

/// What stands between backticks and names a test: a file and a function in it.
fn named(proof: &str) -> impl Iterator<Item = (&str, &str)> {
    proof.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.split_once("::"))
}

#[test]
fn every_attack_has_one_row_with_a_defence_and_a_test_or_says_not_yet() {
    let rows = rows();
    let found: Vec<&str> = rows.iter().map(|cells| cells[0].as_str()).collect();
    let counted = ids().filter(|id| found.iter().filter(|found| *found == id).count() != 1);
    let mut complaints: Vec<String> = counted.map(|id| format!("{id} does not have exactly one row")).collect();
    for cells in &rows {
        let [id, attack, defence, proof] = &cells[..] else {
            complaints.push(format!("{} has {} cells, not four", cells[0], cells.len()));
            continue;
        };
        let shown = named(proof).next().is_some() || proof.contains("Not yet: ") || proof.contains("Checked by ");
        if attack.is_empty() || defence.is_empty() || !shown {
            complaints.push(format!("{id} has neither a test nor a `Not yet: `"));
        }
        for (file, test) in named(proof) {
            let text = std::fs::read_to_string(tree::root().join(file)).unwrap_or_default();
            if !text.contains(&format!("fn {test}(")) && !text.contains(&format!("{test},")) {
                complaints.push(format!("{id} names `{file}::{test}`, which is not there"));
            }
        }
    }
    none(complaints);
}
