//! Why a call or a whole run did not work out.

use std::fmt;

use crate::bindings::app::storehand::app::types;

/// What app code returns: nothing or an [`Error`], unless said otherwise.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why a call or a run failed. A call that returned an error changed nothing.
///
/// `?` turns the usual errors of a Rust program into [`Error::App`]; for others there is [`Error::other`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The installation does not hold the scope of the call. The run goes on; an app that can do without carries on.
    PermissionDenied {
        /// The scope, for example `orders:refund`.
        scope: String,
        /// How it is granted, in words an owner understands.
        remedy: String,
    },
    /// There is no such record in this store. Says the kind and the id asked for.
    NotFound(String),
    /// An argument is wrong, or the record's state does not allow it. Says what would help.
    Invalid(String),
    /// Somebody else changed the same thing first.
    Conflict(String),
    /// A quota, a cap of the grant, or a rate.
    LimitReached {
        /// Which limit, in words.
        limit: String,
        /// What is left of it, in the limit's own unit.
        left: String,
        /// When it renews (RFC 3339), if it does.
        renews: Option<String>,
    },
    /// The host could not answer for reasons of its own. Returned from an event's method, it is delivered again.
    Unavailable(String),
    /// The app has nothing for this trigger. What every method of [`App`](crate::App) answers unless it is written.
    NotHandled,
    /// An error of the app's own.
    App(String),
}

impl Error {
    /// An error of the app's own, from anything that has a text.
    pub fn other(error: impl fmt::Display) -> Error {
        Error::App(error.to_string())
    }

    /// Whether a missing grant is the reason.
    pub fn is_denied(&self) -> bool {
        matches!(self, Error::PermissionDenied { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::PermissionDenied { scope, remedy } => write!(f, "permission `{scope}` is not granted: {remedy}"),
            Error::NotFound(what) => write!(f, "not found: {what}"),
            Error::Invalid(why) => write!(f, "invalid: {why}"),
            Error::Conflict(why) => write!(f, "conflict: {why}"),
            Error::LimitReached { limit, left, renews: None } => write!(f, "limit reached: {limit}, {left} left"),
            Error::LimitReached { limit, left, renews: Some(at) } => {
                write!(f, "limit reached: {limit}, {left} left until {at}")
            }
            Error::Unavailable(why) => write!(f, "unavailable: {why}"),
            Error::NotHandled => f.write_str("not handled by this app"),
            Error::App(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

impl From<types::Error> for Error {
    fn from(error: types::Error) -> Error {
        match error {
            types::Error::Denied(denial) => Error::PermissionDenied { scope: denial.scope, remedy: denial.remedy },
            types::Error::NotFound(what) => Error::NotFound(what),
            types::Error::Invalid(why) => Error::Invalid(why),
            types::Error::Conflict(why) => Error::Conflict(why),
            types::Error::Limit(limit) => {
                Error::LimitReached { limit: limit.limit, left: limit.left, renews: limit.renews }
            }
            types::Error::Unavailable(why) => Error::Unavailable(why),
        }
    }
}

impl From<String> for Error {
    fn from(text: String) -> Error {
        Error::App(text)
    }
}

impl From<&str> for Error {
    fn from(text: &str) -> Error {
        Error::App(text.to_owned())
    }
}

/// Errors an app meets often become [`Error::App`] with their own text.
macro_rules! app_errors {
    ($($error:ty),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::other(error)
            }
        }
    )*};
}

app_errors!(
    serde_json::Error,
    std::num::ParseIntError,
    std::num::ParseFloatError,
    std::num::TryFromIntError,
    std::str::Utf8Error,
    std::string::FromUtf8Error,
    std::fmt::Error,
    Box<dyn std::error::Error>,
    Box<dyn std::error::Error + Send + Sync>
);
