//! Components that pass every estimate and still take the compiler longer than it may take: small files whose functions are
//! dense with what register allocation finds hard.

use std::sync::Arc;

use storehand_host::runtime::component::{embed, encode};

use crate::component::guest;

/// Three apps of a publisher's name, each another kind of bomb. Measured without limits: 13, 17 and 57 seconds of processor
/// time, for files that may take six to nine.
pub fn bombs(publisher: &str) -> [Arc<[u8]>; 3] {
    [("live", live_values()), ("loops", loops()), ("nests", nests())].map(|(name, body)| {
        let manifest = guest::manifest(&["orders:view"]).replace("acme/notes", &format!("{publisher}/{name}"));
        app(&manifest, &body)
    })
}

/// An app with one more function.
pub fn app(manifest: &str, body: &[u8]) -> Arc<[u8]> {
    let core = guest::core_module_with(&[], "export storehand:app/handler@0.1.0;", &[], &[body.to_vec()]);
    embed(&encode(&core).expect("a component"), manifest, None).into()
}

/// Five thousand values that live across thousands of branches and calls of the host.
fn live_values() -> Vec<u8> {
    let (grow, loaded) = ([0x41, 0, 0x40, 0, 0x1a], [0x41, 0, 0x28, 2, 0]);
    let branch = [&loaded[..], &[0x04, 0x40], &grow, &[0x0b]].concat();
    let locals = 5_000;
    let load = (0..locals).flat_map(|n| [&[0x41][..], &signed(n * 4), &[0x28, 2, 0, 0x21], &unsigned(n)].concat());
    let store = (0..locals).flat_map(|n| [&[0x41][..], &signed(n * 4), &[0x20], &unsigned(n), &[0x36, 2, 0]].concat());
    let body: Vec<u8> = load.chain(branch.repeat(4_500)).chain(store).collect();
    function(locals, body)
}

/// Thousands of loops, each of which changes another of thousands of values.
fn loops() -> Vec<u8> {
    let locals = 5_000;
    let turn = |n: u32| {
        let (from, to) = (unsigned(n % locals), unsigned(n * 7 % locals));
        [&[0x03, 0x40, 0x20][..], &from, &[0x41, 1, 0x6a, 0x21], &to, &[0x20], &from, &[0x0d, 0, 0x0b]].concat()
    };
    function(locals, (0..4_900).flat_map(turn).collect())
}

/// Five hundred loops in each other around two hundred values that move on, a hundred times.
fn nests() -> Vec<u8> {
    let locals = 200;
    let moved = |n: u32| [&[0x20][..], &unsigned(n), &[0x41, 1, 0x6a, 0x21], &unsigned((n + 1) % locals)].concat();
    let moved: Vec<u8> = (0..locals).flat_map(moved).collect();
    let ends = [0x41, 0, 0x28, 2, 0, 0x0d, 0, 0x0b].repeat(500);
    function(locals, [[0x03, 0x40].repeat(500), moved, ends].concat().repeat(100))
}

/// The body of a function with so many integers as local variables.
fn function(locals: u32, body: Vec<u8>) -> Vec<u8> {
    [&[1][..], &unsigned(locals), &[0x7f], &body, &[0x0b]].concat()
}

fn unsigned(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A number that is not negative, where it could be.
fn signed(number: u32) -> Vec<u8> {
    let mut bytes = unsigned(number);
    if let Some(last) = bytes.last_mut().filter(|last| **last & 0x40 != 0) {
        *last |= 0x80;
        bytes.push(0);
    }
    bytes
}
