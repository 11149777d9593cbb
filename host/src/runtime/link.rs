//! Which imports a component gets: those its manifest declares, the neutral ones, and nothing else.
//!
//! INVARIANT: the linker of an app knows only the scopes of its manifest, so an import the manifest did not declare
//! has nothing to link to.

use super::bindings::app::storehand::app as wit;
use super::invocation::Invocation;
use crate::authz::scope::{kind, scope_table};
use crate::authz::{Scope, ScopeSet};
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime_wasi::p2::DynPollable;

pub(super) type Own = HasSelf<Invocation>;

/// The linker for an app that declares `scopes`; `wasi` if it imports WASI too.
pub fn linker(engine: &Engine, scopes: ScopeSet, wasi: bool) -> wasmtime::Result<Linker<Invocation>> {
    let mut linker = Linker::new(engine);
    let l = &mut linker;
    wit::types::add_to_linker::<_, Own>(l, |i| i)?;
    wit::log::add_to_linker::<_, Own>(l, |i| i)?;
    wit::runtime::add_to_linker::<_, Own>(l, |i| i)?;
    wit::settings::add_to_linker::<_, Own>(l, |i| i)?;
    wit::storage::add_to_linker::<_, Own>(l, |i| i)?;
    wit::http::add_to_linker::<_, Own>(l, |i| i)?;
    for scope in scopes.iter() {
        scope_into(l, scope)?;
    }
    if wasi {
        wasi_into(l)?;
    }
    Ok(linker)
}

/// The interface of a scope: `host_calls!` says which it is.
pub(super) trait Linked {
    /// Puts its functions into the linker.
    fn link(linker: &mut Linker<Invocation>) -> wasmtime::Result<()>;
}

macro_rules! scope_into {
    ($($group:literal $holder:ident { $($name:ident = $text:literal [$($class:ident),*] $words:literal $([$($cap:ident),*])?;)* })*) => {
        /// One arm for each row of the table.
        fn scope_into(linker: &mut Linker<Invocation>, scope: Scope) -> wasmtime::Result<()> {
            match scope { $($(Scope::$name => scope_into!(@$holder $name linker),)*)* }
        }
    };
    (@Anyone $name:ident $linker:ident) => { <kind::$name as Linked>::link($linker) };
    // Exported by the app, or people's: no interface that an app could import has their name.
    (@$other:ident $name:ident $linker:ident) => { Ok(()) };
}
scope_table!(scope_into);

/// WASI 0.2 over an empty context. Polling is refused: a guest that could wait could hold its place for nothing.
fn wasi_into(l: &mut Linker<Invocation>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(l)?;
    l.allow_shadowing(true);
    let mut poll = l.instance("wasi:io/poll@0.2.12")?;
    poll.func_wrap("poll", |_, (_,): (Vec<Resource<DynPollable>>,)| refuse::<(Vec<u32>,)>())?;
    poll.func_wrap("[method]pollable.block", |_, (_,): (Resource<DynPollable>,)| refuse::<()>())?;
    l.allow_shadowing(false);
    Ok(())
}

fn refuse<T>() -> wasmtime::Result<T> {
    Err(wasmtime::Error::msg("waiting is not available to apps: do the work now, or on a schedule"))
}
