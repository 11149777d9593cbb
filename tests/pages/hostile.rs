//! Texts that would be markup (T56): three hundred of them, in every field that takes a text, over every page, and in
//! every parameter of an address. None of them is ever more than text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::access::{fill, routes};
use crate::runs::world::{SKU, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::{Answer, Person};

both!(three_hundred_texts_that_would_be_markup_are_never_more_than_text_on_any_page);

/// What somebody writes who wants a page to do something; `@` stands for what tells one from the others.
const VECTORS: &[&str] = &[
    "<script>@</script>",
    "<img src=x onerror=@>",
    "\"><svg onload=@>",
    "'><b @>",
    "</title><script>@",
    "</textarea><i @>",
    "</style><s @>",
    "<a href=javascript:@>",
    "javascript:@",
    "\" autofocus onfocus=@ x=\"",
    "' onmouseover=@ y='",
    "<!--@-->",
    "]]><x @>",
    "&lt;script&gt;@",
    "&#60;b&#62;@",
    "<iframe srcdoc=\"<p @>\">",
    "<math><mi @>",
    "<details open ontoggle=@>",
    "{{7*7}}@",
    "${7*7}@",
    "<%= @ %>",
    "`@`",
    "\\\"@",
    "%3Cscript%3E@",
    "<b hx-get=\"/@\">",
    "data-x\" hx-on:click=\"@",
];

/// Where such a text stands: `@` is the text.
const AROUND: &[&str] =
    &["@", "Tea @", "@ tea", "@@", "\"@", "'>@", "-->@", "<b>@</b>", "</a>@", "&amp;@", "é@", "(@)"];

/// So many at least; each of them is in at least one field.
const ENOUGH: usize = 300;
/// Parameters of addresses that pages take.
const PARAMETERS: &[&str] = &[
    "app",
    "record",
    "person",
    "run",
    "call",
    "denied",
    "outcome",
    "since",
    "cursor",
    "act",
    "subject",
    "tag",
    "status",
    "customer",
    "q",
    "next",
    "change_set",
    "sku",
    "title",
    "scope",
];

fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for around in AROUND {
        for vector in VECTORS {
            let mark = format!("xq{}x", texts.len());
            texts.push(around.replace('@', &vector.replace('@', &mark)));
        }
    }
    assert!(texts.len() >= ENOUGH);
    texts
}

/// Why one of our own pages has one of these texts as more than text, if it has.
fn breaks_out<'t>(page: &str, texts: impl IntoIterator<Item = &'t str>) -> Option<String> {
    for text in texts {
        // Whatever would end a text or begin markup is escaped, so it cannot stand there as it was written.
        if text.contains(['<', '>', '"', '\'']) && page.contains(text) {
            return Some(format!("{text} stands there as it was written"));
        }
    }
    for attribute in ["href", "src", "action", "formaction", "data-live", "hx-get", "srcdoc"] {
        for value in page.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()) {
            let led = value.trim().to_ascii_lowercase();
            if led.starts_with("javascript:") || led.starts_with("data:text") || led.starts_with("//") {
                return Some(format!("{attribute} leads to {value}"));
            }
        }
    }
    None
}

/// Which texts are on a page, by the marks in them.
fn marked(page: &str) -> BTreeSet<usize> {
    let mark = |after: &str| after.split_once('x').and_then(|(number, _)| number.parse().ok());
    page.split("xq").skip(1).filter_map(mark).collect()
}

/// A field of a record that takes a text: how it is written.
type Field = (&'static str, fn(&Person, &World, &str) -> Answer);

struct World {
    order: String,
    app: String,
}

const FIELDS: &[Field] = &[
    ("the title of a product", |owner, _, text| {
        let price = json!({ "amount": "1.00", "currency": "EUR" });
        let sku = format!("s{:x}", text.bytes().fold(7_u64, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into())));
        owner.post("products", json!({ "title": text, "variants": [{ "sku": sku, "title": text, "price": price }] }))
    }),
    ("a tag of an order", |owner, world, text| {
        owner.post(&format!("orders/{}/tags", world.order), json!({ "tag": text }))
    }),
    ("the title of a category", |owner, _, text| owner.post("categories", json!({ "title": text }))),
    ("the note of an order", |owner, world, text| {
        owner.put(&format!("orders/{}/note", world.order), json!({ "note": text }))
    }),
    ("the name of a location", |owner, _, text| owner.post("locations", json!({ "name": text }))),
    ("the name of a person", |owner, _, text| owner.post("staff", json!({ "name": text, "scopes": [] }))),
    ("the name of a token", |owner, _, text| owner.post("storefront-tokens", json!({ "name": text }))),
    ("the name of a customer", |owner, _, text| owner.post("customers", json!({ "contact": { "name": text } }))),
    ("a setting of an app", |owner, world, text| {
        owner.put(
            &format!("installations/{}/settings", world.app),
            json!({ "settings": { "note": text }, "revision": 1 }),
        )
    }),
    ("the reason of an adjustment", |owner, _, text| {
        let locations = owner.get("locations").ok();
        let place = locations["items"][0]["id"].as_str().unwrap_or_default().to_owned();
        owner.post(&format!("inventory/{SKU}/{place}/adjust"), json!({ "delta": 1, "reason": text }))
    }),
];

