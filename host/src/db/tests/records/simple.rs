//! Simple documents on both engines: what all of them do, told of pages and tax rates.

use super::*;
use crate::authz::scope::kind::{PagesEdit, PagesView, TaxesEdit, TaxesView};
use crate::db::shop::settings::taxes::{TaxRateInput, TaxRates};
use crate::db::shop::website::pages::{WebPageInput, WebPages};

fn web_page(path: &str, published: bool) -> WebPageInput {
    WebPageInput { path: path.to_owned(), title: "About us".to_owned(), body: "Tea.".to_owned(), published }
}

fn rate(zone: &str, class: &str, rate: u32) -> TaxRateInput {
    TaxRateInput { zone: zone.to_owned(), class: class.to_owned(), name: "VAT".to_owned(), rate }
}

#[tokio::test]
async fn a_filter_finds_the_same_among_what_is_staged_and_what_is_stored() {
    each_engine(async |shop| {
        let (edit, view) = (shop.permit::<PagesEdit>(), shop.permit::<PagesView>());
        let stored = shop.change(async |draft| edit.create(draft, web_page("about", true)).await).await;
        let hidden = shop.change(async |draft| edit.create(draft, web_page("imprint", false)).await).await;
        let mut draft = shop.draft();
        edit.update(&mut draft, &hidden, web_page("imprint", true)).await.unwrap();
        let staged = edit.create(&mut draft, web_page("help/returns", false)).await.unwrap();
        for (published, ids) in [
            (Some(true), vec![&stored, &hidden]),
            (Some(false), vec![&staged]),
            (None, vec![&stored, &hidden, &staged]),
        ] {
            let found = view.search(&mut draft, &WebPages { published, ..WebPages::default() }).await.unwrap();
            assert_eq!(found.items.iter().map(|page| &page.id).collect::<Vec<_>>(), ids);
        }
        commit(draft).await;
        let (edit, view) = (shop.permit::<TaxesEdit>(), shop.permit::<TaxesView>());
        let german = shop.change(async |draft| edit.create(draft, rate("DE", "standard", 19_000)).await).await;
        shop.change(async |draft| edit.create(draft, rate("US-CA", "standard", 7_250)).await).await;
        let asked = TaxRates { zone: Some("DE".to_owned()), ..TaxRates::default() };
        let found = view.search(&mut shop.draft(), &asked).await.unwrap();
        assert_eq!(found.items.iter().map(|rate| (&rate.id, rate.rate)).collect::<Vec<_>>(), [(&german, 19_000)]);
    })
    .await;
}

#[tokio::test]
async fn what_is_unique_is_refused_in_the_draft_and_again_at_the_commit() {
    each_engine(async |shop| {
        let edit = shop.permit::<TaxesEdit>();
        let standard = shop.change(async |draft| edit.create(draft, rate("DE", "standard", 19_000)).await).await;
        let (mut first, mut second) = (shop.draft(), shop.draft());
        let taken = edit.create(&mut first, rate("DE", "standard", 7_000)).await.unwrap_err();
        assert_eq!(taken.to_string(), "the zone and class `de, standard` is taken");
        edit.create(&mut first, rate("DE", "reduced", 7_000)).await.unwrap();
        edit.create(&mut second, rate("DE", "reduced", 7_500)).await.unwrap();
        commit(first).await;
        assert!(matches!(second.commit(Completion::default()).await, Err(Error::Taken { .. })));
        let mut draft = shop.draft();
        assert!(edit.update(&mut draft, &standard, rate("DE", "reduced", 1)).await.is_err(), "nor by changing one");
        edit.delete(&mut draft, &standard).await.unwrap();
        edit.create(&mut draft, rate("DE", "standard", 20_000)).await.unwrap();
        commit(draft).await;
    })
    .await;
}

#[tokio::test]
async fn choosing_what_is_chosen_already_changes_nothing() {
    each_engine(async |shop| {
        let edit = shop.permit::<PagesEdit>();
        let about = shop.change(async |draft| edit.create(draft, web_page("about", true)).await).await;
        let mut draft = shop.draft();
        edit.update(&mut draft, &about, web_page("about", true)).await.unwrap();
        assert_eq!(draft.changes(), 0);
        edit.update(&mut draft, &about, web_page("about", false)).await.unwrap();
        assert_eq!(draft.changes(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_page_or_a_tax_rate_is_refused_with_what_would_help() {
    each_engine(async |shop| {
        let (pages, taxes) = (shop.permit::<PagesEdit>(), shop.permit::<TaxesEdit>());
        let mut draft = shop.draft();
        for path in ["", "/", "/about", "about/", "a//b", "About", "über", "a b", "..", "a\u{202e}b", &"a".repeat(101)]
        {
            assert!(pages.create(&mut draft, web_page(path, true)).await.is_err(), "{path:?}");
        }
        for zone in ["", "de", "D", "DEU", "DE-", "DE-ABCD", "-CA", "DE-ca", "Ö1", "US-CA-X", "12"] {
            assert!(taxes.create(&mut draft, rate(zone, "standard", 1)).await.is_err(), "{zone:?}");
        }
        for class in ["", "Standard", "a b", &"a".repeat(41)] {
            assert!(taxes.create(&mut draft, rate("DE", class, 1)).await.is_err(), "{class:?}");
        }
        for title in ["", " ", "\u{200b}", "\u{feff}\u{200b}"] {
            let page = WebPageInput { title: title.to_owned(), ..web_page("about", true) };
            assert!(pages.create(&mut draft, page).await.is_err(), "{title:?}");
        }
        let much = taxes.create(&mut draft, rate("DE", "standard", 100_001)).await;
        assert_eq!(wrong(much), "a rate is at most 100000 thousandths of a percent, which is 100 %; 100001 is more");
        assert!(draft.is_empty());
    })
    .await;
}
