//! Stopping a bad app, and what operators, owners and developers are told.

mod alerts;
mod answers;
mod asked;
mod closing;
mod ending;
mod names;
mod outlets;
mod plans;
mod power;
mod recall;
mod review;
mod roles;
mod stop;
mod undo_by_field;
mod unreachable;
mod unseen;
mod usage;
mod words;
