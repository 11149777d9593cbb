//! Nobody stops a neighbour: each attack of one store, one app or one stranger, and how another store fares beside it.

mod bytes;
mod chains;
mod compiling;
mod connections;
mod pool;
mod reads;
mod schedules;
mod schemas;
mod slots;
mod streams;
mod trials;
mod uploads;
