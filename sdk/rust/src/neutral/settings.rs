//! The app's own settings in this store, as the owner set them.

use serde::de::DeserializeOwned;

#[cfg(target_arch = "wasm32")]
use crate::bindings::app::storehand::app::settings as host;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::settings as host;
use crate::{Error, Result};

/// The settings, read into the app's own type. They fit the schema of the manifest; `{}` when the owner set nothing,
/// so give every field a default.
///
/// # Errors
/// [`Error::Invalid`] when they do not fit `T`: the schema and the type disagree.
pub fn get<T: DeserializeOwned>() -> Result<T> {
    serde_json::from_str(&host::get())
        .map_err(|error| Error::Invalid(format!("the app's settings do not fit: {error}")))
}
