//! Stopping a bad app, and what operators, owners and developers are told.

mod stop;
mod usage;
mod words;
