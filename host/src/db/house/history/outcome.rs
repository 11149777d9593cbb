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

impl CallOutcome {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            CallOutcome::Ok => "ok",
            CallOutcome::Denied => "denied",
            CallOutcome::Limit => "limit",
            CallOutcome::Failed => "failed",
            CallOutcome::Interrupted => "interrupted",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Handled; what it changed is committed.
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
    /// Was not run, or was not committed: apps that answer each other had come to what one event may lead to.
    Cut,
    /// Had no turn: the host, or the store's share of it, was taken. No fault of the app, and not counted against it.
    Busy,
    /// The host failed, not the app.
    HostError,
}

/// What a run is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountsAs {
    /// It did what it was asked, and nothing was denied to it.
    Ok,
    /// It was denied, or a call of it was, and it came to its end.
    Denied,
    /// It failed for another reason, or was ended.
    Failed,
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
            Outcome::Cut => "cut",
            Outcome::Busy => "busy",
            Outcome::HostError => "host_error",
        }
    }

    /// Under which of three heads a run is counted, so that each is counted once: `logs` and `usage`, the API and the
    /// demo all say it like this. What was denied to an app comes before what the app itself made of it.
    pub const fn counts_as(self, denied_calls: i64) -> CountsAs {
        match self {
            Outcome::Denied => CountsAs::Denied,
            Outcome::Ok | Outcome::NotHandled | Outcome::Failed if denied_calls > 0 => CountsAs::Denied,
            Outcome::Ok | Outcome::NotHandled => CountsAs::Ok,
            _ => CountsAs::Failed,
        }
    }

    /// Whether the run did what it was asked.
    pub const fn is_ok(self) -> bool {
        matches!(self, Outcome::Ok | Outcome::NotHandled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_counted_once_and_a_denial_before_what_the_app_made_of_it() {
        use CountsAs::{Denied, Failed, Ok};
        for (outcome, without, with) in [
            (Outcome::Ok, Ok, Denied),
            (Outcome::NotHandled, Ok, Denied),
            (Outcome::Failed, Failed, Denied),
            (Outcome::Denied, Denied, Denied),
            (Outcome::Trapped, Failed, Failed),
            (Outcome::Limit, Failed, Failed),
        ] {
            assert_eq!((outcome.counts_as(0), outcome.counts_as(1)), (without, with), "{outcome:?}");
        }
    }
}
