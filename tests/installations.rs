//! Apps in a store, over the API: what is accepted, what an install means, and what an owner does with what is there.

mod plan;
mod publish;
mod refused;
mod settings;
mod state;
mod upgrade;
