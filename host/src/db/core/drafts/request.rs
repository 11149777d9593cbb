//! What a draft is asked with: whose token, under which key, and what its answer will name.

use super::draft::Draft;
use super::once::{Made, Once};
use crate::authz::TokenId;

impl Draft {
    /// Lets the commit rest on this token too, whichever permits are used: that of the person an app runs for.
    #[must_use]
    pub fn asked_with(mut self, token: Option<TokenId>) -> Draft {
        self.basis.token = self.basis.token.or(token);
        self
    }

    /// Makes the commit fail with a conflict if something was committed under this key by the same actor before.
    #[must_use]
    pub fn only_once(mut self, once: Option<Once>) -> Draft {
        self.once = once;
        self
    }

    /// Says what is made, for the answer to whoever asks again.
    pub fn makes(&mut self, made: Made) {
        self.made = Some(made);
    }

    /// What makes committing it twice a conflict, if anything does.
    pub fn once(&self) -> Option<Once> {
        self.once.clone()
    }
}
