//! What an undo leaves as it is, and why.

use super::chain::Entry;
use crate::authz::Scope;
use crate::db::core::kinds::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a record is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Somebody else changed it since.
    Changed,
    /// A sku, code or e-mail address it had is somebody else's now.
    Taken,
    /// Others use it since: it cannot go.
    InUse,
    /// What it belonged to is gone.
    Missing,
    /// It was brought back together with changes that are to stay.
    Together,
    /// The journal no longer holds everything that happened to it.
    Unknown,
    /// Whoever asks lacks a scope it was changed with, or the scope for its personal data.
    NotHeld,
    /// Its personal data was erased from the journal, and stays erased.
    Erased,
    /// Money was taken or paid out with it; that cannot be undone here.
    Money,
    /// It could not be written.
    Failed,
}

impl Why {
    const ALL: [Why; 10] = [
        Why::Changed,
        Why::Taken,
        Why::InUse,
        Why::Missing,
        Why::Together,
        Why::Unknown,
        Why::NotHeld,
        Why::Erased,
        Why::Money,
        Why::Failed,
    ];

    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Why::Changed => "changed",
            Why::Taken => "taken",
            Why::InUse => "in_use",
            Why::Missing => "missing",
            Why::Together => "together",
            Why::Unknown => "unknown",
            Why::NotHeld => "not_held",
            Why::Erased => "erased",
            Why::Money => "money",
            Why::Failed => "failed",
        }
    }

    pub(in crate::db::house::undo) fn read(text: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.name() == text)
    }

    /// Whether the store moved on since, as opposed to something that can never be taken back like this.
    pub const fn is_conflict(self) -> bool {
        match self {
            Why::Changed | Why::Taken | Why::InUse | Why::Missing | Why::Together | Why::Unknown | Why::Failed => true,
            Why::NotHeld | Why::Erased | Why::Money => false,
        }
    }
}

/// A record that is left as it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Skipped {
    /// The kind of record, as the journal names it.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Why.
    pub why: Why,
    /// The same in words.
    pub detail: String,
    /// The scope that is missing, if that is why.
    #[schema(value_type = Option<String>)]
    pub scope: Option<Scope>,
    /// The change set that stands in the way, if one does.
    pub change_set: Option<String>,
}

impl Skipped {
    pub(in crate::db::house::undo) fn new(kind: Kind, id: &str, why: Why, detail: impl Into<String>) -> Skipped {
        Skipped {
            kind: kind.name().to_owned(),
            id: id.to_owned(),
            why,
            detail: detail.into(),
            scope: None,
            change_set: None,
        }
    }

    /// A record of a kind that this version does not know.
    pub(in crate::db::house::undo) fn of_unknown(kind: &str, id: &str) -> Skipped {
        let detail = "a newer version of the host changed it, and this one does not know such records";
        let (kind, id, detail) = (kind.to_owned(), id.to_owned(), detail.to_owned());
        Skipped { kind, id, why: Why::Unknown, detail, scope: None, change_set: None }
    }

    /// `who` as [`crate::db::house::history::who`] says it; nobody, if they are not known.
    pub(in crate::db::house::undo) fn changed(kind: Kind, id: &str, by: Option<(&Entry, String)>) -> Skipped {
        let (by, who) = by.map_or((None, "somebody else".to_owned()), |(entry, who)| (Some(entry), who));
        let act = if kind == Kind::Stock { "counted" } else { "changed" };
        let change_set = by.map(|entry| entry.at.0.clone());
        Skipped { change_set, ..Skipped::new(kind, id, Why::Changed, format!("{act} since by {who}")) }
    }

    pub(in crate::db::house::undo) fn not_held(kind: Kind, id: &str, scope: Scope) -> Skipped {
        let detail = match scope.holder() {
            crate::authz::scope::Holder::Storefront => "made by the shop's front, for buyers".to_owned(),
            _ => format!("you do not hold `{scope}`"),
        };
        Skipped { scope: Some(scope), ..Skipped::new(kind, id, Why::NotHeld, detail) }
    }
}
