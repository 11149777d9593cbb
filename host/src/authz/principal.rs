//! Who is acting, with what they hold at this moment.
//!
//! INVARIANT: a [`Principal`] comes from one of four functions only: [`staff`], [`app`], [`storefront`] and [`host`], and
//! each needs the [`Mint`], or what only the mint makes. What it holds is looked up at every permit, so a revoked grant
//! stops the very next host call.

use super::clock::now_ms;
use super::credential::Credential;
use super::id::{AccountId, InstallationId, StaffId, StoreId, TokenId};
use super::mint::Mint;
use super::permit::{Basis, Denied, Permit, Why};
use super::scope::{Grants, Scope, ScopeSet};
use super::terms::{Terms, TermsMap};
use arc_swap::ArcSwap;
use std::sync::Arc;

/// What an installation or a staff member holds right now. Replaced whole when it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Whether it may act at all: not paused, uninstalled or removed.
    pub active: bool,
    /// Whether it is the operator of the host who stopped it; then it is not active.
    pub stopped: bool,
    /// Whether the store is being closed; then an owner alone acts, and holds little.
    pub closing: bool,
    /// The scopes held.
    pub scopes: ScopeSet,
    /// Goes up with every change; what a commit is fenced on.
    pub revision: i64,
    /// The terms of an installation's grants, ended ones included; people have none.
    pub terms: TermsMap,
    /// From when on a person holds nothing, in milliseconds; of people alone.
    pub ends_at: Option<i64>,
}

impl Authority {
    /// Whether it may act at this moment.
    pub fn is_active(&self) -> bool {
        // The clock is read for the few alone who work until a day.
        self.active && self.ends_at.is_none_or(|at| now_ms() < at)
    }
}

/// An authority that can change while somebody holds it.
#[derive(Debug)]
pub struct Live(ArcSwap<Authority>);

impl Live {
    /// Makes it with a first value.
    pub fn new(_: &Mint, authority: Authority) -> Arc<Live> {
        Arc::new(Live(ArcSwap::from_pointee(authority)))
    }

    /// The value now.
    pub fn get(&self) -> Authority {
        self.0.load().as_ref().clone()
    }

    /// Replaces the value, unless what is there is newer.
    pub fn set(&self, _: &Mint, authority: Authority) {
        let authority = Arc::new(authority);
        self.0.rcu(|now| Arc::clone(if now.revision > authority.revision { now } else { &authority }));
    }
}

/// The identity written into records. What it held is in the change's basis, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person of the store.
    Staff(StaffId),
    /// An installed app, on its own or for a staff member.
    App(InstallationId, Option<StaffId>),
    /// The shop's own front, by one of its tokens.
    Storefront(TokenId),
    /// The operator of the host, by one of their tokens.
    Operator(TokenId),
    /// The operator of the host, signed in with their account.
    Account(AccountId),
    /// A publisher of apps.
    Publisher(TokenId),
    /// The host itself, for what nobody asked for: retention, schedules.
    Host,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Actor::Staff(id) => write!(f, "staff:{id}"),
            Actor::App(id, None) => write!(f, "app:{id}"),
            Actor::App(id, Some(staff)) => write!(f, "app:{id}+{staff}"),
            Actor::Storefront(id) => write!(f, "storefront:{id}"),
            Actor::Operator(id) => write!(f, "operator:{id}"),
            Actor::Account(id) => write!(f, "operator:{id}"),
            Actor::Publisher(id) => write!(f, "publisher:{id}"),
            Actor::Host => f.write_str("host"),
        }
    }
}

/// Proof that a staff member's token or session was verified. Made by the check of it in `db`, and only there.
#[derive(Debug, Clone)]
pub struct Authenticated {
    store: StoreId,
    staff: StaffId,
    live: Arc<Live>,
    ceiling: ScopeSet,
    credential: Option<Credential>,
}

impl Authenticated {
    /// Of whoever showed a token or a session that was verified, or asked for what goes on now: the staff member's live
    /// authority, and what the token may use of it. No credential: what goes on from before they were noted.
    pub fn verified(
        _: &Mint,
        store: StoreId,
        staff: StaffId,
        live: Arc<Live>,
        ceiling: ScopeSet,
        credential: Option<Credential>,
    ) -> Self {
        Self { store, staff, live, ceiling, credential }
    }
}

/// An installation that is about to act, with its live grants. Made by `db` when it looks one up.
#[derive(Debug, Clone)]
pub struct Installed {
    store: StoreId,
    id: InstallationId,
    live: Arc<Live>,
}

impl Installed {
    /// An installation of a store, with its live grants.
    pub fn new(_: &Mint, store: StoreId, id: InstallationId, live: Arc<Live>) -> Installed {
        Installed { store, id, live }
    }

    /// The store it is installed in.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// Which installation.
    pub fn id(&self) -> InstallationId {
        self.id
    }

    /// Its live grants.
    pub fn live(&self) -> &Live {
        &self.live
    }
}

/// Who is acting, with what they hold.
#[derive(Debug, Clone)]
pub struct Principal {
    store: StoreId,
    actor: Actor,
    own: Option<(InstallationId, Arc<Live>)>,
    staff: Option<(StaffId, Arc<Live>)>,
    ceiling: ScopeSet,
    credential: Option<Credential>,
}

/// A staff member, as far as the token used allows. Who they are was verified.
pub fn staff(who: Authenticated) -> Principal {
    Principal {
        store: who.store,
        actor: Actor::Staff(who.staff),
        own: None,
        staff: Some((who.staff, who.live)),
        ceiling: who.ceiling,
        credential: who.credential,
    }
}

