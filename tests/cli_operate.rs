//! An owner's and a developer's day with a running host, through the `storehand` command.

mod apps;
pub mod desk;
mod dry_run;
mod local;
mod people;
mod runs;
mod staff;
mod trigger;
mod way;
