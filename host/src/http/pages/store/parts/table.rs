//! Tables: lists of records, and what a record has several of.

/// What stands over a column.
#[derive(Debug, Clone, Copy)]
pub(in crate::http::pages::store) struct Column {
    pub(in crate::http::pages::store) key: &'static str,
    /// Whether it has numbers, which stand under each other.
    pub(in crate::http::pages::store) n: bool,
}

/// A column of words.
pub(in crate::http::pages::store) const fn col(key: &'static str) -> Column {
    Column { key, n: false }
}

/// A column of numbers.
pub(in crate::http::pages::store) const fn num(key: &'static str) -> Column {
    Column { key, n: true }
}

/// What stands in a row beside its head.
pub(in crate::http::pages::store) enum Cell {
    /// Words.
    Text(String),
    /// What is typed to the letter: a sku, an id.
    Code(String),
    /// A number.
    Number(String),
    /// A moment, RFC 3339.
    At(String),
    /// A state, as a word in a tag.
    Tag(&'static str, String),
    /// Words that lead somewhere.
    Link(String, String),
}

impl Cell {
    /// A state.
    pub(in crate::http::pages::store) fn tag((look, words): (&'static str, String)) -> Cell {
        Cell::Tag(look, words)
    }
}

/// A row, by its head.
pub(in crate::http::pages::store) struct Row {
    /// Where its head leads.
    pub(in crate::http::pages::store) href: Option<String>,
    pub(in crate::http::pages::store) head: String,
    pub(in crate::http::pages::store) cells: Vec<Cell>,
}

impl Row {
    /// A row that leads somewhere.
    pub(in crate::http::pages::store) fn to(href: String, head: impl Into<String>, cells: Vec<Cell>) -> Row {
        Row { href: Some(href), head: head.into(), cells }
    }

    /// One that does not.
    pub(in crate::http::pages::store) fn of(head: impl Into<String>, cells: Vec<Cell>) -> Row {
        Row { href: None, head: head.into(), cells }
    }
}

/// A table under its heading.
pub(in crate::http::pages::store) struct Table {
    /// Of the heading.
    pub(in crate::http::pages::store) id: &'static str,
    pub(in crate::http::pages::store) title: String,
    pub(in crate::http::pages::store) columns: Vec<Column>,
    pub(in crate::http::pages::store) rows: Vec<Row>,
}

impl Table {
    /// A table under a heading with that id.
    pub(in crate::http::pages::store) fn new(
        id: &'static str,
        title: impl ToString,
        columns: &[Column],
        rows: Vec<Row>,
    ) -> Table {
        Table { id, title: title.to_string(), columns: columns.to_vec(), rows }
    }

    /// How many rows it has.
    pub(in crate::http::pages::store) fn len(&self) -> usize {
        self.rows.len()
    }
}
