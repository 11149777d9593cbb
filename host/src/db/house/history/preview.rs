//! What a run would have changed, as its viewer may see it.

use super::journal::{Change, Personal};
use crate::authz::Scope;
use crate::db::core::drafts::carried::Carried;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::dry_run::Image;
use crate::db::core::error::Result;
use std::sync::Arc;

/// What a run would have changed.
#[derive(Debug)]
pub struct Preview {
    /// Every change, in the order the journal would have it. The revision is the one the record would have.
    pub changes: Vec<Change>,
    /// How many keys of its own storage the app set.
    pub keys_set: u64,
    /// How many it deleted.
    pub keys_deleted: u64,
}

impl Draft {
    /// Ends the draft by showing what it would have changed: personal data only as far as the viewer may see it. What the
    /// app staged in its storage, and what it is about to spend, goes over to `carried`.
    /// [`Error::Limit`](crate::db::Error::Limit) where the storage would be over its quota, as at a commit.
    pub async fn preview(self, personal: &Personal, carried: &mut Arc<Carried>) -> Result<Preview> {
        let store = self.store();
        let (images, keys_set, keys_deleted) = self.into_images(carried).await?;
        let changes = images.into_iter().zip(0i64..).map(|(image, n)| {
            let hidden = personal.hides(image.kind.name(), store);
            shown(image, n, hidden)
        });
        Ok(Preview { changes: changes.collect(), keys_set, keys_deleted })
    }
}

fn shown(image: Image, n: i64, hidden: Option<Scope>) -> Change {
    let Image { kind, id, before, after, rev: revision, scopes } = image;
    let act = match (&before, &after) {
        (None, _) => "created",
        (_, None) => "deleted",
        _ => "changed",
    };
    let (before, after) = if hidden.is_none() { (before, after) } else { (None, None) };
    let scopes = scopes.iter().map(|scope| Scope::name(scope).to_owned()).collect();
    let (kind, erased, undone_by, undoes) = (kind.name().to_owned(), false, None, Vec::new());
    Change { n, kind, id, act, before, after, hidden, erased, undone_by, undoes, revision, scopes }
}
