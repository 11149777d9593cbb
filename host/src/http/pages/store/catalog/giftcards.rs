//! Gift cards: what is on each, and issuing one. Its code is shown once.

use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView};
use crate::authz::{Permit, Scope};
use crate::http::accounts::Form;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, Field, Filter, List, Row, Sheet, Texts, acts, col, fact, num,
};
use crate::http::pages::store::status::{USABLE, tag};
use crate::http::{At, Query};

const PATH: &str = "giftcards";
const COLUMNS: &[Column] = &[
    col("col-card"),
    col("col-status"),
    num("card-balance"),
    num("card-initial"),
    col("card-expires"),
    col("fact-created"),
];

pub(super) async fn list(desk: Desk, cards: Permit<GiftcardsView>, Query(asked): Query<Asked>) -> Shown {
    listed(desk, Some(cards), asked).await
}

async fn listed(mut desk: Desk, cards: Option<Permit<GiftcardsView>>, asked: Asked) -> Shown {
    let Some(cards) = cards else { return Err(desk.unseen()) };
    let page = asked.page(&["active"])?;
    let found = cards.search(&mut desk.draft, asked.choice(&USABLE, "active")?, &page).await?;
    let frame = &desk.frame;
    let found = found.map(|card| {
        let cells = vec![
            Cell::tag(tag(frame, &USABLE, card.active)),
            Cell::Number(frame.money(&card.balance)),
            Cell::Number(frame.money(&card.initial)),
            card.expires_at.map_or(Cell::Text("–".to_owned()), Cell::At),
            Cell::At(card.created_at),
        ];
        Row::to(frame.page(&format!("store/{PATH}/{}", escaped(&card.id))), format!("…{}", card.last4), cells)
    });
    let filters = vec![Filter::choice(frame, "active", frame.t("col-status"), &USABLE)];
    let issue = Act::new("issue", Scope::GiftcardsIssue, frame.t("card-issue"), frame.t("card-issue-means"))
        .field(Field::amount("amount", frame.t("card-initial"), "").required())
        .field(Field::moment("expires_at", frame.t("card-expires"), ""));
    let texts =
        Texts { title: "giftcards-title", lead: "giftcards-lead", none: "giftcards-none", next: "giftcards-none-next" };
    desk.list(
        List { path: PATH, texts, filters, columns: COLUMNS, found, acts: vec![issue], links: Vec::new() },
        &asked,
    )
}

pub(super) async fn page(desk: Desk, cards: Permit<GiftcardsView>, At(id): At) -> Shown {
    shown(desk, Some(cards), id).await
}

async fn shown(mut desk: Desk, cards: Option<Permit<GiftcardsView>>, id: String) -> Shown {
    let Some(cards) = cards else { return Err(desk.unseen()) };
    let card = cards.get(&mut desk.draft, &id).await?;
    let frame = &desk.frame;
    let ends = card.expires_at.as_deref().map_or_else(|| frame.t("never").to_string(), |at| frame.moment(at));
    let deactivate =
        Act::new("deactivate", Scope::GiftcardsIssue, frame.t("card-deactivate"), frame.t("card-deactivate-means"));
    let sheet = Sheet {
        list: (PATH, "giftcards-title"),
        kind: "gift-card",
        title: frame.t("card-title").with("last", card.last4.clone()).to_string(),
        tags: vec![tag(frame, &USABLE, card.active)],
        facts: vec![
            fact(frame.t("card-balance"), frame.money(&card.balance)),
            fact(frame.t("card-initial"), frame.money(&card.initial)),
            fact(frame.t("card-expires"), ends),
            fact(frame.t("fact-created"), frame.moment(&card.created_at)),
        ],
        acts: if card.active { vec![deactivate.grave()] } else { Vec::new() },
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

/// Issues a card and shows its code, this once: the answer is the page itself, and no address leads to it again.
pub(super) async fn issue(
    mut desk: Desk,
    issue: Permit<GiftcardsIssue>,
    view: Option<Permit<GiftcardsView>>,
    Form(sent): Form<Asked>,
) -> Shown {
    let asked = sent.money("amount", &desk.frame).and_then(|to| Ok((to, sent.some_moment("expires_at", &desk.frame)?)));
    let done = match asked {
        Ok((amount, ends)) => issue.issue(&mut desk.draft, amount, ends.as_deref()).await,
        Err(wrong) => Err(wrong),
    };
    match desk.carry_out("issue", sent, done).await? {
        (desk, Some(issued)) => {
            let words = desk.frame.t("card-code").to_string();
            let secret = Some((words, issued.code));
            let sheet = Sheet {
                list: (PATH, "giftcards-title"),
                kind: "gift-card",
                title: desk.frame.t("card-issued").to_string(),
                id: issued.id,
                secret,
                ..Sheet::default()
            };
            desk.sheet(sheet).await
        }
        (desk, None) => listed(desk, view, Asked::default()).await,
    }
}

acts! { GiftcardsView, "giftcards", shown;
    deactivate(issue: GiftcardsIssue, desk, id, sent) {
        issue.deactivate(&mut desk.draft, &id).await
    }
}
