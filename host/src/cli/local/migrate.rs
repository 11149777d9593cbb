//! `storehand migrate`: brings the tables up to date. `storehand serve` does it too; this is for doing it beforehand.

use serde_json::json;

use super::{database, files, locked, mint, wait};
use crate::cli::{Failure, Global};
use crate::config::{DataAlone, FROM_ENVIRONMENT};
use crate::db::{Db, Lock, look, newest_step};

/// Which data.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.data.database();
        files::private(&self.data)?;
        let (before, after) = wait(async {
            let before = look(&settings).await.map_err(|error| database(&error))?;
            // Where there is nothing to do, a host may be at work.
            let _lock = match before.step == newest_step() {
                true => None,
                false => Lock::take(&settings).map_err(|error| locked(&error))?,
            };
            let db = Db::open(&settings, mint()?).await.map_err(|error| database(&error))?;
            drop(db);
            Ok((before, look(&settings).await.map_err(|error| database(&error))?))
        })?;
        let data = json!({"engine": after.engine, "from": before.step, "step": after.step});
        global.show(&data, || match (before.step, after.step) {
            (from, to) if from == to => format!("the tables are up to date, at step {to}"),
            (0, to) => format!("the tables are made, at step {to}"),
            (from, to) => format!("the tables went from step {from} to step {to}"),
        })
    }
}
