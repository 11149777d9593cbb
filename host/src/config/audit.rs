//! Where signed checkpoints of the audit logs go.

use clap::Args;
use std::path::{Path, PathBuf};

/// What the file is called in the data folder.
pub const CHECKPOINTS: &str = "audit-checkpoints.jsonl";

/// Where checkpoints go: always into a file, and elsewhere if it is said where.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Audit")]
pub struct Audit {
    /// File that signed checkpoints of the audit logs are appended to; have it carried to another machine, where whoever can
    /// write here cannot [default: `audit-checkpoints.jsonl` in the data folder]
    #[arg(long, env = "STOREHAND_AUDIT_CHECKPOINTS", value_name = "FILE")]
    pub audit_checkpoints: Option<PathBuf>,
    /// Syslog that each checkpoint is sent to as well (RFC 5424): `udp://logs.example.com:514`, or the path of a socket such as
    /// `/dev/log`
    #[arg(long, env = "STOREHAND_AUDIT_SYSLOG", value_name = "TARGET")]
    pub audit_syslog: Option<String>,
    /// URL that each checkpoint is posted to as well, signed as a Standard Webhook
    #[arg(long, env = "STOREHAND_AUDIT_WEBHOOK", value_name = "URL")]
    pub audit_webhook: Option<String>,
    /// `whsec_…`, what these posts are signed with. A secret, so it is read from the environment only.
    #[arg(skip = std::env::var("STOREHAND_AUDIT_WEBHOOK_SECRET").ok())]
    pub webhook_secret: Option<String>,
}

impl Audit {
    /// The file, if the data lie in this folder.
    pub fn file(&self, data: &Path) -> PathBuf {
        self.audit_checkpoints.clone().unwrap_or_else(|| data.join(CHECKPOINTS))
    }
}
