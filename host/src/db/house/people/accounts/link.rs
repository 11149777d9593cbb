//! Links that are good once: an invitation into a store, a new password, and the first sign-in of a demonstration.
//!
//! INVARIANT: of several who follow a link at once, one is let in. Only a hash of a link is stored.

use super::device::{self, Browser};
use super::session::{self, Fresh, Opens, SignedIn};
use super::sign_in::note;
use super::{NewAccount, insert};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{AccountId, Actor, LinkId, Permit, Principal, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::staff::{all_held, may_give, person};
use crate::db::house::people::tokens::{self, Secret};
use crate::db::house::people::{audit, authority};
use crate::text::words::Words;

/// How long an invitation is good, in milliseconds.
const INVITED_MS: i64 = 72 * 3_600_000;
/// How long a link to a new password is good, in milliseconds (ASVS 5.0, 6.5.5).
const RESET_MS: i64 = 10 * 60_000;

/// As `reset`, and the second factor goes as well.
const RECOVER: &str = "recover";

/// Makes a link to a new password and second factor of an account, for whoever holds the database.
pub(in crate::db::house::people) async fn recover(conn: &mut Conn, account: AccountId, secret: &Secret) -> Result<()> {
    make(conn, RECOVER, (Some(account), None), "", Actor::Host, secret, RESET_MS).await.map(drop)
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Into a store, as a person who is in it already and has no account yet.
    Invite,
    /// To a new password.
    Reset,
    /// To a session, for whoever started a demonstration on this computer.
    SignIn,
}

impl LinkKind {
    const fn name(self) -> &'static str {
        match self {
            LinkKind::Invite => "invite",
            LinkKind::Reset => "reset",
            LinkKind::SignIn => "sign_in",
        }
    }
}

/// A link just made: shown this once.
#[derive(Debug)]
pub struct Invitation {
    /// What comes after the address of the host.
    pub secret: Secret,
    /// From when on it is refused, RFC 3339.
    pub expires_at: String,
}

/// A link that is good still.
#[derive(Debug, Clone)]
pub struct Link {
    hash: String,
    id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    account: Option<AccountId>,
    staff: Option<StaffId>,
    /// The address it was made for.
    pub email: String,
    /// What the person is called in the store.
    pub name: String,
    /// What the store is called that it leads into.
    pub store: Option<String>,
    /// Whether the address has an account already.
    pub has_account: bool,
    /// Whether the second factor goes with the password: only where somebody on the host itself made the link.
    pub drops_factor: bool,
}

async fn make(
    conn: &mut Conn,
    kind: &str,
    whose: (Option<AccountId>, Option<StaffId>),
    email: &str,
    by: Actor,
    secret: &Secret,
    lives: i64,
) -> Result<LinkId> {
    const SQL: &str = "INSERT INTO links (hash, id, kind, account, staff, email, made_by, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const OLD: &str =
        "UPDATE links SET used_at = $3 WHERE (account = $4 OR (kind = $1 AND staff = $2)) AND used_at IS NULL";
    const GONE: &str = "DELETE FROM links WHERE expires_at < $1";
    let (id, now) = (LinkId::new(), now_ms());
    let (account, staff) = (whose.0.map(|id| id.to_string()), whose.1.map(|id| id.to_string()));
    conn.exec(GONE, args![now - INVITED_MS]).await?;
    // Another one takes the place of the one before.
    conn.exec(OLD, args![kind, &staff, now, &account]).await?;
    let (hash, by) = (secret.hash(), by.to_string());
    conn.exec(SQL, args![&hash, &id.to_string(), kind, &account, &staff, email, &by, now, now + lives]).await?;
    Ok(id)
}

/// Uses a link up; whether it was good still.
async fn used_up(conn: &mut Conn, link: &Link) -> Result<()> {
    const SQL: &str = "UPDATE links SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
    match conn.exec(SQL, args![&link.hash, now_ms()]).await? {
        1 => Ok(()),
        _ => Err(Error::Ended),
    }
}

