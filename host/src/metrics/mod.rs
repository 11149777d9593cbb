//! Figures of this process, counted where things happen and told to whoever asks: `count` (what counts), `figures` (what
//! is counted), `text` (how it is told, in the format of Prometheus); and
//! `spans`, what each run did when, for whoever collects that.
//!
//! INVARIANT: to count is a few relaxed additions, whoever asks meanwhile, and every label comes from a list that stands in
//! the code: nothing that an app, a store or a client chose is in it, and there are never more of them.

mod count;
mod figures;
pub mod spans;
pub mod text;

pub use count::{Counter, Gauge, Grid, Histogram, Level, Row};
pub use figures::*;
