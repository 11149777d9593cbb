//! A second language: over every page that a French owner comes to no English text is left, what is refused is said in
//! French, and what somebody agrees to is recorded in the words that they read.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::shell::sound;
use crate::runs::world::install;
use crate::support::browser::Browser;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tree;
use crate::terms::held::{PRICE, Shop};

both!(
    no_english_text_is_left_on_a_page_in_french,
    what_is_refused_is_said_in_french,
    a_consent_is_recorded_in_the_words_that_were_read,
);

/// Shorter pieces of English may be French, or part of a name.
const SHORTEST: usize = 12;
/// So many pages of one shape are looked at; the next ones are made of the same texts.
const OF_A_SHAPE: usize = 3;
/// Fewer shapes mean that the way through the pages was lost.
const SHAPES: usize = 18;

fn texts(language: &str) -> String {
    let name = format!("host/locales/{language}.ftl");
    tree::files("host/locales").into_iter().find(|file| file.name == name).expect("a file of texts").text
}

/// What English pages say and French ones do not: each text of the file, without what is filled in.
fn english() -> Vec<String> {
    let french = texts("fr");
    let mut pieces = Vec::new();
    for line in texts("en").lines().filter(|line| !line.starts_with('#')) {
        let said =
            line.split_once(" = ").map_or_else(|| line.split_once("] ").map_or("", |(_, text)| text), |(_, t)| t);
        for piece in said.split(['{', '}']).step_by(2).map(str::trim) {
            if piece.len() >= SHORTEST && !french.contains(piece) {
                pieces.push(piece.to_owned());
            }
        }
    }
    assert!(pieces.len() > 400, "{}", pieces.len());
    pieces
}

/// The text of a page as people read it. What a run was like, as JSON to copy, is in no language.
fn read(html: &str) -> String {
    let mut text = html.to_owned();
    while let Some(start) = text.find("<pre tabindex") {
        let end = text[start..].find("</pre>").map_or(text.len(), |end| start + end);
        text.replace_range(start..end, "");
    }
    // What only English says is marked as English.
    while let Some(start) = text.find("<span lang=\"en\">") {
        let end = text[start..].find("</span>").map_or(text.len(), |end| start + end);
        text.replace_range(start..end, "");
    }
    for (entity, sign) in [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")] {
        text = text.replace(entity, sign);
    }
    text
}

#[track_caller]
fn is_french(path: &str, html: &str, english: &[String]) {
    assert!(html.contains("<html lang=\"fr\""), "{path}");
    let text = read(html);
    let left: Vec<&String> = english.iter().filter(|piece| text.contains(piece.as_str())).collect();
    assert!(left.is_empty(), "{path} says in English: {left:?}\n{text}");
}

/// The shape of an address: what stands for a certain thing left out.
fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let thing = |part: &&str| part.contains('_') || part.bytes().any(|b| b.is_ascii_digit());
    let parts: Vec<&str> = path.split('/').map(|part| if thing(&part) { "*" } else { part }).collect();
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), names.join("&"))
}

/// Where the links of a page lead.
fn links(html: &str) -> impl Iterator<Item = String> {
    let hrefs = html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter(|href| href.starts_with("/stores/") || href.starts_with("/account")).map(read)
}

/// Looks at every page that can be come to from these, and says how many shapes there were.
fn walk(owner: &Person, from: &[&str], english: &[String]) -> BTreeMap<String, usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut ahead: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut known = Vec::new();
    while let Some(path) = ahead.pop_front() {
        let times = seen.entry(shape(&path)).or_default();
        if *times == OF_A_SHAPE {
            continue;
        }
        *times += 1;
        let page = owner.look(&path, "fr").is(200);
        is_french(&path, &page.text, english);
        for link in links(&page.text) {
            if !known.contains(&link) {
                known.push(link.clone());
                ahead.push_back(link);
            }
        }
    }
    seen
}

/// A store in which there is something to see on every page.
fn busy(host: Host) -> Shop {
    let shop = Shop::new(host, &PRICE);
    let order = crate::runs::world::order(&shop.host.storefront());
    shop.press("reprice", &shop.product, 1_300);
    let noop = install(&shop.host, "noop", &["orders:view"], json!({}));
    shop.owner.post(&format!("installations/{noop}/actions/nothing"), json!({ "record": order })).ok();
    shop.owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    shop.owner.put(&format!("orders/{order}/note"), json!({ "note": "merci" })).ok();
    shop.owner.post("staff", json!({ "name": "Jonas", "scopes": ["orders:view"] })).ok();
    shop.owner.upload("apps", guests::build("tagger")).ok();
    shop
}

