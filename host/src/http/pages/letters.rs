//! What people are told by e-mail, in the language of whoever has it sent.
//!
//! INVARIANT: a link goes by e-mail to the address it was made for and to no other, and stands on the page as well.

use super::frame::Frame;
use crate::db::accounts::SignedIn;
use crate::http::State;
use crate::mail::{Letter, NotSent};

/// What became of a letter, as a page says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posted {
    /// Nothing sends e-mail here.
    Nowhere,
    /// A mail server has taken it.
    Sent,
    /// It was not sent.
    Failed(&'static str),
}

impl Posted {
    /// The key of the text that says it; none, where nothing is to be said.
    pub(super) fn key(self) -> &'static str {
        match self {
            Posted::Nowhere => "",
            Posted::Sent => "mail-sent",
            Posted::Failed(key) => key,
        }
    }

    /// Whether it failed.
    pub(super) fn failed(self) -> bool {
        matches!(self, Posted::Failed(_))
    }
}

/// The keys of what a letter is about and of what it says.
pub(super) type Texts = [&'static str; 2];
/// An invitation.
pub(super) const INVITATION: Texts = ["mail-invite-subject", "mail-invite-body"];
/// A link to a new password.
pub(super) const RESET: Texts = ["mail-reset-subject", "mail-reset-body"];

/// What somebody is told who signed in with a device that is new.
const DEVICE: Texts = ["mail-device-subject", "mail-device-body"];

/// Tells somebody that their account was signed in to with a device that is new. Nobody waits for it, and whether it
/// arrives changes nothing: their pages say it as well.
pub(super) fn new_device(state: &State, frame: &Frame, who: &SignedIn, device: &str) {
    let Some(mailer) = state.mailer.clone() else { return };
    let [subject, body] = DEVICE;
    let at = jiff::Timestamp::from_millisecond(frame.now).unwrap_or_default().to_string();
    let text = |key: &'static str| {
        let text = frame.t(key).with("name", one_line(&who.name)).with("device", one_line(device));
        text.with("link", mailer.link("/account")).with("at", frame.moment(&at)).to_string()
    };
    let letter = Letter { to: who.email.clone(), subject: text(subject), body: text(body) };
    let cause = who.account().to_string();
    tokio::spawn(async move {
        if let Err(error) = mailer.send(letter, &cause).await {
            tracing::warn!(%error, "somebody was not told by e-mail of a new device");
        }
    });
}

/// For whom a letter is sent.
pub(super) struct For {
    /// What the store is called.
    pub(super) store: String,
    /// Who has it sent.
    pub(super) by: String,
    /// In whose share of letters it is.
    pub(super) cause: String,
}

/// Sends somebody a link, for the store of the page.
pub(super) async fn link(state: &State, frame: &Frame, to: (Texts, &str), link: (&str, &str)) -> Posted {
    let (store, cause) = match &frame.around {
        Some(around) => (around.store_name.clone(), around.store.to_string()),
        None => Default::default(),
    };
    link_for(state, frame, For { store, by: frame.person().to_owned(), cause }, to, link).await
}

/// A name, on one line: whoever is called so must not write the letter.
fn one_line(name: &str) -> String {
    name.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ")
}

/// Sends somebody a link.
pub(super) async fn link_for(
    state: &State,
    frame: &Frame,
    For { store, by, cause }: For,
    ([subject, body], to): (Texts, &str),
    (path, expires_at): (&str, &str),
) -> Posted {
    let Some(mailer) = &state.mailer else { return Posted::Nowhere };
    let text = |key: &'static str| {
        let text = frame.t(key).with("store", one_line(&store)).with("by", one_line(&by));
        text.with("link", mailer.link(path)).with("until", frame.moment(expires_at)).to_string()
    };
    let letter = Letter { to: to.to_owned(), subject: text(subject), body: text(body) };
    match mailer.send(letter, &cause).await {
        Ok(()) => Posted::Sent,
        Err(NotSent::TooMany) => Posted::Failed("mail-too-many"),
        Err(NotSent::Address) => Posted::Failed("mail-address"),
        Err(NotSent::Server) => Posted::Failed("mail-server"),
    }
}
