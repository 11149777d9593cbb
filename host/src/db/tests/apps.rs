//! Uploading and publishing, and the app the other stories install.

use super::*;
use crate::authz::scope::kind::{AppsInstall, AppsView};
use crate::authz::{InstallationId, Request, Scope, ScopeSet};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::topic::Topic;
use crate::db::house::apps::{AppFacts, AppVersion, OfApp, Upload, Uploader, World};
use crate::db::house::history::usage::Run;
use crate::db::house::installations::{Install, Installation};
use crate::db::house::people::tokens::Publisher;
use crate::text::consent::Read;
use serde_json::value::RawValue;
use sha2::Digest as _;

/// The app of the stories.
pub(super) const APP: &str = "acme/notes";

/// What a version asks for: scopes and whether each is required, topics, schedules.
#[derive(Clone, Copy, Default)]
pub(super) struct Asks<'a> {
    pub(super) scopes: &'a [(Scope, bool)],
    pub(super) topics: &'a [Topic],
    pub(super) schedules: &'a [&'a str],
    pub(super) schema: Option<&'a str>,
}

pub(super) fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

pub(super) fn version(app: &str, version: &str, asks: Asks<'_>) -> Upload {
    let bytes = format!("component of {app} {version}").into_bytes();
    let request = |(scope, required): &(Scope, bool)| Request {
        scope: *scope,
        reason: "to do its work".to_owned(),
        required: *required,
    };
    let at_checkout = asks.scopes.iter().any(|(scope, _)| scope.at_checkout());
    let facts = AppFacts {
        name: "Order notes".to_owned(),
        summary: "Adds a note to big orders".to_owned(),
        world: if at_checkout { World::Checkout } else { World::App },
        requests: asks.scopes.iter().map(request).collect(),
        topics: asks.topics.to_vec(),
        schedules: asks.schedules.iter().map(|cron| (*cron).to_owned()).collect(),
        actions: Vec::new(),
        hosts: Vec::new(),
        settings_schema: asks.schema.map(raw),
        digest: hex::encode(sha2::Sha256::digest(&bytes)),
        size: bytes.len() as u64,
    };
    Upload { app: app.to_owned(), version: version.to_owned(), bytes, manifest: raw("{}"), facts }
}

/// A run of that app whose button was pressed, as the runtime records it.
pub(super) fn pressed(shop: &Shop, installation: InstallationId, record: &str) -> Run {
    Run {
        store: shop.id,
        installation,
        app: APP.into(),
        version: "1.0.0".into(),
        trigger: "action",
        topic: None,
        record: Some(record.to_owned()),
        cause: None,
        on_behalf_of: None,
        attempt: 1,
    }
}

pub(super) fn operator() -> Operator {
    Operator::by(standing(OPERATOR))
}

/// A version as the operator names it.
pub(super) fn named(app: &str, version: &str, store: Option<StoreId>) -> OfApp {
    OfApp { app: app.to_owned(), version: version.to_owned(), store }
}

fn publisher(name: &str) -> Publisher {
    Publisher { name: name.to_owned(), token: standing(PUBLISHER) }
}

pub(super) fn set(scopes: &[Scope]) -> ScopeSet {
    scopes.iter().copied().collect()
}

impl Shop {
    pub(super) async fn upload(&self, upload: Upload) -> Result<AppVersion> {
        self.db.upload(Uploader::Store(Box::new(self.permit::<AppsInstall>())), upload).await
    }

    /// Uploads a version of the stories' app and installs it with these scopes.
    pub(super) async fn installed(&self, asks: Asks<'_>, chosen: &[Scope]) -> Installation {
        self.upload(version(APP, "1.0.0", asks)).await.unwrap();
        self.install(asks, chosen).await.unwrap()
    }

    pub(super) async fn install(&self, asks: Asks<'_>, chosen: &[Scope]) -> Result<Installation> {
        let facts = version(APP, "1.0.0", asks).facts;
        let consent = self.owner.consent(&facts.requests, set(chosen))?;
        consent.install(&self.db, install("1.0.0"), None).await
    }

    /// The app as it acts by itself.
    pub(super) async fn app(&self, id: InstallationId) -> Principal {
        authz::app(&mint(), &self.db.installed(id).await.unwrap(), None)
    }
}

/// What somebody read in English before they agreed.
pub(super) fn as_read(text: &str) -> Option<Read> {
    Some(Read::english(text.to_owned()))
}

pub(super) fn install(version: &str) -> Install {
    Install { app: APP.to_owned(), version: version.to_owned(), settings: None, shown: None }
}

