//! Who may do what over HTTP, drawn as a table that people can read: `route-access.txt`.
//!
//! Every path of the API's own description × every kind of actor × every method, each with a request that would
//! succeed for somebody who may. What a route says it needs is tried from both sides: by a staff member who holds just
//! that, and by one who holds everything but that. Every row is asserted before it is drawn (`holds`), so that redrawing
//! the table cannot make a hole the rule.

mod actors;
mod apps;
pub mod asks;
mod holds;
pub mod records;
pub mod roles;

use std::collections::BTreeMap;

use serde_json::Value;

use self::actors::Actors;
use self::records::Records;
use crate::support::golden;
use crate::support::host::{Engine, Host};
use crate::support::person::{Answer, Person};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Room for a cell, and for the methods before the cells.
const WIDTH: usize = 9;
const METHODS_WIDTH: usize = 26;

const LEGEND: &str = "\
Every route of the API, asked by every kind of actor with every method. Drawn by tests/access.rs.

  ✔ allowed, and done     ✘ denied (403)                ∅ invisible (404)
  ! unauthenticated (401) – no such method here (405)   · nobody can ask this
  A number is the status of a request that was let through and could not be carried out.

  nobody   without a token                      ended    with a token that was revoked
  operator runs the host                        publish  publishes apps, belongs to no store
  front    the shop's own front                 owner    of the store
  staff    holds every scope staff can hold     none     is staff and holds nothing
  only     holds only what the route needs      but      holds everything but what the route needs
  other    owner of another store, asking for this one
  abroad   owner of another store, asking in their own store for a record of this one

'only' and 'but' are staff; where staff cannot hold the scope, they are the owner with a token limited to it.
Nobody gives an app what they do not hold: so 'only' cannot install, grant or configure what needs more than the route does.
Nobody has a role propose what they do not hold: so 'only' can neither create nor change one.
Nobody decides about what they could not do themselves: so 'only' cannot approve, reject or rerun a held price.
No delivery is parked here, so whoever may retry or drop one is told that there is none (404).
The store is not closed here, so whoever may close it is told that they gave another name, and that it is open (422).
";

#[test]
fn every_route_answers_every_kind_of_actor_as_reviewed_on_sqlite() {
    golden::compare("route-access.txt", &draw(&Host::start(Engine::Sqlite)));
}

#[test]
fn every_route_answers_every_kind_of_actor_as_reviewed_on_postgres() {
    golden::compare("route-access.txt", &draw(&Host::start(Engine::Postgres)));
}

/// The whole table.
fn draw(host: &Host) -> String {
    let described = host.anonymous().get("/api/v1/openapi.json").ok();
    let paths = described["paths"].as_object().expect("the description has paths");
    let (mut actors, mut records) = (Actors::new(host), Records::new(host));
    let mut table = format!("{LEGEND}\n{}\n", row("", &actors::COLUMNS.map(str::to_owned), "needs"));
    for (path, operations) in paths {
        table += &format!("\n{path}\n");
        let mut rows: Vec<(Vec<&str>, Vec<String>, String)> = Vec::new();
        for method in METHODS {
            let operation = &operations[method.to_lowercase()];
            let needs = needs(operation);
            let asked = actors.who(&needs).into_iter().map(|(column, asker)| {
                let answer = ask(column, asker, method, path, &mut records);
                let drawn = answer.as_ref().map_or_else(|| "·".to_owned(), |answer| cell(answer, column == "abroad"));
                (column, answer, drawn)
            });
            let asked: holds::Cells = asked.collect();
            holds::check(method, path, needs.as_deref(), &asked);
            let cells: Vec<String> = asked.into_iter().map(|(_, _, drawn)| drawn).collect();
            let needs = needs.map(|_| words(operation));
            match rows.last_mut() {
                // Methods that are not there look alike, and stand on one line.
                Some((methods, same, none)) if needs.is_none() && none.is_empty() && *same == cells => {
                    methods.push(method)
                }
                _ => rows.push((vec![method], cells, needs.unwrap_or_default())),
            }
        }
        table.extend(rows.iter().map(|(methods, cells, needs)| row(&methods.join(" "), cells, needs) + "\n"));
    }
    table
}

fn row(methods: &str, cells: &[String], needs: &str) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:<WIDTH$}")).collect();
    format!("  {methods:<METHODS_WIDTH$}{cells}{needs}").trim_end().to_owned()
}

/// What the description says an operation needs: a scope, or a kind of token. None if there is no such operation.
fn needs(operation: &Value) -> Option<Vec<String>> {
    let all = operation.get("security")?.as_array()?.iter().filter_map(|one| one["token"].as_array()).flatten();
    Some(all.map(|name| name.as_str().expect("a name").to_owned()).collect())
}

/// The same in words: all of what stands together, one of what stands apart.
fn words(operation: &Value) -> String {
    let together = |one: &Value| {
        let names: Vec<&str> = one["token"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        names.join(" and ")
    };
    let apart: Vec<String> = operation["security"].as_array().into_iter().flatten().map(together).collect();
    let words = apart.join(" or ");
    if words.is_empty() { "any token".to_owned() } else { words }
}

/// Asks for a record of this store: where it is, or, from abroad, in the asker's own store. None if nobody can ask.
fn ask(column: &str, asker: Option<Person>, method: &str, path: &str, records: &mut Records) -> Option<Answer> {
    let abroad = column == "abroad";
    let asker = asker.filter(|_| !abroad || records::names_a_record(path))?;
    let body = asks::body(method, path, records);
    let full = match abroad {
        true => records.fill(path, method, &records.owner()).replace(records.store(), asker.store()),
        false => records.fill(path, method, &asker),
    };
    let answer = asker.send(method, &full, body);
    if method != "GET" && answer.status < 300 {
        records.spend(path, method);
    }
    Some(answer)
}

fn cell(answer: &Answer, abroad: bool) -> String {
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    match answer.status {
        200..300 => "✔".to_owned(),
        401 => "!".to_owned(),
        403 => "✘".to_owned(),
        // Somebody who may look is told that the record is not there; that is no invisibility.
        404 if abroad || detail.starts_with("no store ") => "∅".to_owned(),
        405 => "–".to_owned(),
        other => other.to_string(),
    }
}

/// What an operation needs stands in its description, or nobody could know it.
#[test]
fn every_operation_says_what_it_needs() {
    let host = Host::start(Engine::Sqlite);
    let described = host.anonymous().get("/api/v1/openapi.json").ok();
    let known: BTreeMap<&str, ()> = storehand_host::authz::Scope::ALL.iter().map(|scope| (scope.name(), ())).collect();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let needs = needs(operation).unwrap_or_else(|| panic!("{method} {path} does not say what it needs"));
            for name in needs {
                let kind = ["operator", "publisher", "setup"].contains(&name.as_str());
                assert!(kind || known.contains_key(name.as_str()), "{method} {path} needs `{name}`, which is no scope");
            }
        }
    }
}
