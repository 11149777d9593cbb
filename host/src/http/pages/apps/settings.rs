//! The settings of an installed app.

use super::choices::field;
use super::form::{Drawn, Kind, Known, raw};
use super::installation::id;
use crate::authz::scope::kind::{AppsInstall, AppsView};
use crate::authz::{Permit, Principal};
use crate::db::installations::Installation;
use crate::db::{self, Db};
use crate::http::At;
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use askama::Template;

#[derive(Template)]
#[template(path = "apps/settings.html")]
struct Page {
    frame: Frame,
    app: Installation,
    revision: i64,
    fields: Vec<Drawn>,
    wrong: Option<Wrong>,
}

/// The form.
pub(super) async fn page(frame: Frame, apps: Permit<AppsView>, db: Db, At(installation): At) -> Shown {
    let installation = id(&installation)?;
    let now = apps.settings(&db, installation).await?;
    let app = apps.installation(&db, installation).await?.installation;
    let fields = Known::new(now.schema.as_deref(), Some(&now.settings)).fields(None);
    show(&Page { frame, app, revision: now.revision, fields, wrong: None })
}

/// Sets them, if they are still those that were on the page.
pub(super) async fn submit(
    frame: Frame,
    (_, apps): (Permit<AppsInstall>, Permit<AppsView>),
    who: Principal,
    db: Db,
    At(installation): At,
    Form(typed): Form<Vec<(String, String)>>,
) -> Shown {
    let installation = id(&installation)?;
    let now = apps.settings(&db, installation).await?;
    let seen = field(&typed, "_revision").parse().ok();
    let known = Known::new(now.schema.as_deref(), Some(&now.settings));
    let (mut fields, given) = (known.fields(Some(&typed)), known.read(&typed).unwrap_or_default());
    let configured = match db.agree_to_configure(&who, installation).await {
        // What is wrong with fields is said beside them.
        Ok(_) if !known.check(frame.words, &given, &mut fields) => Err(None),
        Ok(install) => install.configure(&db, installation, raw(&given)?, seen).await.map_err(Some),
        Err(e) => Err(Some(e)),
    };
    let wrong = match configured {
        Ok(_) => return Ok(see(&format!("{}/apps/{installation}", frame.base))),
        Err(None) => frame.t("settings-unfit").to_string().into(),
        Err(Some(db::Error::Invalid(why))) => Wrong::new(frame.words, &why),
        Err(Some(db::Error::Conflict(_))) => frame.t("settings-changed").to_string().into(),
        Err(Some(e)) => return Err(e.into()),
    };
    let app = apps.installation(&db, installation).await?.installation;
    show(&Page { frame, app, revision: now.revision, fields, wrong: Some(wrong) })
}
