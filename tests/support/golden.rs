//! Reviewed files: a picture of the policy or of the contract that a test draws anew and compares.
//!
//! `UPDATE=1 cargo test --test stories` writes them instead. Read what changed before you commit it: the file is the
//! decision, the test only keeps it true.

use std::fs;

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
    // Length of the longest common subsequence of old[i..] and new[j..].
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut text) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            text += &format!("- {}\n", old[i]);
            i += 1;
        } else {
            text += &format!("+ {}\n", new[j]);
            j += 1;
        }
    }
    text
}

#[test]
fn a_difference_shows_what_went_and_what_came() {
    assert_eq!(difference("a\nb\nc\n", "a\nb\nc\n"), "");
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "- b\n+ x\n+ d\n");
    assert_eq!(difference("", "a\n"), "+ a\n");
}
