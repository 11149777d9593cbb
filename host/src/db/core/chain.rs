//! How long a chain of apps that answer each other's changes may grow: its length, its budget, and why one was cut.

/// A chain has so many links: what the last one changes is told to no app.
pub const DEEPEST: i64 = 8;
/// The budget of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainLimits {
    /// Runs, from the second link on.
    pub runs: u32,
    /// Records and levels that these runs change.
    pub changes: u32,
}

impl Default for ChainLimits {
    /// Room for an app that goes through ten thousand records at night and another that answers each.
    fn default() -> ChainLimits {
        ChainLimits { runs: 10_000, changes: 10_000 }
    }
}

/// Why a chain was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutBy {
    /// It has as many links as a chain may have.
    Length,
    /// Its runs or changes have come to what a chain may have.
    Budget(ChainLimits),
}

impl std::fmt::Display for CutBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CutBy::Length => write!(f, "apps have answered each other's changes {DEEPEST} times over")?,
            CutBy::Budget(ChainLimits { runs, changes }) => write!(
                f,
                "apps answering each other's changes have made of one event as much as a host lets them: {runs} runs or \
                 {changes} changes"
            )?,
        }
        f.write_str("; the chain was cut here and the app is told no more of it; see which apps change the same records, and pause one of them")
    }
}
