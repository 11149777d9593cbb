//! Which backups a host takes by itself.

use crate::db::BackupSchedule;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// Which backups a host takes by itself.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Backups")]
pub struct Backups {
    /// Folder to take backups into while the host works, best on another disk; none are taken without it. For data in
    /// SQLite alone.
    #[arg(long, env = "STOREHAND_BACKUP_DIR", value_name = "FOLDER")]
    pub backup_dir: Option<PathBuf>,
    /// How long after one backup the next is taken: a number and `m`, `h` or `d`, from 1m to 30d.
    #[arg(long, env = "STOREHAND_BACKUP_EVERY", default_value = "1h", value_parser = span, value_name = "TIME")]
    pub backup_every: Duration,
    /// Backups to have at most; the oldest are removed once a newer one is whole.
    #[arg(long, env = "STOREHAND_BACKUP_COUNT", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "N")]
    pub backup_count: u32,
}

impl Backups {
    /// What is taken when; nothing without a folder.
    pub fn schedule(&self) -> Option<BackupSchedule> {
        let folder = self.backup_dir.clone()?;
        Some(BackupSchedule::new(folder, self.backup_every, self.backup_count as usize))
    }
}

/// Reads a span of time.
fn span(text: &str) -> Result<Duration, String> {
    const MINUTE: u64 = 60;
    let wrong = || format!("`{text}` is no time from 1m to 30d; write for example 30m, 6h or 1d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let unit = match unit {
        "m" => MINUTE,
        "h" => 60 * MINUTE,
        "d" => 24 * 60 * MINUTE,
        _ => return Err(wrong()),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).ok_or_else(wrong)?;
    match (MINUTE..=30 * 24 * 60 * MINUTE).contains(&seconds) {
        true => Ok(Duration::from_secs(seconds)),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_its_unit_and_within_its_bounds() {
        for (text, seconds) in [("1m", 60), ("1h", 3_600), ("30d", 2_592_000)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "1", "h", "0m", "31d", "1.5h", "-1h", "1w", "99999999999999999999d", "1é"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
