//! Customers: what is known without saying who they are, and who they are for whoever asks.

use super::person;
use crate::authz::scope::kind::{CustomersEdit, CustomersPii, CustomersView};
use crate::authz::{Permit, Scope};
use crate::db::customers::CustomerFilter;
use crate::db::orders::Contact as Known;
use crate::http::accounts::Form;
use crate::http::pages::parts::{address, escaped};
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Contact, Desk, End, Field, Filter, List, Row, Sheet, Texts, acts, col, fact, num,
};
use crate::http::pages::store::status::{CONSENT, tag as state};
use crate::http::{At, Query};

const PATH: &str = "customers";
const COLUMNS: &[Column] =
    &[col("col-customer"), col("customer-consent"), col("col-tags"), num("orders-title"), col("fact-created")];

pub(super) async fn list(desk: Desk, customers: Permit<CustomersView>, Query(asked): Query<Asked>) -> Shown {
    listed(desk, Some(customers), asked).await
}

async fn listed(mut desk: Desk, customers: Option<Permit<CustomersView>>, asked: Asked) -> Shown {
    let Some(customers) = customers else { return Err(desk.unseen()) };
    let page = asked.page(&["tag", "consent"])?;
    let filter = CustomerFilter {
        tag: asked.filled("tag"),
        marketing_consent: asked.choice(&CONSENT, "consent")?,
        ..CustomerFilter::default()
    };
    let found = customers.search(&mut desk.draft, &filter, &page).await?;
    let frame = &desk.frame;
    let found = found.map(|one| {
        let cells = vec![
            Cell::tag(state(frame, &CONSENT, one.marketing_consent)),
            Cell::Text(one.tags.join(", ")),
            Cell::Number(one.orders.to_string()),
            Cell::At(one.created_at),
        ];
        Row::to(frame.page(&format!("store/{PATH}/{}", escaped(&one.id))), one.id, cells)
    });
    let filters = vec![
        Filter::choice(frame, "consent", frame.t("customer-consent"), &CONSENT),
        Filter::text("tag", frame.t("filter-tag")),
    ];
    let create = Act::new("create", Scope::CustomersEdit, frame.t("customer-create"), frame.t("customer-create-means"))
        .fields(person::fields(frame, &Known::default()))
        .field(Field::area("tags", frame.t("field-tags"), ""));
    let texts =
        Texts { title: "customers-title", lead: "customers-lead", none: "customers-none", next: "customers-none-next" };
    desk.list(
        List { path: PATH, texts, filters, columns: COLUMNS, found, acts: vec![create], links: Vec::new() },
        &asked,
    )
}

pub(super) async fn page(desk: Desk, customers: Permit<CustomersView>, At(id): At) -> Shown {
    shown(desk, Some(customers), id).await
}

async fn shown(desk: Desk, customers: Option<Permit<CustomersView>>, id: String) -> Shown {
    sheet(desk, customers, id, None).await
}

/// The page with who it is, for whoever asks for that with a form.
pub(super) async fn show(
    mut desk: Desk,
    contacts: Permit<CustomersPii>,
    customers: Option<Permit<CustomersView>>,
    At(id): At,
) -> Shown {
    let contact = contacts.look(&desk.db, &mut desk.draft, &id).await?;
    sheet(desk, customers, id, Some(contact)).await
}

async fn sheet(mut desk: Desk, customers: Option<Permit<CustomersView>>, id: String, contact: Option<Known>) -> Shown {
    let Some(customers) = customers else { return Err(desk.unseen()) };
    let customer = customers.get(&mut desk.draft, &id).await?;
    let frame = &desk.frame;
    let act = |verb, title: &'static str, means: &'static str| {
        Act::new(verb, Scope::CustomersEdit, frame.t(title), frame.t(means))
    };
    let mut acts = Vec::new();
    // Whoever replaces personal data sees first what is replaced; what was sent and is wrong comes back as it was.
    if contact.is_some() || desk.is_trying("contact") {
        let fields = person::fields(frame, &contact.clone().unwrap_or_default());
        acts.push(act("contact", "customer-contact", "customer-contact-means").fields(fields));
    }
    let tag = Field::line("tag", frame.t("filter-tag"), "").required();
    acts.push(act("tag", "act-tag", "customer-tag-means").field(tag));
    if !customer.tags.is_empty() {
        let options = customer.tags.iter().map(|tag| (tag.clone(), tag.clone())).collect();
        let tag = Field::choice("tag", frame.t("filter-tag"), options, "");
        acts.push(act("untag", "act-untag", "customer-untag-means").field(tag));
    }
    let agreed = Field::tick("marketing", frame.t("customer-agreed"), customer.marketing_consent);
    acts.push(act("consent", "customer-consent-set", "customer-consent-means").field(agreed));
    let delete = (frame.t("customer-delete"), frame.t("customer-delete-means"));
    acts.push(Act::new("delete", Scope::CustomersDelete, delete.0, delete.1).grave());
    let orders = address(&frame.page("store/orders"), [("customer", id.as_str())].into_iter());
    let sheet = Sheet {
        list: (PATH, "customers-title"),
        kind: "customer",
        title: contact.as_ref().and_then(|known| known.name.clone()).unwrap_or_else(|| id.clone()),
        tags: vec![state(frame, &CONSENT, customer.marketing_consent)],
        facts: vec![
            fact(frame.t("orders-title"), customer.orders).to(frame.may("orders:view").then_some(orders)),
            fact(frame.t("col-tags"), customer.tags.join(", ")),
            fact(frame.t("fact-created"), frame.moment(&customer.created_at)),
            fact(frame.t("fact-updated"), frame.moment(&customer.updated_at)),
        ],
        contact: match &contact {
            None => Contact::Of("customers:pii"),
            Some(contact) => Contact::Shown(person::facts(frame, contact)),
        },
        acts,
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

/// Creates a customer.
pub(super) async fn create(
    mut desk: Desk,
    edit: Permit<CustomersEdit>,
    view: Option<Permit<CustomersView>>,
    Form(sent): Form<Asked>,
) -> Shown {
    let done = edit.create(&mut desk.draft, person::read(&sent), sent.words_or("tags", None)).await;
    match desk.end("create", sent, done, |id| format!("{PATH}/{id}")).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => listed(*desk, view, Asked::default()).await,
    }
}

acts! { CustomersView, "customers", shown;
    tag(edit: CustomersEdit, desk, id, sent) {
        edit.tag(&mut desk.draft, &id, sent.text("tag")).await
    }
    untag(edit: CustomersEdit, desk, id, sent) {
        edit.untag(&mut desk.draft, &id, sent.text("tag")).await
    }
    consent(edit: CustomersEdit, desk, id, sent) {
        edit.set_consent(&mut desk.draft, &id, sent.ticked("marketing")).await
    }
    contact(edit: CustomersEdit, desk, id, sent) {
        edit.update(&mut desk.draft, &id, person::read(&sent)).await
    }
    delete(delete: CustomersDelete, desk, id, sent) to "customers" {
        delete.delete(&mut desk.draft, &id).await
    }
}
