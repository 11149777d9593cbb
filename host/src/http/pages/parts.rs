//! What pages are made of: the values behind `templates/parts.html`.

/// The way through a list.
#[derive(Debug, Default)]
pub(super) struct Pager {
    /// To its beginning; nothing, if this is it.
    pub(super) first: Option<String>,
    /// To the part that follows; nothing, if this is the last.
    pub(super) next: Option<String>,
}

impl Pager {
    /// For a list at `path`, whose other parameters are `filters`; `cursor` led here, and `next` leads on.
    pub(super) fn new(path: &str, filters: &[(&str, &str)], cursor: Option<&str>, next: Option<&str>) -> Pager {
        let to = |cursor: Option<&str>| {
            let all = filters.iter().copied().chain(cursor.map(|cursor| ("cursor", cursor)));
            address(path, all.filter(|(_, value)| !value.is_empty()))
        };
        Pager { first: cursor.map(|_| to(None)), next: next.map(|next| to(Some(next))) }
    }
}

/// A path with parameters, which may hold anything.
pub(super) fn address<'p>(path: &str, parameters: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let mut text = path.to_owned();
    for (n, (name, value)) in parameters.enumerate() {
        text.push(if n == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&escaped(value));
    }
    text
}

/// A text as a part of an address.
pub(super) fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_asked_for_with_the_same_filters() {
        let filters = [("app", "acme/notes"), ("outcome", "")];
        let pager = Pager::new("/runs", &filters, None, Some("a&b=\"c\""));
        assert_eq!(pager.first, None);
        assert_eq!(pager.next.as_deref(), Some("/runs?app=acme%2Fnotes&cursor=a%26b%3D%22c%22"));
        let pager = Pager::new("/runs", &[], Some("x"), None);
        assert_eq!((pager.first.as_deref(), pager.next), (Some("/runs"), None));
    }
}
