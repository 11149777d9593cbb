//! A staff member presses one of an app's buttons: the run holds what both hold.

use crate::authz::{Permit, Principal, scope::kind::AppsRun};
use crate::db::installations::State;
use crate::db::{self, Db, Once, Party, Purpose};
use crate::runtime::{Finished, Runtime, Steps, Target, Trigger};
use std::sync::Arc;

/// What was pressed.
#[derive(Debug, Clone)]
pub struct Press {
    /// The installation.
    pub installation: crate::authz::InstallationId,
    /// The action's id, as in the manifest.
    pub action: String,
    /// The id of the record it was pressed on.
    pub record: String,
    /// The key it was asked for with: with the same one it is pressed once.
    pub once: Option<Once>,
}

/// Runs an app's action for the person who holds `permit`, and waits for its end.
pub async fn press(
    db: &Db,
    runtime: &Runtime,
    permit: &Permit<AppsRun>,
    who: &Principal,
    press: Press,
) -> db::Result<Finished> {
    let row = db.installation(press.installation).await?;
    let gone = row.state == State::Uninstalled;
    if gone || row.store != permit.store() || who.store() != permit.store() {
        return Err(db::Error::not_found("installation", press.installation.to_string()));
    }
    let action = row.facts.action(&row.app, &press.action)?;
    let installed = db.installed(press.installation).await?;
    if let Some(reason) = &row.stopped {
        return Err(db::Error::invalid(format!("`{}` is stopped on this host: {reason}", row.app)));
    }
    if !installed.live().get().active {
        return Err(db::Error::invalid(format!("`{}` is paused; resume it first", row.app)));
    }
    permit.must_be_there(db, &action.on, &press.record).await?;
    let trigger = Trigger::Action { id: action.id.clone(), kind: action.on.clone(), record: press.record };
    let target = Arc::new(Target::new(installed, &row));
    let party = Party::new(Purpose::Press, row.store, press.installation);
    let slot = db.reserve(party).await?;
    let (runtime, who) = (runtime.clone(), who.clone());
    let steps = Steps { once: press.once.clone(), ..Steps::default() };
    let guests = runtime.guests().clone();
    // On the guests' own threads, and to its end even if whoever pressed goes away.
    let run = guests.spawn(async move { runtime.invoke(slot, &target, Some(&who), &trigger, steps).await });
    let finished = run.await.map_err(|_| db::Error::Closed)??;
    match press.once {
        // The same request, sent at the same time, was carried out.
        Some(once) if !finished.outcome.is_ok() && db.answered(&once).await?.is_some() => {
            Err(db::Error::Repeated(once.key().to_owned()))
        }
        _ => Ok(finished),
    }
}
