//! What a host remembers of people and apps between two looks at the database, and how every commit is guarded with it.
//!
//! INVARIANT: no commit goes by what is remembered here: each is checked against the rows, under lock.

use super::evidence;
use super::installations::Cache;
use super::people::authority::{self, Authorities};
use super::people::looks::Noticed;
use super::people::uses::Uses;
use super::plans::Plans;
use super::stops;
use super::written::{Who, Written};
use crate::authn::SettingsKey;
use crate::authz::{Actor, InstallationId, Mint};
use crate::db::core::chain::ChainLimits;
use crate::db::core::engine::conn::Conn;
use crate::db::core::engine::open::{Db, Settings};
use crate::db::core::error::{Error, Result};
use crate::db::core::guard::{Ground, Guard};
use crate::db::core::kinds::{Kind, from_json, to_json};
use crate::db::shop::sales::orders::Order;
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// One for each database that is open.
#[derive(Debug)]
pub(in crate::db) struct Memory {
    pub(in crate::db) mint: Arc<Mint>,
    pub(in crate::db) authorities: Authorities,
    pub(in crate::db) installations: Cache,
    pub(in crate::db) written: Written,
    pub(in crate::db) noticed: Noticed,
    pub(in crate::db) plans: Plans,
    pub(in crate::db) uses: Uses,
    pub(in crate::db) checkpoints: evidence::Known,
    pub(in crate::db) chain: ChainLimits,
    /// What seals secret settings of apps, once it is known.
    pub(in crate::db) settings_key: OnceLock<SettingsKey>,
}

impl Db {
    /// Opens the database and brings its tables up to date. With the mint it makes principals of tokens, and of those for
    /// whom a job goes on.
    pub async fn open(settings: &Settings, mint: Arc<Mint>) -> Result<Db> {
        let (authorities, installations, written, noticed, plans, uses) = Default::default();
        let (checkpoints, settings_key) = Default::default();
        let chain = settings.chain;
        let memory = Memory {
            mint,
            authorities,
            installations,
            written,
            noticed,
            plans,
            uses,
            checkpoints,
            chain,
            settings_key,
        };
        Db::open_with(settings, Box::new(memory)).await
    }

    /// What is remembered of people and apps.
    #[expect(clippy::expect_used, reason = "a database is opened with a memory by the one function above")]
    pub(in crate::db) fn memory(&self) -> &Memory {
        let guard: &dyn Any = self.guard();
        guard.downcast_ref().expect("opened with a memory")
    }
}

impl Guard for Memory {
    fn stands<'a>(&'a self, conn: &'a mut Conn, ground: Ground) -> BoxFuture<'a, Result<()>> {
        Box::pin(stands(conn, ground))
    }

    fn mint(&self) -> &Mint {
        &self.mint
    }

    fn has_room(&self, app: InstallationId, bytes: usize) -> Result<()> {
        self.written.check(Who::App(app), bytes)
    }

    fn numbered(&self, kind: Kind, document: &RawValue, number: u64) -> Result<Box<RawValue>> {
        match kind {
            Kind::Order => to_json(&Order { number, ..from_json(document)? }),
            _ => Err(Error::Corrupt(format!("a {} has no number", kind.name()))),
        }
    }
}

async fn stands(conn: &mut Conn, ground: Ground) -> Result<()> {
    if let Some(Actor::Storefront(_)) = ground.actor {
        stops::refuse_store(conn, ground.store).await?;
    }
    // The grants of now are for the code of now.
    match (&ground.code, ground.basis.installation) {
        (Some((id, code)), Some((by, _))) if *id == by => authority::fence_app(conn, ground.basis, code).await?,
        (Some((id, code)), _) => {
            authority::fence(conn, ground.basis).await?;
            authority::fence_code(conn, *id, code).await?;
        }
        (None, _) => authority::fence(conn, ground.basis).await?,
    }
    match ground.unproven {
        // Storage needs no permit, so a run that used none rests on nothing but its app being active still.
        Some(id) if authority::installation_revision(conn, id).await?.is_none() => Err(Error::Stale),
        _ => Ok(()),
    }
}
