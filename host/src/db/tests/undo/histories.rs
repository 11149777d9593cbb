//! Random histories of two apps and a person. Taking back what one app did leaves the store as if it had never been
//! there; only what others touched since stays, and exactly that is listed.

use super::world::{Dice, Op, Picture, World, plain};
use super::*;
use futures_util::StreamExt as _;
use std::collections::{BTreeMap, BTreeSet};

type Key = (String, usize);

/// The app whose changes are taken back, and the person.
const APP: usize = 0;
const OWNER: usize = 9;
/// So many histories go on at the same time.
const AT_ONCE: usize = 8;

/// What was touched, by whom, and whether it was counted.
struct Touch {
    key: Key,
    actor: usize,
    counted: bool,
    /// The fields that changed; `*` where it was made or deleted.
    fields: BTreeSet<String>,
}

/// What of a document changes by itself, as people would say it.
fn fields(key: &Key, doc: &Value) -> BTreeMap<String, Value> {
    let Some(all) = doc.as_object() else { return BTreeMap::from([("*".to_owned(), doc.clone())]) };
    let mut fields = BTreeMap::new();
    for (name, value) in all {
        match name.as_str() {
            "updated_at" => {}
            "tags" | "categories" => {
                let words = value.as_array().into_iter().flatten();
                fields.extend(words.map(|word| (format!("{name} {word}"), Value::Null)));
            }
            other if key.0 == "order" && other != "customer" => {
                fields.insert(format!("state {other}"), value.clone());
            }
            other => drop(fields.insert(other.to_owned(), value.clone())),
        }
    }
    fields
}

fn differ(key: &Key, before: Option<&Value>, after: Option<&Value>) -> BTreeSet<String> {
    let (Some(before), Some(after)) = (before, after) else { return BTreeSet::from(["*".to_owned()]) };
    let (before, after) = (fields(key, before), fields(key, after));
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let some = all.into_iter().filter(|name| before.get(*name) != after.get(*name));
    some.map(|name| if name.starts_with("state") { "state".to_owned() } else { name.clone() }).collect()
}

/// What happened, as far as it changed anything.
#[derive(Default)]
struct History {
    ops: Vec<(usize, Op, bool)>,
    touches: Vec<Touch>,
    /// Records by number, made by the app.
    made: BTreeSet<usize>,
    /// The world as it was after the last of them.
    now: BTreeMap<Key, (i64, Value)>,
}

impl History {
    /// Lets random things happen.
    async fn happen(world: &mut World, dice: &mut Dice) -> History {
        let mut history = History { now: world.picture().await, ..History::default() };
        let first = [Op::MakeProduct, Op::MakeProduct, Op::MakeOrder, Op::MakeOrder, Op::MakeDiscount];
        let first = first.into_iter().chain([Op::MakeCustomer, Op::MakeCategory]);
        for op in first {
            history.act(world, OWNER, op).await;
        }
        for _ in 0..8 + dice.below(20) {
            let actor = [APP, APP, 1, OWNER][dice.below(4)];
            let op = Op::random(dice, world.ids.len());
            history.act(world, actor, op).await;
        }
        history
    }

    async fn act(&mut self, world: &mut World, actor: usize, op: Op) {
        let number = world.ids.len();
        let changed = world.act(actor, &op).await;
        let after = world.picture().await;
        let before = std::mem::replace(&mut self.now, after);
        let after = &self.now;
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        let counted = matches!(op, Op::Count(..));
        let mut touched: BTreeSet<Key> =
            keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect();
        if let (true, Op::Adjust(of, _) | Op::Count(of, _)) = (changed, &op) {
            touched.insert(("stock".to_owned(), *of));
        }
        let doc = |of: &BTreeMap<Key, (i64, Value)>, key: &Key| of.get(key).map(|(_, doc)| doc.clone());
        self.touches.extend(touched.into_iter().map(|key| {
            let fields = differ(&key, doc(&before, &key).as_ref(), doc(after, &key).as_ref());
            Touch { key, actor, counted, fields }
        }));
        if changed && actor == APP && op.about().is_none() {
            self.made.insert(number);
        }
        self.ops.push((actor, op, changed));
    }

    /// What others touched since the app did.
    fn conflicts(&self) -> BTreeSet<Key> {
        let mut first: BTreeMap<&Key, usize> = BTreeMap::new();
        for (i, touch) in self.touches.iter().enumerate().filter(|(_, touch)| touch.actor == APP) {
            first.entry(&touch.key).or_insert(i);
        }
        let others = |key: &Key, from: usize| {
            let key = key.clone();
            self.touches.iter().skip(from).filter(move |touch| touch.actor != APP && touch.key == key)
        };
        let stands = |(key, from): &(&&Key, &usize)| match key.0.as_str() {
            "stock" => others(key, **from).any(|touch| touch.counted),
            // Others changed the stock of a product that would go.
            "product" if self.made.contains(&key.1) => {
                others(key, **from).chain(others(&("stock".to_owned(), key.1), **from)).next().is_some()
            }
            kind => {
                let mine = self.touches.iter().skip(**from).filter(|touch| touch.actor == APP && touch.key == ***key);
                let own: BTreeSet<&String> = mine.flat_map(|touch| &touch.fields).collect();
                let theirs: BTreeSet<&String> = others(key, **from).flat_map(|touch| &touch.fields).collect();
                let whole = |fields: &BTreeSet<&String>| fields.iter().any(|field| *field == "*");
                match kind.ends_with("-contact") || whole(&own) || whole(&theirs) {
                    true => others(key, **from).next().is_some(),
                    // What others changed otherwise since stays beside what is taken back.
                    false => own.intersection(&theirs).next().is_some(),
                }
            }
        };
        let mut found: BTreeSet<Key> = first.iter().filter(stands).map(|(key, _)| (*key).clone()).collect();
        // Personal data stays with the customer it was made with.
        let stay = found.iter().filter(|key| key.0 == "customer" && self.made.contains(&key.1));
        let stay: Vec<Key> = stay.map(|key| ("customer-contact".to_owned(), key.1)).collect();
        found.extend(stay);
        found
    }
}

