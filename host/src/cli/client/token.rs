//! Where the token comes from: `STOREHAND_TOKEN`, or the file that `STOREHAND_TOKEN_FILE` names.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::cli::failure::unreadable;
use crate::db::tokens::well_formed;

/// The token of whoever runs the command.
pub(super) fn find() -> Result<String, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let (token, place) = match (set("STOREHAND_TOKEN"), set("STOREHAND_TOKEN_FILE").map(PathBuf::from)) {
        (Some(token), _) => (token.to_string_lossy().trim().to_owned(), "STOREHAND_TOKEN".to_owned()),
        (None, Some(file)) => (read(&file)?, format!("`{}`", file.display())),
        (None, None) => {
            return Err(Failure::not_permitted("this needs a token, and there is none").help(
                "set STOREHAND_TOKEN to an API token (sh_pat_…), or STOREHAND_TOKEN_FILE to a file that holds one",
            ));
        }
    };
    if !well_formed(&token) {
        return Err(Failure::not_permitted(format!("what {place} holds is no token: its checksum does not fit"))
            .help("copy it again, from `sh_pat_` to its last character"));
    }
    Ok(token)
}

/// The token in a file that nobody else can read.
fn read(path: &Path) -> Result<String, Failure> {
    use std::os::unix::fs::PermissionsExt;
    /// A token has 80 characters.
    const MOST: u64 = 1_024;
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mode = file.metadata().map_err(|error| unreadable(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        let shown = path.display();
        return Err(Failure::not_permitted(format!("others can read `{shown}`, which holds a token"))
            .help(format!("chmod 600 {shown}")));
    }
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    Ok(text.trim().to_owned())
}

/// Says once that the token ends soon, to whoever reads stderr.
pub(super) fn warn_of_end(at: Option<&str>) {
    static ONCE: std::sync::Once = std::sync::Once::new();
    if let Some(at) = at {
        ONCE.call_once(|| {
            let at = crate::cli::client::show::moment(at);
            eprintln!("your token ends {at}: ask the owner for `storehand staff renew`, or make another one in time");
        });
    }
}
