//! `storehand backup`: a consistent copy of all data of the host, taken while it runs.

use std::path::PathBuf;

use serde_json::json;

use super::{database, files, wait};
use crate::cli::{Failure, Global};
use crate::config::{DataAlone, FROM_ENVIRONMENT};
use crate::db::{backup, look};

/// Where to.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    /// The file to write; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.data.database();
        let shown = self.file.display().to_string();
        if settings.is_shared() {
            return Err(Failure::failed("the data of this host is in PostgreSQL, which has its own tool")
                .help("PGOPTIONS='-c storehand.store=*' pg_dump --enable-row-security --format=custom --file=FILE \"$STOREHAND_DATABASE_URL\""));
        }
        if self.file.exists() {
            return Err(Failure::failed(format!("`{shown}` is there already")).help("name a new file"));
        }
        // A backup holds what the database holds: personal data, and what tokens are checked against.
        files::umask();
        let found = wait(async { look(&settings).await.map_err(|error| database(&error)) })?;
        if found.step == 0 {
            return Err(Failure::not_found(format!("there is no database at `{}`", settings.url))
                .help("name the data folder with --data-dir or STOREHAND_DATA_DIR"));
        }
        backup(&settings, &self.file).map_err(|error| database(&error))?;
        let size = std::fs::metadata(&self.file).map_or(0, |file| file.len());
        let data = json!({"file": shown, "bytes": size});
        global.show(&data, || {
            let size = indicatif::HumanBytes(size);
            format!(
                "{shown} holds everything, {size}\nto go back to it, stop the host, move {} away and run: storehand restore {shown}",
                self.data.data_dir.display()
            )
        })
    }
}