/// Invites somebody whom the same transaction made a person of a store.
pub(in crate::db::house::people) async fn invite(
    conn: &mut Conn,
    (store, staff): (StoreId, StaffId),
    email: &str,
    by: Actor,
    secret: &Secret,
) -> Result<Invitation> {
    const SQL: &str = "UPDATE staff SET email = $2 WHERE id = $1";
    let id = staff.to_string();
    conn.exec(SQL, args![&id, email]).await?;
    make(conn, LinkKind::Invite.name(), (None, Some(staff)), email, by, secret, INVITED_MS).await?;
    audit::note(conn, store, by, "staff.invite", &id, &serde_json::json!({})).await?;
    Ok(Invitation { secret: secret.clone(), expires_at: rfc3339(now_ms() + INVITED_MS) })
}

impl Permit<StaffManage> {
    /// Invites a person of the store to have an account, by a link that is good for 72 hours and once. One made before
    /// ends. Whoever opens it can do all that the person can, so `giver` holds all of that.
    pub async fn invite(&self, db: &Db, giver: &Principal, staff: StaffId, address: &str) -> Result<Invitation> {
        const SQL: &str = "UPDATE staff SET email = $3 WHERE id = $1 AND store = $2 AND active = 1 AND account IS NULL";
        may_give(self, giver, ScopeSet::EMPTY)?;
        let (secret, email) = (Secret::link()?, super::email(address)?);
        let change = (self.store(), self.actor(), self.basis(), (staff, giver.held()), email, secret);
        db.write_with(self.store(), change, |conn, (store, actor, basis, (staff, gives), email, secret)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let id = staff.to_string();
                all_held(&person(conn, *store, *staff).await?, *gives)?;
                if conn.exec(SQL, args![&id, &store.to_string(), email]).await? == 0 {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-person-has-account")));
                }
                make(conn, LinkKind::Invite.name(), (None, Some(*staff)), email, *actor, secret, INVITED_MS).await?;
                audit::note(conn, *store, *actor, "staff.invite", &id, &serde_json::json!({})).await?;
                Ok(Invitation { secret: secret.clone(), expires_at: rfc3339(now_ms() + INVITED_MS) })
            })
        })
        .await
    }

    /// Starts a new password for a person of this store, by a link that is good for 10 minutes and once. Their second
    /// factor stays. Only of an account that belongs to no other store: whoever owns this one has no power over those.
    pub async fn reset_password(&self, db: &Db, staff: StaffId) -> Result<Invitation> {
        const FIND: &str = "SELECT a.id, a.email, a.operator, (SELECT COUNT(*) FROM staff o WHERE o.account = a.id \
            AND o.store <> $2 AND o.active = 1), p.owner FROM staff p JOIN accounts a ON a.id = p.account \
            WHERE p.id = $1 AND p.store = $2 AND p.active = 1";
        let change = (self.store(), self.actor(), self.basis(), staff, Secret::link()?);
        db.write_with(RowsOf::All, change, |conn, (store, actor, basis, staff, secret)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let id = staff.to_string();
                let read = |r: Row<'_>| {
                    Ok((r.parse::<AccountId>(0)?, r.text(1)?, r.int(2)? == 1 || r.int(3)? > 0 || r.int(4)? == 1))
                };
                let found = conn.row(FIND, args![&id, &store.to_string()], read).await?;
                let (account, email, elsewhere) =
                    found.ok_or_else(|| Error::invalid(Words::ENGLISH.t("refused-person-no-account")))?;
                if elsewhere {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-operator-resets")));
                }
                make(conn, LinkKind::Reset.name(), (Some(account), Some(*staff)), &email, *actor, secret, RESET_MS)
                    .await?;
                audit::note(conn, *store, *actor, "staff.reset_password", &id, &serde_json::json!({})).await?;
                Ok(Invitation { secret: secret.clone(), expires_at: rfc3339(now_ms() + RESET_MS) })
            })
        })
        .await
    }
}

