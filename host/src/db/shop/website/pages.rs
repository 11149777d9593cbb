//! Pages of the website: what `pages:*` permits allow.

use crate::authz::{Permit, scope::kind::PagesEdit};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::simple::{Checked, simple};

simple! {
    /// A page of the website.
    document WebPage: Page, view PagesView, edit PagesEdit, delete PagesEdit;
    /// All of a page that can be chosen.
    #[schema(example = json!({"path": "about", "title": "About us", "body": "We sell tea.", "published": true}))]
    input WebPageInput {
        /// Where it is found below the shop's address, unique within the store: `about`, `help/returns`. 1 to 100 small
        /// letters, digits, `-` and `/`.
        #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9-]+(/[a-z0-9-]+)*$")]
        path: String,
        /// What it is called.
        #[schema(min_length = 1, max_length = 200)]
        title: String,
        /// What it says, in Markdown. Whoever shows it decides what of it is safe to show.
        #[schema(max_length = 20000)]
        body: String,
        /// Whether buyers can read it.
        published: bool,
    }
    /// Which pages.
    filters WebPages {
        /// Only those that buyers can read, or only those they cannot.
        published: bool,
    }
}

impl Checked for WebPage {
    async fn check(
        input: WebPageInput,
        _: &Permit<PagesEdit>,
        _: &mut Draft,
        _: &str,
        _: Option<&WebPage>,
    ) -> Result<WebPageInput> {
        text("a path", &input.path, 1, 100)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !input.path.split('/').all(|part| !part.is_empty() && part.chars().all(plain)) {
            let path = input.path;
            return Err(Error::invalid(format!(
                "`{path}` is not a path; use small letters, digits and `-`, with single `/` between parts"
            )));
        }
        text("a title", &input.title, 1, 200)?;
        text("a body", &input.body, 0, 20_000)?;
        Ok(input)
    }
}
