//! Passwords that many people have used, as long as ours have to be: the 5,000 most frequent of twelve characters and more
//! and the 5,000 of fifteen and more, from the "10 million passwords" of the SecLists project (MIT licence).
//!
//! Kept as the first eight bytes of the SHA-256 of each in lower case, sorted: nobody has to read what they say, and
//! looking one up takes thirteen steps.

use sha2::{Digest as _, Sha256};

static HASHES: &[u8] = include_bytes!("common.bin");
/// Bytes of each.
const EACH: usize = 8;

/// Whether a password, in lower case, is one of them.
pub(super) fn holds(lower: &str) -> bool {
    let hash = Sha256::digest(lower.as_bytes());
    let (all, _) = HASHES.as_chunks::<EACH>();
    hash.first_chunk::<EACH>().is_some_and(|first| all.binary_search(first).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        let (all, rest) = HASHES.as_chunks::<EACH>();
        assert!(rest.is_empty());
        assert!(all.is_sorted_by(|one, next| one < next));
        assert!(all.len() > 9_000, "{}", all.len());
    }

    #[test]
    fn what_is_common_is_found_and_what_is_not_is_not() {
        for common in ["123qweasdzxc", "qwertyuiop123", "123456789qwerty", "passwordstandard", "leavemealone"] {
            assert!(holds(common), "{common}");
        }
        assert!(!holds("correct horse battery staples") && !holds(""));
    }
}
