//! `storehand owners`: who owns a store, and to whom ownership is offered.

use serde::Deserialize;
use serde_json::{Value, json};

use super::list::person;
use crate::cli::client::Server;
use crate::cli::client::show::{line, moment, table};
use crate::cli::{Failure, Global};

/// What to do about owners. Ownership is offered, accepted and ended in the browser, by people who show who they are.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// List the owners, and the offers of ownership that stand; they are made and accepted in the browser
    List(List),
    /// Withdraw an offer of ownership
    Withdraw(Withdraw),
}

/// Of which store.
#[derive(clap::Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    server: Server,
}

/// To whom it was made.
#[derive(clap::Args)]
pub(in crate::cli) struct Withdraw {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Ownership {
    owners: Vec<Owner>,
    offers: Vec<Offer>,
}

#[derive(Deserialize)]
struct Owner {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Offer {
    name: String,
    offered_by: String,
    hands_over: bool,
    expires_at: String,
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => {
                let answer = args.server.connect()?.get("owners")?;
                global.show(&answer, || page(&answer))
            }
            Verb::Withdraw(args) => {
                let client = args.server.connect()?;
                let one = person(&client, &args.whom)?;
                client.delete(&format!("owners/offers/{}", one.id))?;
                let data = json!({"id": one.id, "name": one.name});
                global.show(&data, || format!("{} is offered ownership no more", line(&one.name)))
            }
        }
    }
}

fn page(answer: &Value) -> String {
    let Ok(Ownership { owners, offers }) = Ownership::deserialize(answer) else { return answer.to_string() };
    let mut page = table(["OWNER", "ID"], owners.into_iter().map(|owner| [owner.name, owner.id]));
    if !offers.is_empty() {
        let row = |offer: Offer| {
            let after = if offer.hands_over { "hands the store over" } else { "stays an owner" };
            [offer.name, offer.offered_by, after.to_owned(), moment(&offer.expires_at)]
        };
        page += &format!("\n\n{}", table(["OFFERED TO", "BY", "WHO", "UNTIL"], offers.into_iter().map(row)));
    }
    page
}
