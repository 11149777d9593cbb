//! What concerns a host: what each finds of itself, and which others are silent.
//!
//! INVARIANT: a host speaks of itself alone: what another one found stays as it is.

use super::find::{Finding, facts};
use super::look::Turn;
use super::rule::Rule;
use super::{raise, settings};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use serde_json::{Value, json};

/// What a host found of itself, whether it is worth an alert or not: the rules say that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostFinding {
    /// So many bytes of its disk are left.
    Disk(u64),
    /// Its last backup failed for that reason, or with none it is late.
    Backup(Option<String>),
    /// Checkpoints were not written, or not taken where they are sent, for so many milliseconds; and why.
    Checkpoints(i64, String),
}

/// Of an error so much is told.
const MAX_CAUSE: usize = 200;

/// The rules about a host that it goes by itself.
const OWN: &[Rule] = &[Rule::Disk, Rule::Backup, Rule::Checkpoints];

fn judged(finding: HostFinding, rules: &settings::Rules) -> Option<(Rule, Value)> {
    let short = |cause: String| cause.chars().take(MAX_CAUSE).collect::<String>();
    match finding {
        HostFinding::Disk(bytes) => {
            let (least, left) = (rules.threshold(Rule::Disk)?, i64::try_from(bytes >> 20).unwrap_or(i64::MAX));
            (left < least).then(|| (Rule::Disk, json!({ "n": left, "of": least })))
        }
        HostFinding::Backup(cause) => {
            rules.threshold(Rule::Backup)?;
            let late = i64::from(cause.is_none());
            Some((Rule::Backup, json!({ "late": late, "cause": short(cause.unwrap_or_default()) })))
        }
        HostFinding::Checkpoints(since, cause) => {
            let (most, minutes) = (rules.threshold(Rule::Checkpoints)?, since / 60_000);
            (minutes >= most).then(|| (Rule::Checkpoints, json!({ "minutes": minutes, "cause": short(cause) })))
        }
    }
}

fn about(subject: &str, rule: Rule, said: Value) -> Finding {
    let (subject, app, version) = (subject.to_owned(), String::new(), String::new());
    Finding { rule, subject, app, version, level: rule.level(), facts: facts(said) }
}

impl Db {
    /// Brings the alerts about one host, by the name of its machine, in line with what it found of itself.
    pub async fn watch_itself(&self, name: &str, found: Vec<HostFinding>, turn: Turn) -> Result<()> {
        let rules = settings::read(&mut *self.reader(RowsOf::All).await?, "").await?;
        let name = if name.is_empty() { "host" } else { name };
        let found = found.into_iter().filter_map(|finding| judged(finding, &rules));
        let found = found.map(|(rule, said)| about(name, rule, said)).collect();
        raise::bring(self, ("", Some(name)), found, OWN, (turn.outlet, turn.now)).await
    }

    /// Hosts that were cut off, or do not reach the database.
    pub(super) async fn watch_hosts(&self, turn: &Turn) -> Result<()> {
        let rules = settings::read(&mut *self.reader(RowsOf::All).await?, "").await?;
        let mut found = Vec::new();
        if let Some(minutes) = rules.threshold(Rule::Host) {
            for (id, name, seen_at) in self.silent_hosts(turn.now - minutes * 60_000).await? {
                let said = json!({ "minutes": (turn.now - seen_at) / 60_000, "name": name });
                found.push(about(&id, Rule::Host, said));
            }
        }
        raise::bring(self, ("", None), found, &[Rule::Host], (turn.outlet, turn.now)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_full_below_so_many_mebibytes_and_a_target_is_waited_for() {
        let rules = settings::Rules::default();
        let rule = |finding| judged(finding, &rules).map(|(rule, _)| rule);
        assert_eq!(rule(HostFinding::Disk(1_024 << 20)), None);
        assert_eq!(rule(HostFinding::Disk((1_024 << 20) - 1)), Some(Rule::Disk));
        assert_eq!(rule(HostFinding::Checkpoints(299_999, String::new())), None);
        assert_eq!(rule(HostFinding::Checkpoints(300_000, String::new())), Some(Rule::Checkpoints));
        assert_eq!(rule(HostFinding::Backup(None)), Some(Rule::Backup));
        assert_eq!(judged(HostFinding::Backup(None), &rules.clone().with(Rule::Backup, false, 1)), None);
    }
}
