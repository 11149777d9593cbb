//! What is known of the apps of a store: from sums, and from what waits for each.

use super::find::{Figures, Rare, percent};
use crate::authz::{InstallationId, Scope, StoreId, TermsMap};
use crate::db::core::caps::{self, Day};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::house::history::recent::{self, Minute, hours, together};
use crate::db::house::installations::read_terms;
use std::collections::HashMap;

/// So many installations of a store are looked at; who has more is told of those that were installed first.
const MAX_APPS: i64 = 300;
/// Failures, denials and times are those of so many milliseconds: 15 minutes.
pub(super) const RECENT: i64 = 15 * 60_000;

/// An installation, as far as alerts and breakers go by it.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: InstallationId,
    pub(super) app: String,
    pub(super) version: String,
    pub(super) digest: String,
    pub(super) active: bool,
    pub(super) installed_at: i64,
}

/// The installations of a store.
pub(super) async fn apps(conn: &mut Conn, store: StoreId) -> Result<Vec<App>> {
    const SQL: &str = "SELECT id, app, app_version, digest, state, stopped, installed_at FROM installations \
        WHERE store = $1 AND state <> 'uninstalled' ORDER BY id LIMIT $2";
    let read = |r: Row<'_>| {
        let active = r.text(4)? == "active" && r.opt_text(5)?.is_none();
        let (app, version, digest) = (r.text(1)?, r.text(2)?, r.text(3)?);
        Ok(App { id: r.parse(0)?, app, version, digest, active, installed_at: r.int(6)? })
    };
    conn.rows(SQL, args![&store.to_string(), MAX_APPS], read).await
}

/// The figures of an app, from the minutes of its store.
pub(super) fn figures(app: &App, minutes: &[Minute], rare: Option<Rare>, now: i64) -> Figures {
    let since = recent::minute(now - RECENT);
    let own = || minutes.iter().filter(|minute| minute.installation == app.id && minute.version == app.version);
    let lately = |checkout| together(own().filter(|minute| minute.at >= since && minute.checkout == checkout));
    Figures {
        installation: app.id,
        app: app.app.clone(),
        version: app.version.clone(),
        active: app.active,
        installed_at: app.installed_at,
        recent: lately(false),
        at_checkout: lately(true),
        rare,
    }
}

/// What is looked at rarely, of all apps of a store.
pub(super) async fn rare(
    conn: &mut Conn,
    store: StoreId,
    apps: &[App],
    now: i64,
) -> Result<HashMap<InstallationId, Rare>> {
    const PARKED: &str = "SELECT r.installation, COUNT(*) FROM retries r JOIN installations i ON i.id = r.installation \
        WHERE i.store = $1 AND r.state = 'parked' GROUP BY r.installation";
    const UNTOLD: &str = "SELECT c.installation, k.seq - c.seq, (SELECT e.at FROM events e WHERE e.store = c.store \
        AND e.seq > c.seq ORDER BY e.seq LIMIT 1) FROM cursors c JOIN counters k ON k.store = c.store WHERE c.store = $1";
    let text = store.to_string();
    let mut all: HashMap<InstallationId, Rare> = apps.iter().map(|app| (app.id, Rare::default())).collect();
    for hour in hours(conn, store, now).await? {
        all.entry(hour.installation).or_default().hours.push(hour);
    }
    for (id, parked) in conn.rows(PARKED, args![&text], |r| Ok((r.parse(0)?, r.int(1)?))).await? {
        all.entry(id).or_default().parked = parked;
    }
    let untold = |r: Row<'_>| Ok((r.parse(0)?, r.int(1)?, r.opt_int(2)?));
    for (id, many, since) in conn.rows(UNTOLD, args![&text], untold).await? {
        let rare: &mut Rare = all.entry(id).or_default();
        (rare.untold, rare.untold_since) = (many, since.filter(|_| many > 0));
    }
    let day = Day::of(caps::time_zone(conn, store).await?, now);
    for (id, terms) in terms(conn, &text).await? {
        let used = caps::used(conn, id, &terms, &day).await?;
        let share = |(scope, used): (Scope, Vec<caps::Used>)| {
            used.into_iter().map(move |one| (scope.name().to_owned(), percent(one.spent(), one.bound())))
        };
        all.entry(id).or_default().caps = used.into_iter().flat_map(share).collect();
    }
    Ok(all)
}

/// The terms of grants that have caps, by installation.
async fn terms(conn: &mut Conn, store: &str) -> Result<HashMap<InstallationId, TermsMap>> {
    const SQL: &str = "SELECT g.installation, g.scope, g.expires_at, g.caps, g.held FROM grants g \
        JOIN installations i ON i.id = g.installation WHERE i.store = $1 AND i.state = 'active' AND g.caps IS NOT NULL";
    let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)?.parse::<Scope>().ok(), read_terms(&r, 2)?));
    let mut all: HashMap<InstallationId, Vec<_>> = HashMap::new();
    for (id, scope, terms) in conn.rows(SQL, args![store], read).await? {
        all.entry(id).or_default().extend(scope.zip(terms));
    }
    Ok(all.into_iter().map(|(id, terms)| (id, terms.into_iter().collect())).collect())
}
