//! A list of records: its filters, its rows, the way through it, and what can be done beside it.

use super::act::{Act, Input, offered};
use super::asked::Asked;
use super::desk::{Came, Desk, answer};
use super::table::{Cell, Column, Row, Table};
use crate::db::Items;
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::Shown;
use crate::http::pages::store::tabs::Tab;
use crate::http::pages::wrong::Wrong;
use askama::Template;

/// What a list is called, and what it says of itself, by key.
pub(in crate::http::pages::store) struct Texts {
    pub(in crate::http::pages::store) title: &'static str,
    pub(in crate::http::pages::store) lead: &'static str,
    /// That there is nothing yet.
    pub(in crate::http::pages::store) none: &'static str,
    /// What to do then.
    pub(in crate::http::pages::store) next: &'static str,
}

/// What a list can be narrowed to.
pub(in crate::http::pages::store) struct Filter {
    name: &'static str,
    label: String,
    /// What one can choose; nothing, where something is typed.
    options: Vec<(String, String)>,
}

impl Filter {
    /// Something typed.
    pub(in crate::http::pages::store) fn text(name: &'static str, label: impl ToString) -> Filter {
        Filter { name, label: label.to_string(), options: Vec::new() }
    }

    /// One of these states, any of them first.
    pub(in crate::http::pages::store) fn choice<T>(
        frame: &Frame,
        name: &'static str,
        label: impl ToString,
        all: &[(T, &str, &str, &str)],
    ) -> Filter {
        let states = all.iter().map(|(_, name, key, _)| ((*name).to_owned(), frame.t(key).to_string()));
        Filter::of(frame, name, label, states)
    }

    /// One of these values, any of them first.
    pub(in crate::http::pages::store) fn of(
        frame: &Frame,
        name: &'static str,
        label: impl ToString,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Filter {
        let any = (String::new(), frame.t("orders-anything").to_string());
        Filter { name, label: label.to_string(), options: std::iter::once(any).chain(options).collect() }
    }
}

/// A list.
pub(in crate::http::pages::store) struct List {
    /// The end of its address.
    pub(in crate::http::pages::store) path: &'static str,
    pub(in crate::http::pages::store) texts: Texts,
    pub(in crate::http::pages::store) filters: Vec<Filter>,
    pub(in crate::http::pages::store) columns: &'static [Column],
    pub(in crate::http::pages::store) found: Items<Row>,
    pub(in crate::http::pages::store) acts: Vec<Act>,
    /// What it leads to besides: addresses with their words.
    pub(in crate::http::pages::store) links: Vec<(String, String)>,
}

/// A filter as it was asked for.
struct Narrowed {
    filter: Filter,
    value: String,
}

#[derive(Template)]
#[template(path = "store/list.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    came: Came,
    wrong: Wrong,
    path: String,
    texts: Texts,
    filters: Vec<Narrowed>,
    filtered: bool,
    table: Table,
    pager: Pager,
    acts: Vec<Act>,
    links: Vec<(String, String)>,
    /// Where its acts are sent.
    sent_to: String,
}

impl Desk {
    /// The page of a list that was asked for so.
    pub(in crate::http::pages::store) fn list(self, list: List, asked: &Asked) -> Shown {
        let outcome = self.outcome();
        let came = self.came();
        let could = !list.acts.is_empty();
        let (acts, wrong) = offered(&self.frame, list.acts, self.tried.as_ref());
        let next = if could && acts.is_empty() { "sheet-none-other" } else { list.texts.next };
        let path = self.frame.page(&format!("store/{}", list.path));
        let of_filters: Vec<(&str, &str)> =
            asked.pairs().into_iter().filter(|(name, _)| !matches!(*name, "cursor" | "done")).collect();
        let cursor = asked.filled("cursor");
        let pager = Pager::new(&path, &of_filters, cursor.as_deref(), list.found.next_cursor.as_deref());
        let narrowed = |filter: Filter| Narrowed { value: asked.text(filter.name).to_owned(), filter };
        let page = Page {
            tabs: self.tabs,
            came,
            wrong,
            filtered: !of_filters.is_empty(),
            filters: list.filters.into_iter().map(narrowed).collect(),
            table: Table {
                id: "heading",
                title: String::new(),
                columns: list.columns.to_vec(),
                rows: list.found.items,
            },
            texts: Texts { next, ..list.texts },
            links: list.links,
            pager,
            acts,
            sent_to: path.clone(),
            path,
            frame: self.frame,
        };
        answer(&page, outcome)
    }
}

impl Asked {
    /// Refuses what the list has no filter for, and says which part of it is asked for.
    pub(in crate::http::pages::store) fn page(&self, filters: &[&str]) -> Result<crate::db::Page, Problem> {
        let names: Vec<&str> = filters.iter().copied().chain(["cursor", "done"]).collect();
        self.only(&names)?;
        Ok(crate::db::Page { limit: None, cursor: self.filled("cursor") })
    }
}
