//! What an app is tried on: what really happened in the store, its schedule, its button, or carts made from the
//! store's products. Nothing that the app would not be run for.

use crate::authz::{Principal, StoreId, scope::kind::ProductsView};
use crate::db::apps::{Action, AppFacts, World};
use crate::db::installations::DryRun;
use crate::db::products::{Product, ProductFilter};
use crate::db::{self, Cause, DEEPEST, Db, Draft, LoggedEvent, Page, Topic, now_ms};
use crate::runtime::checkout::{Cart, CartLine};
use crate::runtime::{Event, Trigger};

/// At most so many events.
pub const MAX_EVENTS: usize = 1_000;
/// So many, if nobody says how many.
pub const EVENTS: usize = 200;
/// Carts with one product each.
const CARTS: usize = 20;

/// What to try an app on.
#[derive(Debug, Clone)]
pub enum On {
    /// The latest events of the store that the app would be told.
    Events {
        /// How many, at most [`MAX_EVENTS`].
        last: usize,
        /// Only of this topic.
        topic: Option<Topic>,
    },
    /// A schedule of its manifest, due now.
    Schedule {
        /// Which; the first, if none is named.
        cron: Option<String>,
    },
    /// A button of its manifest.
    Action {
        /// The action's id.
        id: String,
        /// The record it is pressed on.
        record: String,
    },
    /// Carts made from the store's products.
    Carts,
}

/// One thing to run the app for.
pub(super) enum Turn {
    /// A trigger.
    Trigger(Trigger),
    /// A cart.
    Cart(Cart),
}

impl On {
    /// What makes this app run most of all.
    pub fn of(facts: &AppFacts) -> On {
        match facts.world {
            World::Checkout => On::Carts,
            World::App if facts.topics.is_empty() && !facts.schedules.is_empty() => On::Schedule { cron: None },
            World::App => On::Events { last: EVENTS, topic: None },
        }
    }

    /// As written in reports and records.
    pub fn name(&self) -> &'static str {
        match self {
            On::Events { .. } => "event",
            On::Schedule { .. } => "schedule",
            On::Action { .. } => "action",
            On::Carts => "checkout",
        }
    }

    /// What the app is to be run for, in order.
    pub(super) async fn turns(&self, db: &Db, who: &Principal, dry: &DryRun) -> db::Result<Vec<Turn>> {
        let (app, facts, store) = (&dry.app, &*dry.facts, dry.installed.store());
        let at_checkout = facts.world == World::Checkout;
        if at_checkout != matches!(self, On::Carts) {
            let how = if at_checkout { "works at checkout: try it on carts" } else { "is not asked at checkout" };
            return Err(db::Error::invalid(format!("`{app}` {how}")));
        }
        match self {
            On::Events { last, topic } => {
                let topics = listened(app, facts, *topic)?;
                if !(1..=MAX_EVENTS).contains(last) {
                    return Err(db::Error::invalid(format!("it can be tried on 1 to {MAX_EVENTS} events, not {last}")));
                }
                let events = db.latest_events(store, &topics, dry.installed.id(), *last).await?;
                Ok(events
                    .into_iter()
                    .filter(|event| event.depth < DEEPEST)
                    .filter_map(trigger)
                    .map(Turn::Trigger)
                    .collect())
            }
            On::Schedule { cron } => {
                let cron = scheduled(app, facts, cron.as_deref())?;
                let trigger = Trigger::schedule(cron, now_ms(), db.time_zone(store).await?);
                Ok(vec![Turn::Trigger(trigger)])
            }
            On::Action { id, record } => {
                let Action { id, on, .. } = facts.action(app, id)?.clone();
                Ok(vec![Turn::Trigger(Trigger::Action { id, kind: on, record: record.clone() })])
            }
            On::Carts => Ok(carts(db, who, store).await?.into_iter().map(Turn::Cart).collect()),
        }
    }
}

/// An event as the app would be told it. None of a topic this version does not know any more.
pub(super) fn trigger(event: LoggedEvent) -> Option<Trigger> {
    let LoggedEvent { seq, id, topic, record, payload, depth, at, chain, .. } = event;
    Some(Trigger::Event(Event { seq, id, topic: topic?, record, payload: payload?, at, attempt: 1, depth, chain }))
}

fn listened(app: &str, facts: &AppFacts, topic: Option<Topic>) -> db::Result<Vec<Topic>> {
    let names = || facts.topics.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(", ");
    match topic {
        _ if facts.topics.is_empty() => {
            let buttons: Vec<&str> = facts.actions.iter().map(|action| action.id.as_str()).collect();
            let other = if buttons.is_empty() {
                String::new()
            } else {
                format!("; it has the buttons: {}", buttons.join(", "))
            };
            Err(db::Error::invalid(format!("`{app}` listens to no event{other}")))
        }
        None => Ok(facts.topics.clone()),
        Some(topic) if facts.topics.contains(&topic) => Ok(vec![topic]),
        Some(topic) => {
            Err(db::Error::invalid(format!("`{app}` does not listen to {topic}; it listens to: {}", names())))
        }
    }
}

fn scheduled(app: &str, facts: &AppFacts, cron: Option<&str>) -> db::Result<String> {
    let found = facts.schedules.iter().find(|known| cron.is_none_or(|cron| cron == *known));
    found.cloned().ok_or_else(|| {
        let what = cron.map_or_else(|| "no schedule".to_owned(), |cron| format!("no schedule `{cron}`"));
        let known = facts.schedules.iter().map(|cron| format!("`{cron}`")).collect::<Vec<_>>().join(", ");
        db::Error::invalid(match known.is_empty() {
            true => format!("`{app}` has {what}"),
            false => format!("`{app}` has {what}; it has: {known}"),
        })
    })
}

/// One cart for each of the first products, one of many of the first, and one of them all. The asker sees products
/// through them, so the asker must be allowed to.
async fn carts(db: &Db, who: &Principal, store: StoreId) -> db::Result<Vec<Cart>> {
    let view = who.permit::<ProductsView>()?;
    let mut draft = Draft::new(db, store, Cause::PERSON);
    let page = Page { limit: Some(CARTS as u32), cursor: None };
    let products = view.search(&mut draft, &ProductFilter::default(), &page).await?.items;
    let lines: Vec<CartLine> = products.iter().filter_map(|product| line(product, 1)).collect();
    let Some(first) = lines.first() else { return Ok(Vec::new()) };
    let many = vec![CartLine { quantity: 10, ..first.clone() }];
    let single = lines.iter().map(|line| vec![line.clone()]);
    let currency = first.price.currency;
    let cart = |lines: Vec<CartLine>| {
        let numbered = lines.into_iter().zip(1..).map(|(line, n)| CartLine { id: n.to_string(), ..line });
        Cart { currency, lines: numbered.collect(), customer: None }
    };
    Ok(single.chain([many, lines.clone()]).map(cart).filter(|cart| cart.check().is_ok()).collect())
}

fn line(product: &Product, quantity: u32) -> Option<CartLine> {
    let variant = product.variants.first()?;
    Some(CartLine { id: String::new(), sku: variant.sku.clone(), quantity, price: variant.price })
}
