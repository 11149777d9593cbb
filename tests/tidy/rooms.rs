//! Floors: arrows only point down, and each kind of knowledge has one room.

use super::{circles, code, none};
use crate::support::tree::{self, Source};

/// Each room of the host and the rooms it may name. A new room gets its line here first.
const FLOORS: &[(&str, &[&str])] = &[
    ("authn", &[]),
    ("authz", &[]),
    ("text", &["authn", "authz"]),
    ("schema", &["text"]),
    ("metrics", &[]),
    ("db", &["authn", "authz", "text", "schema", "metrics"]),
    ("outbound", &[]),
    ("config", &["db", "outbound"]),
    ("runtime", &["authz", "text", "schema", "metrics", "db", "outbound"]),
    ("survive", &[]),
    ("mail", &[]),
    ("traces", &["metrics"]),
    ("events", &["authz", "db", "runtime", "survive"]),
    ("jobs", &["text", "db", "mail", "runtime", "survive"]),
    ("checkout", &["authz", "db", "runtime"]),
    ("trial", &["authz", "text", "db", "runtime"]),
    (
        "http",
        &[
            "authn", "authz", "text", "schema", "db", "mail", "runtime", "events", "checkout", "trial", "config",
            "metrics",
        ],
    ),
    ("serve", &["authn", "authz", "db", "mail", "outbound", "runtime", "events", "jobs", "http", "config", "traces"]),
    ("demo", &["authn", "authz", "text", "db", "runtime", "checkout", "http", "serve"]),
    ("cli", &["authn", "authz", "text", "schema", "db", "runtime", "http", "config", "serve", "demo", "metrics"]),
];

/// The floors of `db`, from the ground up: each names those before it in this list, and none after it.
const INNER: &[&str] = &["core", "shop", "house"];

/// The largest circle of files that name each other.
const CIRCLE: usize = 3;

/// Crates that one room alone knows.
const KNOWLEDGE: &[(&str, &[&str])] = &[
    ("db", &["sqlx", "rusqlite"]),
    ("runtime", &["wasmtime", "wasmtime_wasi", "wasmparser", "wasm_encoder", "wit_component", "wit_parser"]),
    ("mail", &["lettre"]),
    ("text", &["fluent_bundle"]),
    ("http", &["axum", "tower", "tower_http", "utoipa_axum", "askama"]),
];

/// Crates that two rooms know: who serves and who asks.
const SHARED: (&[&str], &[&str]) = (&["http", "outbound"], &["hyper", "hyper_util"]);

/// How a text of SQL begins.
const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE "];

/// The room of a host file, and how many modules lie between it and the top of the crate.
fn room(file: &Source) -> Option<(&str, usize)> {
    let path = file.name.strip_prefix("host/src/")?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let first = path.split('/').next()?;
    (!matches!(first, "lib" | "main")).then(|| (first, path.split('/').count()))
}

fn host() -> Vec<(Source, String)> {
    tree::rust("host/src")
        .into_iter()
        .map(|file| {
            let code = code::bare(&file.text);
            (file, code)
        })
        .collect()
}

#[test]
fn a_room_names_only_rooms_below_it() {
    let mut complaints = Vec::new();
    for (file, code) in host() {
        let Some((room, depth)) = room(&file) else { continue };
        let Some((_, below)) = FLOORS.iter().find(|(name, _)| *name == room) else {
            complaints.push(format!("{} is in the room `{room}`, which has no floor yet", file.name));
            continue;
        };
        for named in code::rooms(&code, depth) {
            let is_room = FLOORS.iter().any(|(name, _)| *name == named);
            if is_room && named != room && !below.contains(&named.as_str()) {
                complaints.push(format!("{} names `{named}`, which is not below `{room}`", file.name));
            }
        }
    }
    none(complaints);
}

#[test]
fn inside_db_arrows_only_point_down() {
    let mut complaints = Vec::new();
    for (file, code) in host() {
        let Some(path) = module(&file) else { continue };
        let Some(floor) = path.strip_prefix("db::").and_then(|rest| floor(rest.split("::").next()?)) else { continue };
        for named in code::paths(&code, &path) {
            let Some(rest) = named.strip_prefix("db::") else { continue };
            let head = rest.split("::").next().unwrap_or_default();
            match INNER.iter().position(|name| *name == head) {
                Some(other) if other > floor => {
                    complaints.push(format!("{} names `{named}`, which is above", file.name))
                }
                Some(_) => {}
                None => complaints.push(format!("{} names `{named}` by way of the top; name its home", file.name)),
            }
        }
    }
    none(complaints);
}

fn floor(name: &str) -> Option<usize> {
    INNER.iter().position(|floor| *floor == name)
}

#[test]
fn no_circle_of_files_is_large() {
    let sources: Vec<_> = host().into_iter().filter_map(|(file, code)| Some((module(&file)?, code))).collect();
    let modules: std::collections::BTreeSet<&str> = sources.iter().map(|(path, _)| path.as_str()).collect();
    let home = |named: &str| {
        let mut path = named;
        while !modules.contains(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let arrows: std::collections::BTreeMap<String, Vec<String>> = sources
        .iter()
        .map(|(path, code)| {
            let named =
                code::paths(code, path).iter().filter_map(|named| home(named)).filter(|to| to != path).collect();
            (path.clone(), named)
        })
        .collect();
    let large = circles::of(&arrows).into_iter().filter(|circle| circle.len() > CIRCLE);
    none(large.map(|circle| format!("a circle of {}: {}", circle.len(), circle.join(", "))).collect());
}

/// The path of a host file's module, without `crate`.
fn module(file: &Source) -> Option<String> {
    let path = file.name.strip_prefix("host/src/")?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let own_tests = path.starts_with("db/tests");
    (!matches!(path, "lib" | "main") && !own_tests).then(|| path.replace('/', "::"))
}

#[test]
fn only_one_room_knows_sql_one_knows_wasm_and_one_knows_http() {
    let mut complaints = Vec::new();
    for (file, code) in host() {
        let room = room(&file).map_or("", |(room, _)| room);
        for (owner, crates) in KNOWLEDGE.iter().filter(|(owner, _)| *owner != room) {
            for name in crates.iter().filter(|name| code::names_crate(&code, name)) {
                complaints.push(format!("{} names `{name}`, which only `{owner}` knows", file.name));
            }
        }
        for name in SHARED.1.iter().filter(|name| !SHARED.0.contains(&room) && code::names_crate(&code, name)) {
            complaints.push(format!("{} names `{name}`, which only `http` and `outbound` know", file.name));
        }
        if room != "http" && code::names_item(&code, "StatusCode") {
            complaints.push(format!("{} names a status code, which only `http` knows", file.name));
        }
        for start in SQL.iter().filter(|start| room != "db" && code.contains(**start)) {
            complaints.push(format!("{} says `{start}`: SQL belongs to `db`", file.name));
        }
    }
    none(complaints);
}

#[test]
fn the_sdk_and_the_examples_stand_on_the_contract_alone() {
    let strangers = ["sdk", "example-plugins"].iter().flat_map(|folder| tree::files(folder));
    let complaints = strangers
        .filter(|file| file.name.ends_with(".rs") || file.name.ends_with("Cargo.toml"))
        .filter(|file| file.text.contains("storehand_host") || file.text.contains("storehand-host"));
    none(complaints.map(|file| format!("{} names the host", file.name)).collect());
}