fn no_english_text_is_left_on_a_page_in_french(host: Host) {
    let (shop, english) = (busy(host), english());
    let set = shop.owner.get("journal").ok()["items"][0]["id"].as_str().expect("a change").to_owned();
    let undo = format!("undo?change_set={set}");
    let seen = walk(&shop.owner, &["", &undo, "/account", "activity/held?state=rejected"], &english);
    assert!(seen.len() > SHAPES, "{seen:#?}");
    for needed in ["/apps/install?app", "/uninstall?", "/activity/runs/*?", "/store/orders/*?", "/people/*?"] {
        assert!(seen.keys().any(|shape| shape.ends_with(needed)), "no page {needed} among {seen:#?}");
    }
    is_french("/sign-in", &shop.host.anonymous().look("/sign-in", "fr").is(200).text, &english);
}

fn what_is_refused_is_said_in_french(host: Host) {
    let english = english();
    let (owner, clerk) = (host.owner(), host.staff(&["orders:view"]));
    let look = |person: &Person, path: &str, status: u16| {
        let page = person.look(path, "fr").is(status);
        sound(&page);
        is_french(path, &page.text, &english);
        assert!(!page.text.contains("lang=\"en\""), "{path} has English on it: {}", page.text);
        page
    };
    look(&clerk, "people", 403)
        .says(&["seul le propriétaire de la boutique a la permission `staff:view`", "demandez au propriétaire"]);
    look(&clerk, "apps", 403).says(&["apps:view"]);
    let missing = ["nowhere", "activity/runs/inv_1", "activity/held/1", "apps/ins_1", "people/stf_1", "store/orders/1"];
    for path in missing {
        look(&owner, path, 404).says(&["cela n’existe pas, ou pas dans cette boutique"]);
    }
    look(&host.other_store_owner().at(host.store()), "", 404);
    for path in
        ["activity/runs?outcome=lost", "activity/runs?since=x", "activity/changes?run=x", "store/orders?status=x"]
    {
        look(&owner, path, 400);
    }
    look(&owner, "activity/runs?unknown=1", 400).says(&["ce qui a été envoyé n’est pas lisible"]);
    // What only English says is marked as English.
    let mut browser = french(&host, &owner);
    let base = format!("/stores/{}/people/add", host.store());
    let page = browser.open(&base);
    let page = browser.submit(&page, &base, &[("name", " "), ("email", "a@example.com"), ("role", "accountant")]);
    page.says("ceci n’a pas été accepté").says("<span lang=\"en\">");
    let page = browser.submit(&page, &base, &[("name", "Ana"), ("email", "nobody"), ("role", "accountant")]);
    page.says("ceci n’est pas une adresse e-mail").hides("lang=\"en\"");
    // Passwords.
    let page = browser.open("/account");
    let page = browser.submit(&page, "/account/password", &[("password", "aaaaaaaaaaaaaaaa"), ("again", "b")]);
    page.says("les deux ne sont pas identiques");
    let short = [("password", "kurz"), ("again", "kurz")];
    browser.submit(&page, "/account/password", &short).says("le mot de passe a 4 caractères");
}

/// A browser that prefers French, in which this person is signed in.
fn french(host: &Host, person: &Person) -> Browser {
    let mut browser = Browser::new(&host.url());
    browser.cookie = person.token().and_then(|token| sessions::cookie(&host.url(), token));
    browser.headers.push(("accept-language", "fr".to_owned()));
    browser
}

/// The text that stands on a consent page, to be sent with the form.
fn shown(page: &crate::support::browser::Page) -> String {
    read(&page.between("<textarea name=\"shown\" hidden>", "</textarea>"))
}

fn a_consent_is_recorded_in_the_words_that_were_read(host: Host) {
    let owner = host.owner();
    let app = owner.upload("apps", guests::build("tagger")).ok()["app"].as_str().expect("an id").to_owned();
    let mut browser = french(&host, &owner);
    let base = format!("/stores/{}/apps", host.store());
    let address = format!("{base}/install?app={}", app.replace('/', "%2F"));
    let page = browser.open(&address);
    let text = shown(&page);
    assert!(text.starts_with("Installer ") && text.contains("Elle peut modifier :"), "{text}");
    // What was read in one language is not what the page says in another.
    let mut other = browser.clone();
    other.headers.clear();
    let action = format!("{base}/install");
    other.submit(&page, &action, &[("shown", &text), ("act", "install")]).says("You changed something.");
    let page = browser.submit(&page, &action, &[("shown", &text), ("act", "install")]);
    page.is(200);
    let id = page.path.rsplit('/').next().expect("an id").to_owned();
    let consents = owner.get(&format!("installations/{id}/consents")).ok();
    let recorded = |n: usize| consents["items"][n]["shown"].as_str().map(str::to_owned);
    assert_eq!(recorded(0).as_deref(), Some(text.as_str()), "{consents:#}");
    assert_eq!(consents["items"].as_array().map(Vec::len), Some(1));
    // The API speaks English, as ever.
    let plan = owner.post("installations/plan", json!({ "app": app })).ok();
    assert!(plan["shown"].as_str().is_some_and(|text| text.starts_with("Upgrade to ")), "{plan:#}");
    assert_eq!(plan["refused"], Value::Null);
}
