//! Going on with an app whose version was recalled.

use super::installation::id;
use crate::authz::{Permit, scope::kind::AppsPause};
use crate::db::Db;
use crate::db::accounts::SignedIn;
use crate::http::At;
use crate::http::accounts::{Form, recent};
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::Shown;
use serde::Deserialize;

/// Why the store goes on.
#[derive(Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// Lets it run in spite of its recall. An act of weight: it overrules the operator, so it asks for a recent proof.
pub(super) async fn go_on(
    frame: Frame,
    pause: Permit<AppsPause>,
    who: SignedIn,
    db: Db,
    At(installation): At,
    Form(why): Form<Why>,
) -> Shown {
    recent(&who)?;
    pause.go_on(&db, id(&installation)?, why.reason.trim()).await?;
    Ok(see(&format!("{}/apps/{installation}", frame.base)))
}
