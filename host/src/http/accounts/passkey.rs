//! Passkeys: what a browser is asked for, and what it answers, with what a stranger may try of it bounded.
//!
//! INVARIANT: a passkey that is unknown, removed, made elsewhere or badly signed is answered alike, and so is an answer to
//! what this browser was not asked, was asked too long ago, or has answered before.

use super::cookie;
use super::guard::own_host;
use super::proof::NotProved;
use crate::authn::Keys;
use crate::authn::passkey::assert::{self, Assertion, Refused};
use crate::authn::passkey::register::{Created, NewPasskey, Person, begin};
use crate::authn::passkey::{self, Party};
use crate::authz::SessionId;
use crate::db::accounts::{CEREMONY_MS, Ceremony, CeremonyKind, PasskeyOf, SignedIn};
use crate::db::now_ms;
use crate::http::{Came, Problem, State};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;

/// Where the browser of a request is, if passkeys work there.
#[derive(Debug)]
pub(in crate::http) struct Here(pub(in crate::http) Option<Party>);

impl FromRequestParts<State> for Here {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Here, Infallible> {
        Ok(Here(here(parts)))
    }
}

/// Where the browser of a request is, if passkeys work there. It is the host that forms are taken from.
pub(in crate::http) fn here(parts: &Parts) -> Option<Party> {
    let came = parts.extensions.get::<Came>()?;
    Party::new(own_host(parts)?, came.is_secure)
}

/// Who is asked for a passkey.
#[derive(Debug, Clone)]
pub(in crate::http) enum Asks {
    /// A session, half or whole: whose passkey it must be is known.
    Session(SessionId),
    /// A browser that nobody is signed in with, by what its cookie holds: what it was asked for, sealed.
    Stranger(String),
}

impl Asks {
    /// The browser that sent this, if it was asked.
    pub(in crate::http) fn stranger(headers: &HeaderMap) -> Option<Asks> {
        cookie::asked(headers).map(|sealed| Asks::Stranger(sealed.to_owned()))
    }
}

fn ceremony(kind: CeremonyKind, who: SessionId, party: &Party) -> Ceremony {
    Ceremony { kind, session: who.to_string(), origin: party.origin().to_owned() }
}

/// What a stranger's browser is to remember, before it is sealed.
fn asked(challenge: &str, begun: &str, now: i64) -> String {
    format!("{}.{challenge}.{begun}", now + CEREMONY_MS)
}

/// What a stranger's browser holds: until when it is good, what is answered, and what the answer is compared with.
fn remembered(keys: &Keys, at: &str, (sealed, challenge): (&str, &str), now: i64) -> Option<String> {
    let opened = keys.open_asked(sealed, at)?;
    let mut parts = opened.splitn(3, '.');
    let (until, of, begun) = (parts.next()?.parse::<i64>().ok()?, parts.next()?, parts.next()?);
    (now < until && of == challenge).then(|| begun.to_owned())
}

fn failed() -> Problem {
    Problem::internal("a passkey could not be asked for")
}

/// Asks whoever is signed in, wholly or half, for one of their passkeys: what to tell the browser.
pub(in crate::http) async fn ask(state: &State, party: &Party, who: &SignedIn) -> Result<String, Problem> {
    let begun = assert::begin(party).ok_or_else(failed)?;
    let of = ceremony(CeremonyKind::Prove, who.session(), party);
    state.db.begin_ceremony(of, begun.challenge, begun.state).await?;
    Ok(begun.options)
}

/// Asks a stranger for a passkey: what to tell the browser, and what its cookie is to hold. Nothing is stored, so however
/// many strangers ask keep nobody out.
pub(in crate::http) fn ask_to_sign_in(state: &State, party: &Party) -> Result<(String, String), Problem> {
    let begun = assert::begin(party).ok_or_else(failed)?;
    let text = asked(&begun.challenge, &begun.state, now_ms());
    let sealed = state.prover.keys().seal_asked(&text, party.origin()).map_err(Problem::internal)?;
    Ok((begun.options, sealed))
}

