//! Adds up dry runs into a report. What it retains of them is bounded, however much an app does.

use super::report::{
    CappedScope, DeniedScope, DryRunCpu, DryRunFailure, DryRunLine, DryRunReport, NearLimit, ProposedChange,
    ProposedChanges, ProposedKind, SampleCart, SampleLine, UnusedScope, UsedCall, UsedScope,
};
use super::turns::Turn;
use crate::authz::{Denied, Scope, ScopeSet, Why};
use crate::db::history::Personal;
use crate::db::installations::DryRun;
use crate::db::{self, Carried, Money, Outcome, Preview, Total, Usage};
use crate::runtime::checkout::{Cart, LineDiscount};
use crate::runtime::component::contract::scope_of;
use crate::runtime::{Spent, Tried};
use crate::text::words::Words;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// So many changes are shown in full, as long as they hold no more than [`FULL_BYTES`] together.
const FULL: usize = 100;
/// Bytes of all images of changes that are shown.
const FULL_BYTES: usize = 4 << 20;
/// So many lines of the app's log are shown.
const LINES: usize = 50;
/// So many different failures, and so many sample carts, are shown.
const FEW: usize = 20;

/// What was seen so far.
pub(super) struct Tally {
    runs: u64,
    outcomes: BTreeMap<&'static str, u64>,
    changes: ProposedChanges,
    kinds: BTreeMap<(String, &'static str), u64>,
    full_bytes: usize,
    carts: Vec<SampleCart>,
    used: BTreeMap<Scope, Used>,
    denied: BTreeMap<Scope, Stops>,
    capped: BTreeMap<Scope, Stops>,
    limits: [NearLimit; 4],
    cpu: Vec<u64>,
    failures: Vec<DryRunFailure>,
    log: Vec<DryRunLine>,
    log_lines: u64,
    scopes: HashMap<&'static str, Option<Scope>>,
}

#[derive(Default)]
struct Used {
    runs: u64,
    payloads: u64,
    calls: BTreeMap<&'static str, [u64; 3]>,
}

/// Calls that did not come through.
#[derive(Default)]
struct Stops {
    times: u64,
    runs: u64,
    calls: Vec<&'static str>,
}

impl Stops {
    fn add(&mut self, call: &'static str, times: u64) {
        self.times += times;
        if !self.calls.contains(&call) {
            self.calls.push(call);
        }
    }
}

impl Tally {
    pub(super) fn new() -> Tally {
        let limit = |limit, unit| NearLimit { limit, unit, most: 0, budget: 0, runs: 0 };
        Tally {
            runs: 0,
            outcomes: BTreeMap::new(),
            changes: ProposedChanges::default(),
            kinds: BTreeMap::new(),
            full_bytes: 0,
            carts: Vec::new(),
            used: BTreeMap::new(),
            denied: BTreeMap::new(),
            capped: BTreeMap::new(),
            limits: [
                limit("host calls", "calls"),
                limit("processor time", "us"),
                limit("memory", "bytes"),
                limit("log lines", "lines"),
            ],
            cpu: Vec::new(),
            failures: Vec::new(),
            log: Vec::new(),
            log_lines: 0,
            scopes: HashMap::new(),
        }
    }

    /// Adds one run, and ends its draft. What is `carried` goes on to the next.
    pub(super) async fn take(
        &mut self,
        turn: &Turn,
        tried: Tried,
        personal: &Personal,
        carried: &mut Arc<Carried>,
    ) -> db::Result<()> {
        let Tried { draft, usage, discounts, spent } = tried;
        self.runs += 1;
        self.touched(turn, &usage);
        self.spent(spent, &usage);
        let (mut outcome, mut error) = (usage.outcome(), usage.error().map(str::to_owned));
        if outcome.is_ok() {
            self.changes.held_runs += u64::from(!draft.held_scopes().is_empty());
            match draft.preview(personal, carried).await {
                Ok(preview) => self.preview(turn, preview),
                // A commit would have refused it, too.
                Err(e @ db::Error::Limit { .. }) => (outcome, error) = (Outcome::Limit, Some(e.to_string())),
                Err(e) => return Err(e),
            }
        } else {
            draft.discard(carried);
        }
        *self.outcomes.entry(outcome.name()).or_default() += 1;
        if !outcome.is_ok() {
            self.failed(outcome, error.unwrap_or_default());
        }
        if let Turn::Cart(cart) = turn
            && self.carts.len() < FEW
        {
            self.carts.push(sample(cart, &discounts));
        }
        Ok(())
    }

