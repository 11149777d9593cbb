//! Where somebody's personal data may stand, and how it is found there, page by page.

use super::clean::Clean;
use super::person::{MASK, Person};
use super::{Since, Stays, WhyStays};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::house::evidence;
use crate::db::house::history::id_at;
use serde_json::Value;
use serde_json::value::RawValue;

/// So many rows are looked at before others get a turn; what stands in them is guest-controlled and up to some 100 KiB.
const PAGE: i64 = 100;
/// Held change sets are larger, and so are images.
const FEW: i64 = 10;
/// Ids are made, and moments noted, at most so long before what they name is committed, in milliseconds.
const LONGEST_RUN: i64 = 15 * 60_000;

/// Held change sets that would write their data, or name them. Their runs are noted.
pub(super) async fn held(db: &Db, person: &mut Person) -> Result<Vec<Clean>> {
    const SQL: &str = "SELECT id, invocation, draft FROM held WHERE store = $1 AND state = 'waiting' AND id > $2 \
        ORDER BY id LIMIT $3";
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.opt_json(2)?));
        let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, &after, FEW], read).await?;
        let Some((last, ..)) = page.last() else { return Ok(found) };
        after = last.clone();
        for (id, run, draft) in page {
            if draft.is_some_and(|draft| is_theirs(person, &draft)) {
                let id = id.parse().map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?;
                found.push(Clean::Held(id));
                person.runs.insert(run);
            }
        }
        tokio::task::yield_now().await;
    }
}

/// Whether a held draft writes a record of theirs that holds personal data, or names them anywhere.
fn is_theirs(person: &Person, draft: &RawValue) -> bool {
    let mut draft: Value = serde_json::from_str(draft.get()).unwrap_or_default();
    let text = |record: &Value, field: &str| record.get(field).and_then(Value::as_str).map(str::to_owned);
    let personal = draft.get("records").and_then(Value::as_array).into_iter().flatten().any(|record| {
        let kind = text(record, "kind").and_then(|kind| Kind::named(&kind));
        kind.zip(text(record, "id")).is_some_and(|key| person.contacts.contains(&key))
    });
    personal || person.mask(&mut draft)
}

/// A table with texts in it.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Runs,
    Images(Kind),
    Events,
    Audit,
    Answers,
    Reasons,
    Skipped,
}

/// All of them. The journal images are those of records without personal data: tags and reasons are texts too.
pub(super) const TEXTS: [Place; 9] = [
    Place::Runs,
    Place::Images(Kind::Order),
    Place::Images(Kind::Cart),
    Place::Images(Kind::Customer),
    Place::Events,
    Place::Audit,
    Place::Answers,
    Place::Reasons,
    Place::Skipped,
];

/// What a page holds that is to be cleaned, and the key of its last row.
type Found = (Vec<Clean>, String);

impl Place {
    pub(super) fn is_run(self) -> bool {
        matches!(self, Place::Runs)
    }

    /// The key after which to look; none, if nothing is written here but by the hand of a person.
    pub(super) fn from(self, since: &Since) -> Option<String> {
        let made = |prefix| id_at(prefix, since.at - LONGEST_RUN);
        match self {
            Place::Runs => Some(made("inv")),
            Place::Audit => Some(made("aud")),
            Place::Events => Some(since.event.to_string()),
            Place::Images(_) | Place::Answers => Some(String::new()),
            Place::Reasons | Place::Skipped => (since.at == 0).then(String::new),
        }
    }

    /// What stands after a key; nothing at the end.
    pub(super) async fn page(self, db: &Db, person: &Person, after: &str, since: &Since) -> Result<Option<Found>> {
        match self {
            Place::Runs => runs(db, person, after).await,
            Place::Images(kind) => images(db, person, kind, after).await,
            Place::Events => events(db, person, after).await,
            Place::Audit => audit(db, person, after).await,
            Place::Answers => answers(db, person, after, since).await,
            Place::Reasons => reasons(db, person, after).await,
            Place::Skipped => skipped(db, person, after).await,
        }
    }
}

fn end<T>(page: Vec<T>, key: impl Fn(&T) -> String, clean: impl Fn(T) -> Option<Clean>) -> Option<Found> {
    let last = key(page.last()?);
    Some((page.into_iter().filter_map(clean).collect(), last))
}

