//! Installing, granting, revoking, pausing, upgrading and uninstalling, on both engines.

use super::apps::{APP, Asks, as_read, install, raw, set, version};
use super::*;
use crate::authz::scope::kind::{
    AppsInstall, AppsPause, AppsView, AuditView, OrdersEdit, OrdersView, ProductsView, StaffManage,
};
use crate::authz::{InstallationId, Scope, ScopeSet, Why};
use crate::db::core::topic::Topic;
use crate::db::house::installations::{Agreement, Install, Resume, State, TermsChanges, Upgrade};
use crate::db::house::people::audit::AuditFilter;
use crate::db::house::people::staff::NewStaff;
use crate::db::shop::sales::orders::NewOrder;

const ASKS: Asks<'static> = Asks {
    scopes: &[(Scope::OrdersView, true), (Scope::OrdersEdit, false), (Scope::ProductsView, false)],
    topics: &[Topic::OrdersCreated, Topic::InventoryLow],
    schedules: &["0 7 * * *"],
    schema: None,
};

fn stale<T>(result: Result<T>) {
    assert!(matches!(result, Err(Error::Stale)));
}

fn gone<T>(result: Result<T>) {
    assert!(matches!(result, Err(Error::NotFound { .. })));
}

impl Shop {
    /// Somebody who may manage apps, and this.
    async fn helper(&self, scopes: &[Scope]) -> (authz::StaffId, Principal) {
        let scopes = set(&[Scope::AppsView, Scope::AppsInstall]).iter().chain(scopes.iter().copied()).collect();
        let new = NewStaff { name: "Grace".to_owned(), scopes };
        let added = self.permit::<StaffManage>().add(&self.db, &self.owner, new, None).await.unwrap();
        let live = self.db.live_staff(added.id).await.unwrap();
        let who = authz::Authenticated::verified(&mint(), self.id, added.id, live, ScopeSet::staff(), None);
        (added.id, authz::staff(who))
    }

    pub(super) async fn order(&self) -> String {
        let create = self.permit::<crate::authz::scope::kind::OrdersCreate>();
        let new = NewOrder { draft: false, lines: vec![of("TEA", 1)], customer: None, contact: None, tags: Vec::new() };
        self.change(async |draft| create.create(draft, new).await).await
    }

    async fn count(&self, sql: &'static str, id: InstallationId) -> i64 {
        let mut conn = self.db.reader(self.id).await.unwrap();
        conn.row(sql, args![&id.to_string()], |r| r.int(0)).await.unwrap().unwrap()
    }

    async fn acts(&self) -> Vec<String> {
        let found = self.permit::<AuditView>().search(&self.db, &AuditFilter::default(), &page(50, None)).await;
        found.unwrap().items.into_iter().map(|entry| entry.act).rev().collect()
    }
}

