//! Keys of changes that are no drafts: inserted with the change or not at all, whatever became of the answer.

use super::apps::{APP, Asks, install, set, version};
use super::*;
use crate::authz::scope::kind::{StaffManage, TokensManage};
use crate::authz::{Scope, ScopeSet};
use crate::db::core::drafts::once::{Once, Replay};
use crate::db::house::people::staff::NewStaff;
use crate::db::house::people::tokens::NewToken;

const ASKS: Asks<'_> = Asks { scopes: &[(Scope::OrdersView, true)], topics: &[], schedules: &[], schema: None };

impl Shop {
    fn once(&self, key: &str) -> Once {
        Once::new(key.to_owned(), "request".to_owned(), &self.owner)
    }

    async fn install_once(&self, once: &Once) -> Result<String> {
        let facts = version(APP, "1.0.0", ASKS).facts;
        let consent = self.owner.consent(&facts.requests, set(&[Scope::OrdersView]))?;
        consent.install(&self.db, install("1.0.0"), Some(once.clone())).await.map(|made| made.id.to_string())
    }

    /// What the key was used for, and what whoever asks again is given.
    async fn done(&self, once: &Once) -> Option<(Option<String>, Replay)> {
        let answered = self.db.answered(once).await.unwrap()?;
        assert_eq!(answered.body, None);
        Some((answered.done.id, answered.done.replay))
    }
}

/// As a host that is killed after the commit and before the answer is retained.
#[tokio::test]
async fn what_was_made_with_a_key_is_not_made_again_though_its_answer_was_lost() {
    each_engine(async |shop| {
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let key = shop.once("app");
        let made = shop.install_once(&key).await.unwrap();
        assert_eq!(shop.done(&key).await, Some((Some(made), Replay::Answer)));
        assert!(matches!(shop.install_once(&key).await, Err(Error::Repeated(_))));

        let (staff, key) = (shop.permit::<StaffManage>(), shop.once("person"));
        let add = async || {
            let new = NewStaff { name: "Sam".to_owned(), scopes: ScopeSet::EMPTY };
            staff.add(&shop.db, &shop.owner, new, Some(key.clone())).await
        };
        let made = add().await.unwrap().id.to_string();
        assert_eq!(shop.done(&key).await, Some((Some(made), Replay::Never)));
        assert!(matches!(add().await, Err(Error::Repeated(_))));

        let (tokens, key) = (shop.permit::<TokensManage>(), shop.once("token"));
        let create = async || {
            let new = NewToken { name: "script".to_owned(), scopes: Some(ScopeSet::EMPTY), days: None };
            tokens.create(&shop.db, &shop.owner, new, Some(key.clone())).await
        };
        let made = create().await.unwrap().id.to_string();
        assert_eq!(shop.done(&key).await, Some((Some(made), Replay::Never)));
        assert!(matches!(create().await, Err(Error::Repeated(_))));
    })
    .await;
}

#[tokio::test]
async fn what_was_not_made_uses_up_no_key() {
    each_engine(async |shop| {
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let (first, key) = (shop.once("first"), shop.once("second"));
        shop.install_once(&first).await.unwrap();
        assert!(wrong(shop.install_once(&key).await).contains("installed already"));
        assert_eq!(shop.done(&key).await, None);
    })
    .await;
}

#[tokio::test]
async fn an_answer_counts_in_the_day_of_those_who_asked_and_is_not_retained_beyond_it() {
    each_engine(async |shop| {
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let key = shop.once("app");
        shop.install_once(&key).await.unwrap();
        // Four times as much for the people of the store.
        shop.db.set_app_bytes(16 << 10);
        let answer = "x".repeat(40 << 10);
        shop.db.retain_answer(&key, &answer).await.unwrap();
        assert_eq!(shop.db.answered(&key).await.unwrap().unwrap().body.as_deref(), Some(&*answer));
        let refused = shop.db.retain_answer(&shop.once("another"), &answer).await;
        assert!(matches!(refused, Err(Error::Limit { .. })), "{refused:?}");
    })
    .await;
}
