//! Refusals in words: what happened, and what would lift it.

use super::words::Words;
use crate::authz::scope::Holder;
use crate::authz::{Denied, Remedy};

/// What happened.
pub fn denied(words: Words, denied: &Denied) -> String {
    let (key, at) = match denied.remedy() {
        Remedy::Never => ("denied-never", None),
        Remedy::Grant => ("denied-not-granted", None),
        Remedy::AskOwner => ("denied-not-held", None),
        Remedy::AnotherPerson => ("denied-another-person", None),
        Remedy::OwnerAlone => ("denied-owner-alone", None),
        Remedy::StorefrontToken => ("denied-storefront-alone", None),
        Remedy::StaffToken => ("denied-no-storefront", None),
        Remedy::WiderToken => ("denied-narrow-token", None),
        Remedy::NewerToken => ("denied-old-token", None),
        Remedy::Renew(at) => ("denied-ended", Some(at)),
        Remedy::Review(at) => ("denied-suspended", Some(at)),
        Remedy::Resume => ("denied-paused", None),
        Remedy::NoLonger => ("denied-no-longer-staff", None),
        Remedy::AskWhyStopped => ("denied-app-stopped", None),
        Remedy::AskWhySuspended => ("denied-store-suspended", None),
        Remedy::Reopen => ("denied-store-closing", None),
    };
    let moment = at.map(moment).unwrap_or_default();
    words.t(key).with("scope", denied.scope.name()).with("moment", moment).to_string()
}

/// What would lift it, with why where that is part of it. `app` is the app's id, where one is refused.
pub fn remedy(words: Words, refused: &Denied, app: Option<&str>) -> String {
    let scope = refused.scope;
    let allow = || command("grants allow", app, &format!(" {scope}"));
    let (key, command) = match refused.remedy() {
        Remedy::Never | Remedy::AnotherPerson | Remedy::NoLonger => return denied(words, refused),
        Remedy::Grant => ("remedy-grant", allow()),
        Remedy::AskOwner => ("remedy-ask-owner", String::new()),
        Remedy::OwnerAlone => ("remedy-owner-alone", String::new()),
        Remedy::StorefrontToken => ("remedy-storefront-token", String::new()),
        Remedy::StaffToken if scope.holder() == Holder::Owner => ("remedy-owner-token", String::new()),
        Remedy::StaffToken => ("remedy-staff-token", String::new()),
        Remedy::WiderToken => ("remedy-wider-token", String::new()),
        Remedy::NewerToken => ("remedy-newer-token", String::new()),
        Remedy::Renew(_) => ("remedy-renew", allow()),
        Remedy::Review(_) => ("remedy-review", allow()),
        Remedy::Resume => ("remedy-resume", command("apps resume", app, "")),
        Remedy::AskWhyStopped => ("remedy-ask-why-stopped", command("apps show", app, "")),
        Remedy::AskWhySuspended => ("remedy-ask-why-suspended", String::new()),
        Remedy::Reopen => ("remedy-reopen", String::new()),
    };
    let why = denied(words, refused);
    words.t(key).with("scope", scope.name()).with("why", why).with("command", command).to_string()
}

/// The command for this app, after a colon.
fn command(verb: &str, app: Option<&str>, rest: &str) -> String {
    app.map_or_else(String::new, |app| format!(": `storehand {verb} {app}{rest}`"))
}

fn moment(at: i64) -> String {
    format!("{:.0}", jiff::Timestamp::from_millisecond(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Scope, Why};
    use crate::text::words::Language;

    #[test]
    fn a_command_names_the_app_itself() {
        let missing = Denied { scope: Scope::OrdersRefund, why: Why::NotGranted };
        assert_eq!(
            remedy(Words::ENGLISH, &missing, Some("acme/returns")),
            "grant `orders:refund` to the app: `storehand grants allow acme/returns orders:refund`"
        );
        assert_eq!(remedy(Words::ENGLISH, &missing, None), "grant `orders:refund` to the app");
        let french = remedy(Words(Language::French), &missing, Some("acme/returns"));
        assert!(french.ends_with(": `storehand grants allow acme/returns orders:refund`"), "{french}");
    }
}
