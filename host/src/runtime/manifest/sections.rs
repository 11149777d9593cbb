//! The parts of an `app.toml`, one function each.

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use semver::Version;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::{Reader, Table};
use super::text::{is_slug, nearest};
use super::{Action, ActionTarget, AppId, Ask, Manifest, Scopes, http, rules};
use crate::authz::scope::Scope;
use crate::db::Topic;
use crate::db::next_due;
use crate::runtime::code::Code;
use crate::text::{NAME_CHARS, SENTENCE_CHARS, not_a_name, unshowable};

const MAX_TOPICS: usize = 32;
const MAX_SCHEDULES: usize = 16;
const MAX_ACTIONS: usize = 16;
const MAX_CATEGORIES: usize = 5;

/// Reads everything and checks the rules between the parts. `None` if a part is missing; the reader knows why.
pub(super) fn manifest<'t>(reader: &mut Reader<'t>, root: &'t Spanned<DeTable<'t>>) -> Option<Manifest> {
    let top = reader.document(root);
    format(reader, top)?;
    reader.only(
        top,
        &[
            "manifest",
            "id",
            "name",
            "version",
            "summary",
            "categories",
            "scopes",
            "on",
            "schedule",
            "action",
            "http",
            "settings",
        ],
    );
    let id = id(reader, top);
    let name = shown(reader, top, "name", "\"Order notes\"", NAME_CHARS);
    let version = version(reader, top);
    let summary = shown(reader, top, "summary", "\"what it does\"", SENTENCE_CHARS);
    let categories = categories(reader, top);
    let scopes = scopes(reader, top);
    let on = topics(reader, top);
    let schedules = schedules(reader, top);
    let actions = actions(reader, top);
    let hosts = http::hosts(reader, top);
    let settings_schema = settings(reader, top);
    rules::between_parts(reader, top, &scopes, &on);
    Some(Manifest {
        id: id?,
        name: name?,
        version: version?,
        summary: summary?,
        categories,
        scopes,
        on: on.into_iter().map(|topic| *topic.get_ref()).collect(),
        schedules,
        actions,
        hosts,
        settings_schema,
    })
}

/// `manifest = 1`. Nothing else is read of a format that is not known.
fn format(reader: &mut Reader<'_>, top: Table<'_>) -> Option<()> {
    let Some(value) = top.entries.get("manifest") else {
        let what = "the manifest does not say which format it is written in".to_owned();
        reader.note(Code::MissingKey, 0..1, what, "add `manifest = 1` as the first line".to_owned());
        return Some(());
    };
    if value.get_ref().as_integer().is_some_and(|number| number.as_str() == "1") {
        return Some(());
    }
    let what = "this host knows manifests of format 1 only".to_owned();
    reader.note(Code::ManifestFormat, value.span(), what, "write `manifest = 1`".to_owned());
    None
}

fn id<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Option<AppId> {
    let (text, span) = reader.text(top, "id", "\"publisher/name\"")?;
    let id = text.parse();
    if id.is_err() {
        let what = format!("`{text}` is not an app's id");
        let help = "write publisher/name, each 3 to 40 characters of a-z, 0-9 and `-`".to_owned();
        reader.note(Code::BadId, span, what, help);
    }
    id.ok()
}

fn version<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Option<Version> {
    let (text, span) = reader.text(top, "version", "\"0.1.0\"")?;
    let version = if text.len() <= 64 { Version::parse(text).ok() } else { None };
    if version.is_none() {
        let what = format!("`{text}` is not a semantic version of at most 64 characters");
        reader.note(Code::BadVersion, span, what, "write MAJOR.MINOR.PATCH, for example `0.3.0`".to_owned());
    }
    version
}

/// A text that people will read.
fn shown<'t>(
    reader: &mut Reader<'t>,
    table: Table<'t>,
    key: &'static str,
    example: &str,
    max: usize,
) -> Option<String> {
    let (text, span) = reader.text(table, key, example)?;
    // What is a name, and what is a sentence.
    let why = if max <= NAME_CHARS { not_a_name(text, max) } else { unshowable(text, max) };
    match why {
        None => Some(text.to_owned()),
        Some(why) => {
            let help = format!("write 1 to {max} characters of plain text");
            reader.note(Code::BadText, span, format!("`{key}` {why}"), help);
            None
        }
    }
}

