//! The plans of a host, made and changed by its operator.
//!
//! INVARIANT: one plan at most is the standard one: what every store has that was given none.

use super::bounds::PlanBounds;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{text, to_json};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{authority, host_audit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many plans a host has at most.
const MAX_PLANS: u64 = 100;

/// A plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StorePlan {
    /// Its name, for example `starter`; it never changes.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it allows.
    pub bounds: PlanBounds,
    /// Whether stores have it that were given no other.
    pub standard: bool,
    /// Whether owners may ask for it.
    pub offered: bool,
    /// How many stores were given it by name.
    pub stores: i64,
    /// RFC 3339.
    pub updated_at: String,
}

/// A plan to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// 3 to 40 of `a-z`, `0-9` and `-`.
    pub name: String,
    /// 1 to 60 characters.
    pub title: String,
    /// What it allows; what is left out bounds nothing.
    #[serde(default)]
    pub bounds: PlanBounds,
    /// Whether stores have it that were given no other.
    #[serde(default)]
    pub standard: bool,
    /// Whether owners may ask for it; so it is, if nothing is said.
    #[serde(default = "yes")]
    pub offered: bool,
}

fn yes() -> bool {
    true
}

/// What a plan is from now on. Everything is replaced: a bound that is left out bounds nothing any more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// 1 to 60 characters.
    pub title: String,
    /// What it allows; what is left out bounds nothing.
    #[serde(default)]
    pub bounds: PlanBounds,
    /// Whether stores have it that were given no other.
    #[serde(default)]
    pub standard: bool,
    /// Whether owners may ask for it; so it is, if nothing is said.
    #[serde(default = "yes")]
    pub offered: bool,
}

/// What every reading of plans selects.
macro_rules! plans {
    ($tail:literal) => {
        concat!(
            "SELECT p.name, p.title, p.bounds, p.standard, p.offered, \
            (SELECT COUNT(*) FROM stores s WHERE s.plan = p.name), p.updated_at FROM plans p ",
            $tail
        )
    };
}

pub(super) fn read(r: Row<'_>) -> Result<StorePlan> {
    Ok(StorePlan {
        name: r.text(0)?,
        title: r.text(1)?,
        bounds: r.doc(2)?,
        standard: r.int(3)? == 1,
        offered: r.int(4)? == 1,
        stores: r.int(5)?,
        updated_at: rfc3339(r.int(6)?),
    })
}

/// A plan by its name.
pub(super) async fn one(conn: &mut Conn, name: &str) -> Result<StorePlan> {
    const SQL: &str = plans!("WHERE p.name = $1");
    let found = conn.row(SQL, args![name], read).await?;
    found.ok_or_else(|| Error::not_found("plan", name))
}

/// The plans that owners may ask for, by name. How many stores have each is not theirs to know.
pub(super) async fn offered(conn: &mut Conn) -> Result<Vec<StorePlan>> {
    const SQL: &str = "SELECT name, title, bounds, standard, offered, 0, updated_at FROM plans WHERE offered = 1 \
        ORDER BY name LIMIT 100";
    conn.rows(SQL, args![], |r| {
        Ok(StorePlan {
            name: r.text(0)?,
            title: r.text(1)?,
            bounds: r.doc(2)?,
            standard: r.int(3)? == 1,
            offered: true,
            stores: 0,
            updated_at: rfc3339(r.int(6)?),
        })
    })
    .await
}

fn check_name(name: &str) -> Result<()> {
    let fine = (3..=40).contains(&name.len())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !name.starts_with('-')
        && !name.ends_with('-');
    match fine {
        true => Ok(()),
        false => Err(Error::invalid("the name of a plan is 3 to 40 of `a-z`, `0-9` and `-`, like `starter`")),
    }
}

/// Lets no other plan be the standard one.
async fn alone(conn: &mut Conn, standard: bool, name: &str) -> Result<()> {
    const SQL: &str = "UPDATE plans SET standard = 0 WHERE standard = 1 AND name <> $1";
    match standard {
        true => conn.exec(SQL, args![name]).await.map(drop),
        false => Ok(()),
    }
}

