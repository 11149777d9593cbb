//! Refusals in words: what happened, and what would lift it.

use crate::authz::scope::Holder;
use crate::authz::{Denied, Remedy, Scope};

/// What happened.
pub fn denied(denied: &Denied) -> String {
    let scope = denied.scope;
    match denied.remedy() {
        Remedy::Never => format!("`{scope}` can never be granted to an app"),
        Remedy::Grant => format!("the app was not granted `{scope}`"),
        Remedy::AskOwner => format!("you do not have the permission `{scope}`"),
        Remedy::AnotherPerson => {
            format!("the person who started this run, or the token they used, does not have the permission `{scope}`")
        }
        Remedy::OwnerAlone => format!("only the owner of the store has the permission `{scope}`"),
        Remedy::StorefrontToken => format!("only a storefront token has the permission `{scope}`"),
        Remedy::StaffToken => format!("a storefront token cannot have the permission `{scope}`"),
        Remedy::WiderToken => format!("you have the permission `{scope}`, but this token was limited to less"),
        Remedy::NewerToken => {
            format!("you have the permission `{scope}`, but this token was made before you were given it")
        }
        Remedy::Renew(at) => format!("the grant of `{scope}` ended at {}", moment(at)),
        Remedy::Review(at) => format!(
            "the grant of `{scope}` is suspended: whoever gave it can no longer give it, and its review was due on {}",
            moment(at)
        ),
        Remedy::Resume => "the app is paused or removed".to_owned(),
        Remedy::NoLonger => "the person is no longer on the staff of this store".to_owned(),
        Remedy::AskWhyStopped => "the operator of this host stopped the app".to_owned(),
        Remedy::AskWhySuspended => "the operator of this host suspended this store".to_owned(),
    }
}

/// What would lift it, with why where that is part of it. `app` is the app's id, where one is refused.
pub fn remedy(refused: &Denied, app: Option<&str>) -> String {
    let (scope, why) = (refused.scope, || denied(refused));
    match refused.remedy() {
        Remedy::Never | Remedy::AnotherPerson | Remedy::NoLonger => why(),
        Remedy::Grant => format!("grant `{scope}` to the app{}", allow(app, scope)),
        Remedy::AskOwner => format!("ask the owner for the permission `{scope}`"),
        Remedy::OwnerAlone => "ask the owner to do this".to_owned(),
        Remedy::StorefrontToken => "use a storefront token".to_owned(),
        Remedy::StaffToken if scope.holder() == Holder::Owner => "use the owner's token".to_owned(),
        Remedy::StaffToken => "use the token of a person of the store".to_owned(),
        Remedy::WiderToken => format!("use a token of yours that includes `{scope}`"),
        Remedy::NewerToken => format!("use a newer token of yours, or ask the owner for one that includes `{scope}`"),
        Remedy::Renew(_) => format!("{}; renew it{}", why(), allow(app, scope)),
        Remedy::Review(_) => {
            format!("{}; ask somebody who holds `{scope}` to renew it{}", why(), allow(app, scope))
        }
        Remedy::Resume => format!("{}{}", why(), command("apps resume", app, "")),
        Remedy::AskWhyStopped => format!("{}; ask the operator why{}", why(), command("apps show", app, "")),
        Remedy::AskWhySuspended => format!("{}; ask the operator", why()),
    }
}

fn allow(app: Option<&str>, scope: Scope) -> String {
    command("grants allow", app, &format!(" {scope}"))
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
    use crate::authz::Why;

    #[test]
    fn a_command_names_the_app_itself() {
        let missing = Denied { scope: Scope::OrdersRefund, why: Why::NotGranted };
        assert_eq!(
            remedy(&missing, Some("acme/returns")),
            "grant `orders:refund` to the app: `storehand grants allow acme/returns orders:refund`"
        );
        assert_eq!(remedy(&missing, None), "grant `orders:refund` to the app");
    }
}
