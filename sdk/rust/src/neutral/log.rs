//! Lines for the app's log in this store. 100 lines of 1 KiB a run; what is over is dropped and counted. Lines are
//! recorded even when the run fails.

use std::fmt::Display;

pub use crate::bindings::app::storehand::app::log::Level;

/// Writes a line that helps while developing.
pub fn debug(message: impl Display) {
    write(Level::Debug, message);
}

/// Writes a line about what the app did.
pub fn info(message: impl Display) {
    write(Level::Info, message);
}

/// Writes a line about something that should not be, but did not stop the app.
pub fn warn(message: impl Display) {
    write(Level::Warn, message);
}

/// Writes a line about something that stopped the app.
pub fn error(message: impl Display) {
    write(Level::Error, message);
}

/// Writes a line.
pub fn write(level: Level, message: impl Display) {
    let message = message.to_string();
    #[cfg(target_arch = "wasm32")]
    crate::bindings::app::storehand::app::log::write(level, &message);
    #[cfg(not(target_arch = "wasm32"))]
    crate::testing::log(level, message);
}
