//! What the benches need of the inside of this room, and nothing else: one guest, linked three ways on one engine.
//!
//! Not for embedding: no promise is made about anything in here. What is measured beside plain wasmtime has to share
//! its engine, its guest and the style of its imports, and those are nobody's business but this room's.

use super::bindings::app::AppPre;
use super::bindings::app::storehand::app::{orders_view as wit, types};
use super::invocation::{CallError, Invocation, Target};
use super::invoke::Acted;
use super::link::linker;
use super::load::{Loaded, NotLoaded};
use super::{Runtime, Trigger};
use crate::authz::{Permit, ScopeSet, scope::kind::OrdersView};
use crate::db::{self, Slot, Usage};
use std::sync::Arc;
use wasmtime::component::{Component, HasData, HasSelf, Linker};
use wasmtime::{Engine, Store};

/// What `orders-view.count` answers where nothing is counted.
const CONSTANT: u64 = 7;

/// One guest, compiled once and linked three ways. Its calls beyond `orders-view.count` trap in the first two.
pub struct Guest {
    runtime: Runtime,
    bare: AppPre<Bare>,
    recorded: Result<Arc<Loaded>, NotLoaded>,
    whole: Result<Arc<Loaded>, NotLoaded>,
}

/// A run up to its commit.
pub struct Measured {
    /// Its record.
    pub usage: Usage,
    /// How many changes it staged.
    pub changes: usize,
}

/// The data of a plain `wasmtime::Store`: nothing.
struct Bare;

/// A run whose `orders-view.count` goes through the one door, and is answered without a database.
struct Constant<'a>(&'a mut Invocation);

/// Names [`Constant`] to the linker.
struct ConstantOf;

impl HasData for ConstantOf {
    type Data<'a> = Constant<'a>;
}

impl Guest {
    /// Compiles a component of the world `app` for the runtime's own engine. `scopes` are those its manifest asks for.
    pub fn new(runtime: &Runtime, component: &[u8], scopes: ScopeSet) -> wasmtime::Result<Guest> {
        let engine = &runtime.0.loader.engine;
        let component = Component::new(engine, component)?;
        let mut bare = Linker::new(engine);
        wit::add_to_linker::<Bare, HasSelf<Bare>>(&mut bare, |bare| bare)?;
        let mut recorded = Linker::new(engine);
        wit::add_to_linker::<Invocation, ConstantOf>(&mut recorded, |run| Constant(run))?;
        Ok(Guest {
            runtime: runtime.clone(),
            bare: AppPre::new(trapping(bare, &component)?.instantiate_pre(&component)?)?,
            recorded: loaded(trapping(recorded, &component)?, &component)?,
            whole: loaded(linker(engine, scopes, false)?, &component)?,
        })
    }

    /// A fresh instance on plain wasmtime: no limits, no record, every answer a constant. Whether it did what it was
    /// asked.
    pub async fn bare(&self, trigger: &Trigger) -> wasmtime::Result<bool> {
        let engine: &Engine = &self.runtime.0.loader.engine;
        let mut store = Store::new(engine, Bare);
        // Never reached: the engine's code asks for a deadline, and plain wasmtime has no use for one.
        store.set_epoch_deadline(u64::MAX / 2);
        let app = self.bare.instantiate_async(&mut store).await?;
        Ok(app.storehand_app_handler().call_handle(&mut store, &trigger.made_up()).await?.is_ok())
    }

    /// A run as [`Runtime::invoke`] makes it, up to its commit; what its calls do is a constant.
    pub async fn recorded(&self, slot: Slot, target: &Arc<Target>, trigger: &Trigger) -> db::Result<Measured> {
        self.act(slot, target, trigger, &self.recorded).await
    }

    /// The same with real calls.
    pub async fn whole(&self, slot: Slot, target: &Arc<Target>, trigger: &Trigger) -> db::Result<Measured> {
        self.act(slot, target, trigger, &self.whole).await
    }

    async fn act(
        &self,
        slot: Slot,
        target: &Arc<Target>,
        trigger: &Trigger,
        loaded: &Result<Arc<Loaded>, NotLoaded>,
    ) -> db::Result<Measured> {
        let run = trigger.run(target, None);
        let Acted { draft, usage, .. } = self.runtime.act(slot, run, target, None, trigger, loaded).await?;
        Ok(Measured { usage, changes: draft.changes() })
    }
}

fn trapping<T: 'static>(mut linker: Linker<T>, component: &Component) -> wasmtime::Result<Linker<T>> {
    linker.define_unknown_imports_as_traps(component)?;
    Ok(linker)
}

fn loaded(linker: Linker<Invocation>, component: &Component) -> wasmtime::Result<Result<Arc<Loaded>, NotLoaded>> {
    Ok(Ok(Arc::new(Loaded::App(AppPre::new(linker.instantiate_pre(component)?)?, false))))
}

fn not_measured<T>() -> Result<T, CallError> {
    Err(db::Error::invalid("only `count` is measured").into())
}

impl types::Host for Bare {
    fn convert_error(&mut self, error: CallError) -> wasmtime::Result<types::Error> {
        Err(error.into())
    }
}

impl wit::Host for Bare {
    async fn get(&mut self, _: String) -> Result<wit::Order, CallError> {
        not_measured()
    }

    async fn search(&mut self, _: wit::OrderFilter, _: types::Page) -> Result<wit::OrderPage, CallError> {
        not_measured()
    }

    async fn count(&mut self, _: wit::OrderFilter) -> Result<u64, CallError> {
        Ok(CONSTANT)
    }
}

impl types::Host for Constant<'_> {
    fn convert_error(&mut self, error: CallError) -> wasmtime::Result<types::Error> {
        self.0.convert_error(error)
    }
}

impl wit::Host for Constant<'_> {
    async fn get(&mut self, _: String) -> Result<wit::Order, CallError> {
        not_measured()
    }

    async fn search(&mut self, _: wit::OrderFilter, _: types::Page) -> Result<wit::OrderPage, CallError> {
        not_measured()
    }

    async fn count(&mut self, _: wit::OrderFilter) -> Result<u64, CallError> {
        let answer = async |_: Permit<OrdersView>, _: &mut db::Draft| Ok(CONSTANT);
        let asked = self.0.asked();
        self.0.host_call("orders-view.count", asked, answer).await
    }
}
