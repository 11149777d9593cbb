//! What every page of the store is made of, so that a resource says only what is its own.
//!
//! In reading order: `asked` (what somebody typed), `act` (a form that changes something), `table`, `desk` (who is at work,
//! and what becomes of a form), `list`, `history`, `sheet` (the page of one record), `simple` (all pages of a simple
//! document).

mod act;
mod asked;
mod desk;
mod history;
mod list;
mod sheet;
mod simple;
mod table;

pub(super) use act::{Act, Field};
pub(super) use asked::{Asked, amount, moment};
pub(super) use desk::{Desk, End, acts};
pub(super) use list::{Filter, List, Texts};
pub(super) use sheet::{Contact, Fact, Sheet, fact};
pub(super) use simple::{Plain, create, delete, list, page, shown, update};
pub(super) use table::{Cell, Column, Row, Table, col, num};
