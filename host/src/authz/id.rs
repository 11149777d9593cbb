//! Ids: uuid v7 inside, with a short prefix outside (`sto_…`, `inv_…`), so that a mixed-up id shows at once.

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The text is not an id of the kind asked for.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not an id that begins with `{prefix}_`")]
pub struct BadId {
    /// What was given.
    pub text: String,
    /// What it should begin with.
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What its text begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;
            /// A fresh id; ids sort by the time they were made.
            #[allow(clippy::new_without_default, reason = "a fresh id is not a default value")]
            pub fn new() -> Self { Self(Uuid::now_v7()) }
            /// The id as a number, for bookkeeping inside the host.
            pub const fn as_u128(self) -> u128 { self.0.as_u128() }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!($prefix, "_{}"), self.0.simple()) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = || BadId { text: text.chars().take(80).collect(), prefix: $prefix };
                let rest = text.strip_prefix(concat!($prefix, "_")).ok_or_else(bad)?;
                if rest.len() != 32 { return Err(bad()); }
                Uuid::try_parse(rest).map(Self).map_err(|_| bad())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A store: the merchant's shop, the tenant.
    StoreId = "sto";
    /// One app in one store.
    InstallationId = "ins";
    /// One run of an app.
    InvocationId = "inv";
    /// A person of a store.
    StaffId = "stf";
    /// An API token.
    TokenId = "tok";
    /// A person's account on this host, whatever stores they belong to.
    AccountId = "acc";
    /// A person's signed-in browser.
    SessionId = "ses";
    /// A browser that somebody signed in with.
    DeviceId = "dev";
    /// A one-time link: an invitation, a new password, a first sign-in.
    LinkId = "lnk";
    /// The committed changes of one run or one staff request.
    ChangeSetId = "chg";
    /// A role that a store made for itself.
    RoleId = "rol";
    /// An undo, of however many change sets.
    UndoId = "und";
    /// A change set that waits for a person.
    HeldId = "hld";
    /// An entry of the audit log.
    AuditId = "aud";
    /// An act of consent.
    ConsentId = "con";
    /// A process that serves the database.
    HostId = "hst";
}

/// A fresh id for a record of a store, for example `record("ord")`.
pub fn record(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}
