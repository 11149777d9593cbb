//! Generated from `wit/`: nothing else is in here, and nothing here is written by hand.
#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction, reason = "generated code")]

/// The world of apps that react.
pub mod app {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "app",
        imports: {
            "storehand:app/log.write": trappable,
            "storehand:app/runtime.now": trappable,
            "storehand:app/runtime.random": trappable,
            "storehand:app/runtime.identity": trappable,
            "storehand:app/runtime.is-dry-run": trappable,
            "storehand:app/settings.get": trappable,
            default: async | trappable,
        },
        exports: { default: async },
        additional_derives: [serde::Serialize],
        trappable_error_type: { "storehand:app/types.error" => crate::runtime::invocation::CallError },
    });
}

/// The world of apps that are asked at checkout.
pub mod checkout {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "checkout",
        exports: { default: async },
        with: { "storehand:app/types": super::app::storehand::app::types },
    });
}
