//! Reviewed files: a picture of the policy or of the contract that a test draws anew and compares.
//!
//! `UPDATE=1 cargo test --test stories` writes them instead. Read what changed before you commit it: the file is the
//! decision, the test only keeps it true.

use std::fs;

use similar::{ChangeTag, TextDiff};

use super::tree;

/// Whether reviewed files are to be written instead of compared.
pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares `fresh` with the file `name` of the folder `tests/`, and fails with the lines that differ.
pub fn compare(name: &str, fresh: &str) {
    let path = tree::root().join("tests").join(name);
    if updating() {
        fs::write(&path, fresh).unwrap_or_else(|error| panic!("cannot write tests/{name}: {error}"));
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let changes = difference(&kept, fresh);
    assert!(
        changes.is_empty(),
        "tests/{name} no longer says what is true. If the change is meant, run the test with UPDATE=1 and read the file.\n{changes}"
    );
}

/// The lines of `old` that are gone (`-`) and those of `new` that came (`+`), in order; empty if nothing differs.
pub fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let difference = TextDiff::from_slices(&old, &new);
    let changes = difference.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
    changes.map(|change| format!("{} {}\n", change.tag(), change.value())).collect()
}

#[test]
fn a_difference_shows_what_went_and_what_came() {
    assert_eq!(difference("a\nb\nc\n", "a\nb\nc\n"), "");
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "- b\n+ x\n+ d\n");
    assert_eq!(difference("", "a\n"), "+ a\n");
}
