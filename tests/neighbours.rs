//! Nobody stops a neighbour: each attack of one store, one app or one stranger, and how another store fares beside it.

mod bytes;
mod chains;
mod connections;
mod reads;
mod schemas;
mod slots;
mod streams;
mod uploads;
