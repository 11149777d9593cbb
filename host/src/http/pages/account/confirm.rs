//! Asks somebody to prove anew who they are, and holds what they were about to do, so that nothing of it is lost.

use crate::http::accounts::{Asked, Confirm};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use askama::Template;

#[derive(Template)]
#[template(path = "account/confirm.html")]
struct Page {
    frame: Frame,
    confirm: Confirm,
    /// Whether they have a passkey, and passkeys work where the browser is.
    by_passkey: bool,
    wrong: Option<Wrong>,
}

/// The form, with the fields of the one that was sent.
pub(in crate::http::pages) fn page(frame: Frame, confirm: Confirm, is_named: bool) -> Shown {
    let by_passkey = is_named && frame.has_passkey;
    let wrong = confirm.wrong.as_ref().map(|why| Wrong::not_proved(frame.words, why));
    show(&Page { frame, confirm, by_passkey, wrong })
}
