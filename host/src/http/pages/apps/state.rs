//! Pausing an app, letting it run again, taking a permission away, and uninstalling it.

use super::installation::id;
use crate::authz::scope::kind::{AppsInstall, AppsPause, AppsView, ChangesUndo};
use crate::authz::{Permit, Principal, Scope};
use crate::db::Db;
use crate::db::installations::{Installation, Resume};
use crate::db::undo::Left;
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "apps/uninstall.html")]
struct Uninstall {
    frame: Frame,
    app: Installation,
    left: Left,
}

/// Which permission.
#[derive(Deserialize)]
pub(super) struct Which {
    scope: String,
}

/// Why.
#[derive(Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// How to go on.
#[derive(Deserialize)]
pub(super) struct How {
    events: Resume,
}

/// Takes one permission away, at once.
pub(super) async fn revoke(
    frame: Frame,
    install: Permit<AppsInstall>,
    db: Db,
    At(installation): At,
    Form(which): Form<Which>,
) -> Shown {
    let scope: Scope =
        which.scope.parse().map_err(|_| Problem::not_found(format_args!("permission `{}`", which.scope)))?;
    install.revoke(&db, id(&installation)?, scope).await?;
    Ok(see(&format!("{}/apps/{installation}", frame.base)))
}

/// Pauses it.
pub(super) async fn pause(
    frame: Frame,
    pause: Permit<AppsPause>,
    db: Db,
    At(installation): At,
    Form(why): Form<Why>,
) -> Shown {
    let reason = Some(why.reason.trim()).filter(|reason| !reason.is_empty());
    pause.pause(&db, id(&installation)?, reason).await?;
    Ok(see(&format!("{}/apps/{installation}", frame.base)))
}

/// Lets it run again.
pub(super) async fn resume(
    frame: Frame,
    pause: Permit<AppsPause>,
    db: Db,
    At(installation): At,
    Form(how): Form<How>,
) -> Shown {
    pause.resume(&db, id(&installation)?, how.events).await?;
    Ok(see(&format!("{}/apps/{installation}", frame.base)))
}

/// Lets one run again that the circuit breaker paused.
pub(super) async fn close_breaker(frame: Frame, pause: Permit<AppsPause>, db: Db, At(installation): At) -> Shown {
    pause.close_breaker(&db, id(&installation)?).await?;
    Ok(see(&format!("{}/apps/{installation}", frame.base)))
}

/// What it would leave behind.
pub(super) async fn uninstall_page(
    frame: Frame,
    (install, apps): (Permit<AppsInstall>, Permit<AppsView>),
    undo: Option<Permit<ChangesUndo>>,
    who: Principal,
    db: Db,
    At(installation): At,
) -> Shown {
    let installation = id(&installation)?;
    let app = apps.installation(&db, installation).await?.installation;
    let left = install.left(&db, &who, undo.as_ref(), installation).await?;
    show(&Uninstall { frame, app, left })
}

/// Uninstalls it.
pub(super) async fn uninstall(frame: Frame, install: Permit<AppsInstall>, db: Db, At(installation): At) -> Shown {
    install.uninstall(&db, id(&installation)?).await?;
    Ok(see(&format!("{}/apps", frame.base)))
}
