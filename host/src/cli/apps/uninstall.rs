//! `storehand apps uninstall`: what the app has left, taking back what is wanted of it, and taking it out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::state::told;
use crate::cli::changes::{UndoPreview, carry_out, read_undo_preview, undo_preview};
use crate::cli::client::show::line;
use crate::cli::client::{Client, Server, confirm, is_asked, segment};
use crate::cli::{Failure, Global};

/// Stands for every kind of record.
const ALL: &str = "all";

/// Which app to take out.
#[derive(clap::Args)]
pub(in crate::cli) struct Uninstall {
    /// The app: its id, its short name or its installation
    app: String,
    /// Undo what it changed, too: `all`, or kinds of records such as order,discount
    #[arg(long, value_name = "all|KIND", value_delimiter = ',')]
    undo: Vec<String>,
    /// Show what it would leave behind, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation; needed where there is no terminal
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

/// What an app has left, as the host tells it.
#[derive(Deserialize)]
struct Left {
    app: String,
    storage_keys: i64,
    storage_bytes: u64,
    settings: Vec<String>,
    changes: Option<Value>,
}

impl Uninstall {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let path = format!("installations/{}", segment(&installed.id));
        let mut document = client.get(&format!("{path}/left"))?;
        let left = Left::deserialize(&document);
        let left = left.map_err(|error| Failure::failed(format!("the host's answer cannot be read: {error}")))?;
        let mut changes = left.changes.as_ref().map(read_undo_preview).transpose()?;
        if self.dry_run && !self.undo.is_empty() {
            // Of the kinds that were named, and refused if one of them is none.
            let kinds: Vec<&String> = self.undo.iter().filter(|kind| *kind != ALL).collect();
            let preview = undo_preview(&client, &json!({ "installation": installed.id, "kinds": kinds }))?;
            if let Some(fields) = document.as_object_mut() {
                fields.insert("changes".to_owned(), preview.document.clone());
            }
            changes = Some(preview);
        }
        let page = left.page(changes.as_ref());
        if self.dry_run {
            return global.show(&document, || page);
        }
        let Some(kinds) = self.decide(global, &left.app, &page, changes.as_ref())? else {
            eprintln!("nothing was done");
            return Ok(());
        };
        let undone = take_back(&client, global, &installed.id, kinds)?;
        client.delete(&path)?;
        match undone {
            None => told(global, &installed.id, &installed.app, "uninstalled", "is uninstalled"),
            Some((undo, text)) => {
                let data = json!({"id": installed.id, "app": installed.app, "state": "uninstalled", "undo": undo});
                global.show(&data, || format!("{text}{} is uninstalled", installed.app))
            }
        }
    }

    /// Which kinds of changes to take back. None: it is not to be uninstalled after all.
    fn decide(
        &self,
        global: &Global,
        app: &str,
        page: &str,
        changes: Option<&UndoPreview>,
    ) -> Result<Option<Vec<String>>, Failure> {
        if !self.undo.is_empty() && changes.is_none() {
            return Err(Failure::not_permitted("taking changes back needs the permission `changes:undo`")
                .help("ask the owner for it, or leave out --undo"));
        }
        if self.yes {
            return Ok(Some(self.undo.clone()));
        }
        if !is_asked(global) {
            return Err(Failure::usage(format!("this takes `{app}` out of the store\n{page}"))
                .help("say --yes, and --undo=all or --undo=KIND to take back what it changed"));
        }
        eprintln!("{page}");
        let mut kinds = self.undo.clone();
        if let Some(changes) = changes.filter(|changes| kinds.is_empty() && changes.does_anything()) {
            if confirm("Take all of its changes back?")? {
                kinds.push(ALL.to_owned());
            } else {
                for (kind, count) in changes.kinds() {
                    if confirm(&format!("Take back those of {count} records of the kind {}?", line(&kind)))? {
                        kinds.push(kind);
                    }
                }
            }
        }
        Ok(confirm(&format!("Take {app} out of the store?"))?.then_some(kinds))
    }
}

/// Takes back the changes of these kinds of records; what came of it, as data and for people.
fn take_back(
    client: &Client,
    global: &Global,
    installation: &str,
    kinds: Vec<String>,
) -> Result<Option<(Value, String)>, Failure> {
    if kinds.is_empty() {
        return Ok(None);
    }
    let kinds = if kinds.iter().any(|kind| kind == ALL) { Vec::new() } else { kinds };
    let ended = carry_out(client, global, &json!({ "installation": installation, "kinds": kinds }))?;
    let text = ended.text();
    Ok(Some((ended.document, text)))
}

impl Left {
    fn page(&self, changes: Option<&UndoPreview>) -> String {
        let mut page = String::new();
        match changes {
            Some(changes) if changes.does_anything() => {
                page += &format!("with --undo, uninstalling {} also {}", line(&self.app), changes.text());
            }
            Some(_) => page += "it has changed nothing that is left to take back\n",
            None => page += "what it changed stays; taking it back needs `changes:undo`\n",
        }
        let size = indicatif::HumanBytes(self.storage_bytes);
        page += &match self.storage_keys {
            0 => "it stored nothing\n".to_owned(),
            keys => format!("{keys} stored key{} would be erased, {size}\n", if keys == 1 { "" } else { "s" }),
        };
        if !self.settings.is_empty() {
            page += &format!("its settings would be erased: {}\n", line(&self.settings.join(", ")));
        }
        page + "uninstalling it would pause the app and erase its grants; what it did stays on record"
    }
}

impl UndoPreview {
    /// How many records of each kind would be taken back.
    fn kinds(&self) -> BTreeMap<String, i64> {
        let mut kinds = BTreeMap::new();
        for (kind, count) in self.tallies() {
            *kinds.entry(kind.to_owned()).or_insert(0) += count;
        }
        kinds
    }
}
