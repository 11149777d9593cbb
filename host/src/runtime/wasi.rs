//! What a component that imports WASI 0.2 gets: a context that is really empty.
//!
//! No files, sockets, arguments or environment; clocks that stand still at the time of the run; random numbers seeded
//! per run; polling refused; what it prints becomes lines of the app's log.

use super::limits::{LOG_LINE_BYTES, LOG_LINES, RANDOM_BYTES, RESOURCES};
use crate::authz::InvocationId;
use chacha20::ChaCha12Rng;
use chacha20::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use wasmtime::component::ResourceTable;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxView, WasiView};

/// The context of one run.
pub struct Wasi {
    ctx: WasiCtx,
    table: ResourceTable,
    printed: MemoryOutputPipe,
}

struct Frozen(std::time::Duration);

impl HostWallClock for Frozen {
    fn resolution(&self) -> std::time::Duration {
        std::time::Duration::from_millis(1)
    }
    fn now(&self) -> std::time::Duration {
        self.0
    }
}

impl HostMonotonicClock for Frozen {
    fn resolution(&self) -> u64 {
        1
    }
    fn now(&self) -> u64 {
        0
    }
}

impl Wasi {
    /// An empty context for a run that began at `started_at` (milliseconds).
    pub fn new(invocation: InvocationId, started_at: i64) -> Wasi {
        let printed = MemoryOutputPipe::new(LOG_LINES * LOG_LINE_BYTES);
        let began = std::time::Duration::from_millis(started_at.unsigned_abs());
        let mut random = random(invocation);
        let mut builder = WasiCtx::builder();
        builder
            .insecure_random_seed(u128::from(random.next_u64()) << 64 | u128::from(random.next_u64()))
            .insecure_random(ChaCha12Rng::from_rng(&mut random))
            .secure_random(random)
            .stdout(printed.clone())
            .stderr(printed.clone())
            .max_random_size(RANDOM_BYTES.into())
            .wall_clock(Frozen(began))
            .monotonic_clock(Frozen(began))
            .allow_ip_name_lookup(false)
            .allow_tcp(false)
            .allow_udp(false);
        let mut table = ResourceTable::new();
        table.set_max_capacity(RESOURCES);
        Wasi { ctx: builder.build(), table, printed }
    }

    /// What the guest printed.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&self.printed.contents()).into_owned()
    }
}

/// Random numbers that follow from the run's id alone: another run meets others, and what a run did can be told from
/// its record. They are no secret to whoever knows the id, so no key should be made of them.
fn random(invocation: InvocationId) -> ChaCha12Rng {
    ChaCha12Rng::from_seed(Sha256::digest(invocation.to_string()).into())
}

impl WasiView for super::invocation::Invocation {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let wasi = self.wasi();
        WasiCtxView { ctx: &mut wasi.ctx, table: &mut wasi.table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_follow_from_the_run_and_differ_from_run_to_run() {
        let (one, other) = (InvocationId::new(), InvocationId::new());
        assert_eq!(random(one).next_u64(), random(one).next_u64());
        assert_ne!(random(one).next_u64(), random(other).next_u64());
    }
}
