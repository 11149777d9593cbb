//! The fake host: what is granted, what calls answer, what was called.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::triggers::{Outcome, Trigger};
use crate::checkout::{Cart, Discount, Discounts};
use crate::log::Level;
use crate::{App, Error, Result};

thread_local! {
    static CURRENT: RefCell<Option<Rc<RefCell<State>>>> = const { RefCell::new(None) };
}

type Answer = Box<dyn FnMut(&Value) -> Result<Value>>;

/// A host that lives on this thread until it is dropped. It grants nothing unless told to.
pub struct Host {
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
pub(super) struct State {
    granted: BTreeSet<String>,
    answers: HashMap<String, Answer>,
    /// Seeded records, by resource.
    records: BTreeMap<String, Vec<Value>>,
    calls: Vec<Call>,
    log: Vec<Line>,
    pub(super) settings: Option<Value>,
    pub(super) storage: BTreeMap<String, Vec<u8>>,
    pub(super) dry_run: bool,
    pub(super) pending: BTreeSet<String>,
}

/// A call the app made.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function as the app wrote it: `orders.tag`.
    pub name: String,
    /// The scope it needs; empty for a call that needs none.
    pub scope: String,
    /// Its arguments by name.
    pub arguments: Value,
    /// Whether the scope was missing.
    pub denied: bool,
}

/// A line the app wrote to its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How much it matters.
    pub level: Level,
    /// What it says.
    pub text: String,
}

impl Host {
    /// Makes the host of this thread.
    ///
    /// # Panics
    /// When the thread has one already.
    #[allow(clippy::new_without_default, reason = "a host that installs itself is not a default value")]
    pub fn new() -> Host {
        let state = Rc::new(RefCell::new(State::default()));
        CURRENT.with_borrow_mut(|current| {
            assert!(current.is_none(), "this thread has a fake host already; one test needs one");
            *current = Some(Rc::clone(&state));
        });
        Host { state }
    }

    /// Grants a scope, such as `orders:view`.
    pub fn grant(&self, scope: &str) -> &Host {
        self.state.borrow_mut().granted.insert(scope.to_owned());
        self
    }

    /// Takes a scope away again.
    pub fn revoke(&self, scope: &str) -> &Host {
        self.state.borrow_mut().granted.remove(scope);
        self
    }

    /// Inserts a record of a resource (`orders`, `products`, …). `get`, `search`, `count`, `products.by_sku` and
    /// `inventory.level` find it, unless [`answer`](Host::answer) says otherwise. Filters are not applied: `search`
    /// returns all records of the resource.
    ///
    /// # Panics
    /// When the record cannot be written as JSON.
    pub fn seed(&self, resource: &str, record: &impl Serialize) -> &Host {
        self.state.borrow_mut().records.entry(resource.to_owned()).or_default().push(json(record));
        self
    }

    /// Says what a call (`orders.search`) answers, given its arguments by name.
    pub fn answer<T: Serialize>(&self, call: &str, mut answer: impl FnMut(&Value) -> Result<T> + 'static) -> &Host {
        let answer: Answer = Box::new(move |arguments| Ok(json(&answer(arguments)?)));
        self.state.borrow_mut().answers.insert(call.to_owned(), answer);
        self
    }

    /// Sets the app's settings.
    ///
    /// # Panics
    /// When they cannot be written as JSON.
    pub fn set_settings(&self, settings: &impl Serialize) -> &Host {
        self.state.borrow_mut().settings = Some(json(settings));
        self
    }

    /// Says that a change of this app to a record waits for a person.
    pub fn set_pending(&self, record: &str) -> &Host {
        self.state.borrow_mut().pending.insert(record.to_owned());
        self
    }

    /// Says whether runs are dry runs. They are not, unless told so.
    pub fn set_dry_run(&self, dry_run: bool) -> &Host {
        self.state.borrow_mut().dry_run = dry_run;
        self
    }

    /// Runs an app once. The fake host retains what a failed run stored; the real one drops it.
    ///
    /// # Errors
    /// What the app returned, except [`Error::NotHandled`], which is an outcome.
    pub fn run<A: App>(&self, trigger: Trigger) -> Result<Outcome> {
        crate::app::run::<A>(trigger)
    }

    /// Asks a checkout app for its discounts, with the settings set before.
    ///
    /// # Errors
    /// What the app returned, or that the settings do not fit.
    pub fn discounts<D: Discounts>(&self, cart: Cart) -> Result<Vec<Discount>> {
        crate::checkout::run::<D>(cart, &super::neutral::settings::get())
    }

