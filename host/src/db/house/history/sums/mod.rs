//! The log of runs, summed up and filed a moment after it was written, in portions and in the order of commits: sums by
//! the minute and the hour (`sum`, with `times` for percentiles), by the month (`months`), and the terms by which runs are found (`terms`).
//!
//! In reading order: `row` (a run as it is read), `sum`, `fold` (how runs get into the sums), `mark` (how far they are), `read` (the sums, with
//! the runs that are not in them yet), `find` (runs by what somebody asks for), `forget` (what goes, and when), `erase` (of a store that is erased).
//!
//! INVARIANT: each run is in the sums once, or after the mark: both move in one transaction. Whoever reads adds what is
//! after it, so what was committed is in what is read, unless there is so much of it that reading would keep others waiting.

mod erase;
mod find;
mod fold;
mod forget;
mod mark;
mod months;
mod read;
mod row;
mod sum;
mod terms;
mod times;

pub(in crate::db::house) use erase::set_mark;
pub(super) use find::found_by;
pub(in crate::db) use fold::add_approved;
pub(super) use mark::{mark_of, waiting};
pub(in crate::db::house) use months::{month_of, months_of, total_of};
pub(super) use read::{MAX_BEHIND, Range, across, calls_of, runs_of};
pub(super) use sum::{CallSum, HOUR, Head, MINUTE, Sum, began, sum_columns, sum_of};
pub(super) use terms::Term;
