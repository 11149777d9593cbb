//! Finds the installation people mean: by the app's id, by the part of it after the `/`, or by the installation's id.

use serde::Deserialize;
use serde_json::Value;

use super::show::line;
use super::{Client, Failure};
use crate::cli::Exit;
use crate::runtime::manifest::text::nearest;

/// More than a store has; a list that is longer is not searched to its end.
const MOST: usize = 10_000;

/// What is needed of an installation to speak about it.
#[derive(Debug, Clone, Deserialize)]
pub struct Installed {
    /// The installation's id.
    pub id: String,
    /// The app's id.
    pub app: String,
    /// The version that runs.
    pub version: String,
}

impl Client {
    /// The store's installations, as the host gives them.
    pub fn installations(&self) -> Result<Vec<Value>, Failure> {
        self.list("installations", &[], MOST)
    }

    /// The id of the installation people mean by `app`. Of an app that is uninstalled by now it is the one it had last:
    /// what it did stays on record.
    pub fn installed_or_gone(&self, app: &str) -> Result<String, Failure> {
        if app.starts_with("ins_") {
            return Ok(app.to_owned());
        }
        let not_there = match self.installed(app) {
            Ok(installed) => return Ok(installed.id),
            Err(failure) if failure.exit() == Exit::NotFound => failure,
            Err(failure) => return Err(failure),
        };
        let all = self.list("installations", &[("uninstalled", Some("true"))], MOST)?;
        let gone: Vec<Installed> = all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
        // Ids sort by the time they were made.
        let last = last(gone, app).ok_or(not_there)?;
        eprintln!("{} is uninstalled; this is its record ({})", line(&last.app), last.id);
        Ok(last.id)
    }

    /// The installation people mean by `app`.
    pub fn installed(&self, app: &str) -> Result<Installed, Failure> {
        let all = self.installations()?;
        let all: Vec<Installed> = all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
        pick(all, app)
    }
}

/// The newest installation of an app that goes by this name.
fn last(all: Vec<Installed>, app: &str) -> Option<Installed> {
    let mut meant: Vec<Installed> = all.iter().filter(|one| one.app == app).cloned().collect();
    if meant.is_empty() {
        meant = all.into_iter().filter(|one| short(&one.app) == app).collect();
    }
    meant.into_iter().max_by(|one, other| one.id.cmp(&other.id))
}

fn pick(all: Vec<Installed>, app: &str) -> Result<Installed, Failure> {
    let mut meant: Vec<&Installed> = all.iter().filter(|one| one.app == app || one.id == app).collect();
    if meant.is_empty() {
        meant = all.iter().filter(|one| short(&one.app) == app).collect();
    }
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let failure = Failure::not_found(format!("no app `{}` is installed in this store", line(app)));
            let near = nearest(app, all.iter().flat_map(|one| [one.app.as_str(), short(&one.app)]));
            Err(failure.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`storehand apps list` shows what is installed".to_owned(),
            }))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.app.as_str()).collect();
            Err(Failure::usage(format!("`{}` could be several apps: {}", line(app), names.join(", ")))
                .help("give the whole id"))
        }
    }
}

/// `order-notes` of `acme/order-notes`.
fn short(app: &str) -> &str {
    app.split_once('/').map_or(app, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<Installed> {
        let one =
            |app: &str, id: &str| Installed { id: id.to_owned(), app: app.to_owned(), version: "1.0.0".to_owned() };
        vec![one("acme/notes", "ins_1"), one("other/notes", "ins_2"), one("acme/low-stock", "ins_3")]
    }

    #[test]
    fn an_app_is_found_by_each_of_its_names() {
        let id = |name| pick(two(), name).map(|one| one.id).map_err(|failure| failure.exit());
        assert_eq!(id("acme/notes"), Ok("ins_1".to_owned()));
        assert_eq!(id("ins_2"), Ok("ins_2".to_owned()));
        assert_eq!(id("low-stock"), Ok("ins_3".to_owned()));
        assert_eq!(id("notes"), Err(Exit::Usage));
        assert_eq!(id("nothing"), Err(Exit::NotFound));
    }

    #[test]
    fn of_an_app_that_is_gone_the_newest_installation_is_meant() {
        let mut all = two();
        all.push(Installed { id: "ins_4".to_owned(), app: "acme/notes".to_owned(), version: "1.0.0".to_owned() });
        assert_eq!(last(all.clone(), "acme/notes").map(|one| one.id).as_deref(), Some("ins_4"));
        assert_eq!(last(all.clone(), "low-stock").map(|one| one.id).as_deref(), Some("ins_3"));
        assert!(last(all, "nothing").is_none());
    }
}
