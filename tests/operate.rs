//! Stopping a bad app, and what operators, owners and developers are told.

mod ending;
mod stop;
mod undo_by_field;
mod unseen;
mod usage;
mod words;
