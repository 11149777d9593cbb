//! Who may. The trusted core: scopes, principals, permits and consent. It writes nothing.

pub mod scope;
