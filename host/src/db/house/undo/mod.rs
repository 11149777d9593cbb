//! Taking changes back: what `changes:undo` allows, together with the scopes the changes were made with.
//!
//! An undo is a new change by whoever asks for it, through a draft like any other. In reading order: `start` (what is
//! chosen), `select` (its records, page by page), `record` (what becomes of each of them), `part` (what the commit
//! stores of it), `work` (change set after change set).
//!
//! INVARIANT: nothing of anybody else is overwritten. A record comes back only while nobody else's change of it is in
//! force since; a stock level is shifted, and what others sold stays sold. What is left is listed with the reason.

mod left;
pub(in crate::db) mod made;
mod part;
mod preview;
mod radius;
mod read;
mod record;
mod row;
mod select;
mod start;
mod work;

pub use left::Left;
pub(in crate::db) use part::Part;
pub use preview::{Named, TagTally, Tally, UndoPreview};
pub use radius::Radius;
pub use record::pass::Act;
pub(in crate::db) use record::pass::ERASED;
pub use record::skipped::{Skipped, Why};
pub use row::{Undo, UndoState};
pub use start::UndoOf;