#[tokio::test]
async fn a_version_is_kept_once_and_other_bytes_under_its_name_are_refused() {
    each_engine(async |shop| {
        let asks = Asks { scopes: &[(Scope::OrdersView, true)], ..Asks::default() };
        let first = shop.upload(version(APP, "1.0.0", asks)).await.unwrap();
        let again = shop.upload(version(APP, "1.0.0", asks)).await.unwrap();
        assert_eq!((first.facts.digest.clone(), first.uploaded_at), (again.facts.digest, again.uploaded_at));
        let bytes = shop.db.component(&first.facts.digest).await.unwrap();
        assert_eq!(bytes, version(APP, "1.0.0", asks).bytes);
        let other = Upload { version: "1.0.0".to_owned(), ..version(APP, "1.0.1", asks) };
        assert!(wrong(shop.upload(other).await).contains("raise the version"));
        let lie = Upload { bytes: b"something else".to_vec(), ..version(APP, "1.0.2", asks) };
        assert!(matches!(shop.upload(lie).await, Err(Error::Corrupt(_))));
        for id in ["acme", "/notes", "acme/", "a/b/c"] {
            assert!(wrong(shop.upload(version(id, "1.0.0", asks)).await).contains("not an app's id"), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_store_has_its_own_names_and_the_operator_gives_those_of_publishers() {
    each_engine(async |shop| {
        let (other, asks) = (shop.neighbour().await, Asks::default());
        let mine = shop.upload(version(APP, "1.0.0", asks)).await.unwrap();
        // Another store may use the same id, with other bytes.
        let same = Upload { version: "1.0.0".to_owned(), ..version(APP, "other bytes", asks) };
        let theirs = other.upload(same).await.unwrap();
        assert_ne!(mine.facts.digest, theirs.facts.digest);
        assert!(mine.private && theirs.private);
        for (who, own) in [(&shop, &mine), (&other, &theirs)] {
            let seen = who.permit::<AppsView>().app_version(&shop.db, APP, None).await.unwrap();
            assert_eq!((&seen.facts.digest, seen.store), (&own.facts.digest, Some(who.id)));
        }
        let by_token = |name: &str, app: &str| {
            shop.db.upload(Uploader::Publisher(publisher(name)), version(app, "1.0.0", Asks::default()))
        };
        assert!(wrong(by_token("globex", "acme/other").await).contains("apps of `globex`"));
        by_token("globex", "globex/one").await.unwrap();
        // A name the operator gave away is no store's, and a store that had an app of that name keeps its own.
        assert!(matches!(shop.upload(version("globex/two", "1.0.0", asks)).await, Err(Error::Taken { .. })));
        by_token("acme", APP).await.unwrap();
        shop.upload(version(APP, "1.0.1", asks)).await.unwrap();
        assert!(matches!(shop.upload(version("acme/new", "1.0.0", asks)).await, Err(Error::Taken { .. })));
        assert_eq!(publisher("globex").versions(&shop.db, "globex/one").await.unwrap().len(), 1);
        assert_eq!(publisher("acme").versions(&shop.db, APP).await.unwrap().len(), 1, "not those of stores");
    })
    .await;
}

#[tokio::test]
async fn an_upload_of_ones_own_never_stands_in_the_place_of_a_published_app() {
    each_engine(async |shop| {
        let asks = Asks::default();
        let installed = shop.installed(asks, &[]).await;
        let other = shop.neighbour().await;
        other.upload(version(APP, "9.0.0", asks)).await.unwrap();
        let theirs = Upload { version: "1.0.0".to_owned(), ..version(APP, "the publisher's", asks) };
        shop.db.upload(Uploader::Publisher(publisher("acme")), theirs).await.unwrap();
        operator().publish(&shop.db, named(APP, "1.0.0", None)).await.unwrap();
        // Who has the app installed goes on with its own; who has not means the published one.
        let seen = async |who: &Shop| {
            let one = who.permit::<AppsView>().app_version(&shop.db, APP, None).await.unwrap();
            let listed = who.permit::<AppsView>().apps(&shop.db, &page(9, None)).await.unwrap().items;
            assert_eq!(listed.iter().map(|app| (&*app.app, app.private)).collect::<Vec<_>>(), [(APP, one.private)]);
            (one.version, one.private)
        };
        assert_eq!(seen(&shop).await, ("1.0.0".to_owned(), true));
        assert_eq!(seen(&other).await, ("1.0.0".to_owned(), false));
        assert!(other.permit::<AppsView>().app_version(&shop.db, APP, Some("9.0.0")).await.is_err());
        assert_eq!(shop.db.installation(installed.id).await.unwrap().digest, installed.digest.as_str().into());
        let plan = other.db.plan(&other.owner, APP, None, None, &Default::default()).await.unwrap();
        assert!(!plan.shown.contains("Private"), "{}", plan.shown);
        let plan = shop.db.plan(&shop.owner, APP, None, None, &Default::default()).await.unwrap();
        assert!(plan.private && plan.shown.contains("Private: this store uploaded it for itself"), "{}", plan.shown);
    })
    .await;
}

#[tokio::test]
async fn a_version_is_seen_by_its_store_alone_until_the_operator_publishes_it() {
    each_engine(async |shop| {
        let (other, asks) = (shop.neighbour().await, Asks::default());
        shop.upload(version(APP, "1.0.0", asks)).await.unwrap();
        shop.upload(version(APP, "1.1.0", asks)).await.unwrap();
        let (mine, theirs) = (shop.permit::<AppsView>(), other.permit::<AppsView>());
        let listed = mine.apps(&shop.db, &page(10, None)).await.unwrap().items;
        assert_eq!((listed.len(), &*listed[0].version, listed[0].versions), (1, "1.1.0", 2));
        assert!(theirs.apps(&shop.db, &page(10, None)).await.unwrap().items.is_empty());
        assert!(matches!(theirs.app_version(&shop.db, APP, None).await, Err(Error::NotFound { .. })));
        assert!(matches!(theirs.versions(&shop.db, APP).await, Err(Error::NotFound { .. })));

        assert!(operator().publish(&shop.db, named(APP, "1.0.0", Some(shop.id))).await.unwrap().published);
        assert_eq!(theirs.app_version(&shop.db, APP, None).await.unwrap().version, "1.0.0");
        assert_eq!(theirs.app_version(&shop.db, APP, None).await.unwrap().store, None, "whose it was is not told");
        assert!(theirs.app_version(&shop.db, APP, Some("1.1.0")).await.is_err());
        // Whose upload is meant is said, so that no other store's stands in for it.
        assert!(wrong(operator().publish(&shop.db, named(APP, "1.1.0", None)).await).contains("say which"));
        other.upload(version(APP, "1.0.0", asks)).await.unwrap_err();
        operator().withdraw(&shop.db, named(APP, "1.0.0", Some(shop.id))).await.unwrap();
        assert!(theirs.app_version(&shop.db, APP, None).await.is_err());
        assert!(matches!(operator().publish(&shop.db, named(APP, "9.0.0", None)).await, Err(Error::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_store_has_room_for_so_many_bytes_and_makes_room_by_deleting() {
    use crate::db::house::apps::STORE_BYTES;
    each_engine(async |shop| {
        let large = |number: &str| {
            let mut upload = version(APP, number, Asks::default());
            upload.facts.size = STORE_BYTES / 2 + 1;
            upload
        };
        shop.upload(large("1.0.0")).await.unwrap();
        let full = shop.upload(large("1.0.1")).await;
        assert!(matches!(&full, Err(Error::Limit { limit, .. }) if limit.contains("apps delete")), "{full:?}");
        let install = || Uploader::Store(Box::new(shop.permit::<AppsInstall>()));
        assert!(shop.db.may_upload(&install(), APP, "1.0.1", &large("1.0.1").facts).await.is_err());
        shop.db.may_upload(&install(), APP, "1.0.0", &large("1.0.0").facts).await.unwrap();
        shop.neighbour().await.upload(Upload { app: "globex/notes".to_owned(), ..large("1.0.0") }).await.unwrap();
        let gone = shop.permit::<AppsInstall>().delete_version(&shop.db, APP, "1.0.0").await.unwrap();
        assert!(gone.free && !gone.gone, "the neighbour has the same bytes");
        shop.upload(large("1.0.1")).await.unwrap();
        let gone = shop.permit::<AppsInstall>().delete_version(&shop.db, APP, "1.0.1").await.unwrap();
        assert!(gone.free && gone.gone && !shop.db.has_component(&gone.digest).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_large_component_comes_and_goes_in_parts() {
    const PARTS: &str = "SELECT COUNT(*) FROM component_parts WHERE digest = $1";
    each_engine(async |shop| {
        let asks = Asks { scopes: &[(Scope::OrdersView, true)], ..Asks::default() };
        let mut large = version(APP, "1.0.0", asks);
        large.bytes = (0..2_600_000u32).map(|n| (n % 251) as u8).collect();
        large.facts.digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&large.bytes));
        let (bytes, digest) = (large.bytes.clone(), large.facts.digest.clone());
        let parts = async || shop.db.reader(RowsOf::All).await.unwrap().count(PARTS, args![&digest]).await.unwrap();
        // Brought in, and not there before all that belongs to it is.
        shop.db.bring(&digest, &bytes[..1 << 20]).await.unwrap();
        assert_eq!((parts().await, shop.db.has_component(&digest).await.unwrap()), (1, false));
        shop.db.clear_parts(crate::db::core::time::now_ms()).await.unwrap();
        assert_eq!(parts().await, 1, "it is on its way");
        shop.upload(large).await.unwrap();
        assert_eq!(parts().await, 3);
        assert!(shop.db.component(&digest).await.unwrap() == bytes);
        shop.db.clear_parts(crate::db::core::time::now_ms() + 7_200_000).await.unwrap();
        assert_eq!(parts().await, 3, "they are a component's");
        shop.permit::<AppsInstall>().delete_version(&shop.db, APP, "1.0.0").await.unwrap();
        assert!(!shop.db.has_component(&digest).await.unwrap());
        shop.db.clear_parts(crate::db::core::time::now_ms()).await.unwrap();
        assert_eq!(parts().await, 0);
        // What was given up on the way goes after an hour.
        shop.db.bring(&digest, &bytes).await.unwrap();
        shop.db.clear_parts(crate::db::core::time::now_ms() + 7_200_000).await.unwrap();
        assert_eq!(parts().await, 0);
    })
    .await;
}
