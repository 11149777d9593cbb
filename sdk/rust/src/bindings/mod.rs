//! The contract as Rust code, generated from `wit/` and kept fresh by `tests/bindings.rs`.
//!
//! Apps use the façades instead; this is public only because `register_app!` expands in the app's crate.

#[allow(
    missing_docs,
    unreachable_pub,
    unsafe_code,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "generated: the canonical ABI passes raw pointers"
)]
#[rustfmt::skip]
pub mod app;

#[allow(
    missing_docs,
    unreachable_pub,
    unsafe_code,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "generated: the canonical ABI passes raw pointers"
)]
#[rustfmt::skip]
pub mod checkout;
