//! How other programs watch a host: figures for Prometheus, spans for a collector.

use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};

/// How other programs watch a host.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Monitoring")]
pub struct Watch {
    /// Where Prometheus reads figures of this host, at `/metrics`; a port alone is on this machine only. Nobody is asked
    /// who they are there, so it is an address of its own, for whoever watches.
    #[arg(long, env = "STOREHAND_METRICS", value_name = "[ADDRESS:]PORT", value_parser = address)]
    pub metrics: Option<SocketAddr>,
    /// Where an OpenTelemetry collector takes spans of runs and their host calls, for example `http://127.0.0.1:4318`
    /// (OTLP over HTTP, in JSON).
    #[arg(long, env = "STOREHAND_OTLP_ENDPOINT", value_name = "URL", value_parser = endpoint)]
    pub otlp_endpoint: Option<String>,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    text.parse().map_err(|_| "write a port, such as 9464, or an address with one, such as 10.0.0.7:9464".to_owned())
}

fn endpoint(text: &str) -> Result<String, String> {
    let whole =
        ["http://", "https://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    match whole && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("write a URL, such as http://127.0.0.1:4318".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_on_this_machine() {
        assert_eq!(address("9464"), Ok("127.0.0.1:9464".parse().unwrap()));
        assert_eq!(address("0.0.0.0:9464"), Ok("0.0.0.0:9464".parse().unwrap()));
        assert!(address("host:9464").is_err() && address("").is_err() && address("99999").is_err());
    }

    #[test]
    fn an_endpoint_is_a_url() {
        assert_eq!(endpoint("http://collector:4318/").as_deref(), Ok("http://collector:4318"));
        assert!(endpoint("collector:4318").is_err() && endpoint("http://").is_err() && endpoint("http://a b").is_err());
    }
}
