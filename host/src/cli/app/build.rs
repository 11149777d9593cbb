//! `storehand app build`: from a project to the one file that is an app.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::cargo;
use super::project::Project;
use super::warnings;
use crate::cli::{Failure, Global};
use crate::runtime::code::Code;
use crate::runtime::component::{self, Inspected};
use crate::runtime::refused::{Problem, Refused};

/// What to build and where to.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app's folder
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Build without optimisation, with names for backtraces
    #[arg(long)]
    debug: bool,
    /// The file to write [default: DIR/target/NAME.app.wasm]
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// How to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Without optimisation, for a quick answer.
    pub debug: bool,
    /// The file to write; by default `target/NAME.app.wasm` in the project.
    pub output: Option<PathBuf>,
    /// Whether a person is watching stderr, where progress is shown.
    pub watched: bool,
}

/// An app that was built.
#[derive(Debug)]
pub struct Built {
    /// The project it was built from.
    pub project: Project,
    /// The file it was written to, if it was.
    pub path: Option<PathBuf>,
    /// What it is.
    pub inspected: Inspected,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let options = Options { debug: self.debug, output: self.output, watched: global.is_watched() };
        let (built, warnings) = written(&self.dir, &options)?;
        if !global.json {
            warnings::tell(&warnings, &built.project);
        }
        let (inspected, path) = (&built.inspected, built.path.as_deref().unwrap_or(Path::new("")));
        let data = json!({
            "id": inspected.manifest.id,
            "version": inspected.manifest.version.to_string(),
            "path": path,
            "size": inspected.size,
            "digest": inspected.digest,
            "scopes": inspected.used(),
            "warnings": warnings,
        });
        global.show(&data, || {
            let scopes: Vec<_> = inspected.used().iter().map(|scope| scope.name()).collect();
            let scopes = if scopes.is_empty() { "no scopes".to_owned() } else { scopes.join(", ") };
            let size = super::size(inspected.size);
            format!("{} {}  {size}  {scopes}\n{}", inspected.manifest.id, inspected.manifest.version, path.display())
        })
    }
}

/// Builds the app in `dir` and writes it to a file.
///
/// # Errors
/// What is wrong with the manifest or the component, what cargo says, or a file that cannot be read or written.
pub fn build(dir: &Path, options: &Options) -> Result<Built, Failure> {
    Ok(written(dir, options)?.0)
}

/// [`build`], with what its developer should know.
fn written(dir: &Path, options: &Options) -> Result<(Built, Vec<Problem>), Failure> {
    let project = Project::open(dir)?;
    let unwritten = warnings::unwritten(&project, Code::Unwritten);
    if !unwritten.is_empty() {
        let refused = Refused::in_text(&project.manifest_toml, unwritten);
        return Err(Failure::refused(refused, project.manifest_file()));
    }
    let (mut built, app) = assemble(dir, options)?;
    let default = || built.project.dir.join("target").join(format!("{}.app.wasm", built.inspected.manifest.id.name()));
    let path = options.output.clone().unwrap_or_else(default);
    write_whole(&path, &app)?;
    built.path = Some(path);
    let warnings = warnings::all(&built, &app);
    Ok((built, warnings))
}

/// Builds the app in `dir` in memory; answers the bytes of the one file beside what they are.
pub(super) fn assemble(dir: &Path, options: &Options) -> Result<(Built, Vec<u8>), Failure> {
    let (project, app) = pack(dir, options)?;
    let inspected = component::inspect(&app).map_err(|refused| Failure::refused(refused, project.manifest_file()))?;
    Ok((Built { project, path: None, inspected }, app))
}

/// Puts component, manifest and schema of the project in `dir` into one file, without asking whether a store would
/// accept it.
///
/// # Errors
/// What is wrong with the manifest, and what cargo says.
pub fn pack(dir: &Path, options: &Options) -> Result<(Project, Vec<u8>), Failure> {
    let project = Project::open(dir)?;
    let progress = spinner(options.watched, format!("building {}", project.manifest.id));
    let module = cargo::build(dir, options.debug, &progress)?;
    progress.finish_and_clear();
    let component = component::encode(&module).map_err(|problem| Failure::refused(problem, project.manifest_file()))?;
    let app = component::embed(&component, &project.manifest_toml, project.settings_schema.as_deref());
    Ok((project, app))
}

fn spinner(watched: bool, message: String) -> ProgressBar {
    if !watched {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {prefix} {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner().with_style(style).with_prefix(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Writes a file so that nobody ever sees half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| Failure::failed(format!("cannot write `{}`: {error}", path.display())))
}
