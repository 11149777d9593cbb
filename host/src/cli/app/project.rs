//! An app's project folder: its `app.toml` and its settings schema.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::failure::unreadable;
use crate::runtime::component::schema;
use crate::runtime::manifest::{self, Manifest, locate};
use crate::runtime::refused::Refused;

/// A project whose `app.toml` and settings schema are sound.
#[derive(Debug)]
pub struct Project {
    /// The folder, relative to the current one.
    pub dir: PathBuf,
    /// The text of `app.toml`.
    pub manifest_toml: String,
    /// What it says.
    pub manifest: Manifest,
    /// The text of the settings schema, if it has settings.
    pub settings_schema: Option<String>,
}

impl Project {
    /// Reads and checks the project in `dir`.
    pub fn open(dir: &Path) -> Result<Project, Failure> {
        // `.` is where people already are.
        let dir = if dir == Path::new(".") { Path::new("") } else { dir };
        let path = dir.join("app.toml");
        let manifest_toml = read(&path, manifest::MAX_BYTES).map_err(|failure| match failure {
            Failure::Told { exit: crate::cli::Exit::NotFound, .. } => {
                failure.help("run this in an app's folder, or name one; `storehand app new` makes one")
            }
            other => other,
        })?;
        let file = path.display().to_string();
        let manifest = Manifest::parse(&manifest_toml).map_err(|refused| Failure::refused(refused, &file))?;
        let mut project = Project { dir: dir.to_owned(), manifest_toml, manifest, settings_schema: None };
        if let Some(schema_file) = &project.manifest.settings_schema {
            project.settings_schema = Some(project.read_schema(schema_file, &file)?);
        }
        Ok(project)
    }

    /// The path of `app.toml`, as people read it.
    pub fn manifest_file(&self) -> String {
        self.dir.join("app.toml").display().to_string()
    }

    fn read_schema(&self, name: &str, file: &str) -> Result<String, Failure> {
        let text = read(&self.dir.join(name), schema::MAX_BYTES)?;
        match schema::read(&text) {
            Ok(_) => Ok(text),
            Err(problem) => {
                let place = locate(&self.manifest_toml, &["settings", "schema"]);
                Err(Failure::refused(Refused::in_text(&self.manifest_toml, vec![problem.at(place)]), file))
            }
        }
    }
}

/// Reads a text file of at most a little more than `max` bytes: what is longer is refused by whoever knows the limit.
fn read(path: &Path, max: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| Failure::failed(format!("`{}` is not text in UTF-8", path.display())))
}
