//! Drafts that are only looked at.

use super::*;
use crate::authz::scope::kind::{CustomersEdit, CustomersPii, CustomersView, ProductsDelete};
use crate::authz::{InstallationId, InvocationId, Scope};
use crate::db::core::drafts::carried::Carried;
use crate::db::house::history::Personal;
use crate::db::shop::sales::orders::Contact;
use std::sync::Arc;

fn cause() -> Cause {
    Cause { invocation: Some(InvocationId::new()), installation: Some(InstallationId::new()), depth: 1, chain: None }
}

#[tokio::test]
async fn a_dry_draft_cannot_be_kept_in_any_way() {
    each_engine(async |shop| {
        let storage = Arc::new(Carried::default());
        let dry = || Draft::dry(&shop.db, shop.id, cause(), &storage);
        for draft in [dry(), dry().again()] {
            let refused = draft.commit(Completion::default()).await;
            assert!(matches!(refused, Err(Error::Invalid(text)) if text.contains("a dry run")));
        }
        assert!(dry().abandon(Completion::default()).await.is_err());
        let held = dry().hold(Completion::default()).await;
        assert!(matches!(held, Err((Error::Invalid(_), _))));
        let refused = dry().commit_run(Completion::default()).await;
        assert!(matches!(refused, Err((Error::Invalid(_), _))));
    })
    .await;
}

#[tokio::test]
async fn what_a_dry_draft_did_is_shown_and_gone_and_personal_data_only_to_whoever_may_see_it() {
    each_engine(async |shop| {
        let mut storage = Arc::new(Carried::default());
        let view = shop.permit::<CustomersView>();
        for seen in [false, true] {
            let mut draft = Draft::dry(&shop.db, shop.id, cause(), &storage);
            let ada = Contact { name: Some("Ada".to_owned()), ..Contact::default() };
            let id = shop.permit::<CustomersEdit>().create(&mut draft, ada, Vec::new()).await.unwrap();
            assert_eq!(view.get(&mut draft, &id).await.unwrap().id, id);
            let customers = seen.then(|| shop.permit::<CustomersPii>());
            let personal = Personal { orders: None, customers };
            let preview = draft.preview(&personal, &mut storage).await.unwrap();
            let kinds: Vec<&str> = preview.changes.iter().map(|change| change.kind.as_str()).collect();
            assert_eq!(kinds, ["customer", "customer-contact"]);
            let contact = &preview.changes[1];
            assert_eq!((contact.act, contact.revision, contact.n), ("created", 1, 1));
            match seen {
                true => assert!(contact.after.as_ref().unwrap().get().contains("Ada")),
                false => assert_eq!((contact.after.is_none(), contact.hidden), (true, Some(Scope::CustomersPii))),
            }
            assert!(view.get(&mut shop.draft(), &id).await.is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn levels_are_shown_as_they_are_now_and_as_they_would_be() {
    each_engine(async |shop| {
        let product = shop.product("tea", "12.50").await;
        let mut storage = Arc::new(Carried::default());
        let adjust = shop.permit::<InventoryAdjust>();
        let mut draft = Draft::dry(&shop.db, shop.id, cause(), &storage);
        adjust.adjust(&mut draft, "tea", &shop.location, -2, "broken").await.unwrap();
        let preview = draft.preview(&Personal::default(), &mut storage).await.unwrap();
        let images = |change: &crate::db::house::history::Change| {
            let text =
                |image: &Option<Box<serde_json::value::RawValue>>| image.as_ref().map(|json| json.get().to_owned());
            (text(&change.before), text(&change.after))
        };
        let level = |n: i64| Some(format!("{{\"available\":{n}}}"));
        assert_eq!(images(&preview.changes[0]), (level(10), level(8)));

        let mut draft = Draft::dry(&shop.db, shop.id, cause(), &storage);
        shop.permit::<ProductsDelete>().delete(&mut draft, &product).await.unwrap();
        let preview = draft.preview(&Personal::default(), &mut storage).await.unwrap();
        let acts: Vec<_> = preview.changes.iter().map(|change| (change.kind.as_str(), change.act)).collect();
        assert_eq!(acts, [("product", "deleted"), ("stock", "deleted")]);
        assert_eq!(images(&preview.changes[1]), (level(10), None));
    })
    .await;
}

#[tokio::test]
async fn storage_goes_on_from_one_dry_draft_to_the_next() {
    each_engine(async |shop| {
        let mut storage = Arc::new(Carried::default());
        let mut first = Draft::dry(&shop.db, shop.id, cause(), &storage);
        first.storage_set("a", b"1".to_vec()).unwrap();
        first.storage_set("b", b"2".to_vec()).unwrap();
        let preview = first.preview(&Personal::default(), &mut storage).await.unwrap();
        assert_eq!((preview.keys_set, preview.keys_deleted, preview.changes.len()), (2, 0, 0));
        let mut second = Draft::dry(&shop.db, shop.id, cause(), &storage);
        assert_eq!(second.storage_get("a").await.unwrap(), Some(b"1".to_vec()));
        second.storage_delete("a").unwrap();
        assert_eq!(second.storage_keys("", None, 10).await.unwrap(), ["b"]);
        // A run that fails leaves the copy as it was.
        drop(second);
        let mut third = Draft::dry(&shop.db, shop.id, cause(), &storage);
        assert_eq!(third.storage_keys("", None, 10).await.unwrap(), ["a", "b"]);
    })
    .await;
}