impl Db {
    /// What a link is for; nothing, if it is unknown, was used or has expired.
    pub async fn link(&self, secret: &str) -> Result<Option<Link>> {
        const SQL: &str = "SELECT l.id, l.kind, l.account, l.staff, COALESCE(l.email, ''), \
            COALESCE(p.name, a.name, ''), s.name, (SELECT COUNT(*) FROM accounts o WHERE o.email = l.email) \
            FROM links l LEFT JOIN staff p ON p.id = l.staff AND p.active = 1 LEFT JOIN accounts a ON a.id = l.account \
            LEFT JOIN stores s ON s.id = p.store WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > $2";
        if !tokens::well_formed(secret) {
            return Ok(None);
        }
        let hash = tokens::hash(secret);
        let optional = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let read = |r: Row<'_>| {
            let drops_factor = r.text(1)? == RECOVER;
            let kind = match r.text(1)?.as_str() {
                "invite" => LinkKind::Invite,
                "reset" | RECOVER => LinkKind::Reset,
                _ => LinkKind::SignIn,
            };
            let staff = r.opt_text(3)?.and_then(|text| text.parse().ok());
            let (id, account, email, name) = (r.parse(0)?, optional(r.opt_text(2)?), r.text(4)?, r.text(5)?);
            let (store, has_account) = (r.opt_text(6)?, r.int(7)? > 0);
            Ok(Link { hash: hash.clone(), id, kind, account, staff, email, name, store, has_account, drops_factor })
        };
        let found = self.reader(RowsOf::All).await?.row(SQL, args![&hash, now_ms()], read).await?;
        // Whoever was removed meanwhile is invited no more.
        Ok(found.filter(|link| link.kind != LinkKind::Invite || link.store.is_some()))
    }

    /// Makes the account of whoever was invited, and signs them in.
    pub async fn accept(&self, link: &Link, new: NewAccount, browser: &Browser) -> Result<Fresh> {
        let change = (link.clone(), AccountId::new(), new, Fresh::draw()?, browser.clone());
        self.write_with(RowsOf::All, change, |conn, (link, account, new, fresh, browser)| {
            Box::pin(async move {
                used_up(conn, link).await?;
                insert(conn, *account, new, false).await?;
                join(conn, link, *account).await?;
                let opened = session::open(conn, *account, fresh, browser, Opens::with_password()).await?;
                note(conn, (*account, false), "accounts.sign_in", &browser.name).await?;
                Ok(opened)
            })
        })
        .await
    }

    /// Sets the password of whoever followed a link to a new one, by its hash. Every session ends; their second factor is
    /// asked for when they sign in, as ever, unless the link was made on the host itself. No passkey signs in by itself any
    /// more, until it was shown beside the new password.
    pub async fn reset(&self, link: &Link, hashed: String) -> Result<()> {
        const SQL: &str = "UPDATE accounts SET password = $2, password_at = $3, failures = 0 WHERE id = $1";
        const STILL: &str = "SELECT p.id FROM staff p JOIN accounts a ON a.id = p.account WHERE a.id = $1 AND p.id = $2 \
            AND p.active = 1 AND p.owner = 0 AND a.operator = 0 AND NOT EXISTS (SELECT 1 FROM staff o \
            WHERE o.account = a.id AND o.id <> p.id AND o.active = 1)";
        const OPERATOR: &str = "SELECT operator FROM accounts WHERE id = $1";
        const DROP: &str = "UPDATE accounts SET totp = NULL, totp_failures = 0, totp_locked = NULL, passkeys = 0 \
            WHERE id = $1";
        const CODES: &str = "DELETE FROM recovery_codes WHERE account = $1";
        const PASSKEYS: &str = "DELETE FROM passkeys WHERE account = $1";
        const BESIDE: &str = "UPDATE passkeys SET alone = 0 WHERE account = $1";
        self.write_with(RowsOf::All, (link.clone(), hashed), |conn, (link, hashed)| {
            Box::pin(async move {
                let account = link.account.ok_or(Error::Ended)?;
                // Sessions first: whoever is about to join another store with one has joined by then, or never does.
                session::end_others(conn, account, None).await?;
                used_up(conn, link).await?;
                // What held when the link was made need not hold now: they may work elsewhere as well meanwhile.
                let staff = link.staff.map(|id| id.to_string()).unwrap_or_default();
                if !link.drops_factor
                    && conn.row(STILL, args![&account.to_string(), &staff], |r| r.text(0)).await?.is_none()
                {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-link-sets-no-password")));
                }
                let operator = conn.row(OPERATOR, args![&account.to_string()], |r| r.int(0)).await? == Some(1);
                conn.exec(SQL, args![&account.to_string(), hashed, now_ms()]).await?;
                if link.drops_factor {
                    conn.exec(DROP, args![&account.to_string()]).await?;
                    conn.exec(CODES, args![&account.to_string()]).await?;
                    conn.exec(PASSKEYS, args![&account.to_string()]).await?;
                }
                // Somebody else may have made one of them: each signs in by itself again once it was shown beside the
                // new password.
                conn.exec(BESIDE, args![&account.to_string()]).await?;
                // And those that began until the account was locked by this.
                session::end_others(conn, account, None).await?;
                note(conn, (account, operator), "accounts.reset_password", "").await
            })
        })
        .await
    }

    /// Signs in whoever followed a link that was printed on this computer.
    pub async fn sign_in_by_link(&self, link: &Link, browser: &Browser) -> Result<Fresh> {
        let change = (link.clone(), Fresh::draw()?, browser.clone());
        self.write_with(RowsOf::All, change, |conn, (link, fresh, browser)| {
            Box::pin(async move {
                used_up(conn, link).await?;
                let account = link.account.filter(|_| link.kind == LinkKind::SignIn).ok_or(Error::Ended)?;
                // It stands for all that is asked for otherwise: whoever made it holds the database.
                let opens = Opens { factor_at: Some(now_ms()), ..Opens::with_password() };
                let mut opened = session::open(conn, account, fresh, browser, opens).await?;
                // It was made on this computer: nobody needs to be told.
                if let Some(met) = &mut opened.met {
                    device::own(conn, met).await?;
                }
                note(conn, (account, false), "accounts.sign_in", &browser.name).await?;
                Ok(opened)
            })
        })
        .await
    }

    /// Makes a link to a session of an account: for whoever runs this process, who holds the database anyway. No request
    /// leads here.
    pub async fn sign_in_link(&self, account: AccountId, lives_ms: i64) -> Result<Secret> {
        self.write_with(RowsOf::All, (account, lives_ms, Secret::link()?), |conn, (account, lives, secret)| {
            Box::pin(async move {
                make(conn, LinkKind::SignIn.name(), (Some(*account), None), "", Actor::Host, secret, *lives).await?;
                Ok(secret.clone())
            })
        })
        .await
    }
}

