//! Other code is another app: who may put it in the place of what runs, against an oracle that knows nothing of sets, and
//! what becomes of the runs of the old code.

use super::apps::{APP, Asks, set, version};
use super::*;
use crate::authz::scope::kind::{AppsView, OrdersEdit, StaffManage};
use crate::authz::{InstallationId, Scope, ScopeSet};
use crate::db::core::engine::warm::RowsOf;
use crate::db::house::installations::{TermsChanges, Upgrade, lacks};
use crate::db::house::people::staff::NewStaff;
use crate::db::shop::sales::orders::NewOrder;
use crate::text::consent::Read;
use crate::text::words::{Language, Words};

/// The permissions of the test, in an order of their own.
const TWELVE: [Scope; 12] = [
    Scope::OrdersView,
    Scope::OrdersPii,
    Scope::OrdersEdit,
    Scope::OrdersCancel,
    Scope::OrdersRefund,
    Scope::ProductsView,
    Scope::ProductsPrice,
    Scope::CustomersView,
    Scope::CustomersPii,
    Scope::InventoryAdjust,
    Scope::DiscountsEdit,
    Scope::ReportsSales,
];

/// The scopes whose bits are set.
fn of_bits(bits: u16) -> ScopeSet {
    let chosen = (0..12).filter(|n| bits & (1 << n) != 0);
    chosen.filter_map(|n| TWELVE.get(n as usize)).copied().collect()
}

/// The oracle: whether somebody may put other code in the place of what runs, one permission after the other.
fn may(upgrader: u16, held: u16) -> bool {
    for n in 0..12 {
        let (app_has, they_have) = ((held >> n) % 2 == 1, (upgrader >> n) % 2 == 1);
        if app_has && !they_have {
            return false;
        }
    }
    true
}

#[test]
fn every_pair_of_what_they_hold_and_the_app_holds_is_decided_as_the_oracle_says() {
    let sets: Vec<ScopeSet> = (0..4096).map(of_bits).collect();
    let asked = of_bits(4095);
    let mut differences = 0u64;
    for (upgrader, theirs) in (0..).zip(&sets) {
        for (held, apps) in (0..).zip(&sets) {
            let agrees = lacks(*theirs, *apps, asked).is_empty();
            differences += u64::from(agrees != may(upgrader, held));
        }
    }
    assert_eq!(differences, 0, "of {} pairs", 4096 * 4096);
}

