//! A shop's past, made up: what it sells, who buys, and what they bought over a year. Nothing here touches a database.

use super::dice::Dice;
use super::words::{
    CANCEL_REASONS, CARRIERS, CITIES, DEPARTMENTS, Department, FIRST_NAMES, LAST_NAMES, MAIL, REFUND_REASONS, STREETS,
};
use crate::db::orders::{Address, Contact, Tracking};
use crate::db::past::{PastEnd, PastProduct};
use crate::db::products::NewVariant;
use crate::db::{Currency, Money};
use std::collections::HashSet;

pub(crate) const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;
/// What the shop's prices are in.
pub(crate) const CURRENCY: Currency = Currency::EUR;

/// Products with the department they belong to, in no order.
pub(crate) fn products(dice: &mut Dice, n: usize, now: i64) -> Vec<(usize, PastProduct)> {
    let mut all: Vec<(usize, &Department, &str, (&str, i64))> = Vec::new();
    for (place, department) in DEPARTMENTS.iter().enumerate() {
        for material in department.materials {
            all.extend(department.things.iter().map(|thing| (place, department, material, *thing)));
        }
    }
    dice.shuffle(&mut all);
    let made = all.into_iter().take(n).enumerate();
    made.map(|(i, (place, department, material, thing))| {
        let at = now - YEAR - dice.between(0, YEAR);
        (place, product(dice, department, material, thing, i, at))
    })
    .collect()
}

fn product(
    dice: &mut Dice,
    department: &Department,
    material: &str,
    (thing, euros): (&str, i64),
    number: usize,
    at: i64,
) -> PastProduct {
    // 24 becomes 23.90 to 33.90: shops like such prices.
    let price = (euros + dice.between(0, euros / 3 + 1)) * 100 - 10;
    let forms = if dice.chance(70) { department.forms } else { department.forms.get(..1).unwrap_or_default() };
    let variant = |(ending, title, percent): &(&str, &str, i64)| NewVariant {
        sku: format!("{}-{:03}-{ending}", department.code, number + 1),
        title: (*title).to_owned(),
        price: Money { minor: price * percent / 100 / 10 * 10, currency: CURRENCY },
    };
    PastProduct {
        at,
        title: format!("{material} {thing}"),
        description: format!("{material} {thing}, made in small batches. {}", department.care),
        variants: forms.iter().map(variant).collect(),
        categories: Vec::new(),
        tags: if dice.chance(10) { vec!["bestseller".to_owned()] } else { Vec::new() },
    }
}

/// People, each with an e-mail address of their own.
pub(crate) struct People {
    addresses: HashSet<String>,
}

impl People {
    pub(crate) fn new() -> People {
        People { addresses: HashSet::new() }
    }

    /// One more of them.
    pub(crate) fn contact(&mut self, dice: &mut Dice) -> Contact {
        let (first, last) = (dice.word(&FIRST_NAMES), dice.word(&LAST_NAMES));
        let (name, domain) = (format!("{first}.{last}").to_lowercase(), dice.word(&MAIL));
        let mut email = format!("{name}@{domain}");
        for n in 2.. {
            if self.addresses.insert(email.clone()) {
                break;
            }
            email = format!("{name}{n}@{domain}");
        }
        let (city, country, post, phone) = dice.pick(&CITIES).copied().unwrap_or_default();
        let address = Address {
            street: format!("{} {}", dice.word(&STREETS), dice.between(1, 140)),
            city: city.to_owned(),
            postcode: format!("{post}{:03}", dice.below(1_000)),
            region: None,
            country: country.to_owned(),
        };
        Contact {
            name: Some(format!("{first} {last}")),
            email: Some(email),
            phone: dice.chance(60).then(|| format!("{phone} {:06}", dice.below(1_000_000))),
            address: Some(address),
        }
    }
}

/// What somebody bought: which of the shop's goods, and how many.
pub(crate) type Basket = Vec<(usize, u32)>;

/// An order before anybody and anything in it has an id.
pub(crate) struct Planned {
    pub(crate) at: i64,
    /// Which customer; a guest if none.
    pub(crate) customer: Option<usize>,
    pub(crate) basket: Basket,
}

/// A year of orders, oldest first and a little more of them towards its end.
pub(crate) fn orders(dice: &mut Dice, n: usize, customers: usize, goods: usize, now: i64) -> Vec<Planned> {
    let order = |i: usize| {
        let share = (i as f64 + dice.below(1_000) as f64 / 1_000.0) / n as f64;
        Planned {
            at: now - YEAR + ((YEAR - HOUR) as f64 * share.powf(0.85)) as i64,
            customer: dice.chance(75).then(|| dice.favourite(customers)),
            basket: basket(dice, goods, 1),
        }
    };
    (0..n).map(order).collect()
}

/// One to three things; some buyers, so many in a hundred, take enough of one for a volume discount.
pub(crate) fn basket(dice: &mut Dice, goods: usize, bulk: usize) -> Basket {
    let mut basket = Basket::new();
    for _ in 0..dice.between(1, 3) {
        let good = dice.favourite(goods);
        if basket.iter().all(|(taken, _)| *taken != good) {
            let quantity = if dice.chance(bulk) { dice.between(5, 12) } else { dice.between(1, 2) };
            basket.push((good, quantity.unsigned_abs() as u32));
        }
    }
    basket
}

/// What became of an order by now.
pub(crate) fn ended(dice: &mut Dice, at: i64, now: i64) -> PastEnd {
    let tracking = Tracking {
        carrier: dice.word(&CARRIERS).to_owned(),
        number: format!("SH{:010}", dice.below(10_000_000_000)),
        url: None,
    };
    let sent = at + dice.between(4 * HOUR, 40 * HOUR);
    let complained = sent + dice.between(30 * HOUR, 14 * DAY);
    match dice.below(100) {
        _ if sent > now => PastEnd::Paid,
        0..3 => PastEnd::Cancelled(dice.word(&CANCEL_REASONS).to_owned()),
        3..6 if complained < now => {
            PastEnd::Refunded(sent, tracking, complained, dice.word(&REFUND_REASONS).to_owned())
        }
        _ => PastEnd::Sent(sent, tracking),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_enough_to_sell_and_no_two_things_are_alike() {
        let products = products(&mut Dice::new(1), 500, 2 * YEAR);
        let titles: HashSet<_> = products.iter().map(|(_, product)| &product.title).collect();
        let skus: HashSet<_> = products.iter().flat_map(|(_, p)| &p.variants).map(|variant| &variant.sku).collect();
        assert_eq!((products.len(), titles.len()), (500, 500));
        assert_eq!(skus.len(), products.iter().map(|(_, product)| product.variants.len()).sum::<usize>());
        assert!(products.iter().flat_map(|(_, p)| &p.variants).all(|variant| variant.price.minor > 100));
    }

    #[test]
    fn people_have_addresses_of_their_own() {
        let (mut people, mut dice) = (People::new(), Dice::new(2));
        let addresses: HashSet<_> = (0..2_000).filter_map(|_| people.contact(&mut dice).email).collect();
        assert_eq!(addresses.len(), 2_000);
    }

    #[test]
    fn orders_come_in_the_order_of_time_and_lie_in_the_past() {
        let orders = orders(&mut Dice::new(3), 1_000, 10, 10, 2 * YEAR);
        assert!(orders.is_sorted_by_key(|order| order.at) && orders.iter().all(|order| order.at < 2 * YEAR));
        assert!(orders.iter().all(|order| !order.basket.is_empty()));
    }
}
