//! Proof that somebody holds several scopes at once, for what was changed with all of them: approving, taking back.

use super::id::StoreId;
use super::permit::Denied;
use super::principal::Principal;
use super::scope::ScopeSet;

/// Proof that somebody holds every one of these scopes in one store.
#[must_use = "a proof that is not used checked nothing"]
#[derive(Debug)]
pub struct Proof {
    store: StoreId,
    scopes: ScopeSet,
}

impl Proof {
    /// The store it is good for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// What it proves.
    pub fn scopes(&self) -> ScopeSet {
        self.scopes
    }
}

impl Principal {
    /// Proof that this principal holds all of these scopes, now; or the first that it lacks.
    pub fn permit_all(&self, scopes: ScopeSet) -> Result<Proof, Denied> {
        for scope in scopes.iter() {
            self.check(scope)?;
        }
        Ok(Proof { store: self.store(), scopes })
    }
}