/// Sets what an installation holds, as if it had been granted so.
async fn give(shop: &Shop, id: InstallationId, scopes: ScopeSet) {
    const NONE: &str = "DELETE FROM grants WHERE installation = $1";
    const GIVE: &str = "INSERT INTO grants (installation, scope, granted_by, granted_at, expires_at, caps, held) \
        VALUES ($1, $2, 'stf_0', 0, NULL, $3, 0)";
    let caps = to_json(&serde_json::json!({})).unwrap();
    let write = shop.db.write_with(RowsOf::All, (id.to_string(), scopes, caps), |conn, (id, scopes, caps)| {
        Box::pin(async move {
            conn.exec(NONE, args![&*id]).await?;
            for scope in scopes.iter() {
                conn.exec(GIVE, args![&*id, scope.name(), &*caps]).await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
}

#[tokio::test]
async fn whoever_lacks_something_leaves_the_old_code_running_and_whoever_lacks_nothing_signs_for_all_of_it() {
    each_engine(async |shop| {
        let asks: Vec<(Scope, bool)> = TWELVE.iter().map(|scope| (*scope, false)).collect();
        let asks = Asks { scopes: &asks, ..Asks::default() };
        let made = shop.installed(asks, &[]).await;
        let new = NewStaff { name: "Grace".to_owned(), scopes: ScopeSet::EMPTY };
        let grace = shop.permit::<StaffManage>().add(&shop.db, &shop.owner, new, None).await.unwrap().id;
        let live = shop.db.live_staff(grace).await.unwrap();
        let who = authz::staff(authz::Authenticated::verified(&mint(), shop.id, grace, live, ScopeSet::staff(), None));
        let (mut seed, mut agreed, mut waited) = (7u32, 0, 0);
        for round in 0..40u32 {
            // Half of the pairs are such that the upgrader holds what the app does, which chance alone seldom makes.
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let held = (seed >> 8) as u16 & 4095;
            let upgrader = if round % 2 == 0 { held | (seed >> 20) as u16 } else { (seed >> 20) as u16 } & 4095;
            give(&shop, made.id, of_bits(held)).await;
            let scopes = of_bits(upgrader).with(Scope::AppsInstall).with(Scope::AppsView);
            shop.permit::<StaffManage>().set_scopes(&shop.db, &shop.owner, grace, scopes).await.unwrap();
            // Every other version is an older one.
            let number = format!("{}.0.0", if round % 3 == 0 { 100 + round } else { 1_000 - round });
            shop.upload(version(APP, &number, asks)).await.unwrap();
            let before = shop.db.installation(made.id).await.unwrap();
            let by = shop.db.agree_to_upgrade(&who, made.id, &number, None, &TermsChanges::new()).await.unwrap();
            let to = Upgrade { installation: made.id, version: number.clone(), settings: None, shown: None };
            let done = by.upgrade(&shop.db, to, None).await.unwrap();
            let now = shop.db.installation(made.id).await.unwrap();
            let case = format!("{upgrader:012b} for {held:012b}");
            assert_eq!(done.scopes, of_bits(held), "{case}: nothing is granted or taken");
            if may(upgrader, held) {
                agreed += 1;
                assert_eq!((&*now.version, done.pending), (&*number, None), "{case}");
                let view = shop.permit::<crate::authz::scope::kind::AppsView>();
                let given = view.consents(&shop.db, made.id).await.unwrap().remove(0);
                assert_eq!(given.digest.as_deref(), Some(&*now.digest), "{case}");
                assert_eq!((given.scopes, given.giver), (of_bits(held), grace.to_string()), "{case}");
            } else {
                waited += 1;
                assert_eq!((&now.digest, done.pending), (&before.digest, Some(number)), "{case}");
                assert_eq!(done.lacks, of_bits(held & !upgrader), "{case}");
            }
        }
        assert!(agreed >= 15 && waited >= 10, "{agreed} agreed, {waited} waited");
    })
    .await;
}

#[tokio::test]
async fn what_was_read_is_compared_and_recorded_in_the_language_in_which_it_was_read() {
    each_engine(async |shop| {
        let asks = Asks { scopes: &[(Scope::OrdersView, true), (Scope::OrdersEdit, false)], ..Asks::default() };
        let made = shop.installed(asks, &[Scope::OrdersView]).await;
        shop.upload(version(APP, "2.0.0", asks)).await.unwrap();
        let (none, adds) = (TermsChanges::new(), set(&[Scope::OrdersEdit]));
        let french = Words(Language::French);
        let chosen = (Some(adds), &none);
        let plan = shop.db.plan_in(french, &shop.owner, APP, Some("2.0.0"), chosen).await.unwrap();
        assert!(plan.shown.contains("En plus, elle peut modifier :\n- Modifier les commandes"), "{}", plan.shown);
        let upgrade = async |language: Language| {
            let agreed = shop.db.agree_to_upgrade(&shop.owner, made.id, "2.0.0", Some(adds), &none).await.unwrap();
            let shown = Some(Read { language, text: plan.shown.clone() });
            let to = Upgrade { installation: made.id, version: "2.0.0".to_owned(), settings: None, shown };
            agreed.upgrade(&shop.db, to, None).await
        };
        assert!(wrong(upgrade(Language::English).await).contains("what you were shown is not what would be granted"));
        assert_eq!(upgrade(Language::French).await.unwrap().version, "2.0.0");
        let given = shop.permit::<AppsView>().consents(&shop.db, made.id).await.unwrap();
        assert!(given.iter().any(|given| given.shown == plan.shown), "{given:?}");
    })
    .await;
}

#[tokio::test]
async fn code_that_was_replaced_keeps_nothing_under_the_grants_of_now() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let create = shop.permit::<crate::authz::scope::kind::OrdersCreate>();
        let new = NewOrder { draft: false, lines: vec![of("TEA", 1)], customer: None, contact: None, tags: Vec::new() };
        let order = shop.change(async |draft| create.create(draft, new).await).await;
        let asks = Asks { scopes: &[(Scope::OrdersView, true), (Scope::OrdersEdit, true)], ..Asks::default() };
        let made = shop.installed(asks, &[Scope::OrdersView, Scope::OrdersEdit]).await;
        let old = shop.db.installation(made.id).await.unwrap().digest.clone();
        shop.upload(version(APP, "2.0.0", asks)).await.unwrap();
        let by = shop.db.agree_to_upgrade(&shop.owner, made.id, "2.0.0", None, &TermsChanges::new()).await.unwrap();
        let to = Upgrade { installation: made.id, version: "2.0.0".to_owned(), settings: None, shown: None };
        by.upgrade(&shop.db, to, None).await.unwrap();
        let (app, new) = (shop.app(made.id).await, shop.db.installation(made.id).await.unwrap().digest.clone());
        // The permit is of now, and the revision too: only the code is not.
        let run = async |code: &std::sync::Arc<str>, stored: bool| {
            let cause = Cause { invocation: None, installation: Some(made.id), depth: 0, chain: None };
            let mut draft = Draft::new(&shop.db, shop.id, cause).made_by(std::sync::Arc::clone(code));
            match stored {
                true => draft.storage_set("seen", b"1".to_vec())?,
                false => app.permit::<OrdersEdit>()?.tag(&mut draft, &order, "big").await?,
            }
            draft.commit(Completion::default()).await
        };
        for stored in [true, false] {
            assert!(matches!(run(&old, stored).await, Err(Error::Stale)));
            run(&new, stored).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_consent_is_for_one_code_and_for_no_other() {
    each_engine(async |shop| {
        let asks = Asks { scopes: &[(Scope::OrdersView, true)], ..Asks::default() };
        let made = shop.installed(asks, &[Scope::OrdersView]).await;
        for number in ["2.0.0", "3.0.0"] {
            shop.upload(version(APP, number, asks)).await.unwrap();
        }
        let by = shop.db.agree_to_upgrade(&shop.owner, made.id, "2.0.0", None, &TermsChanges::new()).await.unwrap();
        let other = Upgrade { installation: made.id, version: "3.0.0".to_owned(), settings: None, shown: None };
        assert!(wrong(by.upgrade(&shop.db, other, None).await).contains("ask for the plan again"));
        // What is granted meanwhile is not part of what was agreed to.
        let by = shop.db.agree_to_upgrade(&shop.owner, made.id, "2.0.0", None, &TermsChanges::new()).await.unwrap();
        let more = Asks { scopes: &[(Scope::OrdersView, true), (Scope::OrdersEdit, false)], ..Asks::default() };
        let other = shop.neighbour().await;
        assert_eq!(other.installed(more, &[Scope::OrdersView]).await.app, APP);
        give(&shop, made.id, set(&[Scope::OrdersView, Scope::OrdersEdit])).await;
        let to = Upgrade { installation: made.id, version: "2.0.0".to_owned(), settings: None, shown: None };
        // The version does not ask for it, so it is taken away and nothing is lacking.
        assert_eq!(by.upgrade(&shop.db, to, None).await.unwrap().removes.scopes, set(&[Scope::OrdersEdit]));
    })
    .await;
}
