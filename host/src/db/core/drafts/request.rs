//! What a draft is asked with: with which token or session, under which key, and what its answer will name.

use super::draft::Draft;
use super::once::{Made, Once};
use crate::authz::{ChangeSetId, Credential};
use crate::db::core::engine::conn::Conn;
use crate::db::core::error::Result;

impl Draft {
    /// Lets the commit rest on this token or session too, whichever permits are used: that of the person an app runs for.
    #[must_use]
    pub fn asked_with(mut self, credential: Option<Credential>) -> Draft {
        self.basis.credential = self.basis.credential.or(credential);
        self
    }

    /// Makes the commit fail (`Repeated`) if something was committed under this key by the same actor before.
    #[must_use]
    pub fn only_once(mut self, once: Option<Once>) -> Draft {
        self.once = once;
        self
    }

    /// Says what is made, for the answer to whoever asks again.
    pub fn makes(&mut self, made: Made) {
        self.made = Some(made);
    }

    /// Inserts the key it was asked for with, if there is one, before anything else is locked.
    pub(in crate::db) async fn insert_key(&self, conn: &mut Conn) -> Result<()> {
        match &self.once {
            Some(once) => once.insert(conn, self.now, self.erasures).await,
            None => Ok(()),
        }
    }

    /// Says with the key what was made.
    pub(in crate::db) async fn key_made(&self, conn: &mut Conn, change_set: Option<ChangeSetId>) -> Result<()> {
        match &self.once {
            Some(once) => once.made(conn, change_set, self.made.as_ref()).await,
            None => Ok(()),
        }
    }
}
