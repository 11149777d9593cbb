//! The shop's own rules for its people, and that somebody read what they may do before they begin.
//!
//! INVARIANT: whoever was not welcomed to a store, or not since its rules changed, sees nothing of it with an account
//! until they accepted them. Owners make the rules and need not.

use super::accounts::{SignedIn, session};
use super::{audit, authority};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Actor, Permit, Scope, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::text::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

/// Longest rules, in characters.
const MAX_CHARS: usize = 8_000;
/// So many versions of its rules a store has at most; each is kept, since people accepted it.
const MAX_VERSIONS: i64 = 1_000;

/// A store's rules, of one version.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Rules {
    /// Counted from 1; 0 if there never were any.
    pub version: i64,
    /// Their text; empty if there are none.
    pub body: String,
}

/// A version of a store's rules, without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RulesVersion {
    /// Counted from 1.
    pub version: i64,
    /// How long its text is; 0 if there were no rules.
    pub characters: i64,
    /// Who wrote it: `staff:stf_…`.
    pub made_by: String,
    /// What they are called.
    pub made_by_name: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}

/// What somebody reads before they begin to work in a store, or go on after its rules changed.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// What the store is called.
    pub store_name: String,
    /// Who they are there.
    pub staff: StaffId,
    /// What they may do there.
    pub scopes: ScopeSet,
    /// The store's rules.
    pub rules: Rules,
}

impl Permit<StaffManage> {
    /// The store's rules.
    pub async fn rules(&self, db: &Db) -> Result<Rules> {
        const SQL: &str = "SELECT version, body FROM house_rules WHERE store = $1 ORDER BY version DESC LIMIT 1";
        let read = |r: Row<'_>| Ok(Rules { version: r.int(0)?, body: r.text(1)? });
        let found = db.reader(self.store()).await?.row(SQL, args![&self.store().to_string()], read).await?;
        Ok(found.unwrap_or_default())
    }

    /// Every version of the store's rules, newest first.
    pub async fn rules_versions(&self, db: &Db, page: &Page) -> Result<Items<RulesVersion>> {
        const SQL: &str = "SELECT h.version, CAST(LENGTH(h.body) AS BIGINT), h.made_by, p.name, h.created_at \
            FROM house_rules h LEFT JOIN staff p ON h.made_by = 'staff:' || p.id \
            WHERE h.store = $1 AND h.version < $2 ORDER BY h.version DESC LIMIT $3";
        let limit = page.limit()?;
        let before =
            page.after("rules")?.map_or(Ok(i64::MAX), |version| version.parse().map_err(|_| Error::NoCursor))?;
        let read = |r: Row<'_>| {
            let (version, characters, made_by) = (r.int(0)?, r.int(1)?, r.text(2)?);
            Ok(RulesVersion {
                version,
                characters,
                made_by,
                made_by_name: r.opt_text(3)?,
                created_at: rfc3339(r.int(4)?),
            })
        };
        let store = self.store().to_string();
        let values = args![&store, before, (limit + 1) as i64];
        let versions = db.reader(self.store()).await?.rows(SQL, values, read).await?;
        Ok(Items::cut(versions, limit, "rules", |one| one.version.to_string()))
    }

    /// The store's rules as they were in one version.
    pub async fn rules_of(&self, db: &Db, version: i64) -> Result<Rules> {
        const SQL: &str = "SELECT version, body FROM house_rules WHERE store = $1 AND version = $2";
        let read = |r: Row<'_>| Ok(Rules { version: r.int(0)?, body: r.text(1)? });
        let found = db.reader(self.store()).await?.row(SQL, args![&self.store().to_string(), version], read).await?;
        found.ok_or_else(|| Error::not_found("version of the house rules", version.to_string()))
    }

    /// Sets the store's rules, up to 8,000 characters; none, if empty. Everybody but owners accepts them when they come
    /// next. `seen` is the version that they take the place of. Which version they are.
    pub async fn set_rules(&self, db: &Db, seen: i64, body: &str) -> Result<i64> {
        const NOW: &str = "SELECT COALESCE(MAX(version), 0) FROM house_rules WHERE store = $1";
        const SQL: &str =
            "INSERT INTO house_rules (store, version, body, made_by, created_at) VALUES ($1, $2, $3, $4, $5)";
        let body = body.replace("\r\n", "\n").trim().to_owned();
        text("the rules", &body, 0, MAX_CHARS)?;
        let change = (self.store(), self.actor(), self.basis(), seen, body);
        db.write_with(self.store(), change, |conn, (store, actor, basis, seen, body)| {
            Box::pin(async move {
                // The row of authority, so that two at once do not count to the same.
                authority::next_version(conn).await?;
                authority::fence(conn, *basis).await?;
                let id = store.to_string();
                let now = conn.row(NOW, args![&id], |r| r.int(0)).await?.unwrap_or(0);
                if now != *seen {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-rules-changed")));
                }
                if now >= MAX_VERSIONS {
                    return Err(Error::invalid(format!(
                        "the rules were changed {MAX_VERSIONS} times, and no more can be stored"
                    )));
                }
                conn.exec(SQL, args![&id, now + 1, body, &actor.to_string(), now_ms()]).await?;
                let detail = serde_json::json!({ "version": now + 1, "characters": body.chars().count() });
                audit::note(conn, *store, *actor, "staff.rules", &id, &detail).await.map(|_| now + 1)
            })
        })
        .await
    }
}

