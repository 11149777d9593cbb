//! A token just made: the one page that shows it.

use super::frame::Frame;
use super::show::{Shown, show};
use crate::db::tokens::FreshToken;
use crate::http::Problem;
use askama::Template;

/// How many days a token made on a page may live: what the form offers, of what the API allows.
const LIVES: [u32; 5] = [7, 30, 90, 180, 366];

#[derive(Template)]
#[template(path = "tokens/fresh.html")]
struct Page {
    frame: Frame,
    name: String,
    token: FreshToken,
    back: String,
}

/// The token called `name`, and the way back to the list of them at `back`.
pub(super) fn fresh(frame: Frame, name: &str, token: FreshToken, back: String) -> Shown {
    show(&Page { frame, name: name.to_owned(), token, back })
}

/// How long a token can live, as a choice.
pub(super) fn lives(frame: &Frame) -> Vec<(String, String)> {
    LIVES.iter().map(|days| (days.to_string(), frame.t("n-days").with("n", *days).to_string())).collect()
}

/// What a form that was not sent yet has chosen.
pub(super) const USUAL: &str = "90";

/// How many days a form asks for.
pub(super) fn days(chosen: &str) -> Result<Option<u32>, Problem> {
    let chosen = chosen.trim();
    let bad = |_| Problem::invalid(format!("`{chosen}` is no number of days; choose one of those in the list"));
    (!chosen.is_empty()).then(|| chosen.parse().map_err(bad)).transpose()
}
