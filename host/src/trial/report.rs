//! What a dry run showed, in the order an owner would read it: what it would change, what it saw, what it was denied,
//! what it never used.

use crate::authz::{InstallationId, Scope, ScopeSet};
use crate::db::history::Change;
use crate::db::installations::TermsShown;
use crate::db::{Money, Outcome};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a dry run showed. Nothing of it was committed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunReport {
    /// The app's id.
    pub app: String,
    /// The version that was tried.
    pub version: String,
    /// Its installation, if it is installed; its storage and settings were copied from there.
    #[schema(value_type = Option<String>)]
    pub installation: Option<InstallationId>,
    /// The permissions it was tried with.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// On which terms, of those that have any. Caps count from what is really spent today on, from run to run.
    #[schema(value_type = Object)]
    pub terms: BTreeMap<Scope, TermsShown>,
    /// What made it run: `event`, `schedule`, `action` or `checkout`.
    pub trigger: &'static str,
    /// How many of them there were to try it on.
    pub found: u64,
    /// How many it was tried on.
    pub runs: u64,
    /// Why it was not tried on all of them.
    pub stopped: Option<String>,
    /// How many runs ended how.
    #[schema(value_type = Object)]
    pub outcomes: BTreeMap<&'static str, u64>,
    /// What it would change.
    pub changes: ProposedChanges,
    /// What it would answer at checkout.
    pub carts: Vec<SampleCart>,
    /// What it saw and did, by permission.
    pub used: Vec<UsedScope>,
    /// What it was denied, by permission.
    pub denied: Vec<DeniedScope>,
    /// Where the caps of its grants stopped it, by permission.
    pub capped: Vec<CappedScope>,
    /// Permissions it asks for and made no use of.
    pub unused: Vec<UnusedScope>,
    /// Limits of which a run used more than half.
    pub limits: Vec<NearLimit>,
    /// Processor time.
    pub cpu: DryRunCpu,
    /// Why runs did not end well: each reason once.
    pub failures: Vec<DryRunFailure>,
    /// The first lines the app wrote into its log.
    pub log: Vec<DryRunLine>,
    /// How many lines it wrote in all.
    pub log_lines: u64,
}

/// What the app would change.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ProposedChanges {
    /// How many records and levels.
    pub total: u64,
    /// How many runs would change anything.
    pub runs: u64,
    /// How many of those runs would wait for a person, because a grant they use is held.
    pub held_runs: u64,
    /// How many of each kind.
    pub kinds: Vec<ProposedKind>,
    /// The first of them in full.
    pub first: Vec<ProposedChange>,
    /// Keys the app would set in its own storage.
    pub keys_set: u64,
    /// Keys it would delete there.
    pub keys_deleted: u64,
}

/// How many changes of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProposedKind {
    /// The kind of record.
    pub kind: String,
    /// `created`, `changed` or `deleted`.
    pub act: &'static str,
    /// How many.
    pub count: u64,
}

/// One change of one run.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedChange {
    /// The run, counted from 1.
    pub run: u64,
    /// What made it run, for example `orders/created of ord_…`.
    pub cause: String,
    /// The record before and after. An order made here has no number yet.
    #[serde(flatten)]
    pub change: Change,
}

/// A cart made from the store's products, and the app's answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleCart {
    /// What was in it.
    pub lines: Vec<SampleLine>,
    /// The sum of its lines.
    pub total: Option<Money>,
}

/// A line of a sample cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleLine {
    /// What.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub price: Money,
    /// What the app takes off the line.
    pub discount: Option<Money>,
    /// What the buyer would read.
    pub label: Option<String>,
}

/// A permission the app made use of.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedScope {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What it allows, in plain words.
    pub words: &'static str,
    /// In how many runs.
    pub runs: u64,
    /// Events whose payload it was told.
    pub payloads: u64,
    /// Its host calls, and how often each was made.
    pub calls: Vec<UsedCall>,
}

/// A host call the app made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UsedCall {
    /// For example `orders-view.get`.
    pub call: &'static str,
    /// How often it was done.
    pub ok: u64,
    /// How often it was tried and failed.
    pub failed: u64,
    /// How often a cap of the grant stopped it.
    pub limit: u64,
}

/// A permission the app was denied.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeniedScope {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What it would allow.
    pub words: &'static str,
    /// How often.
    pub times: u64,
    /// In how many runs.
    pub runs: u64,
    /// The host calls; none where it was an event's payload that could not be told.
    pub calls: Vec<&'static str>,
    /// Whether granting it to the app would lift it; if not, it is the person who asked who lacks it.
    pub grant: bool,
    /// What would lift it, in words.
    pub remedy: String,
}

/// A permission whose caps stopped the app.
#[derive(Debug, Serialize, ToSchema)]
pub struct CappedScope {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// How often.
    pub times: u64,
    /// In how many runs.
    pub runs: u64,
    /// The host calls.
    pub calls: Vec<&'static str>,
    /// All terms of the grant, in words.
    pub terms: Vec<String>,
}

/// A permission the app asks for and made no use of.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnusedScope {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What it allows.
    pub words: &'static str,
    /// Whether the app says it cannot do without it.
    pub required: bool,
    /// Whether it was tried with it.
    pub granted: bool,
}

/// A limit of which a run used more than half.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearLimit {
    /// Which: `host calls`, `processor time`, `memory` or `log lines`.
    pub limit: &'static str,
    /// In what it is counted.
    pub unit: &'static str,
    /// The most any run used.
    pub most: u64,
    /// What a run may use.
    pub budget: u64,
    /// How many runs used more than half of it.
    pub runs: u64,
}

/// Processor time of the runs, in microseconds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DryRunCpu {
    /// Of all together.
    pub total_us: u64,
    /// Of the middle one.
    pub median_us: u64,
    /// Of the longest.
    pub most_us: u64,
}

/// Why runs did not end well.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunFailure {
    /// How they ended.
    pub outcome: Outcome,
    /// Why; of an app's own error, what the app wrote.
    pub error: String,
    /// How many did.
    pub runs: u64,
}

/// A line of the app's log. The app wrote it: escape it where it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DryRunLine {
    /// The run, counted from 1.
    pub run: u64,
    /// debug, info, warn or error.
    pub level: &'static str,
    /// What the app wrote.
    pub text: String,
}
