//! Customers on both engines.

use super::*;
use crate::authz::scope::kind::{
    CustomersDelete, CustomersEdit, CustomersPii, CustomersView, OrdersCreate, OrdersPii, OrdersView,
};
use crate::db::shop::sales::customers::CustomerFilter;
use crate::db::shop::sales::intake::NewCart;
use crate::db::shop::sales::orders::{Contact, NewOrder, OrderFilter};

fn contact(name: &str, email: &str) -> Contact {
    Contact { name: Some(name.to_owned()), email: Some(email.to_owned()), ..Contact::default() }
}

fn order(sku: &str, customer: Option<String>) -> NewOrder {
    NewOrder {
        draft: false,
        lines: vec![of(sku, 1)],
        customer,
        contact: Some(contact("Grace", "g@example.com")),
        tags: Vec::new(),
    }
}

#[tokio::test]
async fn a_customer_is_found_by_tag_consent_time_and_email_but_shows_no_personal_data() {
    each_engine(async |shop| {
        let (edit, view, pii) =
            (shop.permit::<CustomersEdit>(), shop.permit::<CustomersView>(), shop.permit::<CustomersPii>());
        let tags = vec!["vip".to_owned(), "vip".to_owned()];
        let ada = shop.change(async |draft| edit.create(draft, contact("Ada", "Ada@Example.com"), tags).await).await;
        let bob = shop.change(async |draft| edit.create(draft, Contact::default(), Vec::new()).await).await;
        shop.change(async |draft| edit.set_consent(draft, &ada, true).await).await;
        let mut draft = shop.draft();
        let found = view.get(&mut draft, &ada).await.unwrap();
        assert_eq!((found.tags.as_slice(), found.marketing_consent, found.orders), (&["vip".to_owned()][..], true, 0));
        let agreed = |yes| CustomerFilter { marketing_consent: Some(yes), ..CustomerFilter::default() };
        let ids = async |draft: &mut Draft, filter: &CustomerFilter| {
            let found = view.search(draft, filter, &Page::default()).await.unwrap();
            assert_eq!(view.count(draft, filter).await.unwrap(), found.items.len() as u64);
            found.items.into_iter().map(|customer| customer.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&mut draft, &agreed(true)).await, [&*ada]);
        assert_eq!(ids(&mut draft, &agreed(false)).await, [&*bob]);
        let tagged = CustomerFilter { tag: Some("vip".to_owned()), ..CustomerFilter::default() };
        assert_eq!(ids(&mut draft, &tagged).await, [&*ada]);
        let later = CustomerFilter { since: Some("2999-01-01T00:00:00Z".to_owned()), ..CustomerFilter::default() };
        assert!(ids(&mut draft, &later).await.is_empty());
        assert_eq!(pii.find_by_email(&mut draft, "aDA@example.COM").await.unwrap(), Some(ada.clone()));
        assert_eq!(pii.contact(&mut draft, &ada).await.unwrap().name.as_deref(), Some("Ada"));
        assert_eq!(shop.topics(&ada).await, ["customers/created", "customers/updated"]);
        assert!(shop.events().await.iter().all(|(.., payload)| !payload.to_string().contains("Example")));
    })
    .await;
}

