//! The web admin, as far as it can be seen without a browser: what each page says, to whom, and with which headers.

mod access;
mod activity;
mod apps;
mod french;
pub mod host;
mod hostile;
mod plans;
mod recall;
mod settings;
mod shell;
mod store;
