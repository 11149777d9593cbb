//! Words of an `app.toml`: plain ones, and those that were nearly right.

/// Whether `text` is `min..=max` characters of a-z, 0-9 and `-`, and neither begins nor ends with `-`.
pub fn is_slug(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The word of `known` nearest to `word`, if one is near enough to have been meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 4).clamp(1, 2))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_bounded() {
        for good in ["abc", "a-b", "shop24"] {
            assert!(is_slug(good, 3, 40), "{good}");
        }
        for bad in ["ab", "-abc", "abc-", "Abc", "a_b", "añb", "a b", "", &"a".repeat(41)] {
            assert!(!is_slug(bad, 3, 40), "{bad}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let known = ["orders:view", "orders:edit", "carts:view"];
        assert_eq!(nearest("orders:veiw", known), Some("orders:view"));
        assert_eq!(nearest("order:edit", known), Some("orders:edit"));
        assert_eq!(nearest("payments:steal", known), None);
    }
}
