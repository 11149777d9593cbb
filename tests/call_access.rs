//! What an app may call, drawn as a table that people can read: `call-access.txt`.
//!
//! Every function of the contract × every state of a permission. Each cell is a run of its own of `over-reach`, started
//! by its button, that makes just this call on records on which it would succeed; the cell is what the host's own record
//! says of it. Nothing may come of a call that is not done, and what came of it is asked for every time.

mod app;
mod calls;
mod records;

use std::thread;
use std::time::Duration;

use self::app::{App, REQUIRED};
use self::calls::Call;
use self::records::Records;
use crate::support::golden;
use crate::support::host::{Engine, Host};
use crate::support::person::Person;

/// So often a call is made in a run during which its scope is revoked. A run may make 1,000 calls.
const LASTING: u32 = 900;

/// So often such a run is tried until the revocation falls into it.
const TRIES: u32 = 60;

const COLUMNS: [&str; 9] =
    ["granted", "lacking", "revoked", "expired", "capped", "midway", "abroad", "paused", "staff"];

const LEGEND: &str = "\
Every function that an app may import, called in every state of its permission. Drawn by tests/call_access.rs.

  ok      done                                 denied  refused, and without effect
  failed  let through, answered with an error  -       the run did not start, so nothing was called
  limit   stopped by a cap                     ·       there is nothing to revoke, to lack, or to name

  granted  the app holds every scope it asks for
  lacking  the app holds orders:view alone, which it cannot be installed without
  revoked  the app holds every scope but this one, which was revoked before the run
  expired  the app was granted every scope for a time that has passed
  capped   the caps of every grant are as tight as they can be, and the call was made once before: 'limit' is a cap
           that is used up or too small; what is bounded per run has one record left in every run
  midway   revoked while the run made this call up to 900 times over: what came first → what came afterwards
  abroad   the app holds every scope, and names the records of another store of the host
  paused   the app holds every scope and is paused
  staff    the app holds every scope; who presses its button holds apps:run and orders:view alone (for the calls
           of orders:view: apps:run alone)

Nothing is kept of a run that met 'denied', and nothing of a run in which something was revoked midway.
Calls that name no record are 'ok' abroad, and work in the app's own store: nothing ever changes in the other one.
customers-pii.find-by-email names an address and not a record; for one of the other store it finds nobody.
";

#[test]
fn every_call_meets_every_state_of_its_permission_as_reviewed_on_sqlite() {
    golden::compare("call-access.txt", &draw(&Host::start(Engine::Sqlite)));
}

#[test]
fn every_call_meets_every_state_of_its_permission_as_reviewed_on_postgres() {
    golden::compare("call-access.txt", &draw(&Host::start(Engine::Postgres)));
}

/// Everybody and everything that the columns need.
struct Stage {
    app: App,
    owner: Person,
    stranger: Person,
    /// Holds `apps:run` and `orders:view`.
    staff: Person,
    /// Holds `apps:run`.
    presser: Person,
    records: Records,
    abroad: Records,
}

impl Stage {
    fn new(host: &Host) -> Stage {
        let (owner, stranger) = (host.owner(), host.other_store_owner());
        let made = stranger.post("storefront-tokens", serde_json::json!({ "name": "the other shop" })).ok();
        let front = stranger.with_token(made["token"].as_str().expect("a token"));
        Stage {
            records: Records::new(owner.clone(), host.storefront(), "here"),
            abroad: Records::new(stranger.clone(), front, "abroad"),
            app: App::install(owner.clone()),
            staff: host.staff(&["apps:run", REQUIRED]),
            presser: host.staff(&["apps:run"]),
            owner,
            stranger,
        }
    }

    /// Makes records for the call and tells the app to make it that often. It is paused meanwhile, for otherwise it
    /// would also hear of the orders among them.
    fn prepare(&mut self, call: &Call, times: u32) -> records::Made {
        self.app.pause();
        let made = self.records.make(&call.attempt);
        self.app.set(call, times, &made);
        self.app.resume();
        made
    }

    /// One call on records of this store, by somebody who presses the button.
    fn plain(&mut self, call: &Call, who: &Person) -> String {
        let made = self.prepare(call, 1);
        let run = self.app.run(self.app.press(who, &made));
        let cell = run.cell(call);
        assert!(cell == "ok" || run.is_without_effect(), "{}: {cell}, and yet {:#}", call.name, run.ended);
        cell
    }

    fn lacking(&mut self, call: &Call) -> String {
        match call.scope.as_deref() {
            Some(REQUIRED) => "·".to_owned(),
            _ => self.plain(call, &self.owner.clone()),
        }
    }

    fn granted(&mut self, call: &Call) -> String {
        let cell = self.plain(call, &self.owner.clone());
        assert_eq!(cell, "ok", "{} must be done when it is granted, or the other columns say nothing", call.name);
        cell
    }

    fn revoked(&mut self, call: &Call) -> String {
        let Some(scope) = &call.scope else { return "·".to_owned() };
        self.app.revoke(scope);
        let cell = self.plain(call, &self.owner.clone());
        self.app.grant(scope);
        cell
    }

    /// Its grants have ended by now, every one of them.
    fn expired(&mut self, call: &Call) -> String {
        match &call.scope {
            Some(_) => self.plain(call, &self.owner.clone()),
            None => "·".to_owned(),
        }
    }