async fn runs(db: &Db, person: &Person, after: &str) -> Result<Option<Found>> {
    const SQL: &str = "SELECT id, record, error, detail, personal FROM invocations WHERE store = $1 AND id > $2 \
        ORDER BY id LIMIT $3";
    let read = |r: Row<'_>| Ok((r.text(0)?, r.opt_text(1)?, r.opt_text(2)?, r.opt_json(3)?, r.opt_text(4)?));
    let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, after, PAGE], read).await?;
    Ok(end(
        page,
        |row| row.0.clone(),
        |(id, record, error, detail, personal)| {
            // `action record`, or the record alone.
            let about = record.as_deref().and_then(|record| record.split(' ').next_back()).unwrap_or_default();
            let touched = person.runs.contains(&id) || (personal.is_some() && person.owns(about));
            let named = |text: &String| touched || person.is_named_in(text);
            let new_error = error.as_ref().filter(|text| named(text)).map(|_| MASK.to_owned());
            let new_record = record.as_ref().filter(|text| person.is_named_in(text)).map(|_| MASK.to_owned());
            let new_detail = detail.as_deref().and_then(|detail| log(person, detail, touched));
            if new_error.is_none() && new_record.is_none() && new_detail.is_none() {
                return None;
            }
            let (record, error) = (new_record.or(record), new_error.or(error));
            Some(Clean::Run { id, record, error, detail: new_detail.or(detail) })
        },
    ))
}

/// The detail of a run without the lines of its log that name somebody, or without any.
fn log(person: &Person, detail: &RawValue, all: bool) -> Option<Box<RawValue>> {
    let mut detail: Value = serde_json::from_str(detail.get()).ok()?;
    let mut any = false;
    for line in detail.get_mut("log")?.as_array_mut()? {
        let Some(Value::String(text)) = line.get_mut("text") else { continue };
        if text.as_str() != MASK && (all || person.is_named_in(text)) {
            MASK.clone_into(text);
            any = true;
        }
    }
    any.then(|| serde_json::value::to_raw_value(&detail).ok()).flatten()
}

async fn images(db: &Db, person: &Person, kind: Kind, after: &str) -> Result<Option<Found>> {
    const SQL: &str = "SELECT change_set, n, before, after FROM journal WHERE store = $1 AND kind = $2 AND id = $3 \
        AND (change_set, n) > ($4, $5) ORDER BY change_set, n LIMIT $6";
    let Some(contact) = kind.row().contact else { return Ok(None) };
    let mut parts = after.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (record, set, n) = (part(), part(), part().parse().unwrap_or(-1i64));
    let Some((_, id)) = person.contacts.iter().find(|(of, id)| *of == contact && id.as_str() >= record) else {
        return Ok(None);
    };
    let (set, n) = if id == record { (set, n) } else { ("", -1) };
    let read = |r: Row<'_>| Ok((r.text(0)?, r.int(1)?, r.opt_json(2)?, r.opt_json(3)?));
    let rows =
        db.reader(person.whose).await?.rows(SQL, args![&person.store, kind.name(), id, set, n, FEW], read).await?;
    let last = match rows.last() {
        Some((set, n, ..)) => format!("{id}\n{set}\n{n}"),
        // What comes after this record: no id goes on with a space.
        None => format!("{id} "),
    };
    let clean = rows.into_iter().filter_map(|(set, n, before, after)| {
        let masked = |image: &Option<Box<RawValue>>| image.as_deref().and_then(|image| person.masked(image));
        let (new_before, new_after) = (masked(&before), masked(&after));
        let any = new_before.is_some() || new_after.is_some();
        any.then(|| Clean::Image { set, n, before: new_before.or(before), after: new_after.or(after) })
    });
    Ok(Some((clean.collect(), last)))
}

async fn events(db: &Db, person: &Person, after: &str) -> Result<Option<Found>> {
    const SQL: &str = "SELECT seq, payload FROM events WHERE store = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let after: i64 = after.parse().unwrap_or(0);
    let read = |r: Row<'_>| Ok((r.int(0)?, r.json(1)?));
    let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, after, PAGE], read).await?;
    let clean = |(seq, payload): (i64, Box<RawValue>)| Some(Clean::Event(seq, person.masked(&payload)?));
    Ok(end(page, |(seq, _)| seq.to_string(), clean))
}

async fn audit(db: &Db, person: &Person, after: &str) -> Result<Option<Found>> {
    const SQL: &str = "SELECT id, detail, act FROM audit WHERE store = $1 AND id > $2 ORDER BY id LIMIT $3";
    let read = |r: Row<'_>| Ok((r.text(0)?, r.json(1)?, r.text(2)?));
    let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, after, PAGE], read).await?;
    let clean = |(id, detail, act): (String, Box<RawValue>, String)| {
        // Numbers and hashes, in which a short name may stand by chance.
        if act == evidence::ERASES {
            return None;
        }
        Some(Clean::Audit(id, person.masked(&detail)?))
    };
    Ok(end(page, |(id, ..)| id.clone(), clean))
}

