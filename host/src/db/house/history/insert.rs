//! How the record of a run gets into the database: with what the run did, or by itself.

use super::usage::{Call, LogLine, Total, Usage};
use crate::authz::Scope;
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::append::Appended;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::erasures;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::Result;
use crate::db::core::kinds::to_json;
use crate::db::core::shares::Party;
use crate::db::core::topic::Topic;
use crate::metrics::{self, spans};
use serde::Serialize;
use std::time::Duration;

#[derive(Serialize)]
struct Detail<'a> {
    totals: &'a [Total],
    calls: &'a [Call],
    denials: &'a [Call],
    log: &'a [LogLine],
    dropped_lines: u64,
}

impl Along for Usage {
    fn party(&self) -> Option<Party> {
        Some(self.slot.place.party())
    }

    /// The record of a run that changes something, or whose changes wait.
    async fn follow(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        if draft.is_empty() {
            return Ok(());
        }
        (self.changes, self.change_set, self.staged) = (changed.changes, changed.change_set, draft.bytes());
        self.clear_what_was_erased(conn, draft, false).await?;
        self.insert(conn).await
    }

    /// That of one that changes nothing: last, because it may look at the counter.
    async fn close(&mut self, conn: &mut Conn, draft: &Draft, _: Appended) -> Result<()> {
        if !draft.is_empty() {
            return Ok(());
        }
        self.clear_what_was_erased(conn, draft, true).await?;
        self.insert(conn).await
    }
}

impl Usage {
    /// Leaves out what the app wrote and failed with, if it could see personal data and began before the last erasing did.
    /// `alone`: nothing else is committed with it, so nobody else compares the counts.
    async fn clear_what_was_erased(&mut self, conn: &mut Conn, draft: &Draft, alone: bool) -> Result<()> {
        if self.tells_personal() {
            let now = if alone { erasures::count(conn, &draft.store().to_string()).await? } else { draft.erasures() };
            if self.slot.erasures != now {
                self.clear_texts();
            }
        }
        Ok(())
    }

    /// Writes the row of a run whose changes wait for a person.
    pub(in crate::db) async fn insert_held(&mut self, conn: &mut Conn, draft: &Draft) -> Result<()> {
        (self.changes, self.change_set) = (0, None);
        self.clear_what_was_erased(conn, draft, false).await?;
        self.insert(conn).await
    }

    /// Counts the run among the figures of this host, once its record is committed.
    pub(in crate::db) fn count(&self) {
        let sum = |of: fn(&Total) -> u64| self.slot.totals.iter().map(of).sum::<u64>();
        let calls = [("ok", sum(|t| t.ok)), ("denied", sum(|t| t.denied)), ("failed", sum(|t| t.failed))];
        let wall = self.wall.unwrap_or_else(|| self.slot.started.elapsed());
        metrics::run(self.run.trigger, self.outcome.name(), (wall, self.cpu), calls);
        spans::hand_over(|| self.span(wall));
    }

    /// What the run did when, without anything that somebody wrote.
    fn span(&self, took: Duration) -> spans::Run {
        let Usage { slot, run, outcome, .. } = self;
        // Of the first calls and the first denials, each is told once.
        let more = slot.denials.iter().filter(|denial| !slot.calls.iter().any(|call| call.at_us == denial.at_us));
        let call = |call: &Call| spans::Call {
            call: call.call,
            scope: call.scope.map(Scope::name),
            outcome: call.outcome.name(),
            at_us: call.at_us,
            took_us: call.took_us,
        };
        spans::Run {
            id: slot.invocation.as_u128(),
            about: [
                ("storehand.run", slot.invocation.to_string()),
                ("storehand.store", run.store.to_string()),
                ("storehand.installation", run.installation.to_string()),
                ("storehand.app", run.app.to_string()),
                ("storehand.app_version", run.version.to_string()),
                ("storehand.trigger", run.trigger.to_owned()),
            ],
            outcome: outcome.name(),
            is_ok: outcome.is_ok(),
            started_at: slot.started_at,
            took,
            calls: slot.calls.iter().chain(more).map(call).collect(),
        }
    }

    /// Writes the row, inside the transaction that commits the run's effects.
    pub(in crate::db) async fn insert(&mut self, conn: &mut Conn) -> Result<()> {
        const SQL: &str = "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, topic, record, outcome, \
            on_behalf_of, attempt, started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, change_set, error, detail, cause, personal, memory, bytes) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
        self.sample();
        let bytes = (self.bytes() + self.staged) as i64;
        let Usage { slot, run, outcome, cpu, error, changes, change_set, wall, .. } = self;
        let wall = *wall.get_or_insert_with(|| slot.started.elapsed());
        let detail = match slot.totals.is_empty() && slot.log.is_empty() && slot.dropped_lines == 0 {
            true => None,
            false => Some(to_json(&Detail {
                totals: &slot.totals,
                calls: &slot.calls,
                denials: &slot.denials,
                log: &slot.log,
                dropped_lines: slot.dropped_lines,
            })?),
        };
        let personal: Vec<&str> = slot.personal.iter().map(Scope::name).collect();
        let personal = (!personal.is_empty()).then(|| personal.join(" "));
        let sum = |of: fn(&Total) -> u64| slot.totals.iter().map(of).sum::<u64>() as i64;
        let (denied, failed) = (sum(|t| t.denied), sum(|t| t.failed));
        let calls = sum(|t| t.ok) + denied + failed;
        let ids = (run.store.to_string(), slot.invocation.to_string(), run.installation.to_string());
        let (staff, change_set) = (run.on_behalf_of.map(|id| id.to_string()), change_set.map(|id| id.to_string()));
        let row = args![
            &ids.0,
            &ids.1,
            &ids.2,
            &*run.app,
            &*run.version,
            run.trigger,
            run.topic.map(Topic::name),
            &run.record,
            outcome.name(),
            &staff,
            run.attempt,
            slot.started_at,
            wall.as_micros() as i64,
            cpu.as_micros() as i64,
            calls,
            denied,
            failed,
            *changes as i64,
            &change_set,
            &*error,
            detail.as_deref(),
            run.cause,
            &personal,
            slot.memory as i64,
            bytes,
        ];
        conn.exec(SQL, row).await?;
        if slot.begun {
            super::outbound::has_ended(conn, &ids.1).await?;
        }
        Ok(())
    }
}
