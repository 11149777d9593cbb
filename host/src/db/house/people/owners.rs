//! Who owns a store: ownership is offered by an owner and accepted by whoever becomes one, so both have confirmed it.
//!
//! INVARIANT: a store has an owner at every moment. Changes of authority are counted first and so go one at a time, also
//! those of two owners who stop being one at once.

use super::accounts::{SignedIn, session};
use super::staff::{Change, publish};
use super::{audit, authority, review};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Actor, Authority, InstallationId, Permit, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::{now_ms, rfc3339};
use crate::text::words::Words;

/// An offer is good for so long, in milliseconds: seven days.
const OFFERED_MS: i64 = 7 * 86_400_000;

/// An offer of ownership that was not accepted yet.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The store.
    pub store: StoreId,
    /// What it is called.
    pub store_name: String,
    /// To whom it is offered.
    pub staff: StaffId,
    /// What they are called.
    pub staff_name: String,
    /// What whoever offers it is called.
    pub offered_by: String,
    /// Whether whoever offers it stops being an owner when it is accepted.
    pub hands_over: bool,
    /// Until when it can be accepted, RFC 3339.
    pub expires_at: String,
}

/// Offers that stand: they have not expired, and whoever made them owns the store still.
macro_rules! standing {
    ($where:literal) => {
        concat!(
            "SELECT o.store, s.name, o.staff, b.name, o.hands_over, o.expires_at, o.offered_by, p.name FROM ownership_offers o \
            JOIN stores s ON s.id = o.store JOIN staff p ON p.id = o.staff AND p.active = 1 AND p.owner = 0 \
            AND p.suspended_at IS NULL AND (p.ends_at IS NULL OR p.ends_at > $2) JOIN staff b ON b.id = o.offered_by AND b.active = 1 AND b.owner = 1 \
            WHERE o.expires_at > $2 AND s.suspended IS NULL AND ",
            $where
        )
    };
}

fn read(r: Row<'_>) -> Result<(Offer, StaffId)> {
    let offer = Offer {
        store: r.parse(0)?,
        store_name: r.text(1)?,
        staff: r.parse(2)?,
        staff_name: r.text(7)?,
        offered_by: r.text(3)?,
        hands_over: r.int(4)? == 1,
        expires_at: rfc3339(r.int(5)?),
    };
    Ok((offer, r.parse(6)?))
}

/// Whether somebody is a person of this store at the moment, and owns it.
async fn is_owner(conn: &mut Conn, store: StoreId, staff: StaffId) -> Result<bool> {
    const SQL: &str = "SELECT owner FROM staff WHERE id = $1 AND store = $2 AND active = 1";
    let found = conn.row(SQL, args![&staff.to_string(), &store.to_string()], |r| r.int(0)).await?;
    found.map(|owner| owner == 1).ok_or_else(|| Error::not_found("staff member", staff.to_string()))
}

/// Makes somebody an owner, or a person who holds everything that staff can hold.
async fn set_owner(
    conn: &mut Conn,
    (store, staff, owner): (StoreId, StaffId, bool),
    version: i64,
) -> Result<(Authority, Vec<(InstallationId, Authority)>)> {
    // Whoever owned the store made its rules, or saw them made.
    const SQL: &str = "UPDATE staff SET owner = $2, scopes = $3, ends_at = NULL, revision = revision + 1, version = $4, \
        welcomed = COALESCE((SELECT MAX(r.version) FROM house_rules r WHERE r.store = staff.store), 0) WHERE id = $1";
    const WITHDRAW: &str = "DELETE FROM ownership_offers WHERE offered_by = $1 AND store = $2";
    if !owner {
        // What they offered is not theirs to offer any more, also if they become an owner again.
        conn.exec(WITHDRAW, args![&staff.to_string(), &store.to_string()]).await?;
    }
    let held = if owner { ScopeSet::owner() } else { ScopeSet::staff() };
    conn.exec(SQL, args![&staff.to_string(), i64::from(owner), &to_json(&ScopeSet::staff())?, version]).await?;
    // What they granted apps can be put up for review, or be taken from it.
    let (_, holders) = review::of_giver(conn, (store, staff), held, version).await?;
    Ok((authority::authority_of_staff(conn, staff).await?, holders))
}