impl SignedIn {
    /// Joins the store they were invited to, with the account they have. The invitation was made for their address.
    pub async fn join(&self, db: &Db, link: &Link) -> Result<()> {
        if link.email != self.email || !self.is_whole {
            return Err(Error::invalid(Words::ENGLISH.t("refused-invited-another").with("email", &link.email)));
        }
        db.write_with(RowsOf::All, (link.clone(), self.session, self.account), |conn, (link, session, account)| {
            Box::pin(async move {
                if !session::stands(conn, *session, true).await? {
                    return Err(Error::Ended);
                }
                used_up(conn, link).await?;
                join(conn, link, *account).await
            })
        })
        .await
    }
}

/// Uses up every link to a new password of an account: what they were made for holds no more.
pub(in crate::db::house::people) async fn end_resets(conn: &mut Conn, account: AccountId) -> Result<()> {
    const SQL: &str = "UPDATE links SET used_at = $2 WHERE account = $1 AND used_at IS NULL";
    conn.exec(SQL, args![&account.to_string(), now_ms()]).await.map(drop)
}

/// Uses up every link of a person of a store who is removed.
pub(in crate::db::house::people) async fn end_of_staff(conn: &mut Conn, staff: StaffId) -> Result<()> {
    const SQL: &str = "UPDATE links SET used_at = $2 WHERE staff = $1 AND used_at IS NULL";
    conn.exec(SQL, args![&staff.to_string(), now_ms()]).await.map(drop)
}

/// Gives a person of a store their account.
async fn join(conn: &mut Conn, link: &Link, account: AccountId) -> Result<()> {
    const SQL: &str = "UPDATE staff SET account = $2 WHERE id = $1 AND active = 1 AND account IS NULL RETURNING store";
    let staff = link.staff.filter(|_| link.kind == LinkKind::Invite).ok_or(Error::Ended)?;
    let found = conn.row(SQL, args![&staff.to_string(), &account.to_string()], |r| r.parse::<StoreId>(0)).await;
    // Who is in the store with this account already is so once.
    let store = found.map_err(|_| Error::invalid(Words::ENGLISH.t("refused-belongs-already")))?.ok_or(Error::Ended)?;
    end_resets(conn, account).await?;
    let detail = serde_json::json!({ "link": link.id });
    audit::note(conn, store, Actor::Staff(staff), "staff.join", &staff.to_string(), &detail).await.map(drop)
}
