//! Who may open which page and send which form, drawn as a table that people can read: `page-access.txt`. The routes are
//! read from the source, so none is left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use crate::runs::world::{install, order, stock};
use crate::support::browser::{Browser, Page};
use crate::support::golden;
use crate::support::host::{Engine, Host};
use crate::support::person::Person;
use crate::support::tables::execute;
use crate::support::{sessions, tree};

const LEGEND: &str = "\
Every page of the web admin, asked by every kind of person, and every form of it, sent by them and in their name by others.
Drawn by tests/pages/access.rs.

  nobody   is not signed in                     none     is staff and holds nothing
  other    owner of another store, asking for this one
  owner    of the store; their forms are not sent here
  operator operates the host and belongs to no store
  unmarked the owner's own browser, with a form that was not on a page of ours
  foreign  the owner's own browser, with a form of ours, sent from a page of another site

  in       sent on to sign in                   on       sent on to another page
  A number is the status: 403 denied, 404 invisible, 400 and 422 mistaken, as what the form lacks or names no record.

";

/// What everybody may open or send, or what belongs to an account and no store.
const OF_NOBODY: &[&str] = &[
    "/assets/{name}",
    "/setup",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/passkey",
    "/sign-in/passkey/begin",
    "/link",
    "/",
];

/// A route of the admin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Its path, with `{…}` for what it names.
    pub path: String,
    /// Whether it is sent a form.
    pub post: bool,
}