    /// Made twice, because the first may use up what there is.
    fn capped(&mut self, call: &Call) -> String {
        if call.scope.is_none() {
            return "·".to_owned();
        }
        self.plain(call, &self.owner.clone());
        self.plain(call, &self.owner.clone())
    }

    fn staff(&mut self, call: &Call) -> String {
        let who = if call.scope.as_deref() == Some(REQUIRED) { &self.presser } else { &self.staff };
        self.plain(call, &who.clone())
    }

    /// Revokes while the app calls and calls. When that falls depends on the machine, so it is tried until it falls
    /// into the run, earlier after a run that had ended and later after one that had not begun.
    fn midway(&mut self, call: &Call) -> String {
        let Some(scope) = &call.scope else { return "·".to_owned() };
        let mut delay = Duration::from_millis(4);
        for _ in 0..TRIES {
            let made = self.prepare(call, LASTING);
            let (app, owner) = (&self.app, &self.owner);
            let pressed = thread::scope(|scope_of_threads| {
                let pressed = scope_of_threads.spawn(|| app.press(owner, &made));
                thread::sleep(delay);
                app.revoke(scope);
                pressed.join().expect("the press is answered")
            });
            let run = app.run(pressed);
            app.grant(scope);
            let [ok, denied, failed] = run.totals(call);
            if denied == 0 {
                delay = delay.mul_f64(0.7);
                continue;
            }
            assert!(run.is_without_effect(), "{}: revoked midway, and yet {:#}", call.name, run.ended);
            if ok == 0 {
                assert_eq!(failed, 0, "{}: failed before anything was done: {:#}", call.name, run.record);
                delay = delay.mul_f64(1.4);
                continue;
            }
            return format!("ok→{}", run.after_the_first_denial(call));
        }
        panic!("{}: no revocation fell into one of {TRIES} runs", call.name);
    }

    fn abroad(&mut self, call: &Call) -> String {
        if call.scope.is_none() {
            return "·".to_owned();
        }
        // The button is pressed on an order that is there, and works on the other store's.
        let pressed = self.prepare(call, 1);
        let made = self.abroad.make(&call.attempt);
        self.app.set(call, 1, &made);
        let before = self.stranger.get("journal?limit=1").ok();
        let run = self.app.run(self.app.press(&self.owner, &pressed));
        assert_eq!(self.stranger.get("journal?limit=1").ok(), before, "{} reached another store", call.name);
        let cell = run.cell(call);
        if call.names_a_record {
            assert_eq!(cell, "failed", "{} must not find a record of another store: {:#}", call.name, run.ended);
            assert!(run.is_without_effect(), "{}: {:#}", call.name, run.ended);
        }
        cell
    }

    fn paused(&mut self, call: &Call) -> String {
        let made = self.prepare(call, 1);
        self.app.pause();
        let before = self.app.newest_run();
        let pressed = self.app.press(&self.owner, &made);
        assert!((400..500).contains(&pressed.status), "{}: a paused app was run: {pressed:?}", call.name);
        assert_eq!(self.app.newest_run(), before, "{}: a paused app was run", call.name);
        self.app.resume();
        "-".to_owned()
    }
}

/// The whole table. It is filled column by column, because most states are those of the app and not of a call.
fn draw(host: &Host) -> String {
    let (mut stage, calls) = (Stage::new(host), calls::all());
    let column = |stage: &mut Stage, fill: fn(&mut Stage, &Call) -> String| -> Vec<String> {
        calls.iter().map(|call| fill(stage, call)).collect()
    };
    // Whatever the table says: a drawing taken anew cannot bake a hole in.
    let refused = |cells: Vec<String>, state: &str| {
        for (call, cell) in calls.iter().zip(&cells) {
            let fine = call.scope.is_none() || matches!(cell.as_str(), "denied" | "·");
            assert!(fine, "{} is {cell} in the state `{state}`", call.name);
        }
        cells
    };
    let lacking = refused(column(&mut stage, Stage::lacking), "lacking");
    stage.app.grant_all();
    let granted = column(&mut stage, Stage::granted);
    let revoked = refused(column(&mut stage, Stage::revoked), "revoked");
    stage.app.let_end();
    let expired = refused(column(&mut stage, Stage::expired), "expired");
    stage.app.grant_all();
    stage.app.tighten();
    let capped = column(&mut stage, Stage::capped);
    stage.app.grant_all();
    let abroad = column(&mut stage, Stage::abroad);
    let paused = column(&mut stage, Stage::paused);
    let staff = refused(column(&mut stage, Stage::staff), "staff");
    let midway = column(&mut stage, Stage::midway);

    let mut table = format!("{LEGEND}\n{}\n", row("", &COLUMNS.map(str::to_owned)));
    let mut scope = None;
    for (number, call) in calls.iter().enumerate() {
        if scope.replace(call.scope.clone()) != Some(call.scope.clone()) {
            table += &format!("\n{}\n", call.scope.as_deref().unwrap_or("without a scope"));
        }
        let columns = [&granted, &lacking, &revoked, &expired, &capped, &midway, &abroad, &paused, &staff];
        table += &(row(&call.name, &columns.map(|column| column[number].clone())) + "\n");
    }
    table
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:<11}")).collect();
    format!("  {name:<31}{cells}").trim_end().to_owned()
}
