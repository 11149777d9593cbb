//! Whether an app answers what its manifest says makes it run, tried where it is written: no store, no host calls.
//!
//! INVARIANT: only a plain "not handled" counts as no answer. A guest that calls the host, fails or takes its time has
//! begun to answer, and is asked no further.

use super::Trigger;
use super::bindings::app::App;
use super::bindings::app::exports::storehand::app::handler::Outcome;
use super::engine::{Room, TICK, Ticker, config};
use super::limits::MEMORY_BYTES;
use std::time::Duration;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder};

/// How long one answer is waited for; the app is its developer's own.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which of these the app answers with "not handled", by their places. Every call to the host ends a try.
///
/// # Errors
/// The component cannot be compiled or started here.
pub fn unanswered(component: &[u8], triggers: &[Trigger]) -> wasmtime::Result<Vec<usize>> {
    let engine = Engine::new(&config(Room::OnDemand))?;
    let component = Component::new(&engine, component)?;
    let mut linker = Linker::<StoreLimits>::new(&engine);
    linker.define_unknown_imports_as_traps(&component)?;
    let _ticker = Ticker::start(&engine)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut none = Vec::new();
    for (place, trigger) in triggers.iter().enumerate() {
        if runtime.block_on(answers(&engine, &component, &linker, trigger)).is_ok_and(|answered| !answered) {
            none.push(place);
        }
    }
    Ok(none)
}

async fn answers(
    engine: &Engine,
    component: &Component,
    linker: &Linker<StoreLimits>,
    trigger: &Trigger,
) -> wasmtime::Result<bool> {
    let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES).build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store.set_epoch_deadline(PATIENCE.as_millis() as u64 / TICK.as_millis() as u64);
    let app = App::instantiate_async(&mut store, component, linker).await?;
    let outcome = app.storehand_app_handler().call_handle(&mut store, &trigger.made_up()).await?;
    Ok(!matches!(outcome, Ok(Outcome::NotHandled)))
}
