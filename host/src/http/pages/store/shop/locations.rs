//! Stock locations: where goods lie.

use crate::authz::scope::kind::{LocationsEdit, LocationsView};
use crate::authz::{Permit, Scope};
use crate::db::locations::Location;
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{address, escaped};
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, End, Field, List, Row, Sheet, Texts, acts, col, fact,
};
use crate::http::pages::store::status::{OPEN, tag};
use crate::http::{At, Query};

const PATH: &str = "locations";
const COLUMNS: &[Column] = &[col("col-location"), col("col-status"), col("location-default"), col("fact-created")];

fn is_default(frame: &Frame, location: &Location) -> String {
    if location.is_default { frame.t("location-is-default").to_string() } else { "–".to_owned() }
}

pub(super) async fn list(desk: Desk, locations: Permit<LocationsView>, Query(asked): Query<Asked>) -> Shown {
    listed(desk, Some(locations), asked).await
}

async fn listed(mut desk: Desk, locations: Option<Permit<LocationsView>>, asked: Asked) -> Shown {
    let Some(locations) = locations else { return Err(desk.unseen()) };
    let page = asked.page(&[])?;
    let found = locations.search(&mut desk.draft, &page).await?;
    let frame = &desk.frame;
    let found = found.map(|one| {
        let cells = vec![
            Cell::tag(tag(frame, &OPEN, one.active)),
            Cell::Text(is_default(frame, &one)),
            Cell::At(one.created_at),
        ];
        Row::to(frame.page(&format!("store/{PATH}/{}", escaped(&one.id))), one.name, cells)
    });
    let create = Act::new("create", Scope::LocationsEdit, frame.t("location-create"), frame.t("location-create-means"))
        .field(Field::line("name", frame.t("location-name"), "").required());
    let texts =
        Texts { title: "locations-title", lead: "locations-lead", none: "locations-none", next: "locations-none-next" };
    desk.list(
        List { path: PATH, texts, filters: Vec::new(), columns: COLUMNS, found, acts: vec![create], links: Vec::new() },
        &asked,
    )
}

pub(super) async fn page(desk: Desk, locations: Permit<LocationsView>, At(id): At) -> Shown {
    shown(desk, Some(locations), id).await
}

async fn shown(mut desk: Desk, locations: Option<Permit<LocationsView>>, id: String) -> Shown {
    let Some(locations) = locations else { return Err(desk.unseen()) };
    let location = locations.get(&mut desk.draft, &id).await?;
    let frame = &desk.frame;
    let stock = address(&frame.page("store/inventory"), [("location", id.as_str())].into_iter());
    let update = Act::new("update", Scope::LocationsEdit, frame.t("location-update"), frame.t("location-update-means"))
        .field(Field::line("name", frame.t("location-name"), location.name.clone()).required())
        .field(Field::tick("active", frame.t("location-active"), location.active));
    let sheet = Sheet {
        list: (PATH, "locations-title"),
        kind: "location",
        title: location.name.clone(),
        tags: vec![tag(frame, &OPEN, location.active)],
        facts: vec![
            fact(frame.t("location-default"), is_default(frame, &location)),
            fact(frame.t("fact-created"), frame.moment(&location.created_at)),
            fact(frame.t("fact-updated"), frame.moment(&location.updated_at)),
        ],
        links: frame
            .may("inventory:view")
            .then(|| (stock, frame.t("location-stock").to_string()))
            .into_iter()
            .collect(),
        acts: vec![update],
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

/// Creates a location.
pub(super) async fn create(
    mut desk: Desk,
    edit: Permit<LocationsEdit>,
    view: Option<Permit<LocationsView>>,
    Form(sent): Form<Asked>,
) -> Shown {
    let done = edit.create(&mut desk.draft, sent.text("name")).await;
    match desk.end("create", sent, done, |id| format!("{PATH}/{id}")).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => listed(*desk, view, Asked::default()).await,
    }
}

acts! { LocationsView, "locations", shown;
    update(edit: LocationsEdit, desk, id, sent) {
        edit.update(&mut desk.draft, &id, sent.text("name"), sent.ticked("active")).await
    }
}
