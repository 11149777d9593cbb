//! What the operator says of requests of apps to servers outside.

use crate::outbound::{REQUESTS_PER_DAY, Settings, StandIn};
use clap::Args;
use std::path::PathBuf;

/// Requests of apps to servers outside.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Requests of apps")]
pub struct Outbound {
    /// Servers that no app may call, whatever an owner agreed to, with everything below them: `example.com` is
    /// `api.example.com` too.
    #[arg(long, env = "STOREHAND_HTTP_DENY", value_delimiter = ',', value_name = "HOST")]
    pub http_deny: Vec<String>,
    /// For trying apps out: a server that stands in for another one, wherever it is, for example
    /// `api.example.com=127.0.0.1:8443`. It needs a certificate for the other one's name.
    #[arg(long, env = "STOREHAND_HTTP_STAND_IN", value_delimiter = ',', value_name = "HOST=ADDRESS:PORT")]
    pub http_stand_in: Vec<StandIn>,
    /// Certificates of further authorities, in PEM, that requests of apps trust beside those of the internet.
    #[arg(long, env = "STOREHAND_HTTP_AUTHORITIES", value_name = "FILE")]
    pub http_authorities: Option<PathBuf>,
    /// Requests of an app in a day of its store; with 0 no app calls any server.
    #[arg(long, env = "STOREHAND_HTTP_REQUESTS_PER_DAY", default_value_t = REQUESTS_PER_DAY, value_parser = clap::value_parser!(u32).range(..=1_000_000), value_name = "N")]
    pub http_requests_per_day: u32,
}

impl Outbound {
    /// What requests are sent with.
    pub fn settings(self) -> Settings {
        let denied = self.http_deny.iter().map(|host| host.trim_matches('.').to_ascii_lowercase());
        let (authorities, per_day) = (self.http_authorities, self.http_requests_per_day);
        Settings { stand_ins: self.http_stand_in, authorities, denied: denied.collect(), per_day }
    }
}
