//! Circles in a picture of arrows: sets of places from each of which every other can be reached.

use std::collections::{BTreeMap, BTreeSet};

/// The circles of more than one place, each in order.
pub fn of(arrows: &BTreeMap<String, Vec<String>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (from.as_str(), from_there(arrows, from))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for (from, there) in &reach {
        let back = |to: &&&str| reach.get(**to).is_some_and(|there| there.contains(from));
        let circle: Vec<String> = there.iter().filter(back).map(|to| (*to).to_owned()).collect();
        if circle.len() > 1 && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

fn from_there<'a>(arrows: &'a BTreeMap<String, Vec<String>>, from: &str) -> BTreeSet<&'a str> {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(here) = next.pop() {
        for to in arrows.get(here).into_iter().flatten() {
            if seen.insert(to.as_str()) {
                next.push(to);
            }
        }
    }
    seen
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let arrows = |all: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
        all.iter().map(|(from, to)| ((*from).to_owned(), to.iter().map(|to| (*to).to_owned()).collect())).collect()
    };
    assert_eq!(of(&arrows(&[("a", &["b"]), ("b", &["c"]), ("c", &[])])), Vec::<Vec<String>>::new());
    assert_eq!(of(&arrows(&[("a", &["b"]), ("b", &["c", "d"]), ("c", &["a"]), ("d", &[])])), [["a", "b", "c"]]);
}
