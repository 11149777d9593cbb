//! Guests, built from the example workspace as `storehand app build` does it.

use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use storehand_host::runtime::component::{embed, encode};

/// An app as it is uploaded.
#[derive(Debug, Clone)]
pub struct App {
    /// The component before anything is put in.
    component: Vec<u8>,
    manifest: String,
    schema: Option<String>,
}

impl App {
    /// Builds the app in a folder of the example workspace, for example `test-guests/noop`.
    pub fn build(folder: &str) -> anyhow::Result<App> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../example-plugins");
        let app = workspace.join(folder);
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guests");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--release", "--locked", "--target", "wasm32-unknown-unknown", "--target-dir"])
            .arg(&target)
            .current_dir(&app)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS")
            .status()
            .context("cannot start cargo")?;
        ensure!(built.success(), "`{folder}` does not build");
        let name = app.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
        let module = std::fs::read(target.join(format!("wasm32-unknown-unknown/release/{name}.wasm")))?;
        let component = encode(&module).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let schema = std::fs::read_to_string(app.join("settings.schema.json")).ok();
        Ok(App { component, manifest: std::fs::read_to_string(app.join("app.toml"))?, schema })
    }

    /// The one file that is uploaded.
    pub fn bytes(&self) -> Vec<u8> {
        embed(&self.component, &self.manifest, self.schema.as_deref())
    }

    /// The same app under another name: other bytes, another digest, another artefact.
    pub fn renamed(&self, name: &str) -> App {
        let old = self.manifest.lines().find(|line| line.starts_with("id = ")).unwrap_or_default();
        let publisher = old.trim_start_matches("id = \"").split('/').next().unwrap_or_default();
        let manifest = self.manifest.replacen(old, &format!("id = \"{publisher}/{name}\""), 1);
        App { manifest, ..self.clone() }
    }
}
