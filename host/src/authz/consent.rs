//! The act of granting: nobody can give what they do not hold.

use super::id::{StaffId, StoreId};
use super::permit::{Denied, Permit};
use super::principal::Principal;
use super::scope::{Scope, ScopeSet, kind};
use super::terms::TermsMap;
use std::sync::Arc;

/// One scope an app asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Request {
    /// What it asks for.
    pub scope: Scope,
    /// Why, in the developer's words.
    pub reason: String,
    /// Whether the app cannot do without it.
    pub required: bool,
}

/// Proof that a staff member agreed to grants they hold themselves.
#[must_use = "a consent that is not used granted nothing"]
#[derive(Debug)]
pub struct Consent {
    giver: StaffId,
    permit: Permit<kind::AppsInstall>,
    scopes: ScopeSet,
    terms: TermsMap,
    code: Option<Arc<str>>,
}

/// Why a consent was not given. What it displays is for logs; `text` says it to people.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum NoConsent {
    /// The giver does not hold something that is needed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The app did not ask for it.
    #[error("`{0}` is not asked for")]
    NotAsked(Scope),
    /// The app cannot do without it.
    #[error("`{0}` is required")]
    Required(Scope),
    /// Only a person of the store can consent.
    #[error("not a person")]
    NotAPerson,
}

impl Principal {
    /// Agrees to `chosen` of what is asked for. Fails on the first scope the giver does not hold, that was not asked
    /// for, or that is required and not chosen.
    pub fn consent(&self, requests: &[Request], chosen: ScopeSet) -> Result<Consent, NoConsent> {
        let giver = self.as_staff().ok_or(NoConsent::NotAPerson)?;
        let permit = self.permit::<kind::AppsInstall>()?;
        let asked: ScopeSet = requests.iter().map(|request| request.scope).filter(|scope| scope.for_apps()).collect();
        if let Some(scope) = chosen.minus(asked).iter().next() {
            return Err(NoConsent::NotAsked(scope));
        }
        if let Some(missing) = requests.iter().find(|request| request.required && !chosen.contains(request.scope)) {
            return Err(NoConsent::Required(missing.scope));
        }
        for scope in chosen.iter() {
            self.check(scope)?;
        }
        Ok(Consent { giver, permit, scopes: chosen, terms: TermsMap::default(), code: None })
    }
}

impl Consent {
    /// The same consent on these terms. What is not agreed to has none.
    pub fn on(self, terms: TermsMap) -> Consent {
        Consent { terms, ..self }
    }

    /// The same consent for this code alone, by the SHA-256 of its component in hex. Other code is another app.
    pub fn to(self, digest: &str) -> Consent {
        Consent { code: Some(digest.into()), ..self }
    }

    /// The code it is for, if it is for one alone.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// On which terms the scopes are given.
    pub fn terms(&self) -> &TermsMap {
        &self.terms
    }

    /// The person who agreed.
    pub fn giver(&self) -> StaffId {
        self.giver
    }

    /// The store in which it holds.
    pub fn store(&self) -> StoreId {
        self.permit.store()
    }

    /// What was agreed to.
    pub fn scopes(&self) -> ScopeSet {
        self.scopes
    }

    /// The giver's permit to install, on whose basis the grant is fenced.
    pub fn permit(&self) -> &Permit<kind::AppsInstall> {
        &self.permit
    }
}