async fn answers(db: &Db, person: &Person, after: &str, since: &Since) -> Result<Option<Found>> {
    const SQL: &str = "SELECT actor, key, body FROM answers WHERE store = $1 AND (actor, key) > ($2, $3) \
        AND at >= $5 AND body IS NOT NULL ORDER BY actor, key LIMIT $4";
    let (actor, key) = after.split_once('\n').unwrap_or_default();
    let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.opt_text(2)?));
    let page = db
        .reader(person.whose)
        .await?
        .rows(SQL, args![&person.store, actor, key, PAGE, since.at - LONGEST_RUN], read)
        .await?;
    let clean = |(actor, key, body): (String, String, Option<String>)| {
        let named = |body: &str| match serde_json::from_str::<Box<RawValue>>(body) {
            Ok(json) => person.masked(&json).is_some(),
            Err(_) => person.is_named_in(body),
        };
        body.filter(|body| named(body)).map(|_| Clean::Answer(actor, key))
    };
    Ok(end(page, |(actor, key, _)| format!("{actor}\n{key}"), clean))
}

async fn reasons(db: &Db, person: &Person, after: &str) -> Result<Option<Found>> {
    const SQL: &str =
        "SELECT id, reason FROM held WHERE store = $1 AND id > $2 AND reason IS NOT NULL ORDER BY id LIMIT $3";
    let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?));
    let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, after, PAGE], read).await?;
    let clean = |(id, reason): (String, String)| person.is_named_in(&reason).then_some(Clean::Reason(id));
    Ok(end(page, |(id, _)| id.clone(), clean))
}

async fn skipped(db: &Db, person: &Person, after: &str) -> Result<Option<Found>> {
    const SQL: &str = "SELECT undo, kind, id, detail FROM undo_skipped WHERE store = $1 AND (undo, kind, id) > ($2, $3, $4) \
        ORDER BY undo, kind, id LIMIT $5";
    let mut parts = after.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (undo, kind, id) = (part(), part(), part());
    let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.text(2)?, r.text(3)?));
    let page = db.reader(person.whose).await?.rows(SQL, args![&person.store, undo, kind, id, PAGE], read).await?;
    let clean = |(undo, kind, id, detail): (String, String, String, String)| {
        person.is_named_in(&detail).then_some(Clean::Skipped(undo, kind, id))
    };
    Ok(end(page, |(undo, kind, id, _)| format!("{undo}\n{kind}\n{id}"), clean))
}

/// What this cannot reach: apps with personal data in their storage, or that may have taken it elsewhere; and texts of
/// orders and carts that are still there.
pub(super) async fn apps(db: &Db, person: &Person) -> Result<Vec<Stays>> {
    const APPS: &str = "SELECT DISTINCT i.id FROM installations i JOIN grants g ON g.installation = i.id \
        WHERE i.store = $1 AND i.state <> 'uninstalled' AND g.scope IN ('orders:pii', 'customers:pii') ORDER BY i.id";
    const KEYS: &str = "SELECT s.installation, s.key, s.value FROM storage s JOIN installations i ON i.id = s.installation \
        WHERE i.store = $1 AND (s.installation, s.key) > ($2, $3) ORDER BY s.installation, s.key LIMIT $4";
    const DOC: &str = "SELECT doc FROM records WHERE store = $1 AND kind = $2 AND id = $3";
    let stays = |what, id: &str, why| Stays { what, id: id.to_owned(), why };
    let mut all: Vec<Stays> = Vec::new();
    for id in db.reader(person.whose).await?.rows(APPS, args![&person.store], |r| r.text(0)).await? {
        all.push(stays("installation", &id, WhyStays::App));
    }
    let mut after = (String::new(), String::new());
    loop {
        let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.bytes(2)?));
        let values = args![&person.store, &after.0, &after.1, PAGE];
        let page = db.reader(person.whose).await?.rows(KEYS, values, read).await?;
        let Some((app, key, _)) = page.last() else { break };
        after = (app.clone(), key.clone());
        for (app, key, value) in page {
            let found = stays("installation", &app, WhyStays::Storage);
            let named = || person.is_named_in(&key) || person.is_named_in(&String::from_utf8_lossy(&value));
            if !all.contains(&found) && named() {
                all.push(found);
            }
        }
        tokio::task::yield_now().await;
    }
    for (contact, id) in &person.contacts {
        let Some(kind) = contact.owner() else { continue };
        let doc = db.reader(person.whose).await?.row(DOC, args![&person.store, kind.name(), id], |r| r.json(0)).await?;
        if doc.is_some_and(|doc| person.masked(&doc).is_some()) {
            all.push(stays(kind.name(), id, WhyStays::Text));
        }
    }
    Ok(all)
}
