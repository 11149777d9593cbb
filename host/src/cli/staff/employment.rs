//! `storehand staff suspend`, `reinstate`, `last-day`, `rename` and `sign-out`: whether somebody works here at the moment.

use serde::Deserialize;
use serde_json::{Value, json};

use super::change::Review;
use super::list::person;
use crate::cli::client::show::{line, moment};
use crate::cli::client::{Server, confirm, is_asked};
use crate::cli::{Failure, Global};

/// Whom.
#[derive(clap::Args)]
pub(in crate::cli) struct Suspend {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

/// Whom.
#[derive(clap::Args)]
pub(in crate::cli) struct Whom {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    #[command(flatten)]
    server: Server,
}

/// Whom, and which day.
#[derive(clap::Args)]
pub(in crate::cli) struct LastDay {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// The day, for example 2026-12-31: it is over when it is over where the store is
    #[arg(value_name = "DAY", required_unless_present = "none", conflicts_with = "none")]
    day: Option<String>,
    /// No last day any more
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    server: Server,
}

/// Whom, and what they are called.
#[derive(clap::Args)]
pub(in crate::cli) struct Rename {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// What they are called from now on, in this store
    #[arg(value_name = "NEW-NAME")]
    name: String,
    #[command(flatten)]
    server: Server,
}

impl Suspend {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let question = format!("Suspend {}? They can do nothing in this store until reinstated.", line(&one.name));
        if !self.yes && is_asked(global) && !confirm(&question)? {
            return Err(Failure::failed("nothing was changed"));
        }
        let answer = client.post(&format!("staff/{}/suspend", one.id), &Value::Null)?;
        let review = answer.get("review").filter(|review| !review.is_null());
        let data = json!({"id": one.id, "name": one.name, "review": review});
        let words = review.and_then(|review| Review::deserialize(review).ok()).map(|review| review.words());
        global.show(&data, || {
            let more = words.map(|words| format!("\n{words}")).unwrap_or_default();
            format!("{} is suspended: their tokens and sessions can do nothing in this store{more}", line(&one.name))
        })
    }
}

impl Whom {
    pub(super) fn reinstate(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        client.post(&format!("staff/{}/reinstate", one.id), &Value::Null)?;
        let data = json!({"id": one.id, "name": one.name});
        global.show(&data, || format!("{} is reinstated, with what they held", line(&one.name)))
    }

    pub(super) fn sign_out(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let ended = client.post(&format!("staff/{}/sign-out", one.id), &Value::Null)?;
        let sessions = ended.get("sessions").and_then(Value::as_u64).unwrap_or_default();
        let data = json!({"id": one.id, "name": one.name, "sessions": sessions});
        global.show(&data, || {
            format!("{} is signed out everywhere; sessions ended: {sessions}; their tokens stay", line(&one.name))
        })
    }
}

impl LastDay {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let answer = client.put(&format!("staff/{}/last-day", one.id), &json!({"day": self.day}))?;
        let ends = answer.get("ends_at").and_then(Value::as_str);
        let data = json!({"id": one.id, "name": one.name, "ends_at": ends});
        global.show(&data, || match ends {
            Some(at) => format!("{} can do nothing here any more from {} on", line(&one.name), moment(at)),
            None => format!("{} has no last day", line(&one.name)),
        })
    }
}

impl Rename {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let renamed = client.put(&format!("staff/{}/name", one.id), &json!({"name": self.name}))?;
        global.show(&renamed, || format!("{} is called {} in this store", line(&one.name), line(self.name.trim())))
    }
}