impl Permit<StaffManage> {
    /// Offers ownership to a person who signs in to this store with an account. Seven days, or until it is withdrawn.
    /// `hands_over`: whoever offers it stops being an owner when it is accepted.
    pub async fn offer_ownership(&self, db: &Db, staff: StaffId, hands_over: bool) -> Result<()> {
        const SQL: &str = "INSERT INTO ownership_offers (store, staff, offered_by, hands_over, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (staff) DO UPDATE SET offered_by = excluded.offered_by, \
            hands_over = excluded.hands_over, created_at = excluded.created_at, expires_at = excluded.expires_at";
        const ACCOUNT: &str = "SELECT account FROM staff WHERE id = $1 AND suspended_at IS NULL";
        let write = (Change::new(self, staff), hands_over);
        db.write_with(self.store(), write, |conn, (change, hands_over)| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                let Actor::Staff(by) = change.actor else {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-owner-in-person")));
                };
                let (store, id) = (change.store.to_string(), change.staff.to_string());
                if !is_owner(conn, change.store, by).await? {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-owner-offers")));
                }
                if is_owner(conn, change.store, change.staff).await? {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-owns-already")));
                }
                let account = conn.row(ACCOUNT, args![&id], |r| r.opt_text(0)).await?.flatten();
                if account.is_none() {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-owner-no-account")));
                }
                let now = now_ms();
                let by = by.to_string();
                conn.exec(SQL, args![&store, &id, &by, i64::from(*hands_over), now, now + OFFERED_MS]).await?;
                let detail = serde_json::json!({ "hands_over": hands_over, "until": rfc3339(now + OFFERED_MS) });
                change.note(conn, "owners.offer", &detail).await
            })
        })
        .await
    }

    /// Takes an offer back that was not accepted yet.
    pub async fn withdraw_ownership(&self, db: &Db, staff: StaffId) -> Result<()> {
        db.write_with(self.store(), Change::new(self, staff), |conn, change| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                forget(conn, change.store, change.staff).await?;
                change.note(conn, "owners.withdraw", &serde_json::json!({})).await
            })
        })
        .await
    }

    /// The offer that was made to a person and stands, if there is one.
    pub async fn ownership_offered(&self, db: &Db, staff: StaffId) -> Result<Option<Offer>> {
        const SQL: &str = standing!("o.staff = $1 AND o.store = $3");
        let (staff, store) = (staff.to_string(), self.store().to_string());
        Ok(db
            .reader(self.store())
            .await?
            .row(SQL, args![&staff, now_ms(), &store], read)
            .await?
            .map(|(offer, _)| offer))
    }

    /// The store's owners, oldest first: id and name.
    pub async fn owners(&self, db: &Db) -> Result<Vec<(StaffId, String)>> {
        const SQL: &str = "SELECT id, name FROM staff WHERE store = $1 AND active = 1 AND owner = 1 ORDER BY id";
        let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)?));
        db.reader(self.store()).await?.rows(SQL, args![&self.store().to_string()], read).await
    }

    /// The offers of this store's ownership that stand, oldest first.
    pub async fn ownership_offers(&self, db: &Db) -> Result<Vec<Offer>> {
        const SQL: &str = standing!("o.store = $1 ORDER BY o.created_at, o.staff");
        let store = self.store().to_string();
        let rows = db.reader(self.store()).await?.rows(SQL, args![&store, now_ms()], read).await?;
        Ok(rows.into_iter().map(|(offer, _)| offer).collect())
    }

    /// Makes an owner a person of the store who holds everything that staff can hold. Not the last one.
    pub async fn end_ownership(&self, db: &Db, staff: StaffId) -> Result<()> {
        const OTHERS: &str = "SELECT COUNT(*) FROM staff WHERE store = $1 AND id <> $2 AND active = 1 AND owner = 1";
        let write = db.write_then(
            self.store(),
            Change::new(self, staff),
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    if !is_owner(conn, change.store, change.staff).await? {
                        return Err(Error::invalid(Words::ENGLISH.t("refused-owns-not")));
                    }
                    let (store, id) = (change.store.to_string(), change.staff.to_string());
                    if conn.count(OTHERS, args![&store, &id]).await? == 0 {
                        return Err(Error::invalid(Words::ENGLISH.t("refused-last-owner")));
                    }
                    let told = set_owner(conn, (change.store, change.staff, false), version).await?;
                    change.note(conn, "owners.end", &serde_json::json!({})).await?;
                    Ok(told)
                })
            },
            |db, change, (authority, holders)| publish(db, change.staff, authority, holders),
        );
        write.await.map(drop)
    }
}