/// Every route that the source names.
pub fn routes() -> Vec<Route> {
    let mut found = Vec::new();
    for file in tree::rust("host/src/http/pages") {
        for piece in file.text.split(".route(").skip(1) {
            let Some(path) = piece.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                // The one whose path is a constant: it ends looking as somebody else would.
                assert!(
                    piece.starts_with("SEE_AS_SELF"),
                    "{}: a route whose path cannot be read: {piece:.60}",
                    file.name
                );
                found.push(Route { path: "/see-as-self".to_owned(), post: true });
                continue;
            };
            let methods = piece.split_once('"').and_then(|(_, rest)| rest.split_once('"')).map_or("", |(_, rest)| rest);
            let methods = methods.split(".route(").next().unwrap_or_default().lines().next().unwrap_or_default();
            if path.contains("{*") {
                continue;
            }
            for (verb, post) in [("get(", false), ("post(", true)] {
                if methods.contains(verb) {
                    found.push(Route { path: path.to_owned(), post });
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 60, "only {} routes were found", found.len());
    found
}

/// A store in which there is one of everything that a path can name, and the browsers of those who ask.
struct World {
    names: BTreeMap<&'static str, String>,
    people: [(&'static str, Browser); 4],
    owner: Browser,
    /// It ends with the value.
    _host: Host,
}

fn world(engine: Engine) -> World {
    let host = Host::start(engine);
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    let ran = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    let set = owner.get(&format!("journal?record={order}")).ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let staff = owner.post("staff", json!({ "name": "Sam", "scopes": ["orders:view"] })).ok();
    let names = [
        ("store", owner.store().to_owned()),
        ("order", order),
        ("installation", app),
        ("invocation", ran["invocation"].as_str().unwrap().to_owned()),
        ("change_set", set),
        ("staff", staff["id"].as_str().unwrap().to_owned()),
        ("kind", "order".to_owned()),
    ];
    let browser = |person: &Person| {
        let cookie = sessions::cookie(&host.url(), person.token().expect("a token"));
        Browser::new(&host.url()).with_cookie(cookie)
    };
    let (other, none) = (browser(&host.other_store_owner()), browser(&host.staff(&[])));
    let people =
        [("nobody", Browser::new(&host.url())), ("other", other), ("none", none), ("operator", operator(&host))];
    World { names: names.into(), people, owner: browser(&owner), _host: host }
}

/// The browser of an account that operates the host and belongs to no store.
fn operator(host: &Host) -> Browser {
    let once = host.staff(&[]);
    let cookie = sessions::cookie(&host.url(), once.token().expect("a token"));
    let account = "SELECT account FROM staff WHERE id = (SELECT MAX(id) FROM staff)";
    execute(host, &format!("UPDATE accounts SET operator = 1 WHERE id = ({account})"));
    execute(host, "UPDATE staff SET account = NULL WHERE id = (SELECT MAX(id) FROM staff)");
    Browser::new(&host.url()).with_cookie(cookie)
}

/// The path with what there is filled in, and something that is nowhere for the rest.
pub fn fill(path: &str, names: &BTreeMap<&'static str, String>) -> String {
    let fill = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => names.get(name).cloned().unwrap_or_else(|| "nowhere".to_owned()),
        None => part.to_owned(),
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// What a form of this browser carries.
fn mark(browser: &Browser) -> Vec<(String, String)> {
    let form = browser.clone().open("/account").form("/sign-out", &[]);
    form.into_iter().filter(|(name, _)| name == "_form").collect()
}

fn said(page: &Page) -> String {
    let to = page.headers.get("location").map(String::as_str).unwrap_or_default();
    match page.status {
        303 if to.starts_with("/sign-in") => "in".to_owned(),
        303 => "on".to_owned(),
        status => status.to_string(),
    }
}

/// What each actor gets, by the names of the legend.
fn ask(world: &World, route: &Route) -> Vec<(&'static str, String)> {
    let mut names = world.names.clone();
    if route.path.starts_with("/host/") {
        names.insert("id", world.names["store"].clone());
    }
    let path = fill(&route.path, &names);
    let mut got = Vec::new();
    for (name, browser) in &world.people {
        let fields = if *name == "nobody" || !route.post { Vec::new() } else { mark(browser) };
        let page = match route.post {
            true => browser.clone().post(&path, &fields),
            false => browser.clone().first(&path),
        };
        got.push((*name, said(&page)));
    }
    let owner = &world.owner;
    if !route.post {
        got.push(("owner", said(&owner.clone().first(&path))));
        return got;
    }
    got.push(("unmarked", said(&owner.clone().post(&path, &[]))));
    let mut fooled = owner.clone();
    let fields = mark(&fooled);
    fooled.headers = vec![("origin", "https://evil.example".to_owned()), ("sec-fetch-site", "cross-site".to_owned())];
    got.push(("foreign", said(&fooled.post(&path, &fields))));
    got
}

/// What must hold of a route whatever the table says: complaints, if something does not.
fn complaints(route: &Route, got: &[(&'static str, String)]) -> Vec<String> {
    let in_store = route.path.starts_with("/stores/{store}");
    let of = |name: &str| got.iter().find(|(own, _)| *own == name).map_or("", |(_, said)| said.as_str());
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{}{}: {what}: {got:?}", if route.post { "POST " } else { "GET " }, route.path));
        }
    };
    let public = OF_NOBODY.contains(&route.path.as_str());
    must(got.iter().all(|(_, said)| !said.starts_with('5')), "something failed");
    if in_store {
        must(of("other") == "404", "another store's owner learns of it");
        must(of("operator") == "404", "the operator learns what is in a store");
        must(matches!(of("nobody"), "in" | "401"), "a stranger is let in");
    } else if !public {
        must(matches!(of("nobody"), "in" | "401" | "403"), "a stranger is let in");
    }
    if route.path == "/host" || route.path.starts_with("/host/") {
        must(!matches!(of("operator"), "in" | "401" | "403"), "the operator is kept out");
        must(["other", "none", "owner"].iter().all(|who| matches!(of(who), "" | "403")), "others operate the host");
    }
    if route.post {
        must(of("foreign") == "403", "another site's page can send it");
        must(public || of("unmarked") == "403", "it goes through without the mark of its session");
        must(!in_store || of("none") == "403", "somebody who holds nothing gets past its permit");
    }
    wrong
}

fn draw(world: &World) -> String {
    let (mut table, mut wrong) = (LEGEND.to_owned(), Vec::new());
    for route in routes() {
        // Whoever signs out is signed out, and the rows after it would ask as nobody.
        if route.path == "/sign-out" {
            continue;
        }
        let got = ask(world, &route);
        wrong.extend(complaints(&route, &got));
        let told = got.iter().map(|(name, said)| format!("{name} {said:<4}")).collect::<Vec<_>>().join("  ");
        let _ = writeln!(table, "{} {:<66} {}", if route.post { "POST" } else { "GET " }, route.path, told.trim_end());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    table
}

#[test]
fn every_page_and_every_form_answers_every_kind_of_person_as_reviewed_on_sqlite() {
    golden::compare("page-access.txt", &draw(&world(Engine::Sqlite)));
}

#[test]
fn every_page_and_every_form_answers_every_kind_of_person_as_reviewed_on_postgres() {
    golden::compare("page-access.txt", &draw(&world(Engine::Postgres)));
}