/// Compares what a browser answered: whose passkey it is, and what is stored of it from now on. The ceremony ends with it,
/// whatever comes of it.
pub(in crate::http) async fn compare(
    state: &State,
    party: &Party,
    answer: &str,
    asks: Asks,
    came: Came,
) -> Result<(PasskeyOf, String), NotProved> {
    let assertion = Assertion::read(answer).ok_or(NotProved::Passkey)?;
    let credential = assertion.credential();
    // Counted by the passkey: guesses at one make nobody's password wait.
    let attempt = state.prover.begin(&format!("passkey {credential}"), None, came);
    let attempt = attempt.map_err(|wait| NotProved::Wait(wait.seconds))?;
    let challenge = assertion.challenge().ok_or(NotProved::Passkey)?;
    let begun = match &asks {
        Asks::Session(id) => {
            state.db.end_ceremony(ceremony(CeremonyKind::Prove, *id, party), challenge.clone()).await?
        }
        Asks::Stranger(sealed) => remembered(state.prover.keys(), party.origin(), (sealed, &challenge), now_ms()),
    };
    let found = state.db.passkey(&credential, party.origin()).await?;
    let (Some(begun), Some(of)) = (begun, found) else { return Err(NotProved::Passkey) };
    let (at, stored) = (party.clone(), of.stored.clone());
    match state.prover.aside(move || assertion.verify(&at, &begun, &stored)).await {
        Ok(Ok(after)) => {
            // What a browser remembers by itself it could show again.
            if matches!(asks, Asks::Stranger(_))
                && !state.db.answered_once(challenge, party.origin().to_owned()).await?
            {
                return Err(NotProved::Passkey);
            }
            attempt.succeeded();
            Ok((of, after))
        }
        Ok(Err(Refused::Copied)) => {
            state.db.copied_passkey(of).await?;
            Err(NotProved::Passkey)
        }
        Ok(Err(Refused::Wrong)) => Err(NotProved::Passkey),
        Err(busy) => {
            attempt.not_made();
            Err(NotProved::Problem(busy))
        }
    }
}

/// Where a passkey of theirs is made.
fn making(party: &Party, who: &SignedIn) -> Ceremony {
    ceremony(CeremonyKind::Create, who.session(), party)
}

/// Asks whoever is signed in to make a passkey: what to tell the browser.
pub(in crate::http) async fn ask_to_make(state: &State, party: &Party, who: &SignedIn) -> Result<String, Problem> {
    let are = who.passkeys(&state.db).await?;
    let handle = match are.first() {
        Some(passkey) => passkey.handle().to_owned(),
        None => passkey::handle().map_err(Problem::internal)?,
    };
    let person = Person { handle: &handle, email: &who.email, name: &who.name };
    let here = are.iter().filter(|passkey| passkey.rp == party.id());
    let here: Vec<_> = here.map(|passkey| (passkey.credential.clone(), passkey.transports())).collect();
    let begun = begin(party, person, &here).ok_or_else(failed)?;
    // Whose it will be stands with what its answer is compared with.
    let state_of = format!("{handle}.{}", begun.state);
    state.db.begin_ceremony(making(party, who), begun.challenge, state_of).await?;
    Ok(begun.options)
}

/// Compares what a browser answered that was asked to make one: the passkey, and the handle it was made for; nothing, if
/// something of it is not right.
pub(in crate::http) async fn made(
    state: &State,
    party: &Party,
    who: &SignedIn,
    answer: &str,
) -> Result<Option<(NewPasskey, String)>, Problem> {
    let Some(created) = Created::read(answer) else { return Ok(None) };
    let Some(challenge) = created.challenge() else { return Ok(None) };
    let begun = state.db.end_ceremony(making(party, who), challenge).await?;
    let Some((handle, begun)) = begun.as_deref().and_then(|begun| begun.split_once('.')) else { return Ok(None) };
    let (party, begun, handle) = (party.clone(), begun.to_owned(), handle.to_owned());
    let passkey = state.prover.aside(move || created.verify(&party, &begun)).await?;
    Ok(passkey.map(|passkey| (passkey, handle)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_remembers_is_good_for_five_minutes_at_one_place_and_for_one_answer() {
        let (keys, others) = (Keys::from_master(&[7; 32]), Keys::from_master(&[8; 32]));
        let sealed = keys.seal_asked(&asked("c1", "begun", 1_000), "https://here").unwrap();
        let at =
            |keys: &Keys, place: &str, challenge: &str, now: i64| remembered(keys, place, (&sealed, challenge), now);
        assert_eq!(at(&keys, "https://here", "c1", 300_999).as_deref(), Some("begun"));
        assert_eq!(at(&keys, "https://here", "c1", 301_000), None, "it took longer than five minutes");
        assert_eq!(at(&keys, "https://there", "c1", 2_000), None);
        assert_eq!(at(&keys, "https://here", "c2", 2_000), None);
        assert_eq!(at(&others, "https://here", "c1", 2_000), None);
    }
}