/// The same history in another store, without the app.
async fn without(world: &mut World, history: &History) {
    for (actor, op, changed) in &history.ops {
        let own = op.about().is_some_and(|of| history.made.contains(&of));
        if *actor != APP && *changed && !own {
            world.act(*actor, op).await;
        } else if op.about().is_none() {
            world.ids.push(None);
        }
    }
}

fn shared(picture: Picture, left: &BTreeSet<Key>, made: &BTreeSet<usize>) -> Picture {
    // What the app made and others touched since is not there without it, with all that belongs to it.
    let stays = |key: &Key| left.contains(key) || made.contains(&key.1) && left.iter().any(|other| other.1 == key.1);
    let sorted = |(key, mut doc): (Key, Value)| {
        // Where a tag stands among the others means nothing.
        for list in ["tags", "categories"] {
            if let Some(words) = doc.get_mut(list).and_then(Value::as_array_mut) {
                words.sort_by_key(ToString::to_string);
            }
        }
        (key, doc)
    };
    picture.into_iter().filter(|(key, _)| !stays(key)).map(sorted).collect()
}

async fn base(db: &Db) -> World {
    let shop = Shop::open(db.clone()).await;
    shop.product("BASE", "5.00").await;
    World::new(shop, 2).await
}

/// One history. Whether there was no conflict.
async fn story(db: &Db, seed: u64) -> bool {
    let (mut world, mut other, mut dice) = (base(db).await, base(db).await, Dice(seed));
    let history = History::happen(&mut world, &mut dice).await;
    without(&mut other, &history).await;
    let conflicts = history.conflicts();
    let docs = |picture: &BTreeMap<Key, (i64, Value)>| -> BTreeMap<Key, Value> {
        picture.iter().map(|(key, (_, doc))| (key.clone(), doc.clone())).collect()
    };
    let (app, before) = (world.apps[APP].clone(), docs(&world.picture().await));

    let preview = world.shop.preview(&app.all()).await;
    let undo = world.shop.undo(&app.all()).await;
    assert_eq!(undo.state, UndoState::Done, "history {seed}");
    let after = world.picture().await;
    let number = |one: &Skipped| match one.kind.as_str() {
        "stock" => world.number(one.id.split('@').next().unwrap()),
        // Known here by its sku; what is left is still there.
        "product" => after.iter().find(|(_, (_, doc))| doc["id"] == one.id.as_str()).map(|(key, _)| key.1),
        _ => world.number(&one.id),
    };
    let skipped = world.shop.skipped(&undo).await;
    let skipped: BTreeSet<Key> = skipped.iter().map(|one| (one.kind.clone(), number(one).expect("a record"))).collect();
    assert_eq!(skipped, conflicts, "history {seed}: {:?}", history.ops);
    let seen = (preview.undone as i64, preview.conflicts, preview.impossible);
    assert_eq!(seen, (undo.undone, conflicts.len(), 0), "history {seed}: {:?}", history.ops);

    let (with, never) = (plain(after.clone()), plain(other.picture().await));
    let (with, never) = (shared(with, &conflicts, &history.made), shared(never, &conflicts, &history.made));
    let differ: BTreeSet<&Key> =
        with.keys().chain(never.keys()).filter(|key| with.get(*key) != never.get(*key)).collect();
    assert!(differ.is_empty(), "history {seed}: {differ:?} of {with:?}, {never:?} after {:?}", history.ops);

    let again = world.shop.undo(&app.all()).await;
    assert_eq!((again.undone, again.records, again.skipped), (0, 0, conflicts.len() as i64), "history {seed}");
    assert_eq!(world.picture().await, after, "history {seed}");

    let redo = world.shop.undo(&undo_of(&undo)).await;
    assert_eq!((redo.undone, redo.skipped), (undo.records, 0), "history {seed}: {:?}", history.ops);
    let drop_nothing = |docs: BTreeMap<Key, Value>| -> BTreeMap<Key, Value> {
        docs.into_iter().filter(|(key, doc)| key.0 != "stock" || *doc != 0).collect()
    };
    assert_eq!(drop_nothing(docs(&world.picture().await)), drop_nothing(before), "history {seed}: {:?}", history.ops);
    conflicts.is_empty()
}

/// So many histories; both kinds must be among them, or they would prove less than they say.
async fn stories(db: Db, many: u64) {
    let told = futures_util::stream::iter(0..many).map(|seed| story(&db, seed)).buffer_unordered(AT_ONCE);
    let clear = told.filter(|clear| std::future::ready(*clear)).count().await as u64;
    eprintln!("{many} histories, {clear} of them without a conflict");
    assert!(clear > many / 10 && clear < many * 9 / 10, "{clear} of {many} without a conflict");
}

#[tokio::test]
async fn after_a_thousand_histories_on_sqlite_an_undone_app_might_never_have_been_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("store.db").display().to_string();
    stories(
        Db::open(&Settings { url, slots: 4, connections: 4, chain: Default::default() }, mint()).await.unwrap(),
        1_000,
    )
    .await;
}

#[tokio::test]
async fn after_a_thousand_histories_on_postgres_an_undone_app_might_never_have_been_there() {
    let settings = Settings { url: postgres::database(), slots: 4, connections: 24, chain: Default::default() };
    stories(Db::open(&settings, mint()).await.unwrap(), 1_000).await;
}
