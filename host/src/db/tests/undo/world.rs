//! A small world for random histories: what can be done in it, by whom, and what it looks like.

use super::*;
use std::collections::BTreeMap;

/// Random numbers that are the same in every run (SplitMix64).
pub(in crate::db::tests) struct Dice(pub(in crate::db::tests) u64);

impl Dice {
    pub(in crate::db::tests) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// Something done to the world. Records are named by the order in which they were made.
#[derive(Debug, Clone)]
pub(super) enum Op {
    MakeOrder,
    Tag(usize, usize),
    Untag(usize, usize),
    Note(usize, usize),
    MakeDiscount,
    Enable(usize, bool),
    DeleteDiscount(usize),
    MakeCustomer,
    TagCustomer(usize, usize),
    Move(usize),
    DeleteCustomer(usize),
    MakeCategory,
    Rename(usize, usize),
    DeleteCategory(usize),
    MakeProduct,
    Title(usize, usize),
    Price(usize, usize),
    Adjust(usize, i64),
    Count(usize, i64),
}

impl Op {
    /// A random one, about one of `many` records.
    pub(super) fn random(dice: &mut Dice, many: usize) -> Op {
        let (of, word) = (dice.below(many), dice.below(4));
        match dice.below(24) {
            0 => Op::MakeOrder,
            1..=3 => Op::Tag(of, word),
            4 => Op::Untag(of, word),
            5 => Op::Note(of, word),
            6 => Op::MakeDiscount,
            7 | 8 => Op::Enable(of, word < 2),
            9 => Op::DeleteDiscount(of),
            10 => Op::MakeCustomer,
            11 => Op::TagCustomer(of, word),
            12 => Op::Move(of),
            13 => Op::DeleteCustomer(of),
            14 => Op::MakeCategory,
            15 | 16 => Op::Rename(of, word),
            17 => Op::DeleteCategory(of),
            18 => Op::MakeProduct,
            19 => Op::Title(of, word),
            20 => Op::Price(of, word),
            21 | 22 => Op::Adjust(of, word as i64 * 3 - 4),
            _ => Op::Count(of, word as i64 * 7),
        }
    }

    /// The record it is about, by its number; none if it makes one.
    pub(super) fn about(&self) -> Option<usize> {
        match *self {
            Op::Tag(of, _) | Op::Untag(of, _) | Op::Note(of, _) | Op::Enable(of, _) | Op::DeleteDiscount(of) => {
                Some(of)
            }
            Op::TagCustomer(of, _) | Op::Move(of) | Op::DeleteCustomer(of) | Op::Rename(of, _) => Some(of),
            Op::DeleteCategory(of) | Op::Title(of, _) | Op::Price(of, _) | Op::Adjust(of, _) | Op::Count(of, _) => {
                Some(of)
            }
            Op::MakeOrder | Op::MakeDiscount | Op::MakeCustomer | Op::MakeCategory | Op::MakeProduct => None,
        }
    }
}

/// A store in which things are done.
pub(super) struct World {
    pub(super) shop: Shop,
    pub(super) apps: Vec<App>,
    /// The ids of records, by number; of a product, its sku.
    pub(super) ids: Vec<Option<String>>,
}

/// All there is, by kind and number: documents without what differs from run to run, and levels.
pub(super) type Picture = BTreeMap<(String, usize), Value>;

impl World {
    pub(super) async fn new(shop: Shop, apps: usize) -> World {
        let mut world = World { apps: Vec::new(), ids: Vec::new(), shop };
        for number in 0..apps {
            world.apps.push(App::new(&world.shop, &format!("app{number}")).await);
        }
        world
    }

    fn who(&self, actor: usize) -> (&Principal, Draft) {
        match self.apps.get(actor) {
            Some(app) => (&app.who, app.draft()),
            None => (&self.shop.owner, self.shop.draft()),
        }
    }

    /// Does something as an app, or as the owner. Whether anything changed.
    pub(super) async fn act(&mut self, actor: usize, op: &Op) -> bool {
        let number = self.ids.len();
        let (who, mut draft) = self.who(actor);
        let made = self.stage(who, &mut draft, op, number).await;
        let kept = match made {
            Err(Error::NotFound { .. } | Error::Invalid(_)) => None,
            Err(other) => panic!("{op:?}: {other}"),
            Ok(made) => commit(draft).await.change_set.map(|_| made),
        };
        if op.about().is_none() {
            self.ids.push(kept.clone().flatten());
        }
        kept.is_some()
    }

