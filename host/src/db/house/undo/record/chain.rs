//! What the history of one record says about taking some of its changes back. Pure: it reads nothing.
//!
//! INVARIANT: a change is in force if it was never taken back, or what took it back was itself taken back. Changes are
//! taken back together, and only where nothing of anybody else is in force after the first of them.

use crate::authz::ScopeSet;
use std::collections::{BTreeSet, HashMap};

/// The place of a change: its change set, and its number in it.
pub(in crate::db::house::undo) type Spot = (String, i64);

/// One change of a record, without its images.
#[derive(Debug, Clone)]
pub(in crate::db::house::undo) struct Entry {
    pub(in crate::db::house::undo) at: Spot,
    /// The revision it left; 0 for stock levels.
    pub(in crate::db::house::undo) rev: i64,
    /// Whether it ended the record.
    pub(in crate::db::house::undo) ended: bool,
    /// Whether it is to be taken back.
    pub(in crate::db::house::undo) chosen: bool,
    /// What took it back.
    pub(in crate::db::house::undo) undone_by: Option<Spot>,
    /// How many changes it took back itself.
    pub(in crate::db::house::undo) undoes: usize,
    /// Who made it, as written in records.
    pub(in crate::db::house::undo) actor: String,
    pub(in crate::db::house::undo) scopes: ScopeSet,
    /// The first of its scopes that this version does not know, if there is one: nobody can hold it.
    pub(in crate::db::house::undo) unknown: Option<String>,
    /// For a stock level: what it added, without what moved with orders.
    pub(in crate::db::house::undo) delta: i64,
    /// For a stock level: whether all of it moved with orders, and so is taken back with them.
    pub(in crate::db::house::undo) follows: bool,
    /// For a stock level: whether it was counted, or ended.
    pub(in crate::db::house::undo) counted: bool,
}

/// What there is to take back, and how.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::db::house::undo) struct Chain {
    /// The first change to be taken back; what was before it is what comes back.
    pub(in crate::db::house::undo) first: usize,
    /// How many changes are taken back.
    pub(in crate::db::house::undo) many: usize,
    /// The newest of each chain: those that are marked as taken back.
    pub(in crate::db::house::undo) tops: Vec<Spot>,
    /// Everything they were made with.
    pub(in crate::db::house::undo) scopes: ScopeSet,
    /// For a stock level: what they added up to.
    pub(in crate::db::house::undo) delta: i64,
    /// For a stock level: whether it ended with its product.
    pub(in crate::db::house::undo) ended: bool,
}

/// Why a record cannot be taken back.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::db::house::undo) enum Broken {
    /// Somebody else's change, by its index, is in force after the first of them.
    Touched(usize),
    /// The undo that brought them back, by its index, brought back others too.
    Together(usize),
    /// Changes between them are not in the journal.
    Gap,
}

/// The history of a record, oldest first, from the first chosen change on. `level` is a stock level, where only
/// counts stand in the way: what was added or taken away since does not matter.
pub(in crate::db::house::undo) fn settle(entries: &[Entry], level: bool) -> Result<Option<Chain>, Broken> {
    let history = History::new(entries);
    let targets: Vec<usize> = (0..entries.len()).filter(|i| history.target(*i)).collect();
    let Some(first) = targets.first().copied() else { return Ok(None) };
    let others = history.others(first);
    if let Some(touched) = others.into_iter().rfind(|i| !level || history.is(*i, |e| e.counted)) {
        return Err(Broken::Touched(touched));
    }
    history.chain(&targets, first, level).map(Some)
}

/// What there is to take back, the changes that are, and those of others.
type Beside = (Chain, Vec<usize>, Vec<usize>);

/// The same of a record whose fields are taken back one by one, so that changes of others do not stand in the way by
/// themselves: with the changes that are taken back, and those of others in force since, both by their indices.
pub(in crate::db::house::undo) fn apart(entries: &[Entry]) -> Result<Option<Beside>, Broken> {
    let history = History::new(entries);
    let targets: Vec<usize> = (0..entries.len()).filter(|i| history.target(*i)).collect();
    let Some(first) = targets.first().copied() else { return Ok(None) };
    let (chain, others) = (history.chain(&targets, first, false)?, history.others(first));
    Ok(Some((chain, targets, others)))
}

