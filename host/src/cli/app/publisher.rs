//! Under whose name a new app is written, where it was not said: that of whoever owns the folder, as far as git or the
//! system know it. A private upload needs no name that is free on a host, so any will do.

use std::process::Command;

use crate::runtime::manifest::text::is_slug;

/// The name, from what git is told to use for this, from who commits here, or your user name.
pub(super) fn of_folder() -> Option<String> {
    let git = ["storehand.publisher", "github.user", "user.name"].into_iter().filter_map(git_config);
    let user = ["USER", "LOGNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    git.chain(user).find_map(|name| slug(&name))
}

fn git_config(key: &str) -> Option<String> {
    let output = Command::new("git").args(["config", "--get", key]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// `ada-lovelace` of `Ada Lovelace`; none, if nothing readable is left.
fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(40);
    let slug = slug.trim_matches('-');
    (is_slug(slug, 3, 40) && slug.starts_with(|c: char| c.is_ascii_lowercase())).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_people_becomes_one_of_apps_or_none() {
        assert_eq!(slug("Ada Lovelace").as_deref(), Some("ada-lovelace"));
        assert_eq!(slug("  acme -- tools ").as_deref(), Some("acme-tools"));
        for none in ["", "Al", "42nd", "李", "--"] {
            assert_eq!(slug(none), None, "{none}");
        }
    }
}
