//! Grants with terms: what ended holds no more, neither at a call nor at a commit.

use super::apps::{APP, Asks, set};
use super::*;
use crate::authz::scope::kind::OrdersEdit;
use crate::authz::{Scope, Terms, TermsMap, Why};
use crate::db::core::time::now_ms;
use crate::db::house::installations::TermsChange;
use std::time::Duration;

const ASKS: Asks<'static> = Asks {
    scopes: &[(Scope::OrdersView, true), (Scope::OrdersEdit, false)],
    topics: &[],
    schedules: &[],
    schema: None,
};

fn until(at: i64) -> TermsChange {
    TermsChange { expires_at: Some(Some(crate::db::core::time::rfc3339(at))), ..TermsChange::default() }
}

#[tokio::test]
async fn what_ended_between_the_call_and_the_commit_is_not_kept() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let order = shop.order().await;
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let app = shop.app(made.id).await;
        let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };

        let ends = now_ms() + 600;
        let limited = shop.db.limit(&shop.owner, made.id, Scope::OrdersEdit, until(ends)).await.unwrap();
        assert!(!limited.widened && limited.terms.expires_at == Some(crate::db::core::time::rfc3339(ends)));
        let mut draft = Draft::new(&shop.db, shop.id, cause);
        app.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "late").await.unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(app.permit::<OrdersEdit>().unwrap_err().why, Why::Expired(ends));
        assert_eq!(app.held(), set(&[Scope::OrdersView]));
        assert!(matches!(draft.commit(Completion::default()).await, Err(Error::Stale)));

        // Granted again without terms, it begins anew and without an end.
        let change = TermsChange::default();
        let consent = shop.db.agree_to_grant(&shop.owner, made.id, Scope::OrdersEdit, &change).await.unwrap();
        consent.allow(&shop.db, made.id).await.unwrap();
        assert_eq!(app.permit::<OrdersEdit>().unwrap().terms(), &Terms::default());
    })
    .await;
}

#[tokio::test]
async fn terms_are_for_what_is_granted_and_read_by_another_host_as_they_were_given() {
    each_engine(async |shop| {
        shop.upload(super::apps::version(APP, "1.0.0", ASKS)).await.unwrap();
        let ends = now_ms() + 3_600_000;
        let asked = [(Scope::OrdersEdit, until(ends))].into();
        let view = set(&[Scope::OrdersView]);
        let refused = shop.db.agree_to_install(&shop.owner, APP, None, view, &asked).await;
        assert!(wrong(refused).contains("`orders:edit`, which is not granted here"));
        let both = set(&[Scope::OrdersView, Scope::OrdersEdit]);
        let (consent, _) = shop.db.agree_to_install(&shop.owner, APP, None, both, &asked).await.unwrap();
        assert_eq!(consent.terms().limited(), set(&[Scope::OrdersEdit]));
        let made = consent.install(&shop.db, super::apps::install("1.0.0"), None).await.unwrap();
        let terms = TermsMap::from_iter([(Scope::OrdersEdit, Terms { expires_at: Some(ends), ..Terms::default() })]);
        assert_eq!(shop.db.installed(made.id).await.unwrap().live().get().terms, terms);
        // Somebody who lets it end later agrees anew; who lets it end sooner does not.
        let sooner = shop.db.limit(&shop.owner, made.id, Scope::OrdersEdit, until(ends - 1)).await.unwrap();
        let later = shop.db.limit(&shop.owner, made.id, Scope::OrdersEdit, until(ends)).await.unwrap();
        assert_eq!((sooner.widened, later.widened), (false, true));
    })
    .await;
}

#[tokio::test]
async fn a_grant_nobody_looked_at_in_time_keeps_nothing_and_stands_in_the_audit_log_once() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let order = shop.order().await;
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let app = shop.app(made.id).await;
        let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };

        // Put up for review nearly seven days ago.
        let due = now_ms() + 600;
        let since = due - 7 * 86_400_000;
        let write = shop.db.write_with(shop.id, (made.id, since), |conn, (id, since)| {
            Box::pin(async move {
                const SQL: &str = "UPDATE grants SET review_at = $2 WHERE installation = $1 AND scope = 'orders:edit'";
                conn.exec(SQL, args![&id.to_string(), *since]).await?;
                crate::db::house::people::authority::authority_of(conn, *id).await
            })
        });
        shop.db.publish_installation(made.id, write.await.unwrap());
        let mut draft = Draft::new(&shop.db, shop.id, cause);
        app.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "late").await.unwrap();
        assert_eq!(shop.db.note_suspended(now_ms()).await.unwrap(), 0);
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(app.permit::<OrdersEdit>().unwrap_err().why, Why::Unreviewed(due));
        assert_eq!(app.held(), set(&[Scope::OrdersView]));
        assert!(matches!(draft.commit(Completion::default()).await, Err(Error::Stale)));

        assert_eq!(shop.db.note_suspended(now_ms()).await.unwrap(), 1);
        assert_eq!(shop.db.note_suspended(now_ms()).await.unwrap(), 0, "once");
        let filter = crate::db::house::people::audit::AuditFilter {
            act: Some("grants.suspend".to_owned()),
            ..Default::default()
        };
        let view = shop.permit::<crate::authz::scope::kind::AuditView>();
        let noted = view.search(&shop.db, &filter, &Page::default()).await.unwrap().items;
        assert_eq!((noted.len(), noted[0].subject.as_str()), (1, made.id.to_string().as_str()));

        let change = TermsChange::default();
        let consent = shop.db.agree_to_grant(&shop.owner, made.id, Scope::OrdersEdit, &change).await.unwrap();
        consent.allow(&shop.db, made.id).await.unwrap();
        assert_eq!(app.permit::<OrdersEdit>().unwrap().terms(), &Terms::default());
    })
    .await;
}

#[tokio::test]
async fn a_grant_with_a_cap_that_this_version_does_not_know_is_idle() {
    each_engine(async |shop| {
        const NEWER: &str =
            "UPDATE grants SET caps = '{\"per_moon\": 5}' WHERE installation = $1 AND scope = 'orders:edit'";
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let app = shop.app(made.id).await;
        assert_eq!(app.held(), set(&[Scope::OrdersView, Scope::OrdersEdit]));
        let newer = shop.db.write_with(shop.id, made.id.to_string(), |conn, id| {
            let id = id.to_string();
            Box::pin(async move { conn.exec(NEWER, args![&id]).await })
        });
        assert_eq!(newer.await.unwrap(), 1);
        // The copy in memory is read anew after any change of a grant.
        let later = until(now_ms() + 3_600_000);
        shop.db.limit(&shop.owner, made.id, Scope::OrdersView, later).await.unwrap();
        assert_eq!(app.permit::<OrdersEdit>().unwrap_err().why, Why::NotGranted);
        assert_eq!(app.held(), set(&[Scope::OrdersView]));
    })
    .await;
}
