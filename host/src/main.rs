//! The `storehand` command.

use std::process::ExitCode;

/// Many short compilations grow glibc's arenas without end; this allocator gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    storehand_host::cli::main()
}
