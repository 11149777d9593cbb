//! How long records are retained. Deleting what is older is `prune`.

use crate::authz::{
    Permit,
    scope::kind::{StaffManage, UsageView},
};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::house::people::stores::{Retention, RetentionChange};
use crate::db::house::people::{audit, authority};
use crate::db::house::plans;

/// The longest retention, in days: ten years.
const MAX_DAYS: u32 = 3_660;
impl Retention {
    fn check(&self) -> Result<()> {
        for (what, days) in [
            ("usage", self.usage_days),
            ("journal", self.journal_days),
            ("events", self.events_days),
            ("hold", self.hold_days),
        ] {
            if !(1..=MAX_DAYS).contains(&days) {
                return Err(Error::invalid(format!("`{what}_days` is 1 to {MAX_DAYS}; {days} was given")));
            }
        }
        Ok(())
    }
}

impl RetentionChange {
    /// What there is, changed as asked.
    fn of(&self, now: Retention) -> Retention {
        Retention {
            usage_days: self.usage_days.unwrap_or(now.usage_days),
            journal_days: self.journal_days.unwrap_or(now.journal_days),
            events_days: self.events_days.unwrap_or(now.events_days),
            hold_days: self.hold_days.unwrap_or(now.hold_days),
        }
    }
}

impl Permit<UsageView> {
    /// How long the store's records are retained.
    pub async fn retention(&self, db: &Db) -> Result<Retention> {
        db.retention(self.store()).await
    }
}

impl Permit<StaffManage> {
    /// Sets how long the store's records are retained. The owner's alone: a shorter time erases what others could see.
    pub async fn set_retention(&self, db: &Db, change: RetentionChange) -> Result<Retention> {
        const NOW: &str = "SELECT retention FROM stores WHERE id = $1";
        const SQL: &str = "UPDATE stores SET retention = $2 WHERE id = $1";
        let args = (self.store(), self.actor(), self.basis(), change);
        db.write_with(self.store(), args, |conn, (store, actor, basis, change)| {
            Box::pin(async move {
                // As whatever changes a plan: of two at once the second sees the first.
                authority::next_version(conn).await?;
                authority::fence(conn, *basis).await?;
                let subject = store.to_string();
                let now = conn.row(NOW, args![&subject], |r| r.doc::<Retention>(0)).await?;
                let now = now.unwrap_or_default();
                let retention = change.of(now);
                retention.check()?;
                plans::refuse_retention(conn, *store, (now, retention)).await?;
                conn.exec(SQL, args![&subject, &to_json(&retention)?]).await?;
                audit::note(conn, *store, *actor, "retention.set", &subject, &retention).await?;
                Ok(retention)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_out_of_range_are_refused_by_name() {
        let wrong = Retention { journal_days: 0, ..Retention::default() };
        assert!(matches!(wrong.check(), Err(Error::Invalid(text)) if text.contains("journal_days")));
    }
}