/// Removes an offer; not found, if there was none.
async fn forget(conn: &mut Conn, store: StoreId, staff: StaffId) -> Result<()> {
    const SQL: &str = "DELETE FROM ownership_offers WHERE staff = $1 AND store = $2";
    match conn.exec(SQL, args![&staff.to_string(), &store.to_string()]).await? {
        0 => Err(Error::not_found("offer of ownership for", staff.to_string())),
        _ => Ok(()),
    }
}

/// Whose ownership changed, and what they and their apps hold then.
type Changed = Vec<(StaffId, Authority, Vec<(InstallationId, Authority)>)>;

impl SignedIn {
    /// What they were offered and did not answer yet.
    pub async fn ownership_offers(&self, db: &Db) -> Result<Vec<Offer>> {
        const SQL: &str = standing!("p.account = $1 ORDER BY o.created_at");
        let rows = db.reader(RowsOf::All).await?.rows(SQL, args![&self.account().to_string(), now_ms()], read).await?;
        Ok(rows.into_iter().map(|(offer, _)| offer).collect())
    }

    /// Accepts what they were offered. Refused without a second factor, which owners need, and without a recent proof of
    /// who asks.
    pub async fn accept_ownership(&self, db: &Db, store: StoreId) -> Result<()> {
        const SQL: &str = standing!("p.account = $1 AND o.store = $3");
        // Owners are let in with any device, so whoever becomes one does it on one that is confirmed.
        const UNCONFIRMED: &str = "SELECT p.id FROM staff p JOIN stores s ON s.id = p.store WHERE s.id = $1 AND p.account = $2 \
            AND p.active = 1 AND s.confirm_devices = 1 AND NOT EXISTS (SELECT 1 FROM confirmed_devices c \
            WHERE c.staff = p.id AND c.device = $3)";
        if !self.is_recent() {
            return Err(Error::Stale);
        }
        if !self.has_factor {
            return Err(Error::invalid(Words::ENGLISH.t("refused-owner-factor")));
        }
        let write = db.write_then(
            RowsOf::All,
            (self.clone(), store),
            |conn, (who, store)| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    if !session::stands(conn, who.session(), true).await? {
                        return Err(Error::Ended);
                    }
                    let (account, of) = (who.account().to_string(), store.to_string());
                    let device = who.device().map(|id| id.to_string()).unwrap_or_default();
                    if conn.row(UNCONFIRMED, args![&of, &account, &device], |r| r.text(0)).await?.is_some() {
                        return Err(Error::invalid(Words::ENGLISH.t("refused-device-unconfirmed")));
                    }
                    let found = conn.row(SQL, args![&account, now_ms(), &of], read).await?;
                    let (offer, by) = found.ok_or_else(|| Error::invalid(Words::ENGLISH.t("refused-offer-gone")))?;
                    forget(conn, *store, offer.staff).await?;
                    let (theirs, holders) = set_owner(conn, (*store, offer.staff, true), version).await?;
                    let mut changed: Changed = vec![(offer.staff, theirs, holders)];
                    if offer.hands_over {
                        let (theirs, holders) = set_owner(conn, (*store, by, false), version).await?;
                        changed.push((by, theirs, holders));
                    }
                    let detail = serde_json::json!({ "offered_by": by, "hands_over": offer.hands_over });
                    let actor = Actor::Staff(offer.staff);
                    audit::note(conn, *store, actor, "owners.accept", &offer.staff.to_string(), &detail).await?;
                    Ok(changed)
                })
            },
            |db, _, changed| {
                for (staff, authority, holders) in changed {
                    publish(db, *staff, authority, holders);
                }
            },
        );
        write.await.map(drop)
    }

    /// Declines what they were offered.
    pub async fn decline_ownership(&self, db: &Db, store: StoreId) -> Result<()> {
        const SQL: &str = standing!("p.account = $1 AND o.store = $3");
        db.write_with(RowsOf::All, (self.clone(), store), |conn, (who, store)| {
            Box::pin(async move {
                if !session::stands(conn, who.session(), true).await? {
                    return Err(Error::Ended);
                }
                let (account, of) = (who.account().to_string(), store.to_string());
                let Some((offer, _)) = conn.row(SQL, args![&account, now_ms(), &of], read).await? else {
                    return Ok(());
                };
                forget(conn, *store, offer.staff).await?;
                let (actor, detail) = (Actor::Staff(offer.staff), serde_json::json!({}));
                audit::note(conn, *store, actor, "owners.decline", &offer.staff.to_string(), &detail).await.map(drop)
            })
        })
        .await
    }
}
