//! Just enough reading of Rust to see what a file names: its code without comments and tests, and the paths in it.

/// The code of a file, without comment lines and without its unit tests (which stand at its end and may name more).
pub fn bare(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let tests_follow = || lines.clone().find(|next| !next.trim_start().starts_with("#[")).is_some_and(is_module);
        if trimmed == "#[cfg(test)]" && tests_follow() {
            break;
        }
        if !trimmed.starts_with("//") {
            code += line.split(" // ").next().unwrap_or_default();
            code.push('\n');
        }
    }
    code
}

fn is_module(line: &str) -> bool {
    line.trim_start().starts_with("mod ")
}

/// Whether `word` stands in `code` as a whole identifier followed by `::`, or is brought in by `use word`.
pub fn names_crate(code: &str, word: &str) -> bool {
    occurrences(code, word).any(|(before, after)| {
        let alone = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        alone && (after.starts_with("::") || before.ends_with("use ") || before.ends_with("extern crate "))
    })
}

/// Whether `word` stands in `code` as a whole identifier.
pub fn names_item(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    occurrences(code, word).any(|(before, after)| !before.ends_with(part) && !after.starts_with(part))
}

fn occurrences<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    code.match_indices(word).map(|(at, _)| (&code[..at], &code[at + word.len()..]))
}

/// The rooms a file names: what follows `crate::`, or as many `super::` as lead from `depth` modules down to the top.
pub fn rooms(code: &str, depth: usize) -> Vec<String> {
    let dense: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for prefix in ["crate::".to_owned(), "super::".repeat(depth.max(1))] {
        for (at, _) in dense.match_indices(&prefix) {
            // `$crate::` and `pub(in crate::room)` count; `mycrate::` does not.
            let inside_word = dense[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            // `usecrate::` and its like are keywords that lost their space.
            let keyword =
                ["use", "in", "impl", "dyn", "as", "for", "return", "mut"].iter().any(|k| dense[..at].ends_with(k));
            if !inside_word || keyword {
                heads(&dense[at + prefix.len()..], &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The whole paths that a file names of the crate, each from its top, without `crate`: `own` is the path of the file's
/// module, from which `super` and `self` are counted.
pub fn paths(code: &str, own: &str) -> Vec<String> {
    let dense: String = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(":: ", "::").replace("{ ", "{");
    let mut found = Vec::new();
    let mut rest = dense.as_str();
    while let Some(at) = ["crate::", "super::", "self::"].iter().filter_map(|start| rest.find(start)).min() {
        let free = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let path = &rest[at..];
        if free {
            whole("", path, own, &mut found);
        }
        let skip = path.find("::").map_or(path.len(), |colons| colons + 2);
        // What a path in braces names was taken whole.
        let group = path.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).count();
        rest = &path[skip.max(group)..];
    }
    found.sort();
    found.dedup();
    found
}

/// Takes a path apart at its braces, and each part from the top of the crate.
fn whole(before: &str, path: &str, own: &str, found: &mut Vec<String>) {
    let plain: String = path.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
    let named = format!("{before}{plain}");
    let Some(group) = path[plain.len()..].strip_prefix('{') else {
        found.extend(from_top(named.trim_end_matches("::"), own));
        return;
    };
    let (mut level, mut start) = (0_i32, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level > 0 => level -= 1,
            ',' | '}' if level == 0 => {
                let part = group[start..at].trim();
                if !part.is_empty() {
                    whole(&named, part, own, found);
                }
                start = at + 1;
                if c == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn from_top(path: &str, own: &str) -> Option<String> {
    let path = path.strip_suffix("::self").unwrap_or(path);
    if let Some(rest) = path.strip_prefix("crate::") {
        return Some(rest.to_owned());
    }
    let mut here: Vec<&str> = own.split("::").collect();
    let mut rest = path;
    loop {
        if let Some(below) = rest.strip_prefix("super::") {
            here.pop()?;
            rest = below;
        } else if let Some(below) = rest.strip_prefix("self::") {
            rest = below;
        } else {
            here.push(rest);
            return Some(here.join("::"));
        }
    }
}

/// The first identifier of a path, or of each path in a brace group: `{db::{Draft, Error}, authz}` gives `db`, `authz`.
fn heads(path: &str, found: &mut Vec<String>) {
    let identifier = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else {
        found.push(identifier(path));
        return;
    };
    let (mut level, mut start) = (0_i32, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level > 0 => level -= 1,
            ',' | '}' if level == 0 => {
                found.push(identifier(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
}

#[test]
fn paths_are_seen_however_they_are_written() {
    assert_eq!(
        rooms("use crate::{\n    db::{Draft, Error},\n    http,\n};\nfn f() { crate::cli::run() }", 1),
        ["cli", "db", "http"]
    );
    assert_eq!(rooms("use super::super::runtime::Engine; use super::draft;", 2), ["runtime"]);
    assert_eq!(rooms("use mycrate::http::x;", 1), Vec::<String>::new());
}

#[test]
fn whole_paths_are_taken_from_the_top() {
    let own = "db::core::draft";
    assert_eq!(paths("use super::{kinds::Kind, time};", own), ["db::core::kinds::Kind", "db::core::time"]);
    assert_eq!(paths("fn f() { crate::db::house::x(); } use mycrate::y;", own), ["db::house::x"]);
    assert_eq!(paths("use crate::db::core::{error::{Error, Result}, time::now_ms};", own).len(), 3);
    assert_eq!(paths("use self::rows::Row; pub(in crate::db) fn g() {}", own), ["db", "db::core::draft::rows::Row"]);
}

#[test]
fn comments_and_unit_tests_do_not_count() {
    let text =
        "//! see crate::http\nuse crate::db; // not crate::cli\n#[cfg(test)]\nmod tests {\n    use crate::http;\n}\n";
    assert_eq!(rooms(&bare(text), 1), ["db"]);
    assert!(bare("#[cfg(test)]\nuse x;\nfn later() {}\n").contains("later"));
}

#[test]
fn a_crate_is_named_by_use_or_by_path() {
    assert!(names_crate("use axum::Router;", "axum"));
    assert!(names_crate("let x: sqlx::PgPool;", "sqlx"));
    assert!(!names_crate("use taxum::Router; my::sqlx::y", "axum"));
    assert!(names_item("fn f() -> StatusCode {}", "StatusCode"));
    assert!(!names_item("MyStatusCodes", "StatusCode"));
}
