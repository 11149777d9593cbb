//! Lists for machines and spreadsheets: as CSV and as JSON lines, whole, and no more than the lists themselves say.

mod asked;
mod bounds;
mod hostile;
mod lists;
mod pages;
mod who;
