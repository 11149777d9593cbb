//! One installed app: how it stands, what it holds, and what can be done about it.

use crate::authz::scope::kind::{AppsView, ChangesUndo, UsageView};
use crate::authz::{InstallationId, Permit, Principal, Scope};
use crate::db::installations::{Grant, InstallationDetail};
use crate::db::stops::{Recalled, Severity};
use crate::db::undo::Radius;
use crate::db::{Db, Used};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem};
use askama::Template;

#[derive(Template)]
#[template(path = "apps/installation.html")]
struct Page {
    frame: Frame,
    detail: InstallationDetail,
    asks: Vec<Scope>,
    may: May,
    has_settings: bool,
    /// How far the version reached, if it was recalled and whoever looks may take that back.
    radius: Option<Radius>,
}

/// What of it whoever looks may do.
#[derive(Debug, Clone, Copy)]
struct May {
    install: bool,
    pause: bool,
    usage: bool,
    undo: bool,
}

impl Page {
    /// Whether a store may go on in spite of it.
    fn may_go_on(&self, recalled: &Recalled) -> bool {
        recalled.severity != Severity::Critical
    }

    /// How far the version that runs reached, as far as that was counted and looked at.
    fn reached(&self, radius: &Radius) -> String {
        let counted = |n: &i64| {
            let n = self.frame.number(n);
            if radius.more { self.frame.t("more-than").with("n", n).to_string() } else { n }
        };
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let key = if radius.more_records { "recall-radius-more" } else { "recall-radius" };
        let text =
            self.frame.t(key).with("version", radius.version.clone()).with("when", self.frame.moment(&radius.since));
        let text = text.with("undone", count(radius.undoable)).with("since", count(radius.changed_since));
        let text = text.with("records", counted(&radius.records)).with("looked", radius.looked_at);
        match radius.more {
            true => text.with("n", counted(&radius.changes)).to_string(),
            false => text.with("n", radius.changes).to_string(),
        }
    }

    /// How far a cap of a day is used up.
    fn used(&self, used: &Used) -> String {
        let [used, left] = used.in_words(self.frame.words);
        self.frame.t("used-today").with("used", used).with("left", left).to_string()
    }

    /// What a grant is today, as a tag: nothing, if there is nothing to say.
    fn tag(&self, grant: &Grant) -> Option<(&'static str, &'static str)> {
        match &grant.review {
            _ if grant.expired => Some(("bad", "grant-ended")),
            Some(review) if review.suspended => Some(("bad", "grant-suspended")),
            Some(_) => Some(("warn", "grant-review")),
            None if grant.terms.held => Some(("", "grant-held")),
            None => None,
        }
    }
}

/// The id in a path.
pub(super) fn id(text: &str) -> Result<InstallationId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("installed app `{text}`")))
}

/// The page.
pub(super) async fn page(
    frame: Frame,
    apps: Permit<AppsView>,
    (undo, _): (Option<Permit<ChangesUndo>>, Option<Permit<UsageView>>),
    who: Principal,
    db: Db,
    At(installation): At,
) -> Shown {
    let installation = id(&installation)?;
    let detail = apps.installation(&db, installation).await?;
    let has_settings = apps.settings(&db, installation).await?.schema.is_some();
    let holds = |scope| who.holds(scope).is_ok();
    let may = May {
        install: holds(Scope::AppsInstall),
        pause: holds(Scope::AppsPause),
        usage: holds(Scope::UsageView),
        undo: holds(Scope::ChangesUndo),
    };
    let asks = detail.not_granted.iter().collect();
    let radius = match undo.filter(|_| detail.installation.recalled.is_some()) {
        Some(undo) => Some(undo.radius(&db, &who, installation).await?),
        None => None,
    };
    show(&Page { frame, detail, asks, may, has_settings, radius })
}
