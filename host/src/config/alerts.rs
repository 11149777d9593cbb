//! Where alerts are told beside the web admin, and how often to look for what is to be told.

use clap::Args;
use std::time::Duration;

/// Where alerts go: always into the inbox of their store or of the operator, and elsewhere if it is said where.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Alerts")]
pub struct Alerts {
    /// URL that each alert is posted to, once when it is raised and once when it is resolved, signed as a Standard Webhook. Where a
    /// mail server is known, owners and operators are written to as well
    #[arg(long, env = "STOREHAND_ALERTS_WEBHOOK", value_name = "URL")]
    pub alerts_webhook: Option<String>,
    /// How often to look for what somebody should know of, in seconds
    #[arg(long, env = "STOREHAND_ALERTS_EVERY", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600), value_name = "SECONDS")]
    pub alerts_every: u64,
    /// `whsec_…`, what these posts are signed with. A secret, so it is read from the environment only.
    #[arg(skip = std::env::var("STOREHAND_ALERTS_WEBHOOK_SECRET").ok())]
    pub alerts_secret: Option<String>,
}

impl Alerts {
    /// How often to look.
    pub fn every(&self) -> Duration {
        Duration::from_secs(self.alerts_every)
    }
}

impl Default for Alerts {
    fn default() -> Alerts {
        Alerts { alerts_webhook: None, alerts_every: 30, alerts_secret: None }
    }
}
