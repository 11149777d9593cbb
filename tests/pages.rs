//! The web admin, as far as it can be seen without a browser: what each page says, to whom, and with which headers.

mod access;
mod activity;
mod apps;
mod french;
mod host;
mod hostile;
mod settings;
mod shell;
mod store;
