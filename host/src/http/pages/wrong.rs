//! What went wrong, said to whoever reads in their language. What only English says stands after a sentence of its kind,
//! and is marked as English.

use super::words::{Language, Words};
use crate::http::Problem;
use crate::http::accounts::NotProved;
use crate::http::error::Told;
use crate::text::{self, Said};
use askama::filters::{Html, HtmlSafe, escape};
use std::fmt;

/// What is wrong, as a page shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Wrong {
    /// In the language of the page.
    said: String,
    /// What there is of it in English alone.
    english: String,
}

impl Wrong {
    /// Whether there is nothing to say.
    pub(super) const fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// A sentence that was refused with, in the language of a page.
    pub(super) fn new(words: Words, said: &Said) -> Wrong {
        match said.in_words(words) {
            _ if said.is_empty() => Wrong::default(),
            Some(said) => said.into(),
            None => Wrong { said: words.t("refused-invalid").to_string(), english: said.to_string() },
        }
    }

    /// Why somebody did not prove who they are.
    pub(super) fn not_proved(words: Words, why: &NotProved) -> Wrong {
        match why {
            NotProved::Wrong => words.t("refused-proof-wrong").to_string().into(),
            NotProved::Passkey => words.t("refused-passkey").to_string().into(),
            NotProved::Locked => words.t("refused-codes-locked").to_string().into(),
            NotProved::Wait(seconds) => words.t("refused-attempts-wait").with("n", *seconds).to_string().into(),
            NotProved::Problem(problem) => Wrong::of(words, problem).0,
        }
    }

    /// A problem, and what would lift it.
    pub(super) fn of(words: Words, problem: &Problem) -> (Wrong, Option<String>) {
        if words.0 == Language::English {
            return (problem.detail.clone().into(), problem.remedy.clone());
        }
        match problem.told.as_deref() {
            Some(Told::Denied(denied)) => {
                let remedy = text::denied::remedy(words, denied, None);
                (text::denied::denied(words, denied).into(), Some(remedy))
            }
            Some(Told::NoConsent(why)) => (text::consent::refused(words, why).into(), None),
            Some(Told::Said(text)) => (text.said(words).into(), None),
            None => {
                let (key, says_more) = of_kind(problem.code);
                let english = if says_more { problem.detail.clone() } else { String::new() };
                (Wrong { said: words.t(key).to_string(), english }, None)
            }
        }
    }
}

/// What a problem of a kind is called, and whether its English detail says more that helps.
fn of_kind(code: &str) -> (&'static str, bool) {
    match code {
        "not_found" => ("refused-not-found", false),
        "unauthorized" | "sign_in" => ("refused-unauthorized", false),
        "forbidden" => ("refused-forbidden", true),
        "bad_body" | "bad_query" | "bad_path" | "bad_cursor" | "not_a_form" | "method_not_allowed" => {
            ("refused-unreadable", false)
        }
        "too_large" => ("refused-too-large", false),
        "limit" | "cut" => ("refused-limit", true),
        "taken" => ("refused-taken", true),
        "outdated" => ("refused-outdated", false),
        "conflict" | "superseded" => ("refused-conflict", false),
        "share" => ("refused-share", false),
        "busy" | "too_many_streams" | "uploads_full" | "uploads_locked" => ("refused-busy", false),
        "too_many_reads" => ("refused-too-many-reads", false),
        "too_long" => ("refused-too-long", false),
        "too_slow" => ("refused-too-slow", false),
        "stopping" => ("refused-stopping", false),
        "disk" => ("refused-disk", false),
        "database" => ("refused-database", false),
        "internal" => ("refused-internal", false),
        _ => ("refused-invalid", true),
    }
}

impl From<String> for Wrong {
    fn from(said: String) -> Wrong {
        Wrong { said, english: String::new() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let no = |_| fmt::Error;
        write!(f, "{}", escape(&self.said, Html).map_err(no)?)?;
        match self.english.is_empty() {
            true => Ok(()),
            false => write!(f, " <span lang=\"en\">{}</span>", escape(&self.english, Html).map_err(no)?),
        }
    }
}

/// It escapes what it is made of.
impl HtmlSafe for Wrong {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Denied, Scope, Why};

    const FRENCH: Words = Words(Language::French);

    fn says(problem: &Problem) -> String {
        let (wrong, remedy) = Wrong::of(FRENCH, problem);
        format!("{wrong} {}", remedy.unwrap_or_default())
    }

    #[test]
    fn a_refusal_is_said_in_the_language_of_the_page_and_english_is_marked() {
        let denied = Denied { scope: Scope::OrdersRefund, why: Why::NotHeld };
        assert_eq!(
            says(&denied.into()),
            "vous n’avez pas la permission `orders:refund` demandez au propriétaire la permission `orders:refund`"
        );
        assert!(!says(&Problem::not_found("run `inv_1`")).contains("inv_1"));
        let other = says(&Problem::invalid("the name is <b>"));
        assert!(other.contains(" <span lang=\"en\">the name is &#60;b&#62;</span>"), "{other}");
        let keyed = Problem::invalid(Words::ENGLISH.t("refused-no-email"));
        assert!(!says(&keyed).contains("lang=") && keyed.detail.starts_with("this is no e-mail address"));
        assert_eq!(
            Wrong::of(Words::ENGLISH, &keyed).0.to_string(),
            "this is no e-mail address; write one like `ana@example.com`"
        );
    }
}
