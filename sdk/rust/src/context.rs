//! The run an app's method is called in.

use crate::Result;
use crate::runtime::{self, RunIdentity};

/// The run a method is called in. Made by the SDK, once per run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Context {}

impl Context {
    pub(crate) fn new() -> Context {
        Context {}
    }

    /// The moment this run began (RFC 3339, UTC). It does not move during the run.
    pub fn now(&self) -> String {
        runtime::now()
    }

    /// Which app, version, installation and invocation this is.
    pub fn identity(&self) -> RunIdentity {
        runtime::identity()
    }

    /// Whether the changes of this run will be dropped.
    pub fn is_dry_run(&self) -> bool {
        runtime::is_dry_run()
    }

    /// The app's settings in this store. As [`settings::get`](crate::settings::get).
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) when they do not fit `T`.
    pub fn settings<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        crate::settings::get()
    }
}
