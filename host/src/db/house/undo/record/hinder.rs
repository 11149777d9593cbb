//! What stands in the way of a record that its own history would let be taken back: other records.

use super::chain::touched;
use super::pass::{Pass, Turn, Verdict, record};
use super::skipped::{Skipped, Why};
use crate::db::core::drafts::opens::opens;
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{CHILD_OF, IN_CATEGORY, Kind, Removal, derived, from_json};
use crate::db::house::history::who;
use crate::db::house::undo::select::Touched;
use crate::db::shop::catalog::categories::Category;
use crate::db::shop::catalog::products::Product;
use crate::db::shop::sales::orders::Order;

// Whether a category can stand where it stood is looked up with the permit for taking changes back.
opens! { ChangesUndo reads Category; }

/// Records linked to a category that are looked at; one of somebody else among them is enough.
const LINKED: i64 = 1_000;
/// Categories stand less deep than this.
const DEEP: usize = 32;

impl Pass<'_> {
    /// The first thing that stands in the way.
    pub(in crate::db::house::undo) async fn hinders(&mut self, turn: &Turn) -> Result<Option<Skipped>> {
        if let Some(skipped) = self.money(turn)? {
            return Ok(Some(skipped));
        }
        if turn.then.is_none() {
            let skipped = match turn.kind.row().removal {
                Removal::Empty => self.linked(turn).await?,
                Removal::Unsold => self.sold(turn).await?,
                Removal::WithContact => self.personal(turn).await?,
                Removal::WithOwner => self.owner(turn).await?,
                Removal::Free => None,
            };
            return Ok(skipped);
        }
        match self.keys(turn).await? {
            Some(skipped) => Ok(Some(skipped)),
            None => self.links(turn).await,
        }
    }

    /// Money that was taken or paid out is not brought back by forgetting it.
    fn money(&self, turn: &Turn) -> Result<Option<Skipped>> {
        let Some(now) = turn.doc_now().filter(|_| turn.kind == Kind::Order) else { return Ok(None) };
        let now: Order = from_json(now)?;
        let (captured, refunded) = match &turn.then {
            Some(then) => from_json(then).map(|then: Order| (then.captured.minor, then.refunded.minor))?,
            None => (0, 0),
        };
        let words = match (now.captured.minor != captured, now.refunded.minor != refunded) {
            (_, true) => format!("{} of it were paid out; money that is gone does not come back", now.refunded),
            (true, false) => format!("{} were taken for it; refund them instead", now.captured),
            (false, false) => return Ok(None),
        };
        Ok(Some(Skipped::new(turn.kind, &turn.id, Why::Money, words)))
    }

    /// A category in which others have put something.
    async fn linked(&self, turn: &Turn) -> Result<Option<Skipped>> {
        const SQL: &str = "SELECT kind, id FROM tags WHERE store = $1 AND kind IN ('in-category', 'child-of') \
            AND tag = $2 ORDER BY id LIMIT $3";
        let store = self.draft.store().to_string();
        let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?));
        let found = self.draft.reader().await?.rows(SQL, args![&store, &turn.id, LINKED], read).await?;
        let other = found.into_iter().find(|(space, id)| {
            let space = if space == IN_CATEGORY { IN_CATEGORY } else { CHILD_OF };
            !self.unlinked.contains(&(space, turn.id.clone(), id.clone()))
        });
        Ok(other.map(|(_, id)| Skipped::new(turn.kind, &turn.id, Why::InUse, format!("`{id}` is in it"))))
    }

    /// A product of which others have sold or received some: its levels would go with it.
    async fn sold(&self, turn: &Turn) -> Result<Option<Skipped>> {
        const SQL: &str = "SELECT location FROM stock WHERE store = $1 AND sku = $2 ORDER BY location";
        let Some(now) = turn.doc_now() else { return Ok(None) };
        let (product, store): (Product, _) = (from_json(now)?, self.draft.store().to_string());
        let mut conn = self.draft.reader().await?;
        for variant in &product.variants {
            for location in conn.rows(SQL, args![&store, &variant.sku], |r| r.text(0)).await? {
                let level = format!("{}@{location}", variant.sku);
                let from = (turn.first.0.clone(), 0);
                let history = self.selection.history(&mut conn, Kind::Stock, &level, &from).await?;
                let by = history.as_deref().map(|history| touched(history).and_then(|i| history.get(i)));
                if let Some(None) = by {
                    continue;
                }
                let who = match by.flatten() {
                    Some(entry) => who(&mut conn, &entry.actor).await?,
                    None => "others".to_owned(),
                };
                let words = format!("stock of `{}` was changed since by {who}", variant.sku);
                return Ok(Some(Skipped::new(turn.kind, &turn.id, Why::InUse, words)));
            }
        }
        Ok(None)
    }

    /// A record whose personal data has to go with it.
    async fn personal(&self, turn: &Turn) -> Result<Option<Skipped>> {
        let Some(contact) = turn.kind.row().contact else { return Ok(None) };
        let Some(scope) = contact.personal().filter(|scope| !self.held.contains(*scope)) else { return Ok(None) };
        let stored = record(&mut *self.draft.reader().await?, self.draft.store(), contact, &turn.id).await?;
        Ok(stored.map(|_| Skipped::not_held(turn.kind, &turn.id, scope)))
    }

    /// Personal data goes only with the record it was made with.
    async fn owner(&mut self, turn: &Turn) -> Result<Option<Skipped>> {
        const MADE: &str = "SELECT n FROM journal WHERE store = $1 AND kind = $2 AND id = $3 AND change_set = $4 \
            AND before IS NULL";
        let Some(owner) = turn.kind.owner() else { return Ok(None) };
        let store = self.draft.store().to_string();
        let values = args![&store, owner.name(), &turn.id, &turn.first.0];
        let made = self.draft.reader().await?.row(MADE, values, |r| r.int(0)).await?;
        let Some(n) = made else { return Ok(None) };
        let touched = Touched { kind: owner, id: turn.id.clone(), first: (turn.first.0.clone(), n) };
        let words = format!("it belongs to {} `{}`, which stays", owner.name(), turn.id);
        let stays = match self.look(&touched, false).await? {
            Verdict::Turn(turn, _) if turn.then.is_none() => {
                self.money(&turn)?.is_some() || self.personal(&turn).await?.is_some()
            }
            Verdict::Nothing => false,
            _ => true,
        };
        Ok(stays.then(|| Skipped::new(turn.kind, &turn.id, Why::InUse, words)))
    }

    /// A unique key that somebody else has now.
    async fn keys(&self, turn: &Turn) -> Result<Option<Skipped>> {
        const SQL: &str = "SELECT id FROM keys WHERE store = $1 AND space = $2 AND value = $3";
        let (had, has) = (derived(turn.kind, turn.doc_now())?, derived(turn.kind, turn.then.as_deref())?);
        for key in has.keys.into_iter().filter(|key| !had.keys.contains(key)) {
            let store = self.draft.store().to_string();
            let holder =
                self.draft.reader().await?.row(SQL, args![&store, key.0.name(), &key.1], |r| r.text(0)).await?;
            let other = holder.filter(|id| *id != turn.id && !self.freed.contains(&key));
            let words = match other {
                // The value may be an e-mail address, which is shown to nobody here.
                Some(other) => format!("{} it had is `{other}`'s now", key.0.words()),
                None if self.taken.contains(&key) => format!("{} it had is taken", key.0.words()),
                None => continue,
            };
            return Ok(Some(Skipped::new(turn.kind, &turn.id, Why::Taken, words)));
        }
        Ok(None)
    }

    /// A category it was in, or below, that is gone; or one it would be below that is below it now.
    async fn links(&mut self, turn: &Turn) -> Result<Option<Skipped>> {
        let (had, has) = (derived(turn.kind, turn.doc_now())?, derived(turn.kind, turn.then.as_deref())?);
        let fresh =
            |link: &&(&'static str, String)| matches!(link.0, IN_CATEGORY | CHILD_OF) && !had.tags.contains(link);
        for (space, category) in has.tags.iter().filter(fresh) {
            let mut above = Some(category.clone());
            for _ in 0..DEEP {
                let Some(id) = above else { break };
                if *space == CHILD_OF && id == turn.id {
                    let words = format!("category `{category}`, which it was below, is below it now");
                    return Ok(Some(Skipped::new(turn.kind, &turn.id, Why::Missing, words)));
                }
                above = match self.draft.rely::<Category, _>(self.permit, &id).await {
                    Ok(above) if *space == CHILD_OF => above.parent,
                    Ok(_) => None,
                    Err(Error::NotFound { .. }) => {
                        let words = format!("category `{id}`, which it was in, is gone");
                        return Ok(Some(Skipped::new(turn.kind, &turn.id, Why::Missing, words)));
                    }
                    Err(e) => return Err(e),
                };
            }
        }
        Ok(None)
    }

    /// Remembers what a staged record frees and takes.
    pub(in crate::db::house::undo) fn note(&mut self, turn: &Turn) -> Result<()> {
        let (had, has) = (derived(turn.kind, turn.doc_now())?, derived(turn.kind, turn.then.as_deref())?);
        self.freed.extend(had.keys.iter().filter(|key| !has.keys.contains(key)).cloned());
        for key in has.keys.iter().filter(|key| !had.keys.contains(key)) {
            self.freed.remove(key);
            self.taken.insert(key.clone());
        }
        let tags = had.tags.iter().filter(|tag| tag.0 == turn.kind.name() && turn.then.is_some());
        for (_, tag) in tags.filter(|tag| !has.tags.contains(tag)) {
            *self.untagged.entry((turn.kind, tag.clone())).or_insert(0) += 1;
        }
        let gone = had.tags.iter().filter(|tag| matches!(tag.0, IN_CATEGORY | CHILD_OF) && !has.tags.contains(tag));
        self.unlinked.extend(gone.map(|(space, category)| (*space, category.clone(), turn.id.clone())));
        Ok(())
    }
}
