//! Stock: how much of each sku there is at each place. A level is found by its sku and its place, `SKU@PLACE`.

use crate::authz::scope::kind::{InventoryView, LocationsView};
use crate::authz::{Permit, Scope};
use crate::db::inventory::{Level, LevelFilter};
use crate::db::{Error, Page, parse_ms};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, Field, Filter, List, Row, Sheet, Texts, acts, col, fact, num,
};
use crate::http::{At, Problem, Query};

const PATH: &str = "inventory";
const COLUMNS: &[Column] = &[col("col-sku"), col("col-location"), num("col-available"), col("fact-updated")];
/// So many places are offered to count a sku at.
const MAX_NEW: usize = 10;
/// So many places are told by their names, and stand in a choice.
const MAX_NAMED: u32 = 100;

/// The places by id, with their names; none, for whoever may not see them.
async fn places(desk: &mut Desk) -> Result<Vec<(String, String)>, Problem> {
    let Some(view) = desk.permit::<LocationsView>() else { return Ok(Vec::new()) };
    let found = view.search(&mut desk.draft, &Page { limit: Some(MAX_NAMED), cursor: None }).await?;
    Ok(found.items.into_iter().map(|place| (place.id, place.name)).collect())
}

fn name(places: &[(String, String)], id: &str) -> String {
    places.iter().find(|(known, _)| known == id).map_or(id, |(_, name)| name).to_owned()
}

pub(super) async fn list(mut desk: Desk, levels: Permit<InventoryView>, Query(asked): Query<Asked>) -> Shown {
    let page = asked.page(&["sku", "location", "below"])?;
    let filter = LevelFilter {
        below: asked.filter_number("below")?,
        location: asked.filled("location"),
        sku: asked.filled("sku"),
    };
    let found = levels.search(&mut desk.draft, &filter, &page).await?;
    let places = places(&mut desk).await?;
    let counts = first_counts(&desk, &asked, &found.items, &places);
    let frame = &desk.frame;
    let found = found.map(|level| {
        let href = frame.page(&format!("store/{PATH}/{}", escaped(&format!("{}@{}", level.sku, level.location))));
        let available = Cell::Number(frame.number(&level.available));
        Row::to(
            href,
            level.sku,
            vec![Cell::Text(name(&places, &level.location)), available, Cell::At(level.updated_at)],
        )
    });
    let place = match places.is_empty() {
        true => Filter::text("location", frame.t("col-location")),
        false => Filter::of(frame, "location", frame.t("col-location"), places),
    };
    let filters = vec![Filter::text("sku", frame.t("col-sku")), place, Filter::text("below", frame.t("filter-below"))];
    let texts =
        Texts { title: "inventory-title", lead: "inventory-lead", none: "inventory-none", next: "inventory-none-next" };
    desk.list(List { path: PATH, texts, filters, columns: COLUMNS, found, acts: Vec::new(), links: counts }, &asked)
}

/// Where a sku that was asked for has no level yet, and can be counted for the first time.
fn first_counts(desk: &Desk, asked: &Asked, found: &[Level], places: &[(String, String)]) -> Vec<(String, String)> {
    let Some(sku) = asked.filled("sku").filter(|_| desk.frame.may("inventory:adjust")) else { return Vec::new() };
    let new = places.iter().filter(|(id, _)| !found.iter().any(|level| level.location == *id));
    let link = |(id, name): &(String, String)| {
        let words = desk.frame.t("level-new").with("sku", sku.clone()).with("place", name.clone());
        (desk.frame.page(&format!("store/{PATH}/{}", escaped(&format!("{sku}@{id}")))), words.to_string())
    };
    new.take(MAX_NEW).map(link).collect()
}

/// When a level was last counted, if it ever was.
fn counted(frame: &Frame, level: &Level) -> String {
    match parse_ms(&level.updated_at) {
        Ok(0) => frame.t("never").to_string(),
        _ => frame.moment(&level.updated_at),
    }
}

/// What a level is found by.
fn split(level: &str) -> Result<(&str, &str), Error> {
    level.rsplit_once('@').ok_or_else(|| Error::not_found("stock level", level))
}

pub(super) async fn page(desk: Desk, levels: Permit<InventoryView>, At(id): At) -> Shown {
    shown(desk, Some(levels), id).await
}

async fn shown(mut desk: Desk, levels: Option<Permit<InventoryView>>, id: String) -> Shown {
    let Some(levels) = levels else { return Err(desk.unseen()) };
    let (sku, location) = split(&id)?;
    let level = levels.level(&mut desk.draft, sku, location).await?;
    let places = places(&mut desk).await?;
    let frame = &desk.frame;
    let place = frame.may("locations:view").then(|| frame.page(&format!("store/locations/{}", escaped(location))));
    let sheet = Sheet {
        list: (PATH, "inventory-title"),
        kind: "stock",
        title: frame.t("level-title").with("sku", sku).with("place", name(&places, location)).to_string(),
        facts: vec![
            fact(frame.t("col-available"), frame.number(&level.available)),
            fact(frame.t("col-sku"), sku),
            fact(frame.t("col-location"), name(&places, location)).to(place),
            fact(frame.t("fact-updated"), counted(frame, &level)),
        ],
        acts: vec![
            Act::new("adjust", Scope::InventoryAdjust, frame.t("level-adjust"), frame.t("level-adjust-means"))
                .field(Field::number("delta", frame.t("level-delta"), "").required())
                .field(Field::line("reason", frame.t("why"), "").required()),
            Act::new("count", Scope::InventoryAdjust, frame.t("level-count"), frame.t("level-count-means"))
                .field(Field::number("available", frame.t("col-available"), level.available.to_string()).required()),
        ],
        id: id.clone(),
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

acts! { InventoryView, "inventory", shown;
    adjust(adjust: InventoryAdjust, desk, id, sent) {
        let (sku, location) = split(&id)?;
        adjust.adjust(&mut desk.draft, sku, location, sent.number("delta")?, sent.text("reason")).await
    }
    count(adjust: InventoryAdjust, desk, id, sent) {
        let (sku, location) = split(&id)?;
        adjust.set(&mut desk.draft, sku, location, sent.number("available")?).await
    }
}