fn categories<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let Some(value) = top.entries.get("categories") else { return found };
    let Some(items) = value.get_ref().as_array() else {
        reader.wrong_type("categories", value, "a list of texts");
        return found;
    };
    if items.len() > MAX_CATEGORIES {
        let what = format!("{} categories, more than {MAX_CATEGORIES}", items.len());
        reader.note(Code::TooMany, value.span(), what, "keep the ones people would look for".to_owned());
        return found;
    }
    for item in items.iter() {
        let Some((word, span)) = reader.as_text("category", item) else { continue };
        if !is_slug(word, 2, 40) {
            let what = format!("`{word}` is not a category");
            reader.note(Code::BadCategory, span, what, "write 2 to 40 characters of a-z, 0-9 and `-`".to_owned());
        } else if found.iter().any(|other| other == word) {
            reader.note(Code::Twice, span, format!("the category `{word}` is listed twice"), None);
        } else {
            found.push(word.to_owned());
        }
    }
    found
}

fn scopes<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Scopes {
    let Some(table) = reader.table(top, "scopes", "[scopes]") else { return Scopes::default() };
    reader.only(table, &["required", "optional"]);
    let required = asks(reader, table, "required", "[scopes.required]");
    let optional = asks(reader, table, "optional", "[scopes.optional]");
    if let Some(twice) = table.entries.get("optional").and_then(|value| value.get_ref().as_table()) {
        for key in twice.keys().filter(|key| required.iter().any(|ask| ask.scope.name() == key.get_ref().as_ref())) {
            let what = format!("`{}` is both required and optional", key.get_ref());
            reader.note(Code::ScopeTwice, key.span(), what, "keep one of the two".to_owned());
        }
    }
    Scopes { required, optional }
}

fn asks<'t>(reader: &mut Reader<'t>, scopes: Table<'t>, key: &str, name: &'static str) -> Vec<Ask> {
    let Some(table) = reader.table(scopes, key, name) else { return Vec::new() };
    let mut asks = Vec::new();
    for (key, value) in table.entries {
        let word: &str = key.get_ref();
        let scope = rules::scope_for_apps(reader, word, key.span());
        let Some((reason, span)) = reader.as_text(word, value) else { continue };
        if let Some(why) = unshowable(reason, SENTENCE_CHARS) {
            let help =
                format!("say in 1 to {SENTENCE_CHARS} characters what the app does with it: the owner reads this");
            reader.note(Code::BadText, span, format!("the reason for `{word}` {why}"), help);
        } else if let Some(scope) = scope {
            asks.push(Ask { scope, reason: reason.to_owned() });
        }
    }
    asks.sort_by_key(|ask| ask.scope);
    asks
}

fn topics<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Vec<Spanned<Topic>> {
    let mut found: Vec<Spanned<Topic>> = Vec::new();
    for table in reader.tables(top, "on", "[[on]]", MAX_TOPICS) {
        reader.only(table, &["topic"]);
        let Some((word, span)) = reader.text(table, "topic", "\"orders/created\"") else { continue };
        match word.parse::<Topic>() {
            Ok(topic) if found.iter().any(|other| *other.get_ref() == topic) => {
                reader.note(Code::Twice, span, format!("the topic `{word}` is listed twice"), None);
            }
            Ok(topic) => found.push(Spanned::new(span, topic)),
            Err(_) => {
                let help = match nearest(word, Topic::ALL.iter().map(|topic| topic.name())) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`storehand help topics` lists them".to_owned(),
                };
                reader.note(Code::UnknownTopic, span, format!("`{word}` is not a topic"), help);
            }
        }
    }
    found
}

