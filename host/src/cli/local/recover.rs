//! `storehand recover`: a token where nobody is left who could make one. Whoever can write to the database may.

use super::{database, mint, wait};
use crate::cli::client::show::{line, moment};
use crate::cli::{Failure, Global};
use crate::config::DataAlone;
use crate::db::{Db, Error, Settings, look, newest_step};

/// Whose token.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// Create a token for the owner of a store
    Owner(Owner),
    /// Create a token for the operator of the host
    Operator(Operator),
}

/// Of which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Owner {
    /// The store: its id, or its name if no other store has it
    store: String,
    #[command(flatten)]
    how: How,
}

/// The host's.
#[derive(clap::Args)]
pub(in crate::cli) struct Operator {
    #[command(flatten)]
    how: How,
}

/// For how long, and in which database.
#[derive(clap::Args)]
struct How {
    /// How many days the token lives: 1 to 366
    #[arg(long, default_value_t = 90)]
    days: u32,
    #[command(flatten)]
    data: DataAlone,
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Owner(owner) => owner.run(global),
            Verb::Operator(operator) => operator.run(global),
        }
    }
}

impl Owner {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let made = wait(async {
            let db = open(&self.how.data.database()).await?;
            db.recover_owner(&self.store, Some(self.how.days)).await.map_err(|error| failed(&error))
        })?;
        global.show(&made, || {
            let (owner, store) = (line(&made.owner_name), line(&made.store_name));
            let ends = made.token.expires_at.as_deref().map(moment).unwrap_or_default();
            let token = made.token.token.expose();
            format!(
                "a token of {owner}, the owner of {store}, shown this once; it ends {ends}:\n{token}\n{}{NOTED}",
                way(made.link.as_deref(), &owner)
            )
        })
    }
}

impl Operator {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let made = wait(async {
            let db = open(&self.how.data.database()).await?;
            db.recover_operator(Some(self.how.days)).await.map_err(|error| failed(&error))
        })?;
        global.show(&made, || {
            let ends = made.token.expires_at.as_deref().map(moment).unwrap_or_default();
            let links = made.links.iter().map(|account| way(Some(&account.link), &line(&account.email)));
            format!(
                "a token of the host's operator, shown this once; it ends {ends}:\n{}\n{}{NOTED}",
                made.token.token.expose(),
                links.collect::<String>()
            )
        })
    }
}

/// The link to a new password, if there is one.
fn way(link: Option<&str>, who: &str) -> String {
    link.map_or_else(String::new, |link| {
        format!(
            "for {who} to set a new password and second factor, once and within ten minutes, open this at the host's address:\n{link}\n"
        )
    })
}

const NOTED: &str = "it is noted in the audit log; tokens made before are still valid";

/// Opens what is there, and brings nothing up to date: a host may be at work on it.
async fn open(settings: &Settings) -> Result<Db, Failure> {
    // What opening it leaves beside it is as private as the rest.
    super::files::umask();
    let found = look(settings).await.map_err(|error| database(&error))?;
    let (step, newest) = (found.step, newest_step());
    if step == 0 {
        return Err(Failure::not_found(format!("there is no database at `{}`", settings.url))
            .help("name the data folder with --data-dir, or the database with STOREHAND_DATABASE_URL"));
    }
    if step != newest {
        let what = format!("the tables are at step {step}, and this version works with step {newest}");
        return Err(Failure::failed(what).help("use the version of the host; or stop it and run `storehand migrate`"));
    }
    Db::open(settings, mint()?).await.map_err(|error| database(&error))
}

fn failed(error: &Error) -> Failure {
    match error {
        Error::NotFound { .. } | Error::Invalid(_) => Failure::not_found(error.to_string()).help(
            "the operator's `GET /api/v1/stores` lists the stores; `storehand recover operator` makes their token",
        ),
        error => database(error),
    }
}