#[tokio::test]
async fn installing_grants_what_was_chosen_and_keeps_the_text_word_for_word() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        shop.order().await;
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let chosen = set(&[Scope::OrdersView, Scope::OrdersEdit]);
        let plan = shop.db.plan(&shop.owner, APP, None, Some(chosen), &TermsChanges::new()).await.unwrap();
        assert_eq!((plan.refused, plan.upgrade_of), (None, None));
        let delivered: Vec<bool> = plan.topics.iter().map(|topic| topic.delivered).collect();
        assert_eq!(delivered, [true, false]);
        assert!(plan.cannot.iter().any(|not| not.scope == Scope::ProductsView));
        assert!(plan.schedules[0].next.is_some());

        let consent = shop.owner.consent(&version(APP, "1.0.0", ASKS).facts.requests, chosen).unwrap();
        let other = Install { shown: as_read("something else"), ..install("1.0.0") };
        assert!(wrong(consent.install(&shop.db, other, None).await).contains("ask for the plan again"));
        let consent = shop.owner.consent(&version(APP, "1.0.0", ASKS).facts.requests, chosen).unwrap();
        let read = Install { shown: as_read(&plan.shown), ..install("1.0.0") };
        let made = consent.install(&shop.db, read, None).await.unwrap();
        assert_eq!((made.state, &*made.app, &*made.version), (State::Active, APP, "1.0.0"));

        let view = shop.permit::<AppsView>();
        let given = view.consents(&shop.db, made.id).await.unwrap();
        assert_eq!((given.len(), &given[0].shown, given[0].scopes), (1, &plan.shown, chosen));
        let detail = view.installation(&shop.db, made.id).await.unwrap();
        let held: ScopeSet = detail.grants.iter().map(|grant| grant.scope).collect();
        assert_eq!((held, detail.not_granted, detail.behind), (chosen, set(&[Scope::ProductsView]), 0));
        assert_eq!(detail.schedules.len(), 1);
        assert_eq!(shop.app(made.id).await.held(), chosen);
        assert_eq!(shop.acts().await, ["stores.create", "apps.upload", "apps.install"]);
        // What happens from now on is what it has not been told of.
        shop.order().await;
        assert!(view.installation(&shop.db, made.id).await.unwrap().behind > 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_installs_with_more_than_they_hold_at_that_moment() {
    each_engine(async |shop| {
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let requests = version(APP, "1.0.0", ASKS).facts.requests;
        let (id, grace) = shop.helper(&[Scope::OrdersView, Scope::OrdersEdit]).await;
        let chosen = set(&[Scope::OrdersView, Scope::ProductsView]);
        let plan = shop.db.plan(&grace, APP, None, Some(chosen), &TermsChanges::new()).await.unwrap();
        assert!(plan.refused.unwrap().contains("`products:view`"));
        assert!(grace.consent(&requests, chosen).is_err());
        assert!(grace.consent(&requests, set(&[Scope::OrdersEdit])).is_err(), "orders:view is required");
        assert!(grace.consent(&requests, set(&[Scope::OrdersView, Scope::OrdersRefund])).is_err(), "not asked for");
        // By default the required ones are chosen, and those that she holds.
        let plan = shop.db.plan(&grace, APP, None, None, &TermsChanges::new()).await.unwrap();
        let picked: ScopeSet = plan.scopes.iter().filter(|s| s.chosen).map(|s| s.scope).collect();
        assert_eq!((picked, plan.refused), (set(&[Scope::OrdersView, Scope::OrdersEdit]), None));

        let consent = grace.consent(&requests, picked).unwrap();
        let less = set(&[Scope::AppsView, Scope::AppsInstall, Scope::OrdersView]);
        shop.permit::<StaffManage>().set_scopes(&shop.db, &shop.owner, id, less).await.unwrap();
        stale(consent.install(&shop.db, install("1.0.0"), None).await);
        assert!(
            shop.permit::<AppsView>().installations(&shop.db, true, &page(9, None)).await.unwrap().items.is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_consent_for_one_app_installs_no_other() {
    each_engine(async |shop| {
        shop.upload(version(APP, "1.0.0", ASKS)).await.unwrap();
        let more = Asks { scopes: &[(Scope::OrdersView, true), (Scope::OrdersCancel, true)], ..Asks::default() };
        shop.upload(version("acme/other", "1.0.0", more)).await.unwrap();
        let of_one =
            || shop.owner.consent(&version(APP, "1.0.0", ASKS).facts.requests, set(&[Scope::OrdersView])).unwrap();
        let other = Install { app: "acme/other".to_owned(), ..install("1.0.0") };
        assert!(matches!(of_one().install(&shop.db, other, None).await, Err(Error::NoConsent(_))));
        let of_other =
            shop.owner.consent(&version(APP, "1", more).facts.requests, set(&[Scope::OrdersView, Scope::OrdersCancel]));
        assert!(matches!(of_other.unwrap().install(&shop.db, install("1.0.0"), None).await, Err(Error::NoConsent(_))));
        // Neither does one of another store.
        let neighbour = shop.neighbour().await;
        let theirs = neighbour.owner.consent(&version(APP, "1.0.0", ASKS).facts.requests, set(&[Scope::OrdersView]));
        gone(theirs.unwrap().install(&shop.db, install("1.0.0"), None).await);
        of_one().install(&shop.db, install("1.0.0"), None).await.unwrap();
        assert!(wrong(of_one().install(&shop.db, install("1.0.0"), None).await).contains("installed already"));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_scope_stops_the_next_call_and_every_commit_that_used_it() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let order = shop.order().await;
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let app = shop.app(made.id).await;
        let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };
        let mut draft = Draft::new(&shop.db, shop.id, cause);
        app.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "big").await.unwrap();
        let held = shop.permit::<AppsInstall>().revoke(&shop.db, made.id, Scope::OrdersEdit).await.unwrap();
        assert_eq!(held, set(&[Scope::OrdersView]));
        assert_eq!(app.permit::<OrdersEdit>().unwrap_err().why, Why::NotGranted);
        stale(draft.commit(Completion::default()).await);
        gone(shop.permit::<AppsInstall>().revoke(&shop.db, made.id, Scope::OrdersEdit).await);
        // A required scope can be revoked too.
        assert!(shop.permit::<AppsInstall>().revoke(&shop.db, made.id, Scope::OrdersView).await.unwrap().is_empty());

        let requests = version(APP, "1.0.0", ASKS).facts.requests_for(set(&[Scope::OrdersEdit]));
        let consent = shop.owner.consent(&requests, set(&[Scope::OrdersEdit])).unwrap();
        assert_eq!(consent.allow(&shop.db, made.id).await.unwrap(), set(&[Scope::OrdersEdit]));
        assert!(app.permit::<OrdersEdit>().is_ok());
        let given = shop.permit::<AppsView>().consents(&shop.db, made.id).await.unwrap();
        assert!(given.len() == 2 && given[0].shown.starts_with("Allow Order notes"));
        let never = crate::authz::Request { scope: Scope::OrdersCancel, reason: String::new(), required: false };
        let consent = shop.owner.consent(&[never], set(&[Scope::OrdersCancel])).unwrap();
        assert!(matches!(consent.allow(&shop.db, made.id).await, Err(Error::NoConsent(_))));
    })
    .await;
}

#[tokio::test]
async fn settings_fit_the_schema_and_overwrite_nothing_unseen() {
    each_engine(async |shop| {
        let schema =
            r#"{"type": "object", "properties": {"over": {"type": "integer"}}, "additionalProperties": false}"#;
        let made = shop.installed(Asks { schema: Some(schema), ..Asks::default() }, &[]).await;
        let (view, change) = (shop.permit::<AppsView>(), shop.permit::<AppsInstall>());
        let before = view.settings(&shop.db, made.id).await.unwrap();
        assert_eq!((before.settings.get(), before.revision), ("{}", 1));
        assert_eq!(shop.db.installation(made.id).await.unwrap().settings.get(), "{}");
        let set = change.configure(&shop.db, made.id, raw(r#"{"over":5}"#), Some(1)).await.unwrap();
        assert_eq!(set.revision, 2);
        let unseen = change.configure(&shop.db, made.id, raw(r#"{"over":6}"#), Some(1)).await;
        assert!(matches!(unseen, Err(Error::Conflict(_))));
        assert!(wrong(change.configure(&shop.db, made.id, raw(r#"{"over":"x"}"#), None).await).contains("/over"));
        // The next run meets the new ones.
        let now: Value = serde_json::from_str(shop.db.installation(made.id).await.unwrap().settings.get()).unwrap();
        assert_eq!(now, serde_json::json!({ "over": 5 }));
    })
    .await;
}

#[tokio::test]
async fn a_paused_app_keeps_nothing_and_goes_on_where_the_owner_says() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let order = shop.order().await;
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let (app, pause) = (shop.app(made.id).await, shop.permit::<AppsPause>());
        let mut draft = Draft::new(&shop.db, shop.id, Cause::PERSON);
        app.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "big").await.unwrap();
        pause.pause(&shop.db, made.id, Some("too chatty")).await.unwrap();
        stale(draft.commit(Completion::default()).await);
        // Not even a note to itself, for which it needs no permission.
        let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };
        let mut draft = Draft::new(&shop.db, shop.id, cause);
        draft.storage_set("seen", b"1".to_vec()).unwrap();
        stale(draft.commit(Completion::default()).await);
        assert_eq!(app.permit::<OrdersView>().unwrap_err().why, Why::Inactive);
        assert!(wrong(pause.pause(&shop.db, made.id, None).await).contains("paused already"));
        shop.order().await;
        let view = shop.permit::<AppsView>();
        let detail = view.installation(&shop.db, made.id).await.unwrap();
        assert_eq!(detail.installation.state_reason.as_deref(), Some("too chatty"));
        let behind = detail.behind;
        assert!(behind > 0 && shop.db.active_installations().await.unwrap().is_empty());

        pause.resume(&shop.db, made.id, Resume::CatchUp).await.unwrap();
        assert!(app.permit::<OrdersView>().is_ok());
        assert_eq!(view.installation(&shop.db, made.id).await.unwrap().behind, behind);
        assert!(wrong(pause.resume(&shop.db, made.id, Resume::Skip).await).contains("not paused"));
        shop.db.pause_by_host(made.id, "5 deliveries were parked").await.unwrap();
        pause.resume(&shop.db, made.id, Resume::Skip).await.unwrap();
        let detail = view.installation(&shop.db, made.id).await.unwrap();
        assert_eq!((detail.behind, detail.schedules.len()), (0, 1));
        assert_eq!(shop.db.active_installations().await.unwrap(), [(made.id, shop.id)]);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_asks_for_more_waits_and_one_that_asks_for_less_does_not() {
    each_engine(async |shop| {
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let less = Asks { scopes: &[(Scope::OrdersView, true)], ..Asks::default() };
        let more = Asks {
            scopes: &[(Scope::OrdersView, true), (Scope::ProductsView, true)],
            schedules: &["5 * * * *"],
            ..less
        };
        shop.upload(version(APP, "2.0.0", less)).await.unwrap();
        shop.upload(version(APP, "3.0.0", more)).await.unwrap();
        let to =
            |version: &str| Upgrade { installation: made.id, version: version.to_owned(), settings: None, shown: None };
        let plainly = async |version: &str| {
            let agreed = shop.db.agree_to_upgrade(&shop.owner, made.id, version, None, &TermsChanges::new()).await;
            agreed.unwrap().upgrade(&shop.db, to(version), None).await.unwrap()
        };
        let app = shop.app(made.id).await;

        let done = plainly("2.0.0").await;
        assert_eq!((&*done.version, done.pending, done.scopes), ("2.0.0", None, set(&[Scope::OrdersView])));
        assert!(app.permit::<OrdersEdit>().is_err());
        assert!(shop.permit::<AppsView>().installation(&shop.db, made.id).await.unwrap().schedules.is_empty());

        let waits = plainly("3.0.0").await;
        assert_eq!((&*waits.version, waits.pending.as_deref()), ("2.0.0", Some("3.0.0")));
        assert_eq!(
            (waits.adds.scopes, &*waits.adds.schedules),
            (set(&[Scope::ProductsView]), &["5 * * * *".to_owned()][..])
        );
        assert_eq!(&*shop.db.installation(made.id).await.unwrap().version, "2.0.0");
        assert_eq!(app.held(), set(&[Scope::OrdersView]));

        let plan = shop.db.plan(&shop.owner, APP, Some("3.0.0"), None, &TermsChanges::new()).await.unwrap();
        assert_eq!((plan.upgrade_of, plan.refused), (Some(made.id), None));
        let more_of_it = Some(set(&[Scope::ProductsView]));
        let plain = TermsChanges::new();
        let agreed = shop.db.agree_to_upgrade(&shop.owner, made.id, "3.0.0", more_of_it, &plain).await.unwrap();
        let done =
            agreed.upgrade(&shop.db, Upgrade { shown: as_read(&plan.shown), ..to("3.0.0") }, None).await.unwrap();
        assert_eq!((&*done.version, done.pending), ("3.0.0", None));
        assert!(app.permit::<ProductsView>().is_ok());
        let row = shop.db.installation(made.id).await.unwrap();
        assert_eq!((&*row.version, &*row.digest), ("3.0.0", &*version(APP, "3.0.0", more).facts.digest));
        let detail = shop.permit::<AppsView>().installation(&shop.db, made.id).await.unwrap();
        assert_eq!((detail.installation.pending, detail.schedules.len()), (None, 1));
    })
    .await;
}

#[tokio::test]
async fn settings_that_do_not_suit_a_version_are_asked_for_again() {
    each_engine(async |shop| {
        let made = shop.installed(Asks::default(), &[]).await;
        let schema = r#"{"type": "object", "properties": {"over": {"type": "integer"}}, "required": ["over"]}"#;
        shop.upload(version(APP, "2.0.0", Asks { schema: Some(schema), ..Asks::default() })).await.unwrap();
        let upgrade = async |version: &str, settings| {
            let (plain, nothing) = (TermsChanges::new(), Some(ScopeSet::EMPTY));
            let agreed = shop.db.agree_to_upgrade(&shop.owner, made.id, version, nothing, &plain).await?;
            let to = Upgrade { installation: made.id, version: version.to_owned(), settings, shown: None };
            agreed.upgrade(&shop.db, to, None).await
        };
        assert!(wrong(upgrade("2.0.0", None).await).contains("pass new ones"));
        upgrade("2.0.0", Some(raw(r#"{"over":1}"#))).await.unwrap();
        assert_eq!(shop.permit::<AppsView>().settings(&shop.db, made.id).await.unwrap().revision, 2);
        let checkout = Asks { scopes: &[(Scope::CheckoutDiscount, true)], ..Asks::default() };
        shop.upload(version(APP, "3.0.0", checkout)).await.unwrap();
        let waits = shop.db.agree_to_upgrade(&shop.owner, made.id, "3.0.0", None, &TermsChanges::new()).await.unwrap();
        let to = Upgrade { installation: made.id, version: "3.0.0".to_owned(), settings: None, shown: None };
        assert!(wrong(waits.upgrade(&shop.db, to, None).await).contains("install it anew"));
    })
    .await;
}

#[tokio::test]
async fn an_uninstalled_app_leaves_its_records_and_nothing_else() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let order = shop.order().await;
        let made = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let app = shop.app(made.id).await;
        let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };
        let mut draft = Draft::new(&shop.db, shop.id, cause);
        app.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "big").await.unwrap();
        draft.storage_set("seen", b"1".to_vec()).unwrap();
        commit(draft).await;
        shop.permit::<AppsInstall>().uninstall(&shop.db, made.id).await.unwrap();
        assert_eq!(app.permit::<OrdersView>().unwrap_err().why, Why::Inactive);
        shop.db.clear_leftovers().await.unwrap();
        for sql in [
            "SELECT COUNT(*) FROM grants WHERE installation = $1",
            "SELECT COUNT(*) FROM storage WHERE installation = $1",
            "SELECT COUNT(*) FROM storage_used WHERE installation = $1",
            "SELECT COUNT(*) FROM cursors WHERE installation = $1",
            "SELECT COUNT(*) FROM schedules WHERE installation = $1",
        ] {
            assert_eq!(shop.count(sql, made.id).await, 0, "{sql}");
        }
        assert_eq!(shop.count("SELECT COUNT(*) FROM journal WHERE installation = $1", made.id).await, 1);
        assert_eq!(shop.count("SELECT COUNT(*) FROM consents WHERE installation = $1", made.id).await, 1);
        let view = shop.permit::<AppsView>();
        assert!(view.installations(&shop.db, false, &page(9, None)).await.unwrap().items.is_empty());
        assert_eq!(
            view.installations(&shop.db, true, &page(9, None)).await.unwrap().items[0].state,
            State::Uninstalled
        );
        gone(shop.permit::<AppsInstall>().uninstall(&shop.db, made.id).await);
        // It can be installed again, and begins anew.
        let again = shop.install(ASKS, &[Scope::OrdersView]).await.unwrap();
        assert_ne!(again.id, made.id);
        assert_eq!(view.installation_of(&shop.db, APP).await.unwrap().id, again.id);
    })
    .await;
}

#[tokio::test]
async fn another_stores_installation_is_not_found_whatever_is_asked_of_it() {
    each_engine(async |shop| {
        let made = shop.installed(ASKS, &[Scope::OrdersView]).await;
        let other = shop.neighbour().await;
        let (db, view) = (&shop.db, other.permit::<AppsView>());
        let (change, pause) = (other.permit::<AppsInstall>(), other.permit::<AppsPause>());
        gone(view.installation(db, made.id).await);
        gone(view.settings(db, made.id).await);
        gone(view.consents(db, made.id).await);
        gone(change.configure(db, made.id, raw("{}"), None).await);
        gone(change.revoke(db, made.id, Scope::OrdersView).await);
        gone(change.uninstall(db, made.id).await);
        gone(pause.pause(db, made.id, None).await);
        gone(pause.resume(db, made.id, Resume::Skip).await);
        gone(pause.unpark(db, made.id, 1).await);
        assert!(view.parked(db, made.id).await.unwrap().is_empty());
        let requests = version(APP, "1.0.0", ASKS).facts.requests;
        gone(other.owner.consent(&requests, set(&[Scope::OrdersView])).unwrap().allow(db, made.id).await);
        gone(db.agree_to_upgrade(&other.owner, made.id, "1.0.0", None, &TermsChanges::new()).await);
        gone(db.agree_to_configure(&other.owner, made.id).await);
        let waits = Agreement::Waits { permit: other.permit(), lacks: ScopeSet::EMPTY };
        let to = Upgrade { installation: made.id, version: "1.0.0".to_owned(), settings: None, shown: None };
        gone(waits.upgrade(db, to, None).await);
        assert_eq!(shop.app(made.id).await.held(), set(&[Scope::OrdersView]));
    })
    .await;
}

#[tokio::test]
async fn a_checkout_app_is_asked_as_long_as_it_is_active() {
    each_engine(async |shop| {
        let made = shop
            .installed(
                Asks { scopes: &[(Scope::CheckoutDiscount, true)], ..Asks::default() },
                &[Scope::CheckoutDiscount],
            )
            .await;
        let asked = shop.db.checkout_apps(shop.id).await.unwrap();
        assert_eq!(asked.iter().map(|row| row.id).collect::<Vec<_>>(), [made.id]);
        assert!(shop.db.checkout_apps(shop.neighbour().await.id).await.unwrap().is_empty());
        shop.permit::<AppsPause>().pause(&shop.db, made.id, None).await.unwrap();
        assert!(shop.db.checkout_apps(shop.id).await.unwrap().is_empty());
        assert_eq!(shop.db.cursor(made.id).await.unwrap(), None, "it is told of nothing");
    })
    .await;
}