fn schedules<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Vec<String> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let mut found: Vec<String> = Vec::new();
    for table in reader.tables(top, "schedule", "[[schedule]]", MAX_SCHEDULES) {
        reader.only(table, &["cron"]);
        let Some((cron, span)) = reader.text(table, "cron", "\"0 7 * * *\"") else { continue };
        let well_formed = cron.len() <= 100 && cron.is_ascii() && cron.split(' ').count() == 5;
        if !well_formed || parser.parse(cron).is_err() {
            let help =
                "write minute, hour, day of month, month, day of week: `0 7 * * *` is every day at seven".to_owned();
            reader.note(Code::BadCron, span, format!("`{cron}` is not a cron expression of five fields"), help);
        } else if never_due(cron) {
            let help = "there is no such day in any year; name one that there is".to_owned();
            reader.note(Code::BadCron, span, format!("`{cron}` never comes due"), help);
        } else if found.iter().any(|other| other == cron) {
            reader.note(Code::Twice, span, format!("the schedule `{cron}` is listed twice"), None);
        } else {
            found.push(cron.to_owned());
        }
    }
    found
}

/// Whether there is no moment at which it is due, from a day on that does not move with the clock.
fn never_due(cron: &str) -> bool {
    next_due(cron, &TimeZone::UTC, 1_767_225_600_000).is_err()
}

fn actions<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Vec<Action> {
    let mut found: Vec<Action> = Vec::new();
    for table in reader.tables(top, "action", "[[action]]", MAX_ACTIONS) {
        reader.only(table, &["id", "label", "on"]);
        let id = reader.text(table, "id", "\"draft-reorder\"");
        let label = shown(reader, table, "label", "\"Draft a reorder note\"", NAME_CHARS);
        let on = reader.text(table, "on", "\"product\"").and_then(|(word, span)| target(reader, word, span));
        let Some((id, span)) = id else { continue };
        if !is_slug(id, 1, 40) {
            let what = format!("`{id}` is not an action's id");
            reader.note(Code::BadAction, span, what, "write 1 to 40 characters of a-z, 0-9 and `-`".to_owned());
        } else if found.iter().any(|other| other.id == id) {
            reader.note(Code::Twice, span, format!("the action `{id}` is listed twice"), None);
        } else if let (Some(label), Some(on)) = (label, on) {
            found.push(Action { id: id.to_owned(), label, on });
        }
    }
    found
}

fn target(reader: &mut Reader<'_>, word: &str, span: std::ops::Range<usize>) -> Option<ActionTarget> {
    let all = [ActionTarget::Order, ActionTarget::Product, ActionTarget::Customer];
    let target = all.into_iter().find(|target| target.name() == word);
    if target.is_none() {
        let what = format!("an action cannot be on `{word}`");
        reader.note(Code::BadAction, span, what, "it is on `order`, `product` or `customer`".to_owned());
    }
    target
}

fn settings<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Option<String> {
    let table = reader.table(top, "settings", "[settings]")?;
    reader.only(table, &["schema"]);
    let (path, span) = reader.text(table, "schema", "\"settings.schema.json\"")?;
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/'));
    let inside = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    if plain && inside && path.len() <= 200 && path.ends_with(".json") {
        return Some(path.to_owned());
    }
    let what = format!("`{path}` is not the path of a JSON file inside the project");
    reader.note(Code::BadPath, span, what, "for example `settings.schema.json`, beside `app.toml`".to_owned());
    None
}

/// Here, so that `rules` need not know the TOML crate's types.
pub(super) fn first_span(table: Table<'_>, key: &str) -> Option<std::ops::Range<usize>> {
    let value: &Spanned<DeValue<'_>> = table.entries.get(key)?;
    Some(match value.get_ref().as_array().and_then(|list| list.first()) {
        Some(first) => first.span(),
        None => value.span(),
    })
}

/// Where a scope is asked for.
pub(super) fn ask_span(top: Table<'_>, scope: Scope) -> Option<std::ops::Range<usize>> {
    let scopes = top.entries.get("scopes")?.get_ref().as_table()?;
    ["required", "optional"].into_iter().find_map(|list| {
        let (key, _) = scopes.get(list)?.get_ref().as_table()?.get_key_value(scope.name())?;
        Some(key.span())
    })
}