/// An installed app; for somebody, it holds what both hold.
/// A principal that is not a staff member of the same store lends nothing: the result then holds no scope.
pub fn app(_: &Mint, app: &Installed, on_behalf_of: Option<&Principal>) -> Principal {
    let own = Some((app.id, Arc::clone(&app.live)));
    let alone = Principal {
        store: app.store,
        actor: Actor::App(app.id, None),
        own,
        staff: None,
        ceiling: ScopeSet::staff(),
        credential: None,
    };
    match on_behalf_of {
        None => alone,
        Some(Principal { store, actor: Actor::Staff(id), staff: Some(staff), ceiling, credential, .. })
            if *store == app.store =>
        {
            let (actor, staff) = (Actor::App(app.id, Some(*id)), Some(staff.clone()));
            Principal { actor, staff, ceiling: *ceiling, credential: *credential, ..alone }
        }
        Some(_) => Principal { ceiling: ScopeSet::EMPTY, ..alone },
    }
}

/// The shop's own front, by a token that was verified.
pub fn storefront(_: &Mint, store: StoreId, token: TokenId) -> Principal {
    let (actor, ceiling) = (Actor::Storefront(token), ScopeSet::storefront());
    Principal { store, actor, own: None, staff: None, ceiling, credential: Some(token.into()) }
}

/// The host itself, for the carts that their buyers left. It holds `storefront:intake` alone, so even the host's own
/// hand goes through a permit.
pub fn host(_: &Mint, store: StoreId) -> Principal {
    let ceiling = ScopeSet::EMPTY.with(Scope::StorefrontIntake);
    Principal { store, actor: Actor::Host, own: None, staff: None, ceiling, credential: None }
}

impl Principal {
    /// Proof that this principal may do what scope `S` names, now. Nanoseconds, no allocation.
    pub fn permit<S: Grants>(&self) -> Result<Permit<S>, Denied> {
        let (basis, terms) = self.check(S::SCOPE)?;
        Ok(Permit::new(self.store, self.actor, basis, terms))
    }

    /// Whether it holds a scope at this moment, or why not.
    pub fn holds(&self, scope: Scope) -> Result<(), Denied> {
        self.check(scope).map(|_| ())
    }

    /// What acting with `scope` would rest on and on which terms, or why not.
    pub(super) fn check(&self, scope: Scope) -> Result<(Basis, Terms), Denied> {
        let denied = |why| Err(Denied { scope, why });
        let mut basis = Basis { credential: self.credential, ..Basis::default() };
        let mut terms = Terms::default();
        if let Some((id, live)) = &self.own {
            let authority = live.0.load();
            if !authority.active {
                return denied(if authority.stopped { Why::Stopped } else { Why::Inactive });
            }
            if !authority.scopes.contains(scope) || !scope.for_apps() {
                return denied(Why::NotGranted);
            }
            terms = authority.terms.get(scope);
            if let Some(why) = terms.lapsed() {
                return denied(why);
            }
            basis.installation = Some((*id, authority.revision));
        }
        if let Some((id, live)) = &self.staff {
            let authority = live.0.load();
            if !authority.is_active() {
                return denied(match (authority.stopped, authority.closing) {
                    (true, _) => Why::Suspended,
                    (false, true) => Why::Closing,
                    (false, false) => Why::Removed,
                });
            }
            if !authority.scopes.contains(scope) {
                return denied(match (self.own.is_some(), authority.closing) {
                    (true, _) => Why::StaffLacks,
                    (false, true) => Why::Closing,
                    (false, false) => Why::NotHeld,
                });
            }
            basis.staff = Some((*id, authority.revision));
        }
        if !self.ceiling.contains(scope) {
            return denied(match self.actor {
                Actor::App(..) => Why::StaffLacks,
                Actor::Storefront(_) => Why::StorefrontLacks,
                _ => Why::TokenLacks,
            });
        }
        Ok((basis, terms))
    }

    /// What it rests on at this moment, whatever it does; nothing, if it may not act at all.
    pub fn basis(&self) -> Option<Basis> {
        let mut basis = Basis { credential: self.credential, ..Basis::default() };
        if let Some((id, live)) = &self.own {
            let authority = live.0.load();
            basis.installation = authority.active.then_some((*id, authority.revision));
            basis.installation?;
        }
        if let Some((id, live)) = &self.staff {
            let authority = live.0.load();
            basis.staff = authority.is_active().then_some((*id, authority.revision));
            basis.staff?;
        }
        Some(basis)
    }

    /// Everything it holds at this moment.
    pub fn held(&self) -> ScopeSet {
        Scope::ALL.iter().copied().filter(|scope| self.check(*scope).is_ok()).collect()
    }

    /// The store it acts in.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// The identity written into records.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// Whether nothing narrows what it holds: a token of its person that can do all they may, also what they may later.
    pub fn is_whole(&self) -> bool {
        ScopeSet::owner().minus(self.ceiling).is_empty()
    }

    /// The token or session it was asked for with; none for what the host does or goes on with by itself.
    pub fn credential(&self) -> Option<Credential> {
        self.credential
    }

    /// The token it was asked for with, if it was one.
    pub fn token(&self) -> Option<TokenId> {
        self.credential.and_then(Credential::token)
    }

    /// The staff member, if it is one acting in person.
    pub fn as_staff(&self) -> Option<StaffId> {
        match self.actor {
            Actor::Staff(id) => Some(id),
            _ => None,
        }
    }
}
