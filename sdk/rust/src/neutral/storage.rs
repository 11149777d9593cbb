//! The app's own keys in this store. Writes are part of the run: dropped when it fails. A value holds 64 KiB, a key
//! 256 bytes; an installation holds 10,000 keys and 16 MiB.

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(target_arch = "wasm32")]
use crate::bindings::app::storehand::app::storage as host;
pub use crate::bindings::app::storehand::app::storage::KeyPage;
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::storage as host;
use crate::{Error, Page, Result, parts};

/// The value of a key, if there is one.
pub fn get(key: &str) -> Result<Option<Vec<u8>>> {
    Ok(host::get(key)?)
}

/// Writes a value: text or bytes.
pub fn set(key: &str, value: impl AsRef<[u8]>) -> Result {
    Ok(host::set(key, value.as_ref())?)
}

/// Removes a key. Removing one that is not there changes nothing.
pub fn delete(key: &str) -> Result {
    Ok(host::delete(key)?)
}

/// A page of the keys that begin with `prefix`, in order.
pub fn keys(prefix: &str, page: &Page) -> Result<KeyPage> {
    Ok(host::keys(prefix, page)?)
}

/// All keys that begin with `prefix`, in order, fetched as they are asked for with [`keys`].
pub fn all_keys(prefix: &str) -> impl Iterator<Item = Result<String>> {
    let prefix = prefix.to_owned();
    parts::walk(move |page| keys(&prefix, page).map(|found| (found.items, found.next)))
}

/// The value of a key, read from JSON.
///
/// # Errors
/// [`Error::Invalid`] when what stands there is not such JSON.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    let read = |value: Vec<u8>| {
        serde_json::from_slice(&value)
            .map_err(|error| Error::Invalid(format!("the value of `{key}` is not what was expected: {error}")))
    };
    get(key)?.map(read).transpose()
}

/// Writes a value as JSON.
pub fn set_json<T: Serialize>(key: &str, value: &T) -> Result {
    set(key, serde_json::to_vec(value)?)
}
