//! The devices of a store's people, where the store lets them in only with those that were confirmed.

use super::person::{back, id};
use crate::authz::DeviceId;
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

fn which(of: &Which) -> Result<DeviceId, Problem> {
    of.device.parse().map_err(|_| Problem::not_found("such device"))
}

/// Says whether the store lets its people in only with devices that were confirmed.
pub(super) async fn required(frame: Frame, manage: Permit<StaffManage>, db: Db, Form(to): Form<Required>) -> Shown {
    manage.confirm_devices(&db, !to.required.is_empty()).await?;
    Ok(see(&frame.page("people")))
}

/// Lets somebody in with a device of theirs.
pub(super) async fn confirm(
    frame: Frame,
    manage: Permit<StaffManage>,
    db: Db,
    At(person): At,
    Form(of): Form<Which>,
) -> Shown {
    manage.confirm_device(&db, (id(&person)?, which(&of)?), true).await?;
    back(&frame, &person)
}

/// Lets them in with it no more; its sessions end.
pub(super) async fn withdraw(
    frame: Frame,
    manage: Permit<StaffManage>,
    db: Db,
    At(person): At,
    Form(of): Form<Which>,
) -> Shown {
    manage.confirm_device(&db, (id(&person)?, which(&of)?), false).await?;
    back(&frame, &person)
}