    async fn stage(&self, who: &Principal, draft: &mut Draft, op: &Op, number: usize) -> Result<Option<String>> {
        let nothing = || Error::not_found("record", "never made");
        let id = match op.about() {
            Some(of) => self.ids.get(of).cloned().flatten().ok_or_else(nothing)?,
            None => String::new(),
        };
        let (id, location) = (id.as_str(), self.shop.location.as_str());
        let is = |prefix: &str| if id.starts_with(prefix) { Ok(()) } else { Err(nothing()) };
        let word = |n: usize| ["red", "blue", "green", "black"][n % 4];
        let orders = who.permit::<OrdersEdit>()?;
        let codes = who.permit::<DiscountsEdit>()?;
        let customers = who.permit::<CustomersEdit>()?;
        let tree = who.permit::<CategoriesEdit>()?;
        match *op {
            Op::MakeOrder => {
                let new = NewOrder { lines: vec![of("BASE", 1)], ..NewOrder::default() };
                return who.permit::<OrdersCreate>()?.create(draft, new).await.map(Some);
            }
            Op::Tag(_, n) => orders.tag(draft, id, word(n)).await?,
            Op::Untag(_, n) => orders.untag(draft, id, word(n)).await?,
            Op::Note(_, n) => orders.note(draft, id, word(n)).await?,
            Op::MakeDiscount => return codes.create(draft, discount(&format!("C{number}"))).await.map(Some),
            Op::Enable(_, true) => codes.enable(draft, id).await?,
            Op::Enable(_, false) => codes.disable(draft, id).await?,
            Op::DeleteDiscount(_) => who.permit::<DiscountsDelete>()?.delete(draft, id).await?,
            Op::MakeCustomer => return customers.create(draft, contact("Ada"), Vec::new()).await.map(Some),
            Op::TagCustomer(_, n) => customers.tag(draft, id, word(n)).await?,
            Op::Move(_) => {
                is("cus_")?;
                customers.update(draft, id, contact(&format!("Ada {number}"))).await?;
            }
            Op::DeleteCustomer(_) => {
                who.permit::<crate::authz::scope::kind::CustomersDelete>()?.delete(draft, id).await?;
            }
            Op::MakeCategory => return tree.create(draft, category("Plain", None)).await.map(Some),
            Op::Rename(_, n) => tree.update(draft, id, category(word(n), None)).await?,
            Op::DeleteCategory(_) => tree.delete(draft, id).await?,
            Op::MakeProduct => {
                let sku = format!("SKU{number}");
                let variant = NewVariant { sku: sku.clone(), title: String::new(), price: eur("5.00") };
                let new = NewProduct {
                    title: "Plain".to_owned(),
                    description: String::new(),
                    variants: vec![variant],
                    tags: Vec::new(),
                    pictures: Vec::new(),
                };
                who.permit::<ProductsEdit>()?.create(draft, new).await?;
                return Ok(Some(sku));
            }
            Op::Title(_, n) => {
                let product = self.product(id).await?;
                let patch = crate::db::shop::catalog::products::ProductPatch {
                    title: Some(word(n).to_owned()),
                    ..Default::default()
                };
                who.permit::<ProductsEdit>()?.update(draft, &product, patch).await?;
            }
            Op::Price(_, n) => {
                is("SKU")?;
                let price = eur(&format!("{}.00", n + 1));
                who.permit::<ProductsPrice>()?.set_price(draft, id, price, None).await?;
            }
            Op::Adjust(_, delta) => {
                is("SKU")?;
                who.permit::<InventoryAdjust>()?.adjust(draft, id, location, delta, "moved").await?;
            }
            Op::Count(_, level) => {
                is("SKU")?;
                who.permit::<InventoryAdjust>()?.set(draft, id, location, level).await?;
            }
        }
        Ok(None)
    }

    async fn product(&self, sku: &str) -> Result<String> {
        let view = self.shop.permit::<ProductsView>();
        Ok(view.by_sku(&mut self.shop.draft(), sku).await?.id)
    }

    /// The numbers of records by their ids; of a product by its sku.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|known| known.as_deref() == Some(id))
    }

    /// Everything there is, with revisions, by kind and number.
    pub(super) async fn picture(&self) -> BTreeMap<(String, usize), (i64, Value)> {
        const RECORDS: &str = "SELECT kind, id, rev, doc FROM records WHERE store = $1";
        const LEVELS: &str = "SELECT sku, available FROM stock WHERE store = $1";
        let mut conn = self.shop.db.reader(self.shop.id).await.unwrap();
        let (store, mut all) = (self.shop.id.to_string(), BTreeMap::new());
        let read =
            |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.doc::<Value>(3)?));
        for (kind, id, rev, doc) in conn.rows(RECORDS, args![&store], read).await.unwrap() {
            let sku = doc["variants"][0]["sku"].as_str().map(str::to_owned);
            if let Some(number) = self.number(&sku.unwrap_or(id)) {
                all.insert((kind, number), (rev, doc));
            }
        }
        for (sku, level) in conn.rows(LEVELS, args![&store], |r| Ok((r.text(0)?, r.int(1)?))).await.unwrap() {
            if let Some(number) = self.number(&sku) {
                all.insert(("stock".to_owned(), number), (0, level.into()));
            }
        }
        all
    }
}

/// The same without ids and moments, which differ from run to run, and without numbers, which are given once. A level
/// of nothing is as good as none.
pub(super) fn plain(picture: BTreeMap<(String, usize), (i64, Value)>) -> Picture {
    let mut plain = Picture::new();
    for (key, (_, mut doc)) in picture {
        if key.0 == "stock" && doc == 0 {
            continue;
        }
        if let Some(fields) = doc.as_object_mut() {
            for name in ["id", "number", "created_at", "updated_at", "email", "lines"] {
                fields.remove(name);
            }
        }
        plain.insert(key, doc);
    }
    plain
}
