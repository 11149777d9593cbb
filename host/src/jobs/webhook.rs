//! Posts to a webhook, signed as Standard Webhooks have it.
//!
//! INVARIANT: a post is given up after [`PATIENCE`], and nothing that is answered is read or told on: it is another's text.

use crate::db::{now_ms, rfc3339};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

/// A post may take so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// With its padding or without: both are about.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What was given makes no webhook.
#[derive(Debug, thiserror::Error)]
pub enum BadWebhook {
    /// Its address.
    #[error("`{0}` is no target of a webhook; give an address that begins with `https://` or `http://`")]
    Address(String),
    /// Its secret.
    #[error("the webhook for {what} needs a secret of 24 to 64 bytes; set {variable} to `whsec_` and its base64")]
    Secret {
        /// What is posted.
        what: &'static str,
        /// Where the secret is given.
        variable: &'static str,
    },
}

/// A webhook, and what posts to it are signed with.
#[derive(Clone)]
pub(super) struct Webhook {
    url: String,
    secret: Vec<u8>,
    agent: ureq::Agent,
}

impl Webhook {
    /// For an address, if one was given; `secret` is `whsec_…`. `what` is posted, and which variable gives the secret.
    pub(super) fn new(
        url: Option<String>,
        secret: Option<&str>,
        (what, variable): (&'static str, &'static str),
    ) -> Result<Option<Webhook>, BadWebhook> {
        let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(None) };
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(BadWebhook::Address(url));
        }
        let secret = secret
            .and_then(|text| text.strip_prefix("whsec_"))
            .and_then(|text| BASE64.decode(text).ok())
            .filter(|key| (24..=64).contains(&key.len()))
            .ok_or(BadWebhook::Secret { what, variable })?;
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("storehand/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Some(Webhook { url, secret, agent }))
    }

    /// Posts something of a type. Blocks its thread.
    pub(super) fn post(&self, kind: &str, data: &Value) -> Result<(), String> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|e| e.to_string())?;
        self.post_as(&format!("msg_{}", hex::encode(id)), kind, data)
    }

    /// The same with an id of its own: whoever is sent something twice tells it by that.
    pub(super) fn post_as(&self, id: &str, kind: &str, data: &Value) -> Result<(), String> {
        let now = now_ms();
        let body = json!({"type": kind, "timestamp": rfc3339(now), "data": data}).to_string();
        let (stamp, signature) = ((now / 1_000).to_string(), sign(&self.secret, id, now / 1_000, &body));
        let post = self.agent.post(&self.url).header("content-type", "application/json");
        let post =
            post.header("webhook-id", id).header("webhook-timestamp", &stamp).header("webhook-signature", &signature);
        post.send(&body).map(drop).map_err(|error| error.to_string())
    }
}

/// As Standard Webhooks have it: over the id, the seconds and the body.
fn sign(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_signed_as_the_standard_says() {
        // The example of the Standard Webhooks specification.
        let secret = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
