//! Looking for what somebody should know of, again and again, and telling it: to the operator's webhook and by e-mail. What is in
//! the inbox is there already.
//!
//! INVARIANT: telling holds up no looking: each has a task of its own. What is not taken is tried again, as the outbox says; of e-mail
//! no more is sent in an hour than [`OF_STORE`] letters for a store and [`OF_ALL`] in all.

use super::trouble::Trouble;
use super::webhook::{BadWebhook, Webhook};
use crate::db::alerts::{Alert, DueAlert, HostFinding, Outlet, Recipient, Turn};
use crate::db::{BackupSchedule, Db, now_ms, parse_ms, room};
use crate::mail::{Letter, Mailer};
use crate::survive::survive;
use crate::text::alerts::{About, letter};
use crate::text::words::{Language, Words};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So many letters an hour for one store: apps control how many alerts there are.
const OF_STORE: u32 = 10;
/// So many for all stores and the host: a sixth of what may be sent, so that invitations and links have the rest.
const OF_ALL: u32 = 100;
const HOUR: Duration = Duration::from_secs(3_600);

/// How alerts are told, as it was given.
#[derive(Clone)]
pub struct Telling {
    /// How often to look.
    pub every: Duration,
    /// A URL that each alert is posted to, if one was given.
    pub webhook: Option<String>,
    /// `whsec_…`, what posts are signed with.
    pub secret: Option<String>,
    /// What sends e-mail, if anything does.
    pub mailer: Option<Mailer>,
    /// What the addresses of pages begin with, if that is known.
    pub public_url: Option<String>,
    /// Where the data of this host lie.
    pub folder: PathBuf,
}

/// What the tasks of this job share. Cheap to clone.
#[derive(Clone)]
pub(super) struct Alerts {
    db: Db,
    name: Arc<str>,
    telling: Arc<Telling>,
    webhook: Option<Arc<Webhook>>,
    backups: Option<BackupSchedule>,
    trouble: Trouble,
}

impl Alerts {
    pub(super) fn new(
        db: &Db,
        name: &str,
        telling: Telling,
        (backups, trouble): (Option<BackupSchedule>, Trouble),
    ) -> Result<Alerts, BadWebhook> {
        let what = ("alerts", "STOREHAND_ALERTS_WEBHOOK_SECRET");
        let webhook = Webhook::new(telling.webhook.clone(), telling.secret.as_deref(), what)?.map(Arc::new);
        Ok(Alerts { db: db.clone(), name: name.into(), telling: Arc::new(telling), webhook, backups, trouble })
    }

    /// Looks, until it is stopped.
    pub(super) async fn look(self) {
        loop {
            tokio::time::sleep(self.telling.every).await;
            survive("looking for what somebody should know of", self.looked()).await;
        }
    }

    async fn looked(&self) {
        let outlet = Outlet { webhook: self.webhook.is_some(), mail: self.telling.mailer.is_some() };
        let turn = Turn { every: self.telling.every, outlet, now: now_ms() };
        if let Err(e) = self.db.watch_itself(&self.name, self.found(turn.now).await, turn).await {
            e.tell("cannot write down what is wrong with this host");
        }
        if let Err(e) = self.db.watch_stores(turn).await {
            e.tell("cannot look for what somebody should know of");
        }
    }

    /// What this host finds of itself.
    async fn found(&self, now: i64) -> Vec<HostFinding> {
        let folder = self.telling.folder.clone();
        let left = tokio::task::spawn_blocking(move || room(&folder)).await.ok().flatten();
        let mut found: Vec<HostFinding> = left.map(HostFinding::Disk).into_iter().collect();
        if let Some(schedule) = &self.backups {
            let failed = schedule.now().failed;
            if failed.is_some() || schedule.is_late(now) {
                found.push(HostFinding::Backup(failed));
            }
        }
        if let Some((since, cause)) = self.trouble.longest() {
            found.push(HostFinding::Checkpoints(now - since, cause));
        }
        found
    }

    /// Posts what is due to the webhook, if there is one.
    pub(super) async fn post(self) {
        let Some(webhook) = self.webhook.clone() else { return };
        loop {
            tokio::time::sleep(self.telling.every).await;
            survive("posting alerts", self.posted(&webhook)).await;
        }
    }

    async fn posted(&self, webhook: &Arc<Webhook>) {
        let now = now_ms();
        let due = match self.db.alerts_to_post(now).await {
            Ok(due) => due,
            Err(e) => return e.tell("cannot see which alerts are to be posted"),
        };
        for one in due {
            if !matches!(self.db.take_post(&one, now).await, Ok(true)) {
                continue;
            }
            let (webhook, to_post) = (Arc::clone(webhook), self.to_post(&one.alert));
            let sent = tokio::task::spawn_blocking(move || {
                let (id, kind, data) = to_post;
                webhook.post_as(&id, kind, &data)
            });
            match sent.await {
                Ok(Ok(())) => {
                    if let Err(e) = self.db.posted(&one, now).await {
                        e.tell("cannot write down that an alert was posted; it is posted again");
                    }
                }
                Ok(Err(cause)) => {
                    tracing::warn!(alert = %one.alert.id, %cause, "cannot post an alert to the webhook; it is tried again");
                    // The others would wait as long each.
                    return;
                }
                Err(_) => return,
            }
        }
    }

