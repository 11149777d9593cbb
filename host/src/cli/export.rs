//! `storehand export`: a whole list of the API, for spreadsheets and other programs.

use super::client::{Form, Server, segment};
use super::{Failure, Global};

/// What to write out.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The list, as in the address of the API: orders, customers, invocations, journal, audit, usage/apps
    list: String,
    /// What narrows it, as the API names it, for example tag=vip or since=2026-08-01T00:00:00Z
    #[arg(value_name = "NAME=VALUE", value_parser = filter)]
    filters: Vec<(String, String)>,
    /// A JSON object on each line, instead of comma-separated values; so does --json
    #[arg(long)]
    ndjson: bool,
    /// A list of the host instead of a store, for its operator: stores, invocations, audit
    #[arg(long)]
    host: bool,
    #[command(flatten)]
    server: Server,
}

/// A name and a value with `=` between them.
fn filter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write a name and a value, such as tag=vip")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = if self.host { self.server.connect_to_host()? } else { self.server.connect()? };
        let path: Vec<String> = self.list.trim_matches('/').split('/').map(segment).collect();
        let filters: Vec<_> = self.filters.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))).collect();
        let form = if self.ndjson || global.json { Form::Ndjson } else { Form::Csv };
        client.copy(&path.join("/"), &filters, form)
    }
}