#[tokio::test]
async fn an_email_address_belongs_to_one_customer_and_can_be_handed_over_in_one_draft() {
    each_engine(async |shop| {
        let edit = shop.permit::<CustomersEdit>();
        let pii = shop.permit::<CustomersPii>();
        let one = shop.change(async |draft| edit.create(draft, contact("One", "a@example.com"), vec![]).await).await;
        let two = shop.change(async |draft| edit.create(draft, contact("Two", "b@example.com"), vec![]).await).await;
        let mut draft = shop.draft();
        let taken = edit.create(&mut draft, contact("Three", "A@EXAMPLE.com"), vec![]).await.unwrap_err();
        assert_eq!(taken.to_string(), "the e-mail address is taken");
        // The older record takes what the newer one gives up.
        edit.update(&mut draft, &two, contact("Two", "c@example.com")).await.unwrap();
        edit.update(&mut draft, &one, contact("One", "b@example.com")).await.unwrap();
        assert_eq!(pii.find_by_email(&mut draft, "b@example.com").await.unwrap(), Some(one.clone()));
        assert_eq!(pii.find_by_email(&mut draft, "a@example.com").await.unwrap(), None);
        commit(draft).await;
        let mut draft = shop.draft();
        assert_eq!(pii.find_by_email(&mut draft, "b@example.com").await.unwrap(), Some(one));
        assert_eq!(pii.find_by_email(&mut draft, "c@example.com").await.unwrap(), Some(two));
        assert_eq!(pii.find_by_email(&mut draft, "a@example.com").await.unwrap(), None);
        // Two drafts that both saw it free: the second to commit is refused.
        let (mut first, mut second) = (shop.draft(), shop.draft());
        edit.create(&mut first, contact("F", "new@example.com"), vec![]).await.unwrap();
        edit.create(&mut second, contact("S", "new@example.com"), vec![]).await.unwrap();
        commit(first).await;
        let refused = second.commit(Completion::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Taken { what: "the e-mail address", .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_customer_leaves_orders_and_carts_behind_without_a_name() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let (edit, delete) = (shop.permit::<CustomersEdit>(), shop.permit::<CustomersDelete>());
        let (create, intake) = (shop.permit::<OrdersCreate>(), shop.intake());
        let ada = shop.change(async |draft| edit.create(draft, contact("Ada", "ada@example.com"), vec![]).await).await;
        let kept = shop.change(async |draft| create.create(draft, order("TEA", Some(ada.clone()))).await).await;
        let other = shop.change(async |draft| create.create(draft, order("TEA", None)).await).await;
        let new = NewCart {
            customer: Some(ada.clone()),
            contact: Some(contact("Ada", "left@example.com")),
            ..NewCart::default()
        };
        let cart = shop.change(async |draft| intake.create_cart(draft, new).await).await;
        let mut draft = shop.draft();
        let staged = create.create(&mut draft, order("TEA", Some(ada.clone()))).await.unwrap();
        assert_eq!(shop.permit::<CustomersView>().get(&mut draft, &ada).await.unwrap().orders, 2);
        delete.delete(&mut draft, &ada).await.unwrap();
        let view = shop.permit::<OrdersView>();
        assert_eq!(view.get(&mut draft, &staged).await.unwrap().customer, None);
        commit(draft).await;
        let mut draft = shop.draft();
        for id in [&kept, &other, &staged] {
            assert_eq!(view.get(&mut draft, id).await.unwrap().customer, None);
        }
        let of_ada = OrderFilter { customer: Some(ada.clone()), ..OrderFilter::default() };
        assert_eq!(view.count(&mut draft, &of_ada).await.unwrap(), 0);
        // The order's own contact belongs to the order.
        let buyer = shop.permit::<OrdersPii>().contact(&mut draft, &kept).await.unwrap();
        assert_eq!(buyer.contact.name.as_deref(), Some("Grace"));
        assert_eq!(shop.permit::<CustomersPii>().find_by_email(&mut draft, "ada@example.com").await.unwrap(), None);
        assert!(matches!(shop.permit::<CustomersPii>().contact(&mut draft, &ada).await, Err(Error::NotFound { .. })));
        assert_eq!(shop.topics(&ada).await.last().unwrap(), "customers/deleted");
        assert_eq!(shop.events().await.pop().unwrap().2, serde_json::json!({ "id": ada }));
        assert_eq!(shop.topics(&kept).await.last().unwrap(), "orders/updated");
        assert!(shop.topics(&other).await.iter().all(|topic| topic != "orders/updated"));
        assert_eq!(shop.topics(&cart).await.last().unwrap(), "carts/updated");
        let mut conn = shop.db.reader(shop.id).await.unwrap();
        let left =
            conn.row("SELECT COUNT(*) FROM records WHERE kind IN ('customer-contact', 'cart-contact')", &[], |r| {
                r.int(0)
            });
        assert_eq!(left.await.unwrap(), Some(0));
    })
    .await;
}

#[tokio::test]
async fn a_customer_made_and_deleted_in_one_draft_never_was() {
    each_engine(async |shop| {
        let (edit, delete) = (shop.permit::<CustomersEdit>(), shop.permit::<CustomersDelete>());
        let mut draft = shop.draft();
        let id = edit.create(&mut draft, contact("Ada", "ada@example.com"), vec![]).await.unwrap();
        delete.delete(&mut draft, &id).await.unwrap();
        edit.create(&mut draft, contact("Ada", "ada@example.com"), vec![]).await.unwrap();
        commit(draft).await;
        assert!(shop.topics(&id).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_of_a_customer_is_refused_in_words() {
    each_engine(async |shop| {
        let edit = shop.permit::<CustomersEdit>();
        let mut draft = shop.draft();
        let nul = Contact { name: Some("a\0b".to_owned()), ..Contact::default() };
        assert_eq!(wrong(edit.create(&mut draft, nul, vec![]).await), "a name must not contain control characters");
        let no = contact("Ada", "nobody");
        assert_eq!(
            wrong(edit.create(&mut draft, no, vec![]).await),
            "the e-mail address must look like `name@example.com`"
        );
        let many = (0..101).map(|n| format!("t{n}")).collect();
        assert_eq!(
            wrong(edit.create(&mut draft, Contact::default(), many).await),
            "a record has at most 100 tags; 101 were given"
        );
        let pii = shop.permit::<CustomersPii>();
        assert_eq!(
            wrong(pii.find_by_email(&mut draft, "a\0@example.com").await),
            "text must not contain the character NUL"
        );
        assert_eq!(wrong(edit.tag(&mut draft, "cus_\0", "x").await), "text must not contain the character NUL");
        assert!(draft.is_empty());
    })
    .await;
}
