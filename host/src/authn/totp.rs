//! One-time codes of an app on a phone (RFC 6238: SHA-1, six digits, thirty seconds), and the secret they come from.
//!
//! INVARIANT: a secret is stored only as [`TotpSecret::seal`] writes it: encrypted with a key that is not in the database,
//! and bound to the account it is of, so that a row copied to another account opens nothing.

use super::seal::{self, NoSeal};
use super::{Keys, NoRandomness, random};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroize as _;

/// Bytes of a secret: 160 bits, as long as the hash.
const SECRET: usize = 20;
/// Seconds of a step.
const STEP: u64 = 30;
/// Digits of a code.
const DIGITS: u8 = 6;
/// Light modules around a QR code, which readers need (ISO 18004).
const QUIET: usize = 4;
/// Longest text of a QR code. Names of shops and people are in it.
const LONGEST: usize = 512;

/// What the host and the app on a phone both know.
pub struct TotpSecret([u8; SECRET]);

impl TotpSecret {
    /// A new one.
    pub fn random() -> Result<TotpSecret, NoRandomness> {
        random().map(TotpSecret)
    }

    /// As people type it into an app that cannot read the QR code.
    pub fn base32(&self) -> String {
        Secret::from(self.0).to_base32()
    }

    /// What the QR code says. `issuer` is the name of this host or shop, `account` the person's e-mail.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account, secret) = (escaped(issuer), escaped(account), self.base32());
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
        )
    }

    /// The QR code of a text, as an SVG element without styles of its own, for a page whose policy forbids them. Dark on
    /// light in every theme: many readers do not know the inverse. Nothing, if the text is too long.
    pub fn qr_svg(uri: &str) -> Option<String> {
        if uri.len() > LONGEST {
            return None;
        }
        let code = QrCode::with_error_correction_level(uri, EcLevel::M).ok()?;
        let (across, modules) = (code.width(), code.to_colors());
        let size = across + 2 * QUIET;
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d=""##
        );
        for (y, row) in modules.chunks(across).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, module)| **module == Color::Dark) {
                write!(svg, "M{} {}h1v1h-1z", x + QUIET, y + QUIET).ok()?;
            }
        }
        svg.push_str("\"/></svg>");
        Some(svg)
    }

    /// The text to store. `of` is whose it is, such as the account's id.
    pub fn seal(&self, keys: &Keys, of: &str) -> Result<String, NoSeal> {
        seal::seal(keys.sealing, &self.0, of)
    }

    /// The secret that was sealed `of` the same; nothing, if it was sealed of another or with other keys, or changed.
    pub fn open(keys: &Keys, sealed: &str, of: &str) -> Option<TotpSecret> {
        let mut opened = seal::open(keys.sealing, sealed, of)?;
        let secret = opened.as_slice().try_into().ok().map(TotpSecret);
        opened.zeroize();
        secret
    }

    /// The step that a six-digit code is of: the one at `now` (seconds since 1970) or the one before. Whoever calls it must
    /// see that each step is used once. Spaces in the code do not count.
    pub fn matched_step(&self, code: &str, now: u64) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).take(usize::from(DIGITS) + 1).collect();
        let totp = self.totp();
        // Both are computed whatever the first one says.
        let current = totp.check(&code, now);
        let before = now.checked_sub(STEP).and_then(|then| totp.check(&code, then));
        current.or(before)
    }

    fn totp(&self) -> Totp {
        // Every value is one of the RFC's, so nothing of it could be refused.
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(0)
            .with_step_duration(STEP)
            .with_secret(self.0)
            .build_noncompliant()
    }
}

impl Drop for TotpSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A text as part of a URI: everything but RFC 3986's unreserved characters is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.extend(['%'].into_iter().chain(hex::encode_upper([byte]).chars())),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
