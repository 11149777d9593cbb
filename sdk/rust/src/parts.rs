//! Walking through a search page by page.

use crate::{Page, Result};

/// The most items a page can have, so that a walk takes the fewest calls.
const LARGEST: u32 = 100;

/// Every item of a search, fetched a hundred at a time as the app asks for them. Ends after the first error.
pub(crate) fn walk<T>(
    mut fetch: impl FnMut(&Page) -> Result<(Vec<T>, Option<String>)>,
) -> impl Iterator<Item = Result<T>> {
    let mut items = Vec::new().into_iter();
    let mut next = Some(Page { limit: Some(LARGEST), cursor: None });
    std::iter::from_fn(move || {
        loop {
            if let Some(item) = items.next() {
                return Some(Ok(item));
            }
            let page = next.take()?;
            match fetch(&page) {
                Ok((fetched, cursor)) => {
                    items = fetched.into_iter();
                    next = cursor.map(|cursor| Page { limit: Some(LARGEST), cursor: Some(cursor) });
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}
