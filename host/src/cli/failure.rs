//! How a verb fails: what is said, and the exit code scripts can tell apart.

use std::process::ExitCode;

use crate::runtime::refused::{Problem, Refused};

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 1: tried and broke.
    Failed = 1,
    /// 2: called in a way that makes no sense.
    Usage = 2,
    /// 3: not signed in, or not permitted.
    NotPermitted = 3,
    /// 4: there is no such thing.
    NotFound = 4,
    /// 5: refused by a rule: of a manifest, a component, a policy.
    Refused = 5,
    /// 6: a host, or another verb, is at work on the same data.
    InUse = 6,
}

impl Exit {
    /// In two or three words, the title of a problem document.
    pub const fn title(self) -> &'static str {
        match self {
            Exit::Failed => "failed",
            Exit::Usage => "wrong usage",
            Exit::NotPermitted => "not permitted",
            Exit::NotFound => "not found",
            Exit::Refused => "refused",
            Exit::InUse => "in use",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a verb did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An app was refused, for reasons that point into its `app.toml`.
    #[error("{refused}")]
    Refused {
        /// The reasons.
        refused: Refused,
        /// What was read: the path of an `app.toml`, or of a component.
        file: String,
    },
    /// Anything else.
    #[error("{what}")]
    Told {
        /// How the process ends.
        exit: Exit,
        /// What happened: lower case, no full stop, user input in backticks.
        what: String,
        /// What to do about it.
        help: Option<String>,
    },
}

impl Failure {
    fn told(exit: Exit, what: impl Into<String>) -> Failure {
        Failure::Told { exit, what: what.into(), help: None }
    }

    /// Tried and broke: exit code 1.
    pub fn failed(what: impl Into<String>) -> Failure {
        Failure::told(Exit::Failed, what)
    }

    /// Called in a way that makes no sense: exit code 2.
    pub fn usage(what: impl Into<String>) -> Failure {
        Failure::told(Exit::Usage, what)
    }

    /// Not signed in, or not permitted: exit code 3.
    pub fn not_permitted(what: impl Into<String>) -> Failure {
        Failure::told(Exit::NotPermitted, what)
    }

    /// There is no such thing: exit code 4.
    pub fn not_found(what: impl Into<String>) -> Failure {
        Failure::told(Exit::NotFound, what)
    }

    /// Understood, and refused by a rule of the host: exit code 5.
    pub fn not_accepted(what: impl Into<String>) -> Failure {
        Failure::told(Exit::Refused, what)
    }

    /// A host, or another verb, is at work on the same data: exit code 6.
    pub fn in_use(what: impl Into<String>) -> Failure {
        Failure::told(Exit::InUse, what)
    }

    /// Refused by a rule: exit code 5.
    pub fn refused(refused: impl Into<Refused>, file: impl Into<String>) -> Failure {
        Failure::Refused { refused: refused.into(), file: file.into() }
    }

    /// The same with what to do about it. What is refused says so by itself.
    #[must_use]
    pub fn help(mut self, advice: impl Into<String>) -> Failure {
        if let Failure::Told { help, .. } = &mut self {
            *help = Some(advice.into());
        }
        self
    }

    /// How the process ends.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Refused { .. } => Exit::Refused,
            Failure::Told { exit, .. } => *exit,
        }
    }

    /// The problems in detail, if an app was refused.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Failure::Refused { refused, .. } => &refused.problems,
            Failure::Told { .. } => &[],
        }
    }
}

/// A file that cannot be read: not found, or failed with the reason.
pub fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::not_found(format!("there is no file `{}`", path.display())),
        _ => Failure::failed(format!("cannot read `{}`: {error}", path.display())),
    }
}
