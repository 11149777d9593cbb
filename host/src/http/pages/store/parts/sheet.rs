//! The page of one record: its facts, what it has several of, whose it is, what can be done, and who changed it.
//!
//! INVARIANT: personal data stands on a page that somebody asked for with a form, and on no other.

use super::act::{Act, Input, offered};
use super::desk::{Came, Desk, answer};
use super::history::History;
use super::table::{Cell, Table};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::wrong::Wrong;
use askama::Template;

/// Something that is so.
pub(in crate::http::pages::store) struct Fact {
    name: String,
    value: String,
    /// Where it leads.
    href: Option<String>,
}

/// Something that is so.
pub(in crate::http::pages::store) fn fact(name: impl ToString, value: impl ToString) -> Fact {
    Fact { name: name.to_string(), value: value.to_string(), href: None }
}

impl Fact {
    /// The same, leading somewhere.
    pub(in crate::http::pages::store) fn to(self, href: Option<String>) -> Fact {
        Fact { href, ..self }
    }
}

/// Whose a record is.
#[derive(Default)]
pub(in crate::http::pages::store) enum Contact {
    /// It is nobody's.
    #[default]
    None,
    /// Whoever holds this scope sees it, once they ask.
    Of(&'static str),
    /// Somebody asked.
    Shown(Vec<Fact>),
}

/// The page of one record.
#[derive(Default)]
pub(in crate::http::pages::store) struct Sheet {
    /// The list that it is in: the end of its address, and what it is called.
    pub(in crate::http::pages::store) list: (&'static str, &'static str),
    /// What sort of record it is, as the journal says it.
    pub(in crate::http::pages::store) kind: &'static str,
    pub(in crate::http::pages::store) id: String,
    pub(in crate::http::pages::store) title: String,
    /// Where it stands.
    pub(in crate::http::pages::store) tags: Vec<(&'static str, String)>,
    pub(in crate::http::pages::store) facts: Vec<Fact>,
    /// A text of its own, to be read.
    pub(in crate::http::pages::store) text: String,
    /// Shown this once, to copy.
    pub(in crate::http::pages::store) secret: Option<(String, String)>,
    pub(in crate::http::pages::store) tables: Vec<Table>,
    pub(in crate::http::pages::store) contact: Contact,
    pub(in crate::http::pages::store) acts: Vec<Act>,
    /// What it leads to: addresses with their words.
    pub(in crate::http::pages::store) links: Vec<(String, String)>,
    /// The same for what is only shown to who asks with a form.
    pub(in crate::http::pages::store) asks: Vec<(String, String)>,
}

impl Sheet {
    /// Where somebody asks whose it is.
    fn show_at(&self, sent_to: &str) -> String {
        format!("{sent_to}/show")
    }
}

#[derive(Template)]
#[template(path = "store/sheet.html")]
struct Page {
    frame: Frame,
    came: Came,
    wrong: Wrong,
    sheet: Sheet,
    up: String,
    /// Where its acts are sent.
    sent_to: String,
    acts: Vec<Act>,
    history: Option<History>,
}

impl Desk {
    /// The page of a record.
    pub(in crate::http::pages::store) async fn sheet(self, mut sheet: Sheet) -> Shown {
        let outcome = self.outcome();
        let came = self.came();
        let history = self.history(sheet.kind, &sheet.id).await?;
        let (acts, wrong) = offered(&self.frame, std::mem::take(&mut sheet.acts), self.tried.as_ref());
        let up = self.frame.page(&format!("store/{}", sheet.list.0));
        let sent_to = format!("{up}/{}", escaped(&sheet.id));
        let page = Page { came, wrong, up, sent_to, acts, history, sheet, frame: self.frame };
        answer(&page, outcome)
    }

    /// What is said to somebody whose form was wrong, and who may not see the record.
    pub(in crate::http::pages::store) fn unseen(self) -> Problem {
        match &self.tried {
            Some(tried) => Problem::new(self.outcome().0, "invalid", tried.said.clone()),
            None => Problem::forbidden("it was done, and the record is for whoever may see it; ask the owner for that"),
        }
    }
}