    /// Its id, what it is, and what it says.
    fn to_post(&self, alert: &Alert) -> (String, &'static str, Value) {
        let (kind, end) = match &alert.resolved_at {
            Some(_) => ("alert.resolved", "resolved"),
            None => ("alert.raised", "raised"),
        };
        let about = about(alert);
        let mut data = serde_json::to_value(alert).unwrap_or_default();
        if let Value::Object(fields) = &mut data {
            fields.insert("title".to_owned(), json!(about.title(Words::ENGLISH)));
            fields.insert("what".to_owned(), json!(about.what(Words::ENGLISH)));
            fields.insert("remedy".to_owned(), json!(about.remedy(Words::ENGLISH)));
            fields.insert("link".to_owned(), json!(self.link(&about)));
        }
        (format!("msg_{}_{}_{end}", alert.id, alert.times), kind, data)
    }

    fn link(&self, about: &About<'_>) -> String {
        let begin = self.telling.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
        format!("{begin}{}", about.path())
    }

    /// Sends what is due by e-mail, if anything sends e-mail.
    pub(super) async fn mail(self) {
        let Some(mailer) = self.telling.mailer.clone() else { return };
        let mut letters = Letters::default();
        loop {
            tokio::time::sleep(self.telling.every).await;
            survive("sending alerts by e-mail", self.mailed(&mailer, &mut letters)).await;
        }
    }

    async fn mailed(&self, mailer: &Mailer, letters: &mut Letters) {
        let now = now_ms();
        let due = match self.db.alerts_to_mail(now).await {
            Ok(due) => due,
            Err(e) => return e.tell("cannot see which alerts are to be sent by e-mail"),
        };
        for one in due {
            if !matches!(self.db.take_mail(&one, now).await, Ok(true)) {
                continue;
            }
            if let Err(e) = self.write_to(&one, now, (mailer, letters)).await {
                e.tell("cannot see who is to be told of an alert");
            }
        }
    }

    async fn write_to(
        &self,
        due: &DueAlert,
        now: i64,
        (mailer, letters): (&Mailer, &mut Letters),
    ) -> crate::db::Result<()> {
        let store = due.alert.store.as_deref();
        let people = self.db.alert_recipients(store).await?;
        let cause = store.unwrap_or("host");
        let mut sent_to_all = true;
        for Recipient { email, language } in people {
            // What has no room in this hour is tried again in a later one.
            if !letters.count(cause, Instant::now()) {
                return Ok(());
            }
            let words = Words(language.as_deref().and_then(Language::by_code).unwrap_or_default());
            let (subject, body) = self.letter(words, &due.alert).await;
            let sent = mailer.send(Letter { to: email, subject, body }, &format!("alerts of {cause}")).await;
            if let Err(error) = sent {
                tracing::warn!(alert = %due.alert.id, %error, "somebody was not told of an alert by e-mail");
                sent_to_all = false;
            }
        }
        // Who got it gets it again, if somebody else did not: rather twice than never.
        match sent_to_all {
            true => self.db.mailed(due, now).await,
            false => Ok(()),
        }
    }

    async fn letter(&self, words: Words, alert: &Alert) -> (String, String) {
        let store = alert.store.as_deref().and_then(|id| id.parse().ok());
        let zone = match store {
            Some(store) => self.db.time_zone(store).await.unwrap_or(TimeZone::UTC),
            None => TimeZone::UTC,
        };
        let ms = parse_ms(&alert.raised_at).unwrap_or_default();
        let since = format!("{}, {}", words.day(ms, &zone), words.time(ms, &zone));
        let about = about(alert);
        letter(words, &about, &since, &self.link(&about))
    }
}

fn about(alert: &Alert) -> About<'_> {
    About {
        rule: alert.rule.name(),
        store: alert.store.as_deref(),
        subject: &alert.subject,
        app: alert.app.as_deref(),
        version: alert.version.as_deref(),
        facts: &alert.facts,
    }
}

/// Letters of this hour.
#[derive(Default)]
struct Letters {
    since: Option<Instant>,
    all: u32,
    of: HashMap<String, u32>,
}

impl Letters {
    /// Counts one more; false, if there were too many.
    fn count(&mut self, cause: &str, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.duration_since(since) >= HOUR) {
            *self = Letters { since: Some(now), ..Letters::default() };
        }
        let of = self.of.entry(cause.to_owned()).or_default();
        let room = *of < OF_STORE && self.all < OF_ALL;
        if room {
            (*of, self.all) = (*of + 1, self.all + 1);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_its_share_of_letters_in_an_hour_and_all_of_them_no_more_than_theirs() {
        let start = Instant::now();
        let mut letters = Letters::default();
        for n in 0..OF_STORE + 3 {
            assert_eq!(letters.count("one", start), n < OF_STORE);
        }
        for n in 0..2 * OF_ALL {
            letters.count(&format!("store {n}"), start);
        }
        assert_eq!(letters.all, OF_ALL);
        assert!(!letters.count("a third", start) && letters.count("a third", start + HOUR));
    }
}
