//! A link is a secret of its own: knowing a cart's id, as apps and staff do, finds nobody's cart.

use serde_json::{Value, json};

use crate::runs::world::{SKU, stock};
use crate::support::host::{Host, both};

both!(a_cart_is_found_again_by_its_link_and_not_by_its_id);

fn a_cart_is_found_again_by_its_link_and_not_by_its_id(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let lines = json!([{ "sku": SKU, "quantity": 2 }]);
    let cart = front.post("storefront/carts", json!({ "lines": lines })).ok()["id"].as_str().unwrap().to_owned();
    front.post(&format!("storefront/carts/{cart}/abandon"), json!({})).ok();
    let link = |cart: &str| {
        let made = owner.post(&format!("carts/{cart}/restore-link"), json!({})).ok();
        made["path"].as_str().unwrap().to_owned()
    };
    let (first, second) = (link(&cart), link(&cart));
    // Making a link opens nothing; the buyer who comes back with it does.
    assert_eq!(owner.get(&format!("carts/{cart}")).ok()["status"], json!("abandoned"));
    assert!(!first.contains(&cart) && first != second, "{first} {second}");
    let find = |link: &str| front.post("storefront/carts/restore", json!({ "link": link }));
    for guess in [cart.clone(), format!("/cart/restore/{cart}"), "/cart/restore/".to_owned(), String::new()] {
        let refused = find(&guess).is(404);
        assert!(refused["detail"].as_str().unwrap().contains("no cart with the link"), "{refused:#}");
    }
    for link in [&first, &second, &second.replace("/cart/restore/", "")] {
        let found = find(link).ok();
        assert_eq!((&found["id"], &found["cart"]["status"]), (&json!(cart), &json!("open")), "{found:#}");
        assert_eq!(found["cart"]["lines"].as_array().map(Vec::len), Some(1));
    }
    // Neither the cart as it is shown nor its history says the link.
    let shown = [owner.get(&format!("carts/{cart}")).ok(), owner.get(&format!("journal?record={cart}")).ok()];
    let secret = first.replace("/cart/restore/", "");
    assert!(shown.iter().all(|shown: &Value| !shown.to_string().contains(&secret)));
    // Another store's front has no such cart, and once it is ordered nobody has.
    let elsewhere = host.other_store_owner();
    let made = elsewhere.post("storefront-tokens", json!({ "name": "theirs" })).ok();
    let theirs = host.person(elsewhere.store(), made["token"].as_str());
    theirs.post("storefront/carts/restore", json!({ "link": first })).is(404);
    front.post("storefront/orders", json!({ "cart": cart })).ok();
    find(&first).is(404);
}
