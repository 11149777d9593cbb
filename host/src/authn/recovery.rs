//! Codes on paper for whoever lost their phone: each is good once, in place of a one-time code.
//!
//! INVARIANT: a code has 128 bits from the operating system, so its plain SHA-256 may be stored: nobody can try them all.

use super::{NoRandomness, random};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

/// How many a person has.
pub const CODES: usize = 8;
/// Crockford's base 32: neither I, L and O, which look like digits, nor U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 128 bits, five in each.
const LETTERS: usize = 26;
/// Letters that stand together; the last group has one more.
const GROUP: usize = 5;
/// Longest text that is looked at: a code with something between all its letters. Whoever signs in controls it.
const LONGEST: usize = 4 * LETTERS;

/// A code as it is shown, once.
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    pub fn random() -> Result<RecoveryCode, NoRandomness> {
        let mut bytes = random::<16>()?;
        let code = RecoveryCode(written(u128::from_be_bytes(bytes)));
        bytes.zeroize();
        Ok(code)
    }

    /// In groups, for reading: `0A1B2-C3D4E-F5G6H-J7K8M-9NPQRS`.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The SHA-256, in hex, of a code that a person typed; none, if it can be no code. Case, spaces and dashes do not count,
/// and letters that look like a digit stand for it.
pub fn hash(text: &str) -> Option<String> {
    let code = read(text)?;
    Some(hex::encode(Sha256::digest(code.to_be_bytes())))
}

fn written(code: u128) -> String {
    let mut text = String::with_capacity(LETTERS + LETTERS / GROUP);
    for at in 0..LETTERS {
        if at > 0 && at % GROUP == 0 && at + 1 < LETTERS {
            text.push('-');
        }
        let bits = (code >> (5 * (LETTERS - 1 - at))) & 31;
        let letter = usize::try_from(bits).ok().and_then(|bits| ALPHABET.get(bits));
        text.extend(letter.map(|letter| char::from(*letter)));
    }
    text
}

fn read(text: &str) -> Option<u128> {
    if text.len() > LONGEST {
        return None;
    }
    let (mut code, mut letters) = (0_u128, 0);
    for letter in text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)) {
        let bits = value(letter)?;
        letters += 1;
        // The first letter has three bits, not five.
        if letters > LETTERS || code >> 123 != 0 {
            return None;
        }
        code = code << 5 | bits;
    }
    (letters == LETTERS).then_some(code)
}

fn value(letter: char) -> Option<u128> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u128::try_from(at).ok()
}

/// What programs and people put between groups.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_shown_in_groups_without_letters_that_look_alike() {
        let code = RecoveryCode::random().unwrap();
        let groups: Vec<usize> = code.text().split('-').map(str::len).collect();
        assert_eq!(groups, [5, 5, 5, 5, 6], "{}", code.text());
        assert!(!code.text().contains(['I', 'L', 'O', 'U']), "{}", code.text());
        assert_ne!(code.text(), RecoveryCode::random().unwrap().text());
        assert!(hash(code.text()).is_some());
    }

    #[test]
    fn what_can_be_no_code_has_no_hash() {
        let code = written(u128::MAX);
        assert_eq!(code, "7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ");
        for bad in
            ["", "-", "123456", &code[1..], &format!("{code}0"), &code.replacen('7', "8", 1), &code.replace('7', "U")]
        {
            assert_eq!(hash(bad), None, "{bad}");
        }
        assert_eq!(hash(&" ".repeat(1_000_000)), None);
    }

    #[test]
    fn letters_that_look_like_digits_stand_for_them() {
        assert_eq!(hash("01101-00000-00000-00000-000000"), hash("oil0L-OOOOO-ooooo-OOOOO-OOOOOO"));
    }

    proptest! {
        #[test]
        fn a_typed_code_is_read_however_it_is_grouped(
            code in any::<u128>(),
            between in prop::collection::vec(prop::sample::select(vec!["", "", " ", "-", "\u{2013}", "\t"]), LETTERS + 1),
            lower in any::<bool>(),
        ) {
            let shown = written(code);
            prop_assert_eq!(read(&shown), Some(code));
            let mut typed = String::new();
            for (letter, between) in shown.replace('-', "").chars().zip(&between) {
                typed.push_str(between);
                typed.push(if lower { letter.to_ascii_lowercase() } else { letter });
            }
            typed.push_str(between.last().unwrap());
            prop_assert_eq!(hash(&typed), hash(&shown));
        }

        #[test]
        fn another_code_has_another_hash(one in any::<u128>(), other in any::<u128>()) {
            prop_assert_eq!(one == other, hash(&written(one)) == hash(&written(other)));
        }

        #[test]
        fn nothing_that_can_be_typed_breaks_it(text in ".{0,120}") {
            let _ = hash(&text);
        }
    }
}
