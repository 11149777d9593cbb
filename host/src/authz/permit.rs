//! Proof for one act, and its refusal.
//!
//! INVARIANT: what a permit allows is its list of methods, all of them in `db`. It cannot be made outside this
//! room, cannot be copied, and carries the store, so no method takes a store id.

use super::credential::Credential;
use super::id::{InstallationId, StaffId, StoreId};
use super::principal::Actor;
use super::scope::{Grants, Scope};
use super::terms::Terms;
use std::fmt;
use std::marker::PhantomData;

/// Whose authority an act rests on, at which revision. A commit checks under lock that all of it still stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Basis {
    /// The installation and the revision of its grants.
    pub installation: Option<(InstallationId, i64)>,
    /// The staff member and the revision of their scopes.
    pub staff: Option<(StaffId, i64)>,
    /// The token or session it was asked for with, or with which the app's run was started. It must not have ended by then.
    pub credential: Option<Credential>,
}

impl Basis {
    /// What rests on a token or a session alone: the acts of those who belong to no store.
    pub fn of(credential: impl Into<Credential>) -> Basis {
        Basis { credential: Some(credential.into()), ..Basis::default() }
    }
}

/// Proof that somebody may do what scope `S` names, in one store.
#[must_use = "a permit that is not used checked nothing"]
#[derive(Debug)]
pub struct Permit<S> {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    terms: Terms,
    scope: PhantomData<fn() -> S>,
}

impl<S: Grants> Permit<S> {
    pub(super) fn new(store: StoreId, actor: Actor, basis: Basis, terms: Terms) -> Self {
        Self { store, actor, basis, terms, scope: PhantomData }
    }

    /// The store it is good for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// What it rests on.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The terms of the grant it rests on; plain for people, who have none.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The scope it proves.
    pub fn scope(&self) -> Scope {
        S::SCOPE
    }
}

/// Why a scope could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The installation was not granted it.
    NotGranted,
    /// The staff member does not hold it.
    NotHeld,
    /// The staff member for whom the app runs does not hold it.
    StaffLacks,
    /// The staff member holds it, the token used does not: it was limited, or made before they were given it.
    TokenLacks,
    /// The staff member was given it after the token used was made, and that token does not grow with them.
    TokenOlder,
    /// A storefront token was used, and no such token holds it.
    StorefrontLacks,
    /// The grant has ended, at this moment in milliseconds since 1970 UTC.
    Expired(i64),
    /// Whoever gave the grant could not any more, and nobody gave it anew until this moment.
    Unreviewed(i64),
    /// The app is paused or gone.
    Inactive,
    /// The person was removed from the staff.
    Removed,
    /// The operator of the host stopped the app.
    Stopped,
    /// The operator of the host suspended the store.
    Suspended,
    /// The store is being closed.
    Closing,
}

/// An act was not allowed. A value, never a trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    /// The scope that was missing.
    pub scope: Scope,
    /// In which way it was missing.
    pub why: Why,
}

/// For logs; [`Denied::remedy`] says what is to be done, and `text` says both to people.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not permitted", self.scope)
    }
}

impl std::error::Error for Denied {}