/// The newest change of somebody else that is in force, by its index.
pub(in crate::db::house::undo) fn touched(entries: &[Entry]) -> Option<usize> {
    let history = History::new(entries);
    (0..entries.len()).rev().find(|i| history.counts(*i, 0) && history.is(*i, |entry| !entry.chosen))
}

struct History<'a> {
    entries: &'a [Entry],
    index: HashMap<&'a Spot, usize>,
    live: Vec<bool>,
}

impl<'a> History<'a> {
    /// Changes of others in force from `first` on.
    fn others(&self, first: usize) -> Vec<usize> {
        (first..self.entries.len()).filter(|i| self.counts(*i, first) && !self.target(*i)).collect()
    }

    /// What there is to take back.
    fn chain(&self, targets: &[usize], first: usize, level: bool) -> Result<Chain, Broken> {
        if !level && !self.is_whole(first) {
            return Err(Broken::Gap);
        }
        let tops: BTreeSet<usize> = targets.iter().map(|i| self.top(*i)).collect();
        if let Some(together) = tops.iter().find(|top| !self.covers(**top, first)) {
            return Err(Broken::Together(*together));
        }
        let of = |i: &usize| self.entries.get(*i);
        Ok(Chain {
            first,
            many: targets.len(),
            tops: tops.iter().filter_map(of).map(|entry| entry.at.clone()).collect(),
            scopes: targets.iter().filter_map(of).flat_map(|entry| entry.scopes.iter()).collect(),
            delta: targets.iter().filter_map(of).map(|entry| entry.delta).sum(),
            ended: targets.iter().filter_map(of).any(|entry| entry.ended),
        })
    }