impl SignedIn {
    /// What they are to read and accept before they work in a store; nothing, if they do not belong to it or have done so.
    pub async fn welcome(&self, db: &Db, store: StoreId) -> Result<Option<Welcome>> {
        const SQL: &str = "SELECT s.name, p.id, p.scopes, COALESCE(r.version, 0), COALESCE(r.body, '') FROM staff p \
            JOIN stores s ON s.id = p.store LEFT JOIN house_rules r ON r.store = p.store \
            AND r.version = (SELECT MAX(n.version) FROM house_rules n WHERE n.store = p.store) \
            WHERE p.account = $1 AND p.store = $2 AND p.active = 1 AND p.owner = 0 AND s.suspended IS NULL \
            AND p.suspended_at IS NULL AND (p.ends_at IS NULL OR p.ends_at > $3) AND s.second_factor <= $4 \
            AND (p.welcomed IS NULL OR p.welcomed < COALESCE(r.version, 0)) AND (s.confirm_devices = 0 \
            OR EXISTS (SELECT 1 FROM confirmed_devices c WHERE c.staff = p.id AND c.device = $5))";
        let read = |r: Row<'_>| {
            let names: Vec<String> = r.doc(2)?;
            let scopes: ScopeSet = names.iter().filter_map(|name| name.parse::<Scope>().ok()).collect();
            let rules = Rules { version: r.int(3)?, body: r.text(4)? };
            Ok(Welcome { store_name: r.text(0)?, staff: r.parse(1)?, scopes: scopes.and(ScopeSet::staff()), rules })
        };
        let (account, store) = (self.account().to_string(), store.to_string());
        let device = self.device().map(|id| id.to_string()).unwrap_or_default();
        let values = args![&account, &store, now_ms(), i64::from(self.has_factor), &device];
        db.reader(RowsOf::All).await?.row(SQL, values, read).await
    }

    /// Accepts the rules of a store, of the version that was read. Noted in its audit log.
    pub async fn accept_rules(&self, db: &Db, store: StoreId, version: i64) -> Result<()> {
        const SQL: &str = "UPDATE staff SET welcomed = $3 WHERE account = $1 AND store = $2 AND active = 1 \
            AND suspended_at IS NULL AND (ends_at IS NULL OR ends_at > $4) AND (welcomed IS NULL OR welcomed <> $3) \
            AND $3 = (SELECT COALESCE(MAX(r.version), 0) FROM house_rules r WHERE r.store = $2) AND EXISTS (SELECT 1 \
            FROM stores s WHERE s.id = $2 AND s.suspended IS NULL AND s.second_factor <= $5 AND (s.confirm_devices = 0 \
            OR EXISTS (SELECT 1 FROM confirmed_devices c WHERE c.staff = staff.id AND c.device = $6))) RETURNING id";
        db.write_with(RowsOf::All, (self.clone(), store, version), |conn, (who, store, version)| {
            Box::pin(async move {
                if !session::stands(conn, who.session(), true).await? {
                    return Err(Error::Ended);
                }
                let (account, of) = (who.account().to_string(), store.to_string());
                let device = who.device().map(|id| id.to_string()).unwrap_or_default();
                let values = args![&account, &of, *version, now_ms(), i64::from(who.has_factor), &device];
                let found = conn.row(SQL, values, |r| r.parse::<StaffId>(0)).await?;
                let staff = found.ok_or_else(|| Error::invalid(Words::ENGLISH.t("refused-rules-changed-meanwhile")))?;
                let detail = serde_json::json!({ "version": version });
                audit::note(conn, *store, Actor::Staff(staff), "staff.accept_rules", &staff.to_string(), &detail)
                    .await
                    .map(drop)
            })
        })
        .await
    }
}
