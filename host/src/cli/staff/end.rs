//! `storehand staff renew` and `storehand staff remove`: tokens that end.

use serde::Deserialize;
use serde_json::{Value, json};

use super::add::token;
use super::change::Review;
use super::list::person;
use crate::cli::client::show::line;
use crate::cli::client::{Server, confirm, is_asked};
use crate::cli::{Failure, Global};

/// Whose tokens.
#[derive(clap::Args)]
pub(in crate::cli) struct Renew {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// How many days the new token lives: 1 to 366
    #[arg(long, default_value_t = 90)]
    days: u32,
    #[command(flatten)]
    server: Server,
}

/// Whom.
#[derive(clap::Args)]
pub(in crate::cli) struct Remove {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

impl Renew {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let made = client.post(&format!("staff/{}/token?days={}", one.id, self.days), &Value::Null)?;
        global.show(&made, || format!("every token {} had has ended\n{}", line(&one.name), token(Some(&made))))
    }
}

impl Remove {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let question = format!("Remove {}? Their tokens end, and what acts for them stops.", line(&one.name));
        if !self.yes && is_asked(global) && !confirm(&question)? {
            return Err(Failure::failed("nothing was changed"));
        }
        let removed = client.delete(&format!("staff/{}", one.id))?;
        let review = removed.get("review").filter(|review| !review.is_null());
        let data = json!({"id": one.id, "name": one.name, "review": review});
        let words = review.and_then(|review| Review::deserialize(review).ok()).map(|review| review.words());
        global.show(&data, || {
            let more = words.map(|words| format!("\n{words}")).unwrap_or_default();
            format!("{} is removed: their tokens have ended{more}", line(&one.name))
        })
    }
}
