//! People with accounts, as the stories need them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::browser::{Browser, Page};
use crate::support::host::Host;

/// A password that is good enough, and belongs to nothing.
pub const PASSWORD: &str = "correct horse staple 42 lantern";
/// The owner's address.
pub const OWNER: &str = "ana@example.com";

/// A host with a store whose owner is signed in, with a second factor.
pub struct Signed {
    /// The host.
    pub host: Host,
    /// The owner's browser.
    pub owner: Browser,
    /// The store.
    pub store: String,
    /// The key of the owner's second factor, as shown.
    pub key: String,
    /// The recovery codes.
    pub codes: Vec<String>,
}

/// A six-digit code of that key, of `back` steps before now.
pub fn code(key: &str, back: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(key).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now - 30 * back).to_string()
}

/// Waits until a step begins that was not used yet.
pub fn next_step() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    std::thread::sleep(std::time::Duration::from_millis((30 - now % 30) * 1_000 + 300));
}

/// Sets a host up in a browser, as its owner would.
pub fn set_up(host: Host) -> Signed {
    let mut owner = Browser::new(&host.url());
    let page = owner.open(&format!("/setup?token={}", host.setup_token()));
    let fields =
        [("store", "Corner shop"), ("name", "Ana Berg"), ("email", OWNER), ("password", PASSWORD), ("again", PASSWORD)];
    let page = owner.submit(&page, "/setup", &fields);
    page.is(200).says("Your second factor");
    let store = page.between("/stores/", "\"");
    let (key, codes) = enrol(&mut owner, &page);
    Signed { host, owner, store, key, codes }
}

/// Sets a second factor up from its page: its key, and the recovery codes.
pub fn enrol(browser: &mut Browser, page: &Page) -> (String, Vec<String>) {
    let key = page.between("<code class=\"key\">", "</code>");
    let page = browser.submit(page, "/account/second-factor", &[("code", &code(&key, 0))]);
    page.is(200).says("recovery codes");
    let codes =
        page.text.split("<li><code>").skip(1).filter_map(|rest| rest.split_once('<')).map(|(code, _)| code.to_owned());
    (key, codes.collect())
}

/// Signs in with a password, and a code if one is asked for.
pub fn sign_in(browser: &mut Browser, email: &str, password: &str, code: Option<&str>) -> Page {
    let page = browser.open("/sign-in");
    let page = browser.submit(&page, "/sign-in", &[("email", email), ("password", password)]);
    match code {
        Some(code) => browser.submit(&page, "/sign-in/code", &[("code", code)]),
        None => page,
    }
}
