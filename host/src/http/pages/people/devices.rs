//! The devices of a store's people, where the store lets them in only with those that were confirmed.

use super::person::{back, id};
use crate::authz::Permit;
use crate::authz::scope::kind::StaffManage;
use crate::db::Db;
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::Shown;
use crate::http::{At, Problem};
use serde::Deserialize;

/// Whether devices are confirmed.
#[derive(Deserialize)]
pub(super) struct Required {
    #[serde(default)]
    required: String,
}

/// Which device.
#[derive(Deserialize)]
pub(super) struct Which {
    device: String,
}

/// Says whether the store lets its people in only with devices that were confirmed.
pub(super) async fn required(frame: Frame, manage: Permit<StaffManage>, db: Db, Form(to): Form<Required>) -> Shown {
    manage.confirm_devices(&db, !to.required.is_empty()).await?;
    Ok(see(&frame.page("people")))
}

/// Lets somebody in with a device of theirs, or with it no more.
pub(super) async fn confirm<const CONFIRMED: bool>(
    frame: Frame,
    manage: Permit<StaffManage>,
    db: Db,
    At(person): At,
    Form(of): Form<Which>,
) -> Shown {
    let device = of.device.parse().map_err(|_| Problem::not_found("such device"))?;
    manage.confirm_device(&db, (id(&person)?, device), CONFIRMED).await?;
    back(&frame, &person)
}
