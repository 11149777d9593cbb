//! Nobody stops a neighbour: each attack of one store, one app or one stranger, and how another store fares beside it.

mod bytes;
mod schemas;
mod uploads;
