//! Passwords, codes and passkeys compared, with what a stranger may try of it bounded.

use super::hashes::{Busy, Hashes};
use super::passkey::{Asks, compare};
use super::throttle::{Attempt, Throttle, Wait};
use crate::authn::passkey::{Party, assert};
use crate::authn::strength::{self, Weak};
use crate::authn::{Keys, password, recovery, totp::TotpSecret};
use crate::authz::DeviceId;
use crate::db::accounts::{Browser, Fresh, Shown, SignedIn};
use crate::db::now_ms;
use crate::http::{Came, Problem, State};
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Instant;

/// What compares passwords and codes. Cheap to clone.
#[derive(Clone)]
pub struct Prover {
    keys: Arc<Keys>,
    throttle: Arc<Throttle>,
    hashes: Hashes,
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prover(…)")
    }
}

/// Why somebody did not prove who they are.
#[derive(Debug, Clone)]
pub(in crate::http) enum NotProved {
    /// The password or the code is wrong, or the code was used already.
    Wrong,
    /// Too many were wrong.
    Locked,
    /// Too many passwords were wrong, for so many seconds more.
    Wait(u64),
    /// A passkey that was not accepted: whatever the reason, the answer is the same.
    Passkey,
    /// Something else.
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for NotProved {
    fn from(error: E) -> NotProved {
        NotProved::Problem(error.into())
    }
}

impl Prover {
    /// With the keys of this host.
    pub fn new(keys: Keys) -> Prover {
        Prover { keys: Arc::new(keys), throttle: Arc::default(), hashes: Hashes::default() }
    }

    /// The keys of this host.
    pub(in crate::http) fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// Refuses what needs a proof of who somebody is that is not older than five minutes.
pub(in crate::http) fn recent(who: &SignedIn) -> Result<(), Problem> {
    match who.is_recent() {
        true => Ok(()),
        false => Err(crate::http::extract::needs_proof()),
    }
}

/// Refuses what needs a proof, not older than five minutes, of all that signing in asks for.
pub(in crate::http) fn wholly_recent(who: &SignedIn) -> Result<(), Problem> {
    match who.is_wholly_recent() {
        true => Ok(()),
        false => Err(crate::http::extract::needs_whole_proof()),
    }
}

/// How a request came, and where its browser is, if passkeys work there.
pub(in crate::http) type Way<'a> = (Came, Option<&'a Party>);

/// The second step of signing in: a code of their app, a saved one, or a passkey.
pub(in crate::http) async fn prove_code(
    state: &State,
    who: &SignedIn,
    typed: &str,
    from: Way<'_>,
    browser: &Browser,
) -> Result<Fresh, NotProved> {
    let shown = shown_code(state, who, typed, from).await?.ok_or(NotProved::Wrong)?;
    who.prove(&state.db, shown, browser).await?.ok_or(NotProved::Wrong)
}

/// Compares what somebody showed who is signed in: a code of their app, a saved code, a passkey, or their password.
pub(in crate::http) async fn prove(
    state: &State,
    who: &SignedIn,
    typed: &str,
    from: Way<'_>,
    browser: &Browser,
) -> Result<Fresh, NotProved> {
    let shown = match shown_code(state, who, typed, from).await? {
        Some(shown) => shown,
        None if who.is_whole => {
            let attempt =
                state.prover.begin(&who.email, who.device(), from.0).map_err(|wait| NotProved::Wait(wait.seconds))?;
            let stored = who.password(&state.db).await?;
            match state.prover.verify(stored, typed.to_owned()).await {
                Ok(verified) if verified.matches => attempt.succeeded(),
                Ok(_) => {
                    state.db.failed(&state.db.known(&who.email).await?).await?;
                    return Err(NotProved::Wrong);
                }
                Err(busy) => {
                    attempt.not_made();
                    return Err(NotProved::Problem(busy));
                }
            }
            Shown::Password
        }
        None => return Err(NotProved::Wrong),
    };
    who.prove(&state.db, shown, browser).await?.ok_or(NotProved::Wrong)
}

/// The step that a typed code is of at this moment, if it is one of this secret.
pub(in crate::http) fn step_now(secret: &TotpSecret, typed: &str) -> Option<u64> {
    secret.matched_step(typed, u64::try_from(now_ms() / 1_000).unwrap_or(0))
}

/// What a typed code is, if it is one; or a passkey in its place.
async fn shown_code(
    state: &State,
    who: &SignedIn,
    typed: &str,
    (came, here): Way<'_>,
) -> Result<Option<Shown>, NotProved> {
    if assert::is_assertion(typed) {
        let party = here.ok_or(NotProved::Passkey)?;
        let (of, after) = compare(state, party, typed, Asks::Session(who.session()), came).await?;
        // Somebody else's is no proof of who this is.
        return match of.account() == who.account() {
            true => Ok(Some(Shown::Passkey(of.shown(after)))),
            false => Err(NotProved::Passkey),
        };
    }
    let Some(factor) = who.factor(&state.db).await? else { return Ok(None) };
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    // Counted only if it can be a code of an app: a saved code or a password is no guess at one.
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let Some(sealed) = &factor.sealed else { return Err(NotProved::Wrong) };
        if !who.may_try_code(&state.db).await? {
            return Err(NotProved::Locked);
        }
        let secret = TotpSecret::open(state.prover.keys(), sealed, &who.account().to_string());
        return match secret.and_then(|secret| step_now(&secret, &digits)) {
            Some(step) => Ok(Some(Shown::Step(step))),
            None => Err(NotProved::Wrong),
        };
    }
    Ok(recovery::hash(typed).map(Shown::Saved))
}

impl Prover {
    /// Begins an attempt to sign in as whoever has this address, or says how long to wait. With a device that they signed in
    /// with before it is counted apart: guesses of strangers do not make them wait.
    pub(in crate::http) fn begin(&self, email: &str, device: Option<DeviceId>, came: Came) -> Result<Attempt, Wait> {
        let of = match device {
            Some(device) => format!("{email} {device}"),
            None => email.to_owned(),
        };
        self.throttle.begin(&of, came.one(), Instant::now())
    }

    /// Compares a password with its hash; with none, it costs the same.
    pub(in crate::http) async fn verify(
        &self,
        stored: Option<String>,
        typed: String,
    ) -> Result<password::Verified, Problem> {
        let keys = Arc::clone(&self.keys);
        self.hashes.run(move || password::verify(&keys, stored.as_deref(), &typed)).await.map_err(Problem::from)
    }

    /// Whether a new password is strong enough, given the words that belong to the person and the shop; what is wrong with
    /// it, if not. Looked at where passwords are hashed: it takes long enough to hold others up.
    pub(in crate::http) async fn strong(
        &self,
        typed: &str,
        has_factor: bool,
        words: &[&str],
    ) -> Result<Option<Weak>, Problem> {
        let (typed, mut words) = (typed.to_owned(), words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        words.push("Storehand".to_owned());
        let check = move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            strength::check(&typed, has_factor, &words).err()
        };
        self.aside(check).await
    }

    /// Does what takes long enough to hold others up, where passwords are hashed.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.hashes.run(work).await.map_err(Problem::from)
    }

    /// Hashes a new password.
    pub(in crate::http) async fn hash(&self, typed: String) -> Result<String, Problem> {
        let keys = Arc::clone(&self.keys);
        let hashed = self.hashes.run(move || password::hash(&keys, &typed)).await?;
        hashed.map_err(|_| Problem::internal("a password could not be hashed"))
    }
}

impl From<Busy> for Problem {
    fn from(error: Busy) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string())
    }
}
