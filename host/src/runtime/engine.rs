//! The engine: one function makes its settings, for the host and for the compile worker alike.
//!
//! INVARIANT: code compiled by the worker is loaded only by an engine with the same code-generation settings; the
//! fingerprint of both is part of what authenticates an artefact.

use super::limits::{COMPONENT_MEMORIES, COMPONENT_TABLES, CORE_INSTANCES, MEMORY_BYTES};
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

/// How often the epoch moves: the finest grain of a CPU budget.
pub const TICK: Duration = Duration::from_millis(2);
/// The stack a guest may use; one level of a recursive Rust function takes tens of bytes.
pub const STACK_BYTES: usize = 512 * 1024;
/// How much of a guest's memory stays mapped between runs. The SDK keeps what a small run touches below this.
const MEMORY_RESIDENT: usize = 128 * 1024;
/// How much of a fiber's stack stays mapped between runs.
const STACK_RESIDENT: usize = 16 * 1024;

/// Where instances live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// A pool for so many runs at once, reserved when the host starts: takes terabytes of address space and no memory.
    Pool(u32),
    /// Mapped as needed: for the compile worker, whose address space is limited.
    OnDemand,
}

/// The settings. What changes the code that is generated is the same for every [`Room`].
pub fn config(room: Room) -> Config {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_component_model(true)
        .concurrency_support(false)
        // A composed component that passes strings needs several memories.
        .wasm_multi_memory(true)
        .wasm_memory64(false)
        .wasm_tail_call(true)
        .wasm_relaxed_simd(true)
        .relaxed_simd_deterministic(true)
        .wasm_wide_arithmetic(false)
        .epoch_interruption(true)
        .memory_reservation(4 << 30)
        .memory_init_cow(true)
        .max_wasm_stack(STACK_BYTES)
        .async_stack_size(2 * STACK_BYTES)
        .async_stack_zeroing(true)
        // Tables for debuggers and for offsets in backtraces: a third of an artefact, and who reads a trace of an app
        // is told the functions all the same.
        .generate_address_map(false)
        .native_unwind_info(false)
        .wasm_backtrace_max_frames(NonZeroUsize::new(20));
    if let Room::Pool(runs) = room {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(runs)));
    }
    config
}

/// Whatever components take, so many runs find room: each may take as much as a component may have. Of a memory that
/// is not used nothing is there but its address: 64 runs reserve 1 TiB of the 128 TiB a process has, 1,000 runs 16.
fn pool(runs: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(runs)
        .total_core_instances(runs.saturating_mul(CORE_INSTANCES))
        .total_memories(runs.saturating_mul(COMPONENT_MEMORIES))
        .total_tables(runs.saturating_mul(COMPONENT_TABLES))
        .total_stacks(runs)
        .max_memory_size(MEMORY_BYTES)
        .max_memories_per_component(COMPONENT_MEMORIES)
        .max_tables_per_component(COMPONENT_TABLES)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_module(COMPONENT_MEMORIES)
        .max_tables_per_module(COMPONENT_TABLES)
        .table_elements(20_000)
        .linear_memory_keep_resident(MEMORY_RESIDENT)
        .table_keep_resident(8 * 1024)
        .async_stack_keep_resident(STACK_RESIDENT)
        // Swapped-out pages would not be reset.
        .pagemap_scan(Enabled::No);
    pool
}

/// What an artefact must have been compiled with, as a short text.
pub fn fingerprint(engine: &Engine) -> String {
    use std::hash::{Hash, Hasher};
    struct Sink(Sha256);
    impl Hasher for Sink {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut sink = Sink(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sink);
    hex::encode(sink.0.finalize()).chars().take(16).collect()
}

/// Moves the epoch from a thread of its own, so that no busy executor can hold it back. Stops when dropped.
#[derive(Debug)]
pub struct Ticker(Arc<AtomicBool>);

impl Ticker {
    /// Starts it.
    pub fn start(engine: &Engine) -> std::io::Result<Ticker> {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, stopped) = (engine.weak(), Arc::clone(&stop));
        std::thread::Builder::new().name("ticker".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                let Some(engine) = engine.upgrade() else { break };
                engine.increment_epoch();
            }
        })?;
        Ok(Ticker(stop))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ComponentBuilder, MemorySection, MemoryType, Module, ModuleArg, RefType, TableSection, TableType,
    };
    use wasmtime::Store;
    use wasmtime::component::{Component, Linker};

    /// A component that takes as much as one may: every memory, table and core instance.
    fn greedy() -> Vec<u8> {
        let mut module = Module::new();
        let mut tables = TableSection::new();
        for _ in 0..COMPONENT_TABLES / COMPONENT_MEMORIES {
            let (element_type, minimum) = (RefType::FUNCREF, 1);
            tables.table(TableType { element_type, table64: false, minimum, maximum: None, shared: false });
        }
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        module.section(&tables).section(&memories);
        let mut component = ComponentBuilder::default();
        let full = component.core_module(None, &module);
        let empty = component.core_module(None, &Module::new());
        for n in 0..CORE_INSTANCES {
            let module = if n < COMPONENT_MEMORIES { full } else { empty };
            component.core_instantiate(None, module, Vec::<(&str, ModuleArg)>::new());
        }
        component.finish()
    }

    #[tokio::test]
    async fn as_many_runs_as_there_are_slots_find_room_whatever_each_takes() {
        const RUNS: u32 = 8;
        let engine = Engine::new(&config(Room::Pool(RUNS))).expect("an engine");
        let component = Component::new(&engine, greedy()).expect("a component");
        let greedy = Linker::<()>::new(&engine).instantiate_pre(&component).expect("no imports");
        let mut held = Vec::new();
        for run in 0..=RUNS {
            let mut store = Store::new(&engine, ());
            store.set_epoch_deadline(1_000_000);
            match greedy.instantiate_async(&mut store).await {
                Ok(_) => held.push(store),
                Err(e) => assert!(run == RUNS && e.is::<wasmtime::PoolConcurrencyLimitError>(), "run {run}: {e:#}"),
            }
        }
        assert_eq!(held.len(), RUNS as usize);
    }
}
