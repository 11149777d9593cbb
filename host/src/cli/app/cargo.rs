//! Asks cargo for an app's core module, and shows what cargo says.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use indicatif::ProgressBar;
use serde_json::Value;

use crate::cli::{Failure, report};

/// What apps are compiled for: no operating system at all, so a component imports only what the app calls.
const TARGET: &str = "wasm32-unknown-unknown";
/// A stack of 64 KiB instead of 1 MiB: a fresh instance touches less memory and starts sooner. Given to the linker
/// of the app alone, so that it holds whatever flags a person's environment sets.
const STACK: &str = "-Clink-arg=-zstack-size=65536";

/// Builds the app in `dir`; answers the core module's bytes. Cargo's progress goes to `progress`, its complaints
/// to stderr.
pub(super) fn build(dir: &Path, debug: bool, progress: &ProgressBar) -> Result<Vec<u8>, Failure> {
    if !dir.join("Cargo.toml").is_file() {
        let what = format!("there is no `Cargo.toml` in `{}`", dir.display());
        return Err(Failure::not_found(what).help("an app in Rust is a cargo package; `storehand app new` makes one"));
    }
    add_target(dir, progress)?;
    let mut cargo = Command::new(program("CARGO", "cargo"));
    cargo.current_dir(dir).args(["rustc", "--lib", "--crate-type", "cdylib", "--target", TARGET]);
    if !debug {
        cargo.arg("--release");
    }
    let rendering = if report::colours() { "json,json-diagnostic-rendered-ansi" } else { "json" };
    cargo.args(["--message-format", rendering, "--", STACK]);
    let cargo = cargo.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let (status, module) = watch(cargo.map_err(|error| no_cargo(&error))?, progress)?;
    match module {
        Some(path) if status.success() => {
            std::fs::read(&path).map_err(|error| Failure::failed(format!("cannot read `{}`: {error}", path.display())))
        }
        _ if !status.success() => {
            Err(Failure::failed("cargo could not build the app").help("what cargo says stands above"))
        }
        _ => Err(Failure::failed("cargo built no WebAssembly module")
            .help("a library crate is needed: `src/lib.rs`, with `crate-type = [\"cdylib\"]` under [lib]")),
    }
}

/// Follows a running cargo to its end; answers the module it made.
fn watch(mut cargo: Child, progress: &ProgressBar) -> Result<(ExitStatus, Option<PathBuf>), Failure> {
    let broken = |error: std::io::Error| Failure::failed(format!("cargo cannot be followed: {error}"));
    let (stdout, stderr) = (cargo.stdout.take(), cargo.stderr.take());
    let (module, said) = thread::scope(|scope| {
        let status_lines = scope.spawn(|| stderr.map(|stderr| follow_status(stderr, progress)).unwrap_or_default());
        let module = stdout.map(|stdout| follow_messages(stdout, progress)).unwrap_or_default();
        (module, status_lines.join().unwrap_or_default())
    });
    let status = cargo.wait().map_err(broken)?;
    if !status.success() {
        // The progress lines of a hidden build were shown as they came.
        if !progress.is_hidden() {
            say(progress, said.trim_end());
        }
        progress.finish_and_clear();
    }
    Ok((status, module))
}

/// Cargo's own lines: into the spinner where a person watches, on to stderr where not. Answers the last of them.
fn follow_status(stderr: impl Read, progress: &ProgressBar) -> String {
    const MAX_OUTPUT: usize = 16 * 1024;
    let mut output = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if progress.is_hidden() {
            eprintln!("{line}");
        } else {
            progress.set_message(line.trim().to_owned());
        }
        if output.len() < MAX_OUTPUT {
            output += &line;
            output.push('\n');
        }
    }
    output
}

/// Cargo's messages, one JSON document a line: shows the compiler's, remembers where the module is.
fn follow_messages(stdout: impl Read, progress: &ProgressBar) -> Option<PathBuf> {
    let mut module = None;
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        let text = |pointer| message.pointer(pointer).and_then(Value::as_str);
        match text("/reason") {
            Some("compiler-message") => say(progress, text("/message/rendered").unwrap_or_default().trim_end()),
            Some("compiler-artifact") => module = wasm_file(&message).or(module),
            _ => {}
        }
    }
    module
}

/// The `.wasm` file of an artifact that is a cdylib.
fn wasm_file(artifact: &Value) -> Option<PathBuf> {
    let kinds = artifact.pointer("/target/crate_types")?.as_array()?;
    if !kinds.iter().any(|kind| kind == "cdylib") {
        return None;
    }
    let files = artifact.get("filenames")?.as_array()?.iter().filter_map(Value::as_str);
    files.map(PathBuf::from).find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

fn say(progress: &ProgressBar, text: &str) {
    progress.suspend(|| eprintln!("{text}"));
}

/// Sees to it that the compiler knows the target, through rustup if it does not.
fn add_target(dir: &Path, progress: &ProgressBar) -> Result<(), Failure> {
    let mut rustc = Command::new(program("RUSTC", "rustc"));
    let asked = rustc.current_dir(dir).args(["--print", "target-libdir", "--target", TARGET]).output();
    let asked = asked.map_err(|error| no_cargo(&error))?;
    let libdir = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    if asked.status.success() && libdir.is_dir() {
        return Ok(());
    }
    progress.set_message(format!("rustup target add {TARGET}"));
    let rustup = Command::new("rustup").current_dir(dir).args(["target", "add", TARGET]).output();
    match rustup {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let why = String::from_utf8_lossy(&done.stderr).trim().to_owned();
            Err(Failure::failed(format!("rustup could not add the target {TARGET}: {why}")))
        }
        Err(_) => {
            Err(Failure::failed(format!("the compiler does not know the target {TARGET}, and there is no rustup"))
                .help("install Rust with rustup (https://rustup.rs), or the target with your system's packages"))
        }
    }
}

/// The program an environment variable names, as cargo does for what it runs; else the one on the path.
fn program(variable: &str, otherwise: &str) -> OsString {
    env::var_os(variable).filter(|program| !program.is_empty()).unwrap_or_else(|| otherwise.into())
}

fn no_cargo(error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot run cargo: {error}")).help("install Rust with rustup: https://rustup.rs")
}