    fn new(entries: &'a [Entry]) -> History<'a> {
        let index: HashMap<&Spot, usize> = entries.iter().enumerate().map(|(i, entry)| (&entry.at, i)).collect();
        let mut live = vec![true; entries.len()];
        // What takes back is newer than what it takes back.
        for (i, entry) in entries.iter().enumerate().rev() {
            let undone = entry
                .undone_by
                .as_ref()
                .is_some_and(|by| index.get(by).and_then(|by| live.get(*by)).copied().unwrap_or(true));
            if let Some(live) = live.get_mut(i) {
                *live = !undone;
            }
        }
        History { entries, index, live }
    }

    fn is(&self, i: usize, test: impl Fn(&Entry) -> bool) -> bool {
        self.entries.get(i).is_some_and(test)
    }

    fn live(&self, i: usize) -> bool {
        self.live.get(i).copied().unwrap_or(false)
    }

    /// Whether it is to be taken back, and in force.
    fn target(&self, i: usize) -> bool {
        self.live(i) && self.is(i, |entry| entry.chosen && !entry.follows)
    }

    fn undoer(&self, i: usize) -> Option<usize> {
        self.entries.get(i)?.undone_by.as_ref().and_then(|by| self.index.get(by)).copied()
    }

    /// How many of what a change took back came at or after `first`.
    fn undone_here(&self, i: usize, first: usize) -> usize {
        (first..i).filter(|j| self.undoer(*j) == Some(i)).count()
    }

    /// Whether a change in force makes a difference from `first` on: what took back only changes since then leaves
    /// everything as it was.
    fn counts(&self, i: usize, first: usize) -> bool {
        let cancels = self.is(i, |entry| entry.undoes > 0 && entry.undoes == self.undone_here(i, first));
        self.live(i) && !cancels
    }

    /// The newest of the chain of undoes above a change.
    fn top(&self, mut i: usize) -> usize {
        while let Some(by) = self.undoer(i).filter(|by| *by > i) {
            i = by;
        }
        i
    }

    /// Whether all that a change took back or brought back is to be taken back too.
    fn covers(&self, top: usize, first: usize) -> bool {
        if self.target(top) {
            return true;
        }
        (first..=top).filter(|i| self.top(*i) == top).all(|i| {
            let whole = self.is(i, |entry| entry.undoes == self.undone_here(i, first));
            whole && (self.target(i) || !self.counts(i, first))
        })
    }

    /// Whether the revisions follow each other from `first` on.
    fn is_whole(&self, first: usize) -> bool {
        let pairs = self.entries.iter().skip(first).zip(self.entries.iter().skip(first + 1));
        pairs.into_iter().all(|(one, next)| next.rev == one.rev + 1 || (one.ended && next.rev == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A history: each change by `a` (chosen) or `b`, or an undo of earlier ones by their numbers.
    fn history(of: &[(char, &[usize])]) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        for (i, (who, undoes)) in of.iter().enumerate() {
            for undone in *undoes {
                all[*undone].undone_by = Some((format!("{i:02}"), 0));
            }
            all.push(Entry {
                at: (format!("{i:02}"), 0),
                rev: i as i64 + 1,
                ended: false,
                chosen: *who == 'a',
                undone_by: None,
                undoes: undoes.len(),
                actor: who.to_string(),
                scopes: ScopeSet::EMPTY,
                unknown: None,
                delta: 1,
                follows: false,
                counted: false,
            });
        }
        all
    }

    fn tops(of: &[(char, &[usize])]) -> Result<Option<(usize, Vec<usize>)>, Broken> {
        let chain = settle(&history(of), false)?;
        Ok(chain.map(|chain| (chain.first, chain.tops.iter().map(|(at, _)| at.parse().unwrap()).collect())))
    }

    #[test]
    fn changes_are_taken_back_together_from_the_first_one_on() {
        assert_eq!(tops(&[('a', &[])]), Ok(Some((0, vec![0]))));
        assert_eq!(tops(&[('b', &[]), ('a', &[]), ('a', &[])]), Ok(Some((1, vec![1, 2]))));
        assert_eq!(tops(&[('b', &[])]), Ok(None));
    }

    #[test]
    fn somebody_elses_change_since_stands_in_the_way_unless_it_was_taken_back() {
        assert_eq!(tops(&[('a', &[]), ('b', &[])]), Err(Broken::Touched(1)));
        assert_eq!(tops(&[('a', &[]), ('b', &[]), ('a', &[])]), Err(Broken::Touched(1)));
        assert_eq!(tops(&[('a', &[]), ('b', &[]), ('u', &[1])]), Ok(Some((0, vec![0]))));
        assert_eq!(tops(&[('a', &[]), ('b', &[]), ('u', &[1]), ('u', &[2])]), Err(Broken::Touched(1)));
    }

    #[test]
    fn what_was_taken_back_is_not_taken_back_again_until_it_is_brought_back() {
        assert_eq!(tops(&[('a', &[]), ('u', &[0])]), Ok(None));
        assert_eq!(tops(&[('a', &[]), ('u', &[0]), ('u', &[1])]), Ok(Some((0, vec![2]))));
        assert_eq!(tops(&[('a', &[]), ('u', &[0]), ('u', &[1]), ('u', &[2])]), Ok(None));
        assert_eq!(tops(&[('a', &[]), ('a', &[]), ('u', &[1])]), Ok(Some((0, vec![0]))));
    }

    #[test]
    fn what_was_brought_back_together_is_taken_back_together() {
        // The second alone is chosen; the undo of the undo brought back both.
        assert_eq!(tops(&[('b', &[]), ('a', &[]), ('u', &[0, 1]), ('u', &[2])]), Err(Broken::Together(3)));
        assert_eq!(tops(&[('a', &[]), ('a', &[]), ('u', &[0, 1]), ('u', &[2])]), Ok(Some((0, vec![3]))));
    }

    #[test]
    fn an_undo_can_be_what_is_taken_back() {
        let whole = history(&[('b', &[]), ('a', &[0])]);
        let chain = settle(&whole[1..], false).unwrap().unwrap();
        assert_eq!((chain.first, chain.tops), (0, vec![("01".to_owned(), 0)]));
    }

    #[test]
    fn a_missing_revision_is_seen_and_a_level_has_none() {
        let mut gap = history(&[('a', &[]), ('a', &[])]);
        gap[1].rev = 5;
        assert_eq!(settle(&gap, false), Err(Broken::Gap));
        let mut level = history(&[('a', &[]), ('b', &[]), ('a', &[])]);
        assert_eq!(settle(&level, true).unwrap().unwrap().delta, 2);
        level[1].counted = true;
        assert_eq!(settle(&level, true), Err(Broken::Touched(1)));
    }
}
