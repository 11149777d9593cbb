//! Gift cards on both engines.

use super::*;
use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView};
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_gift_card_tells_its_code_once_and_keeps_only_a_digest() {
    each_engine(async |shop| {
        let (issue, view) = (shop.permit::<GiftcardsIssue>(), shop.permit::<GiftcardsView>());
        let ends = "2999-01-01T00:00:00+01:00";
        let card = shop.change(async |draft| issue.issue(draft, eur("25.00"), Some(ends)).await).await;
        let mut draft = shop.draft();
        let found = view.get(&mut draft, &card.id).await.unwrap();
        assert_eq!((found.initial, found.balance, found.active), (eur("25.00"), eur("25.00"), true));
        assert!(card.code.len() == 16 && card.code.ends_with(&found.last4) && found.last4.len() == 4);
        assert_eq!(found.expires_at.as_deref(), Some("2998-12-31T23:00:00.000Z"));
        let all = shop.everything().await;
        assert!(!all.contains(&card.code) && all.contains(&hex::encode(Sha256::digest(&card.code))));
        let shown = serde_json::to_string(&found).unwrap();
        assert!(!shown.contains("hash") && !format!("{card:?}").contains(&card.code));
    })
    .await;
}

#[tokio::test]
async fn a_deactivated_card_stays_on_record_and_is_found_as_such() {
    each_engine(async |shop| {
        let (issue, view) = (shop.permit::<GiftcardsIssue>(), shop.permit::<GiftcardsView>());
        let one = shop.change(async |draft| issue.issue(draft, eur("5.00"), None).await).await.id;
        let two = shop.change(async |draft| issue.issue(draft, eur("5.00"), None).await).await.id;
        shop.change(async |draft| issue.deactivate(draft, &one).await).await;
        let mut draft = shop.draft();
        issue.deactivate(&mut draft, &one).await.unwrap();
        assert!(draft.is_empty());
        for (active, ids) in [(Some(true), vec![&two]), (Some(false), vec![&one]), (None, vec![&one, &two])] {
            let found = view.search(&mut draft, active, &Page::default()).await.unwrap();
            assert_eq!(found.items.iter().map(|card| &card.id).collect::<Vec<_>>(), ids);
        }
    })
    .await;
}

#[tokio::test]
async fn a_gift_card_of_a_strange_worth_is_refused_in_words() {
    each_engine(async |shop| {
        let issue = shop.permit::<GiftcardsIssue>();
        let mut draft = shop.draft();
        for (amount, code, words) in [
            ("0.00", "EUR", "`0.00 EUR` must be more than zero"),
            ("-1.00", "EUR", "`-1.00 EUR` must be more than zero"),
            ("10000.01", "EUR", "a gift card is worth at most 10000.00 EUR; 10000.01 EUR is more"),
            ("5.00", "USD", "gift cards of this store are in EUR"),
        ] {
            let amount = Money::parse(amount, code).unwrap();
            assert_eq!(wrong(issue.issue(&mut draft, amount, None).await), words);
        }
        let past = wrong(issue.issue(&mut draft, eur("5.00"), Some("2001-01-01T00:00:00Z")).await);
        assert!(past.starts_with("a gift card cannot expire before it is issued"));
        issue.issue(&mut draft, eur("10000.00"), None).await.unwrap();
    })
    .await;
}
