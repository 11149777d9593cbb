//! How other programs watch a host: figures for Prometheus, spans for a collector.

use clap::Args;
use std::net::{Ipv4Addr, SocketAddr};
use ureq::http::{HeaderName, HeaderValue};

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
    /// `name=value`, with commas between several: headers that the collector asks for, such as `authorization`. Secrets, so
    /// they are read from the environment only.
    #[arg(skip = std::env::var("STOREHAND_OTLP_HEADERS").ok())]
    pub otlp_headers: Option<String>,
}

/// The headers for a collector do not have their form. What they are is told to nobody.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("STOREHAND_OTLP_HEADERS cannot be read; write `name=value`, with commas between several")]
pub struct BadHeaders;

impl Watch {
    /// The headers for a collector, name and value.
    pub fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, BadHeaders> {
        let given = self.otlp_headers.as_deref().unwrap_or_default();
        let header = |text: &str| {
            let (name, value) = text.split_once('=').ok_or(BadHeaders)?;
            let mut value = HeaderValue::from_str(value.trim()).map_err(|_| BadHeaders)?;
            value.set_sensitive(true);
            Ok((name.trim().parse().map_err(|_| BadHeaders)?, value))
        };
        given.split(',').filter(|text| !text.trim().is_empty()).map(header).collect()
    }
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
    fn headers_are_names_and_values_and_what_is_wrong_says_nothing_of_them() {
        let read = |text: &str| Watch { otlp_headers: Some(text.to_owned()), ..Watch::default() }.headers();
        let both = read("authorization=Bearer a=b, x-scope = shop,").unwrap();
        let texts: Vec<_> = both.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(texts, [("authorization", "Bearer a=b"), ("x-scope", "shop")]);
        assert!(both.iter().all(|(_, value)| value.is_sensitive()));
        assert_eq!(read(""), Ok(Vec::new()));
        for wrong in ["canary", "a b=canary", "a=can\nary"] {
            let refused = read(wrong).unwrap_err();
            assert!(!refused.to_string().contains("canary"), "{refused}");
        }
    }

    #[test]
    fn an_endpoint_is_a_url() {
        assert_eq!(endpoint("http://collector:4318/").as_deref(), Ok("http://collector:4318"));
        assert!(endpoint("collector:4318").is_err() && endpoint("http://").is_err() && endpoint("http://a b").is_err());
    }
}