fn three_hundred_texts_that_would_be_markup_are_never_more_than_text_on_any_page(host: Host) {
    stock(&host);
    let owner = host.owner();
    let world = World { order: order(&host.storefront()), app: install(&host, "noop", &["orders:view"], json!({})) };
    let texts = texts();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    let mut everywhere = vec![0_usize; texts.len()];
    for (n, text) in texts.iter().enumerate() {
        for (of, (field, write)) in FIELDS.iter().enumerate() {
            // Each in some fields, and each field has many: all of them everywhere would be more than pages show.
            if (n + of) % 3 != 0 {
                continue;
            }
            if write(&owner, &world, text).is_ok() {
                *taken.entry(*field).or_default() += 1;
                everywhere[n] += 1;
            }
        }
    }
    let nowhere = everywhere.iter().filter(|count| **count == 0).count();
    assert!(nowhere < texts.len() / 10, "{nowhere} of {} are in no field: {taken:?}", texts.len());
    assert!(taken.len() >= 6, "{taken:?}");
    let ids = ids(&owner, &world);
    let (mut wrong, mut seen, mut pages) = (Vec::new(), vec![false; texts.len()], 0);
    for route in routes().into_iter().filter(|route| !route.post && route.path.starts_with("/stores/{store}")) {
        if route.path.ends_with("/stream") {
            continue;
        }
        for named in &ids {
            let mut path = fill(&route.path, named);
            // Lists go on; each part of them is looked at, and a text may be in any.
            for _ in 0..40 {
                let page = owner.look(&path, "en").text;
                pages += 1;
                let marked = marked(&page);
                marked.iter().for_each(|n| seen[*n] = true);
                let on_it = marked.iter().map(|n| texts[*n].as_str());
                wrong.extend(breaks_out(&page, on_it).map(|why| format!("{path}: {why}")));
                let next = page.split("rel=\"next\" href=\"").skip(1).chain(page.split(" rel=\"next\"").skip(1)).next();
                match next.and_then(|rest| rest.split('"').next()).filter(|next| next.starts_with('/')) {
                    Some(next) => path = next.replace("&#38;", "&").replace("&amp;", "&"),
                    None => break,
                }
            }
            if !route.path.trim_start_matches("/stores/{store}").contains('{') {
                break;
            }
        }
    }
    let unseen = seen.iter().filter(|seen| !**seen).count();
    assert!(unseen < texts.len() / 4, "{unseen} of {} texts are on none of {pages} pages", texts.len());
    // What an address says comes back in fields and links: every parameter of every page has a text, and every text its turn.
    let mut next = texts.iter().cycle();
    for route in routes().iter().filter(|route| !route.post && !route.path.contains("stream")) {
        for (parameter, text) in PARAMETERS.iter().zip(next.by_ref()) {
            let value: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
            let page = owner.look(&format!("{}?{parameter}={value}", fill(&route.path, &ids[0])), "en").text;
            let why = breaks_out(&page, [text.as_str()]);
            wrong.extend(why.map(|why| format!("{} with {parameter}: {why}", route.path)));
        }
    }
    assert!(wrong.is_empty(), "{} of them, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}

/// What the paths of pages can name: records whose texts are hostile.
fn ids(owner: &Person, world: &World) -> Vec<BTreeMap<&'static str, String>> {
    let of = |path: &str| -> Vec<String> {
        let found = owner.get(path).ok();
        let items = found["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).take(12).collect()
    };
    let lists: Vec<(&'static str, Vec<String>)> = vec![
        ("product", of("products")),
        ("category", of("categories")),
        ("customer", of("customers")),
        ("location", of("locations")),
        ("staff", of("staff")),
        ("change_set", of("journal")),
    ];
    let row = |n: usize| {
        let mut row: BTreeMap<&'static str, String> = BTreeMap::new();
        row.insert("store", owner.store().to_owned());
        row.insert("order", world.order.clone());
        row.insert("installation", world.app.clone());
        for (name, ids) in &lists {
            if let Some(id) = ids.get(n).or(ids.first()) {
                row.insert(name, id.clone());
            }
        }
        row.insert("sku", SKU.to_owned());
        row.insert("kind", "product".to_owned());
        row.insert("record", row.get("product").cloned().unwrap_or_default());
        row.insert("id", row.get("product").cloned().unwrap_or_default());
        row
    };
    (0..6).map(row).collect()
}

#[test]
fn a_text_that_breaks_out_is_noticed() {
    let (image, script) = ("<img src=x onerror=xq1x>", "javascript:xq8x");
    assert!(breaks_out("<p title=\"a\"><img src=x onerror=xq1x></p>", [script, image]).is_some());
    assert!(breaks_out("<a href=\"javascript:xq8x\">", [script]).is_some());
    let escaped = "<a href=\"/x\">javascript:xq8x &#60;img src=x onerror=xq1x&#62;</a>";
    assert!(breaks_out(escaped, [image, script]).is_none());
    assert_eq!(marked(escaped), BTreeSet::from([1, 8]));
}