    fn scope_of(&mut self, call: &'static str) -> Option<Scope> {
        let interface = || call.split_once('.').and_then(|(interface, _)| scope_of(interface));
        *self.scopes.entry(call).or_insert_with(interface)
    }

    /// Which scopes the run made use of, and which it was denied.
    fn touched(&mut self, turn: &Turn, usage: &Usage) {
        let (mut used, mut denied, mut capped) = (ScopeSet::EMPTY, ScopeSet::EMPTY, ScopeSet::EMPTY);
        for Total { call, ok, denied: refused, failed, limit } in usage.totals().iter().copied() {
            let Some(scope) = self.scope_of(call) else { continue };
            if ok + failed > 0 {
                used = used.with(scope);
                let counts = self.used.entry(scope).or_default().calls.entry(call).or_default();
                let [done, broke, stopped] = *counts;
                *counts = [done + ok, broke + failed - limit, stopped + limit];
            }
            if refused > 0 {
                denied = denied.with(scope);
                self.denied.entry(scope).or_default().add(call, refused);
            }
            if limit > 0 {
                capped = capped.with(scope);
                self.capped.entry(scope).or_default().add(call, limit);
            }
        }
        // What the run needed before it could begin: the scope of its event's payload, or of the checkout.
        let told = match turn {
            Turn::Trigger(trigger) => trigger.scope(),
            Turn::Cart(_) => Some(Scope::CheckoutDiscount),
        };
        match told {
            Some(scope) if usage.outcome() == Outcome::Denied => {
                denied = denied.with(scope);
                self.denied.entry(scope).or_default().times += 1;
            }
            Some(scope) => {
                used = used.with(scope);
                self.used.entry(scope).or_default().payloads += 1;
            }
            None => {}
        }
        used.iter().for_each(|scope| self.used.entry(scope).or_default().runs += 1);
        denied.iter().for_each(|scope| self.denied.entry(scope).or_default().runs += 1);
        capped.iter().for_each(|scope| self.capped.entry(scope).or_default().runs += 1);
    }

    fn spent(&mut self, spent: Spent, usage: &Usage) {
        let (lines, dropped) = usage.log();
        let wrote = lines.len() as u64 + dropped;
        let run = self.runs;
        self.log_lines += wrote;
        let room = LINES - self.log.len();
        self.log.extend(lines.iter().take(room).map(|l| DryRunLine { run, level: l.level, text: l.text.clone() }));
        let cpu = spent.cpu.as_micros() as u64;
        self.cpu.push(cpu);
        let used = [
            (u64::from(spent.calls), u64::from(spent.budget.calls)),
            (cpu, spent.budget.cpu.as_micros() as u64),
            (spent.memory as u64, Spent::MEMORY as u64),
            (wrote, Spent::LOG as u64),
        ];
        for (limit, (most, budget)) in self.limits.iter_mut().zip(used) {
            limit.most = limit.most.max(most);
            limit.budget = budget;
            limit.runs += u64::from(most * 2 > budget);
        }
    }

    fn preview(&mut self, turn: &Turn, preview: Preview) {
        let Preview { changes, keys_set, keys_deleted } = preview;
        self.changes.keys_set += keys_set;
        self.changes.keys_deleted += keys_deleted;
        self.changes.runs += u64::from(!changes.is_empty());
        self.changes.total += changes.len() as u64;
        for change in changes {
            *self.kinds.entry((change.kind.clone(), change.act)).or_default() += 1;
            let image =
                |json: &Option<Box<serde_json::value::RawValue>>| json.as_ref().map_or(0, |json| json.get().len());
            let bytes = self.full_bytes + image(&change.before) + image(&change.after);
            if self.changes.first.len() < FULL && bytes <= FULL_BYTES {
                self.full_bytes = bytes;
                self.changes.first.push(ProposedChange { run: self.runs, cause: turn.words(), change });
            }
        }
    }

