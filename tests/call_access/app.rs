//! The app in the store: what it holds, what it is told to do, and what came of its runs.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use storehand_host::authz::{Cap, Scope};

use super::calls::Call;
use super::records::Made;
use crate::support::guests;
use crate::support::person::{Answer, Person};

/// A run is recorded a moment after it was answered.
const PATIENCE: Duration = Duration::from_secs(20);

/// The app's one required scope.
pub const REQUIRED: &str = "orders:view";

/// `over-reach`, installed.
pub struct App {
    owner: Person,
    id: String,
}

/// What came of a press that was let through.
pub struct Run {
    /// The answer to the press.
    pub ended: Value,
    /// The run's record.
    pub record: Value,
}

impl App {
    /// Uploads and installs it with what it requires, and nothing else.
    pub fn install(owner: Person) -> App {
        owner.upload("apps", guests::build("over-reach")).ok();
        let installed = owner.post("installations", json!({ "app": "examples/over-reach", "scopes": [REQUIRED] })).ok();
        App { id: installed["id"].as_str().expect("an id").to_owned(), owner }
    }

    /// Grants a scope, without any bounds.
    pub fn grant(&self, scope: &str) {
        let terms = json!({ "terms": { "caps": null, "expires_at": null } });
        self.owner.put(&format!("installations/{}/grants/{scope}", self.id), terms).ok();
    }

    /// Grants all that it asks for.
    pub fn grant_all(&self) {
        self.asked().iter().for_each(|scope| self.grant(scope));
    }

    /// Every scope it asks for.
    fn asked(&self) -> Vec<String> {
        let grants = self.owner.get(&format!("installations/{}/grants", self.id)).ok();
        let held = grants["items"].as_array().expect("a list").iter().map(|grant| &grant["scope"]);
        let all = held.chain(grants["not_granted"].as_array().expect("a list"));
        all.map(|scope| scope.as_str().expect("a name").to_owned()).collect()
    }

    /// Bounds every grant as tightly as it can be.
    pub fn tighten(&self) {
        for scope in self.asked() {
            let caps = scope.parse::<Scope>().expect("a scope").caps().iter();
            let least = |cap: &Cap| if cap.is_money() { json!("0.01") } else { json!(1) };
            let caps: Value = caps.map(|cap| (cap.name().to_owned(), least(cap))).collect();
            self.owner.patch(&format!("installations/{}/grants/{scope}", self.id), json!({ "caps": caps })).ok();
        }
    }

    /// Lets every grant end, and waits until it has.
    pub fn let_end(&self) {
        let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(10);
        for scope in self.asked() {
            let terms = json!({ "expires_at": ends.to_string() });
            self.owner.patch(&format!("installations/{}/grants/{scope}", self.id), terms).ok();
        }
        let left = ends.duration_since(jiff::Timestamp::now());
        sleep(left.try_into().unwrap_or_default());
    }

    /// Revokes a scope.
    pub fn revoke(&self, scope: &str) {
        self.owner.delete(&format!("installations/{}/grants/{scope}", self.id)).ok();
    }

    /// Pauses it.
    pub fn pause(&self) {
        self.owner.post(&format!("installations/{}/pause", self.id), json!({})).ok();
    }

    /// Lets it run again.
    pub fn resume(&self) {
        self.owner.post(&format!("installations/{}/resume", self.id), json!({ "events": "skip" })).ok();
    }

    /// Tells it to make one call, that often, on these records.
    pub fn set(&self, call: &Call, times: u32, made: &Made) {
        let settings = json!({ "only": [call.attempt], "times": times, "ids": made.ids });
        self.owner.put(&format!("installations/{}/settings", self.id), settings).ok();
    }

    /// Presses its button.
    pub fn press(&self, who: &Person, made: &Made) -> Answer {
        who.post(&format!("installations/{}/actions/reach", self.id), json!({ "record": made.order }))
    }

    /// The run that a press has started.
    pub fn run(&self, pressed: Answer) -> Run {
        let ended = pressed.ok();
        let path = format!("invocations/{}", ended["invocation"].as_str().expect("a run"));
        let since = Instant::now();
        loop {
            let found = self.owner.get(&path);
            if found.status == 200 {
                return Run { ended, record: found.body };
            }
            assert!(since.elapsed() < PATIENCE, "{path} is not recorded: {:#}", found.body);
            sleep(Duration::from_millis(5));
        }
    }

    /// The newest run of the store.
    pub fn newest_run(&self) -> Value {
        self.owner.get("invocations?limit=1").ok()["items"][0]["id"].clone()
    }
}

impl Run {
    /// What came of the one call: `ok`, `denied`, `failed`, or `-` if it was not reached.
    pub fn cell(&self, call: &Call) -> String {
        if call.scope.is_none() {
            return self.neutral(call).to_owned();
        }
        let [ok, denied, failed] = self.totals(call);
        match (ok, denied, failed) {
            (0, 0, 0) => "-",
            (_, 0, 0) => "ok",
            (0, _, 0) => "denied",
            (0, 0, _) if self.stopped_by_a_cap(call) => "limit",
            (0, 0, _) => "failed",
            _ => panic!("{}: one call has more than one outcome: {:#}", call.name, self.record),
        }
        .to_owned()
    }

    fn stopped_by_a_cap(&self, call: &Call) -> bool {
        let mut calls = self.record["calls"].as_array().expect("calls").iter();
        calls.any(|made| made["call"] == call.name.as_str() && made["outcome"] == "limit")
    }

    /// How often the call was done, denied, and failed.
    pub fn totals(&self, call: &Call) -> [u64; 3] {
        let totals = self.record["totals"].as_array().expect("totals");
        let found = totals.iter().find(|total| total["call"] == call.name.as_str());
        ["ok", "denied", "failed"].map(|kind| found.and_then(|total| total[kind].as_u64()).unwrap_or(0))
    }

    /// What came of the call from its first denial on, among the calls that the record lists one by one. The test
    /// fails if any was done.
    pub fn after_the_first_denial(&self, call: &Call) -> String {
        let moment = |record: &Value| record["at_us"].as_u64().expect("a moment");
        let of_call = |list: &'static str| {
            let records = self.record[list].as_array().expect("a list").iter();
            records.filter(|record| record["call"] == call.name.as_str())
        };
        let first = of_call("denials").map(moment).min().expect("a denial");
        for record in of_call("calls").filter(|record| moment(record) > first) {
            assert_eq!(record["outcome"], "denied", "{}: {record:#}", call.name);
        }
        "denied".to_owned()
    }

    /// Whether nothing came of the run: no change, no change set.
    pub fn is_without_effect(&self) -> bool {
        self.ended["changes"] == 0 && self.ended["change_set"].is_null()
    }

    /// Calls without a scope are counted and not listed; so the app's own log must say what it met.
    fn neutral(&self, call: &Call) -> &'static str {
        let log = self.record["log"].as_array().expect("a log");
        let says = |text: &str| log.iter().any(|line| line["text"].as_str().is_some_and(|line| line.ends_with(text)));
        match call.attempt.as_str() {
            // Writing that line is the call.
            "log.write" if says("0 calls, 0 ok, 0 denied, 0 other") => "ok",
            _ if says("1 calls, 1 ok, 0 denied, 0 other") => "ok",
            _ if says("1 calls, 0 ok, 1 denied, 0 other") => "denied",
            _ if says("1 calls, 0 ok, 0 denied, 1 other") => "failed",
            _ => "-",
        }
    }
}
