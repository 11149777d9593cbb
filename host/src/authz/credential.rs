//! What somebody showed to be let in: a token, or the session of a browser that is signed in.

use super::id::{BadId, SessionId, TokenId};
use std::fmt;
use std::str::FromStr;

/// What an act was asked for with. A commit checks under lock that it still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A token of the API.
    Token(TokenId),
    /// The session of a person who signed in.
    Session(SessionId),
}

impl Credential {
    /// The token, if it is one.
    pub fn token(self) -> Option<TokenId> {
        match self {
            Credential::Token(id) => Some(id),
            Credential::Session(_) => None,
        }
    }
}

impl From<TokenId> for Credential {
    fn from(id: TokenId) -> Credential {
        Credential::Token(id)
    }
}

impl From<SessionId> for Credential {
    fn from(id: SessionId) -> Credential {
        Credential::Session(id)
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credential::Token(id) => id.fmt(f),
            Credential::Session(id) => id.fmt(f),
        }
    }
}

impl FromStr for Credential {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Credential, BadId> {
        text.parse().map(Credential::Session).or_else(|_: BadId| text.parse().map(Credential::Token))
    }
}
