//! Sessions of people who have tokens: put into the database behind the host's back, so that a story about pages need not
//! sign everybody in. Signing in itself is what `accounts` tells of.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::postgres;

/// Where the records of a host are.
#[derive(Clone)]
pub enum Records {
    /// In this file.
    Sqlite(PathBuf),
    /// In this database.
    Postgres(String),
}

/// Of each host, by its address.
static HOSTS: LazyLock<Mutex<HashMap<String, Records>>> = LazyLock::new(Mutex::default);

/// Says where a host's records are.
pub fn noted(base: &str, records: Records) {
    HOSTS.lock().unwrap().insert(base.to_owned(), records);
}

impl Records {
    fn ask(&self, sql: &str) -> Option<String> {
        match self {
            Records::Postgres(url) => Some(postgres::query(url, sql).trim().to_owned()).filter(|text| !text.is_empty()),
            Records::Sqlite(path) => {
                let db = Connection::open(path).unwrap();
                db.busy_timeout(Duration::from_secs(10)).unwrap();
                db.query_row(sql, [], |row| row.get(0)).ok()
            }
        }
    }

    fn run(&self, sql: &str) {
        match self {
            Records::Postgres(url) => drop(postgres::query(url, sql)),
            Records::Sqlite(path) => {
                let db = Connection::open(path).unwrap();
                db.busy_timeout(Duration::from_secs(10)).unwrap();
                db.execute_batch(sql).unwrap();
            }
        }
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Changes the database of a host behind its back, for what no request of its API does.
pub fn run_at(base: &str, sql: &str) {
    HOSTS.lock().unwrap().get(base).cloned().expect("a host").run(sql);
}

/// What one such statement answers.
pub fn ask_at(base: &str, sql: &str) -> String {
    let records = HOSTS.lock().unwrap().get(base).cloned().expect("a host");
    records.ask(sql).expect("an answer")
}

/// An account that belongs to no store, put there likewise: the address it signs in with.
pub fn stray_account(base: &str, name: &str) -> String {
    let (id, email) = (hash(&format!("account of {name} at {base}")), format!("{name}@example.org"));
    run_at(
        base,
        &format!(
            "INSERT INTO accounts (id, email, name, totp_step, totp_failures, failures, operator, created_at) \
             VALUES ('acc_{}', '{email}', 'Nobody', 0, 0, 0, 0, 0)",
            &id[..32]
        ),
    );
    email
}

/// What the cookie of whoever has this token holds; nothing, if it is no person's. They have a second factor, and have
/// just proved who they are.
pub fn cookie(base: &str, token: &str) -> Option<String> {
    let records = HOSTS.lock().unwrap().get(base).cloned()?;
    let staff =
        records.ask(&format!("SELECT staff FROM tokens WHERE hash = '{}' AND staff IS NOT NULL", hash(token)))?;
    let body = hash(&format!("session of {token} {:?}", std::time::Instant::now()));
    let sum = hash(&format!("storehand token checksum {body}"));
    let secret = format!("sh_ses_{body}_{}", &sum[..8]);
    let (account, session) = (format!("acc_{}", &staff[4..]), format!("ses_{}", &body[..32]));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    records.run(&format!(
        "INSERT INTO accounts (id, email, name, totp, totp_step, totp_failures, failures, operator, created_at) \
         VALUES ('{account}', '{staff}@example.com', 'Sam', 'none', 0, 0, 0, 0, {now}) ON CONFLICT DO NOTHING; \
         UPDATE staff SET account = '{account}', welcomed = COALESCE(welcomed, 0) WHERE id = '{staff}'; \
         INSERT INTO sessions (hash, id, account, stage, device, created_at, used_at, proved_at, expires_at, password_at, factor_at) \
         VALUES ('{}', '{session}', '{account}', 'full', 'test', {now}, {now}, {now}, {}, {now}, {now});",
        hash(&secret),
        now + 3_600_000
    ));
    Some(secret)
}