impl Operator {
    /// Plans, by name.
    pub async fn plans(&self, db: &Db, page: &Page) -> Result<Items<StorePlan>> {
        const SQL: &str = plans!("WHERE p.name > $1 ORDER BY p.name LIMIT $2");
        let limit = page.limit()?;
        let after = page.after("plans")?.unwrap_or_default();
        let found = db.reader(RowsOf::All).await?.rows(SQL, args![after, (limit + 1) as i64], read).await?;
        Ok(Items::cut(found, limit, "plans", |plan| plan.name.clone()))
    }

    /// One of them.
    pub async fn plan(&self, db: &Db, name: &str) -> Result<StorePlan> {
        one(&mut *db.reader(RowsOf::All).await?, name).await
    }

    /// Makes a plan. Nothing changes for anybody before a store is given it, unless it is the standard one.
    pub async fn make_plan(&self, db: &Db, new: NewPlan) -> Result<StorePlan> {
        check_name(&new.name)?;
        text("the title of a plan", &new.title, 1, 60)?;
        new.bounds.check()?;
        let made = db.write_then(
            RowsOf::All,
            (*self, new),
            |conn, (operator, new)| {
                Box::pin(async move {
                    const COUNT: &str = "SELECT COUNT(*) FROM plans";
                    const SQL: &str = "INSERT INTO plans (name, title, bounds, standard, offered, created_at, updated_at) \
                        VALUES ($1, $2, $3, $4, $5, $6, $6)";
                    // As everything that is refused over a plan: either sees the other.
                    authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    if conn.count(COUNT, args![]).await? >= MAX_PLANS {
                        return Err(Error::invalid(format!("a host has at most {MAX_PLANS} plans; change one that is there")));
                    }
                    alone(conn, new.standard, &new.name).await?;
                    let bounds = to_json(&new.bounds)?;
                    let values = args![&new.name, &new.title, &bounds, new.standard, new.offered, now_ms()];
                    conn.exec(SQL, values).await.map_err(|e| match e.is_unique() {
                        true => Error::Taken { what: "the plan", value: new.name.clone() },
                        false => e,
                    })?;
                    let detail = serde_json::json!({ "title": new.title, "bounds": new.bounds, "standard": new.standard,
                        "offered": new.offered });
                    host_audit::note(conn, operator.actor(), "plans.make", &new.name, &detail).await?;
                    one(conn, &new.name).await
                })
            },
            |db, _, _| db.forget_plans(),
        );
        made.await
    }

    /// Changes what a plan allows, for every store that has it, from now on. What is over it already stays.
    pub async fn change_plan(&self, db: &Db, name: &str, change: PlanChange) -> Result<StorePlan> {
        text("the title of a plan", &change.title, 1, 60)?;
        change.bounds.check()?;
        let changed = db.write_then(
            RowsOf::All,
            (*self, name.to_owned(), change),
            |conn, (operator, name, change)| {
                Box::pin(async move {
                    const SQL: &str = "UPDATE plans SET title = $2, bounds = $3, standard = $4, offered = $5, updated_at = $6 \
                        WHERE name = $1";
                    authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    let before = one(conn, name).await?;
                    alone(conn, change.standard, name).await?;
                    let bounds = to_json(&change.bounds)?;
                    let values = args![name, &change.title, &bounds, change.standard, change.offered, now_ms()];
                    conn.exec(SQL, values).await?;
                    let detail = serde_json::json!({ "before": before.bounds, "after": change.bounds, "title": change.title,
                        "standard": change.standard, "offered": change.offered });
                    host_audit::note(conn, operator.actor(), "plans.change", name, &detail).await?;
                    one(conn, name).await
                })
            },
            |db, _, _| db.forget_plans(),
        );
        changed.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_can_be_told_from_others() {
        assert!(check_name("starter").is_ok() && check_name("plan-2").is_ok());
        for name in ["", "ab", "Starter", "-starter", "starter-", "a b c", "ünder", "a".repeat(41).as_str()] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
