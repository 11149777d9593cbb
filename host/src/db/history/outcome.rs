//! How a run, and a host call in it, ended: the words of the usage log.

use serde::Serialize;

/// How one host call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Done.
    Ok,
    /// The scope was not held.
    Denied,
    /// A cap or quota stopped it.
    Limit,
    /// Tried, and answered with an error value.
    Failed,
    /// Cut off: the run ended while the call was under way.
    Interrupted,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Handled; what it changed is kept.
    Ok,
    /// The app has nothing for this trigger.
    NotHandled,
    /// Did not start: it lacks the scope its payload needs, or the person who asked lacks `apps:run`.
    Denied,
    /// The app answered with an error.
    Failed,
    /// The guest trapped: a panic, an out-of-bounds access, a stack overflow.
    Trapped,
    /// Used up its CPU budget, or its wall time.
    Timeout,
    /// Used up its memory, its host calls, or another limit.
    Limit,
    /// What it changed was changed by others each time it was tried.
    Conflict,
    /// The host failed, not the app.
    HostError,
}

impl Outcome {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::NotHandled => "not_handled",
            Outcome::Denied => "denied",
            Outcome::Failed => "failed",
            Outcome::Trapped => "trapped",
            Outcome::Timeout => "timeout",
            Outcome::Limit => "limit",
            Outcome::Conflict => "conflict",
            Outcome::HostError => "host_error",
        }
    }

    /// Whether the run did what it was asked.
    pub const fn is_ok(self) -> bool {
        matches!(self, Outcome::Ok | Outcome::NotHandled)
    }
}