    /// The calls of one function so far, in order; all calls when `name` is empty.
    pub fn calls(&self, name: &str) -> Vec<Call> {
        let state = self.state.borrow();
        state.calls.iter().filter(|call| name.is_empty() || call.name == name).cloned().collect()
    }

    /// The lines logged so far, in order.
    pub fn log(&self) -> Vec<Line> {
        self.state.borrow().log.clone()
    }

    /// The value the app stored under a key, as text.
    pub fn stored(&self, key: &str) -> Option<String> {
        self.state.borrow().storage.get(key).map(|value| String::from_utf8_lossy(value).into_owned())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}

/// Lends the state of this thread's host.
pub(super) fn with_state<T>(work: impl FnOnce(&mut State) -> T) -> T {
    let state = CURRENT.with_borrow(Clone::clone);
    let Some(state) = state else {
        panic!("no fake host on this thread: begin the test with `let host = storehand::testing::Host::new();`");
    };
    work(&mut state.borrow_mut())
}

pub(crate) fn log(level: Level, text: String) {
    with_state(|state| state.log.push(Line { level, text }));
}

/// Answers a façade's call: denied without the scope; else what the test said, a seeded record, or that it worked.
pub(crate) fn call<T: DeserializeOwned>(scope: &str, name: &str, arguments: Value) -> Result<T> {
    let denied = with_state(|state| {
        let denied = !state.granted.contains(scope);
        let (name, scope) = (name.to_owned(), scope.to_owned());
        state.calls.push(Call { name, scope, arguments: arguments.clone(), denied });
        denied
    });
    if denied {
        let remedy = format!("grant it in the test with `host.grant(\"{scope}\")`");
        return Err(Error::PermissionDenied { scope: scope.to_owned(), remedy });
    }
    answered(name, &arguments)
}

/// Answers a call that needs no scope, and notes it.
pub(super) fn call_without_scope<T: DeserializeOwned>(name: &str, arguments: Value) -> Result<T> {
    with_state(|state| {
        let (name, scope) = (name.to_owned(), String::new());
        state.calls.push(Call { name, scope, arguments: arguments.clone(), denied: false });
    });
    answered(name, &arguments)
}

fn answered<T: DeserializeOwned>(name: &str, arguments: &Value) -> Result<T> {
    // Taken out while it runs, so that an answer may look at the host itself.
    if let Some(mut answer) = with_state(|state| state.answers.remove(name)) {
        let given = answer(arguments);
        with_state(|state| {
            state.answers.entry(name.to_owned()).or_insert(answer);
        });
        return read(name, given?);
    }
    match with_state(|state| state.seeded(name, arguments)) {
        Some(found) => read(name, found?),
        None => made_up(name),
    }
}

impl State {
    /// What the seeded records say; none when the call is not one that reads.
    fn seeded(&self, name: &str, arguments: &Value) -> Option<Result<Value>> {
        let (resource, function) = name.split_once('.')?;
        let records = self.records.get(resource).map(Vec::as_slice).unwrap_or_default();
        let found = match function {
            "search" => return Some(Ok(serde_json::json!({ "items": records, "next": null }))),
            "count" => return Some(Ok(Value::from(records.len()))),
            "get" if resource == "store_settings" => records.first(),
            "get" => records.iter().find(|record| record["id"] == arguments["id"]),
            "by_sku" => records.iter().find(|record| has_sku(record, &arguments["sku"])),
            "level" => records
                .iter()
                .find(|level| level["sku"] == arguments["sku"] && level["location"] == arguments["location"]),
            "contact" => None,
            _ => return None,
        };
        Some(found.cloned().ok_or_else(|| Error::NotFound(format!("{resource} {arguments}"))))
    }
}

fn has_sku(product: &Value, sku: &Value) -> bool {
    product["variants"].as_array().is_some_and(|variants| variants.iter().any(|variant| &variant["sku"] == sku))
}

/// The answer of a call nobody prepared: nothing, an empty list, a made-up id, or zero, whichever fits.
fn made_up<T: DeserializeOwned>(name: &str) -> Result<T> {
    let guesses = [Value::Null, Value::Array(Vec::new()), Value::from("made_up_1"), Value::from(0)];
    let fitting = guesses.into_iter().find_map(|guess| serde_json::from_value(guess).ok());
    Ok(fitting.unwrap_or_else(|| panic!("say what the call answers: `host.answer(\"{name}\", |arguments| Ok(…))`")))
}

fn read<T: DeserializeOwned>(name: &str, answer: Value) -> Result<T> {
    Ok(serde_json::from_value(answer.clone())
        .unwrap_or_else(|error| panic!("the answer given for `{name}` does not fit: {error}: {answer}")))
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| panic!("this cannot be written as JSON: {error}"))
}