    fn failed(&mut self, outcome: Outcome, error: String) {
        if let Some(known) = self.failures.iter_mut().find(|known| known.outcome == outcome && known.error == error) {
            known.runs += 1;
        } else if self.failures.len() < FEW {
            self.failures.push(DryRunFailure { outcome, error, runs: 1 });
        }
    }

    /// The report on `found` things to run for. `held` is what the asker holds.
    pub(super) fn report(mut self, dry: &DryRun, on: &'static str, found: u64, held: ScopeSet) -> DryRunReport {
        let tried: ScopeSet = self.used.keys().chain(self.denied.keys()).copied().collect();
        let unused = dry.facts.asked().minus(tried).iter().map(|scope| UnusedScope {
            scope,
            words: scope.words(),
            required: dry.facts.required().contains(scope),
            granted: dry.scopes.contains(scope),
        });
        let kinds = self.kinds.into_iter();
        let terms = dry.terms();
        let capped = self.capped.into_iter().map(|(scope, Stops { times, runs, calls })| {
            let terms = terms.get(&scope).map(|terms| terms.words.clone()).unwrap_or_default();
            CappedScope { scope, times, runs, calls, terms }
        });
        let capped = capped.collect();
        self.changes.kinds = kinds.map(|((kind, act), count)| ProposedKind { kind, act, count }).collect();
        DryRunReport {
            app: dry.app.to_string(),
            version: dry.version.to_string(),
            installation: dry.installation,
            scopes: dry.scopes,
            terms,
            trigger: on,
            found,
            runs: self.runs,
            stopped: None,
            outcomes: self.outcomes,
            changes: self.changes,
            carts: self.carts,
            used: self.used.into_iter().map(|(scope, used)| used.report(scope)).collect(),
            denied: self.denied.into_iter().map(|(scope, denials)| denials.report(scope, dry, held)).collect(),
            capped,
            unused: unused.collect(),
            limits: self.limits.into_iter().filter(|limit| limit.runs > 0).collect(),
            cpu: cpu(self.cpu),
            failures: self.failures,
            log: self.log,
            log_lines: self.log_lines,
        }
    }
}

impl Used {
    fn report(self, scope: Scope) -> UsedScope {
        let calls =
            self.calls.into_iter().map(|(call, [ok, failed, limit])| UsedCall { call, ok, failed, limit }).collect();
        UsedScope { scope, words: scope.words(), runs: self.runs, payloads: self.payloads, calls }
    }
}

impl Stops {
    fn report(self, scope: Scope, dry: &DryRun, held: ScopeSet) -> DeniedScope {
        let ended = dry.installed.live().get().terms.get(scope).lapsed();
        let why = match ended {
            _ if !dry.scopes.contains(scope) => Why::NotGranted,
            Some(why) => why,
            None => Why::StaffLacks,
        };
        let grant = why != Why::StaffLacks;
        let mut remedy = crate::text::denied::remedy(Words::ENGLISH, &Denied { scope, why }, Some(&dry.app));
        if grant && !held.contains(scope) {
            remedy += "; you do not hold it yourself, so somebody else has to";
        }
        let Stops { times, runs, calls } = self;
        DeniedScope { scope, words: scope.words(), times, runs, calls, grant, remedy }
    }
}

fn cpu(mut runs: Vec<u64>) -> DryRunCpu {
    runs.sort_unstable();
    let at = |place: usize| runs.get(place).copied().unwrap_or_default();
    DryRunCpu { total_us: runs.iter().sum(), median_us: at(runs.len() / 2), most_us: at(runs.len().saturating_sub(1)) }
}

fn sample(cart: &Cart, discounts: &[LineDiscount]) -> SampleCart {
    let line = |line: &crate::runtime::checkout::CartLine| {
        let given = discounts.iter().filter(|given| given.line == line.id).max_by_key(|given| given.amount.minor);
        SampleLine {
            sku: line.sku.clone(),
            quantity: line.quantity,
            price: line.price,
            discount: given.map(|given| given.amount),
            label: given.map(|given| given.label.clone()),
        }
    };
    let sums = cart.lines.iter().map(|line| line.price.times(line.quantity));
    let total = sums.into_iter().try_fold(Money::zero(cart.currency), |sum, line| sum.plus(line?)).ok();
    SampleCart { lines: cart.lines.iter().map(line).collect(), total }
}
