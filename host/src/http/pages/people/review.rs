//! The access review: who may do what and does not use it, with one step to drop each. It can be printed and kept.

use crate::authz::scope::kind::{AppsInstall, AppsView, StaffManage, StaffView};
use crate::authz::{InstallationId, Permit, Principal, Scope, ScopeSet, StaffId};
use crate::db::Db;
use crate::db::access_review::{AccessReview, DAYS, PersonFinding, ReviewedToken, TighterCap};
use crate::db::installations::{CapChange, TermsChange};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{Problem, Query};
use askama::Template;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "people/review.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    may_manage: bool,
    may_install: bool,
    /// Their own id, whose tokens they end themselves.
    me: String,
    review: AccessReview,
}

/// What counts as unused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Within {
    days: Option<u32>,
}

impl Page {
    fn why(&self, why: &PersonFinding) -> String {
        let key = match why {
            PersonFinding::NeverSeen => "review-never-seen",
            PersonFinding::NotSeen => "review-not-seen",
            PersonFinding::LastDayOver => "review-last-day-over",
            PersonFinding::Suspended => "suspended",
            PersonFinding::Unused => "review-unused",
        };
        self.frame.t(key).to_string()
    }

    /// When a permission was last used, as far as that is known.
    fn used(&self, last_used: Option<&String>, certain: &bool) -> String {
        let used = match last_used {
            Some(day) => self.frame.t("review-last-used").with("day", day).to_string(),
            None => self.frame.t("review-never-used").to_string(),
        };
        match certain {
            true => used,
            false => format!("{used} {}", self.frame.t("review-as-far-as-known")),
        }
    }

    fn amounts(&self, cap: &TighterCap) -> String {
        let unit = cap.currency.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
        let said = self.frame.t("review-tighter").with("bound", format!("{}{unit}", cap.bound));
        let said = said.with("most", format!("{}{unit}", cap.most_spent));
        said.with("proposed", format!("{}{unit}", cap.proposed)).to_string()
    }

    /// Where a token is ended: one's own and those of the shop's front right here, others with their person.
    fn ends_at(&self, token: &ReviewedToken) -> Option<String> {
        match token.staff {
            None => Some(self.frame.page("settings/storefront/revoke")),
            Some(staff) if staff.to_string() == self.me => Some(self.frame.page("settings/tokens/revoke")),
            Some(_) => None,
        }
    }
}

/// The page.
pub(super) async fn page(
    frame: Frame,
    (apps, people): (Permit<AppsView>, Permit<StaffView>),
    manage: Option<Permit<StaffManage>>,
    who: Principal,
    db: Db,
    Query(within): Query<Within>,
) -> Shown {
    let review = apps.access_review(&db, &people, manage.as_ref(), within.days.unwrap_or(DAYS)).await?;
    let me = who.as_staff().map(|id| id.to_string()).unwrap_or_default();
    let (may_manage, may_install) = (manage.is_some(), who.holds(Scope::AppsInstall).is_ok());
    show(&Page { frame, tab: "review", may_manage, may_install, me, review })
}

/// Notes that somebody went through it.
pub(super) async fn done(frame: Frame, manage: Permit<StaffManage>, install: Permit<AppsInstall>, db: Db) -> Shown {
    manage.review_done(&db, &install).await?;
    Ok(see(&frame.page("people/review")))
}

/// Which permission of whom is dropped.
#[derive(Deserialize)]
pub(super) struct Drop {
    staff: String,
    scope: String,
}

/// Takes one permission from a person.
pub(super) async fn drop_scope(
    frame: Frame,
    (staff, manage): (Permit<StaffView>, Permit<StaffManage>),
    who: Principal,
    db: Db,
    Form(drop): Form<Drop>,
) -> Shown {
    let none = |_| Problem::not_found(format_args!("staff member `{}`", drop.staff));
    let id: StaffId = drop.staff.parse().map_err(none)?;
    let scope: Scope =
        drop.scope.parse().map_err(|_| Problem::not_found(format_args!("permission `{}`", drop.scope)))?;
    let held: ScopeSet = staff.get(&db, id).await?.scopes.into_iter().collect();
    manage.set_scopes(&db, &who, id, held.without(scope)).await?;
    Ok(see(&frame.page("people/review")))
}

/// Which cap of which grant becomes how tight.
#[derive(Deserialize)]
pub(super) struct Cap {
    installation: String,
    scope: String,
    cap: String,
    proposed: String,
    #[serde(default)]
    money: String,
}

/// Sets one cap to what was proposed.
pub(super) async fn tighten(
    frame: Frame,
    _: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    Form(cap): Form<Cap>,
) -> Shown {
    let none = |_| Problem::not_found(format_args!("installed app `{}`", cap.installation));
    let installation: InstallationId = cap.installation.parse().map_err(none)?;
    let scope: Scope = cap.scope.parse().map_err(|_| Problem::not_found(format_args!("permission `{}`", cap.scope)))?;
    let bound = match (cap.money.is_empty(), cap.proposed.parse::<u64>()) {
        (true, Ok(times)) => CapChange::Number(times),
        _ => CapChange::Amount(cap.proposed),
    };
    let caps = BTreeMap::from([(cap.cap, Some(bound))]);
    db.limit(&who, installation, scope, TermsChange { caps: Some(Some(caps)), ..TermsChange::default() }).await?;
    Ok(see(&frame.page("people/review")))
}
