//! One run from what made it run to its end: a sentence, its calls, what it wrote, what it changed.

use super::MaySee;
use super::apps::Apps;
use super::compare::Offer;
use super::diff::{Diff, record};
use super::row::{cause, pressed, tags};
use super::waterfall::{CallRow, rows};
use crate::authz::scope::kind::{AppsView, ChangesView, OrdersView, UsageView};
use crate::authz::{Permit, Principal, Scope};
use crate::db::history::{Invocation, InvocationDetail, LogRecord, Personal};
use crate::db::{Cause, Db, Draft, Page};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem};
use askama::Template;

#[derive(Template)]
#[template(path = "activity/trace.html")]
struct Trace {
    frame: Frame,
    run: InvocationDetail,
    /// What happened, as a sentence.
    sentence: String,
    tags: Vec<(&'static str, String)>,
    facts: String,
    calls: Vec<CallRow>,
    /// How many calls more there were.
    more_calls: i64,
    log: Vec<LogRecord>,
    changes: Vec<Diff>,
    /// The page of the whole change set, if more was changed than stands here.
    all_changes: Option<String>,
    /// Whether whoever looks may see what was changed.
    sees_changes: bool,
    held: Option<String>,
    /// What it used and still holds, for whoever may take it away.
    revocable: Vec<Scope>,
    /// To run it again, dry, for whoever may.
    offer: Option<Offer>,
    json: String,
}

/// What else of a run whoever looks may see.
type MayShow = (Option<Permit<AppsView>>, Option<Permit<ChangesView>>, Option<Permit<OrdersView>>);

pub(super) async fn page(
    frame: Frame,
    usage: Permit<UsageView>,
    (apps, journal, view): MayShow,
    (orders, customers): MaySee,
    who: Principal,
    db: Db,
    At(invocation): At,
) -> Shown {
    let unknown = |_| Problem::not_found(format_args!("run `{invocation}`"));
    let id = invocation.parse().map_err(unknown)?;
    let personal = Personal { orders, customers };
    let run = usage.invocation(&db, id, &personal, who.held()).await?;
    let (mut changes, mut all_changes) = (Vec::new(), None);
    if let (Some(journal), Some(set)) = (&journal, run.invocation.change_set) {
        let page = Page { limit: Some(20), cursor: None };
        let found = journal.changes(&db, set, &personal, &page).await?;
        changes = found.items.iter().map(|change| Diff::of(&frame, change)).collect();
        all_changes = found.next_cursor.map(|_| format!("{}/activity/changes/{set}", frame.base));
    }
    let (mut revocable, mut offer) = (Vec::new(), None);
    if let Some(apps) = apps.as_ref().filter(|_| frame.may("apps:install") || frame.may("apps:run")) {
        let installed = apps.installation(&db, run.invocation.installation).await?;
        offer = Offer::of(&frame, &db, apps, &run.invocation, &installed).await?;
        let used = |scope: &Scope| run.calls.iter().any(|call| call.scope.as_deref() == Some(scope.name()));
        let holds = installed.grants.into_iter().filter(|_| frame.may("apps:install"));
        revocable = holds.map(|grant| grant.scope).filter(used).collect();
    }
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let subject = subject(&frame, &db, view, &run.invocation).await?;
    let shown = i64::try_from(run.calls.len()).unwrap_or(i64::MAX);
    show(&Trace {
        sentence: sentence(&frame, apps.name(&run.invocation.app), &subject, &run.invocation),
        tags: tags(&frame, &run.invocation),
        facts: facts(&frame, &run.invocation),
        calls: rows(&frame, &run),
        more_calls: (run.invocation.host_calls - shown).max(0),
        log: run.log.clone(),
        changes,
        all_changes,
        sees_changes: journal.is_some(),
        held: run.held_set.map(|held| format!("{}/activity/held/{held}", frame.base)),
        revocable,
        offer,
        json: serde_json::to_string_pretty(&run).map_err(Problem::internal)?,
        frame,
        run,
    })
}

/// What a run was for, as people name it: an order by its number, for whoever may see orders.
pub(super) async fn subject(
    frame: &Frame,
    db: &Db,
    view: Option<Permit<OrdersView>>,
    run: &Invocation,
) -> Result<Option<String>, Problem> {
    let (_, Some(id)) = pressed(run) else { return Ok(None) };
    if id.starts_with("ord_")
        && let Some(view) = view
    {
        let mut draft = Draft::new(db, view.store(), Cause::PERSON);
        // An order that is gone is told by its id.
        if let Ok(order) = view.get(&mut draft, id).await {
            return Ok(Some(frame.t("subject-order").with("number", order.number.to_string()).to_string()));
        }
    }
    let kind = match id.split_once('_').map(|(prefix, _)| prefix) {
        Some("ord") => "order",
        Some("cus") => "customer",
        Some("prd") => "product",
        _ => return Ok(Some(id.to_owned())),
    };
    Ok(Some(record(frame, kind, id)))
}

fn sentence(frame: &Frame, app: &str, subject: &Option<String>, run: &Invocation) -> String {
    let person = run.on_behalf_of_name.as_deref();
    let said = match (subject, person) {
        (Some(subject), Some(person)) => frame.t("run-sentence-both").with("subject", subject).with("person", person),
        (Some(subject), None) => frame.t("run-sentence-subject").with("subject", subject),
        (None, Some(person)) => frame.t("run-sentence-person").with("person", person),
        (None, None) => frame.t("run-sentence"),
    };
    said.with("app", app).to_string()
}

fn facts(frame: &Frame, run: &Invocation) -> String {
    let mut said = vec![
        cause(frame, run),
        frame.moment(&run.started_at),
        frame.t("run-version").with("version", &run.version).to_string(),
        frame
            .t("run-took")
            .with("wall", frame.duration(&run.wall_us))
            .with("cpu", frame.duration(&run.cpu_us))
            .to_string(),
    ];
    said.extend((run.attempt > 1).then(|| frame.t("run-attempt").with("n", run.attempt).to_string()));
    said.join(" · ")
}
