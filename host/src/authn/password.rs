//! Passwords: hashed with Argon2id after a keyed hash, so that the database alone is not enough to guess them.
//!
//! INVARIANT: [`verify`] runs Argon2 exactly once whatever is stored and whatever was typed, so an account that is not
//! there costs what any other does. It never takes more memory than [`MOST_KIB`], whatever a stored text asks for.

use super::{Keys, NoRandomness, mac, random};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

/// Memory of one hash, in KiB: the floor of ASVS 5.0 for two passes, and the default of OWASP.
const KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Bytes of salt.
const SALT: usize = 16;
/// Bytes of the hash.
const OUT: usize = 32;
/// A stored hash that asks for more memory, in KiB, is not verified. Whoever writes to the database controls it.
const MOST_KIB: u32 = KIB;
/// The same of its passes and lanes.
const MOST_PASSES: u32 = 8;

/// Why a password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoHash {
    /// There was nothing to make a salt of.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// Most likely, the memory is used up.
    #[error("the password could not be hashed; try again")]
    Failed,
}

/// What comes of a password that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// It is the one that is stored.
    pub matches: bool,
    /// It is, and what is stored was made with other parameters than today's: hash it again and store that.
    pub renew: bool,
}

/// The text to store for a password: a PHC string. The password is taken byte for byte as it came (ASVS 5.0, 6.2.8).
/// Takes 19 MiB and tens of milliseconds.
pub fn hash(keys: &Keys, password: &str) -> Result<String, NoHash> {
    let salt = random::<SALT>()?;
    let params = today().map_err(|_| NoHash::Failed)?;
    let out = run(params.clone(), &salt, keys, password).ok_or(NoHash::Failed)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| NoHash::Failed)?,
        salt: Some(Salt::new(&salt).map_err(|_| NoHash::Failed)?),
        hash: Some(Output::new(&out).map_err(|_| NoHash::Failed)?),
    };
    Ok(hash.to_string())
}

/// Whether `password` is the one that is stored. `None`, or a text that is no hash of ours, stands for an account that is
/// not there: it never matches and costs the same.
pub fn verify(keys: &Keys, stored: Option<&str>, password: &str) -> Verified {
    let known = stored.and_then(Stored::read);
    let is_known = known.is_some();
    let against = known.or_else(Stored::dummy);
    let Some(Stored { params, salt, hash }) = against else { return Verified { matches: false, renew: false } };
    let old = (params.m_cost(), params.t_cost(), params.p_cost()) != (KIB, PASSES, LANES) || salt.len() != SALT;
    let same = run(params, &salt, keys, password).is_some_and(|out| bool::from(out.ct_eq(&hash)));
    let matches = same && is_known;
    Verified { matches, renew: matches && old }
}

/// What a stored hash says.
struct Stored {
    params: Params,
    salt: Vec<u8>,
    hash: [u8; OUT],
}

impl Stored {
    /// What a stored text says; nothing, if it is no hash that [`hash`] makes or made.
    fn read(text: &str) -> Option<Stored> {
        let phc = PasswordHash::new(text).ok()?;
        let ours = phc.algorithm == Algorithm::Argon2id.ident() && phc.version == Some(Version::V0x13.into());
        let params = Params::try_from(&phc).ok().filter(|_| ours)?;
        let asked = (params.m_cost() <= MOST_KIB, params.t_cost() <= MOST_PASSES, params.p_cost() <= MOST_PASSES);
        let hash = phc.hash?.as_ref().try_into().ok()?;
        let salt = phc.salt?.as_ref().to_vec();
        (asked == (true, true, true)).then_some(Stored { params, salt, hash })
    }

    /// What an account that is not there is verified against.
    fn dummy() -> Option<Stored> {
        Some(Stored { params: today().ok()?, salt: vec![0; SALT], hash: [0; OUT] })
    }
}

fn today() -> argon2::Result<Params> {
    Params::new(KIB, PASSES, LANES, Some(OUT))
}

/// The one place where Argon2 runs.
fn run(params: Params, salt: &[u8], keys: &Keys, password: &str) -> Option<[u8; OUT]> {
    #[cfg(test)]
    tests::counts(&params);
    let mut peppered = mac(&keys.pepper, password.as_bytes());
    let mut out = [0; OUT];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into(&peppered, salt, &mut out);
    peppered.zeroize();
    done.ok().map(|()| out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    thread_local! {
        /// What each run of Argon2 on this thread was asked for.
        static RUNS: RefCell<Vec<(u32, u32, u32)>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn counts(params: &Params) {
        RUNS.with_borrow_mut(|runs| runs.push((params.m_cost(), params.t_cost(), params.p_cost())));
    }

    fn runs() -> Vec<(u32, u32, u32)> {
        RUNS.with_borrow_mut(std::mem::take)
    }

    fn keys() -> Keys {
        Keys::from_master(&[1; 32])
    }

    const TYPED: &str = "correct horse battery staple";

    /// A hash as it would be stored with these parameters.
    fn with(kib: u32, passes: u32) -> String {
        let params = Params::new(kib, passes, 1, Some(OUT)).unwrap();
        let out = run(params.clone(), &[9; SALT], &keys(), TYPED).unwrap();
        PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).unwrap(),
            salt: Some(Salt::new(&[9; SALT]).unwrap()),
            hash: Some(Output::new(&out).unwrap()),
        }
        .to_string()
    }

    #[test]
    fn a_hash_says_its_parameters_and_is_verified_with_the_same_password_and_pepper_alone() {
        let stored = hash(&keys(), TYPED).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash(&keys(), TYPED).unwrap(), "each has a salt of its own");
        assert_eq!(verify(&keys(), Some(&stored), TYPED), Verified { matches: true, renew: false });
        let other = Keys::from_master(&[2; 32]);
        for (keys, typed) in [(&keys(), "correct horse battery stable"), (&keys(), ""), (&other, TYPED)] {
            assert_eq!(verify(keys, Some(&stored), typed), Verified { matches: false, renew: false });
        }
    }

    #[test]
    fn a_password_is_taken_byte_for_byte() {
        let stored = hash(&keys(), " Caf\u{e9} au lait ").unwrap();
        for typed in ["Caf\u{e9} au lait", " Cafe\u{301} au lait ", " caf\u{e9} au lait "] {
            assert!(!verify(&keys(), Some(&stored), typed).matches, "{typed:?}");
        }
        assert!(verify(&keys(), Some(&stored), " Caf\u{e9} au lait ").matches);
    }

    #[test]
    fn a_hash_of_older_parameters_matches_and_asks_to_be_renewed() {
        for (kib, passes) in [(8_192, 2), (KIB, 1)] {
            let stored = with(kib, passes);
            assert_eq!(verify(&keys(), Some(&stored), TYPED), Verified { matches: true, renew: true });
            let wrong = verify(&keys(), Some(&stored), "another one");
            assert_eq!(wrong, Verified { matches: false, renew: false }, "who does not know it renews nothing");
        }
    }

    #[test]
    fn an_account_that_is_not_there_runs_the_same_argon2_as_one_that_is() {
        let stored = hash(&keys(), TYPED).unwrap();
        runs();
        let mut each = Vec::new();
        for text in [Some(stored.as_str()), None, Some("no hash at all"), Some("")] {
            let verified = verify(&keys(), text, "guessed");
            assert!(!verified.matches && !verified.renew);
            each.push(runs());
        }
        assert!(each.iter().all(|runs| runs == &[(KIB, PASSES, LANES)]), "{each:?}");
    }

    #[test]
    fn a_stored_hash_cannot_ask_for_more_memory_or_time_than_there_is_for_it() {
        for asked in ["m=4194304,t=2,p=1", "m=19456,t=4000000000,p=1", "m=19456,t=2,p=1,keyid=AAAA,x=1"] {
            let stored = hash(&keys(), TYPED).unwrap().replace("m=19456,t=2,p=1", asked);
            runs();
            assert!(!verify(&keys(), Some(&stored), TYPED).matches);
            assert_eq!(runs(), [(KIB, PASSES, LANES)], "{asked}");
        }
        let other = hash(&keys(), TYPED).unwrap().replace("$argon2id$", "$argon2d$");
        assert!(!verify(&keys(), Some(&other), TYPED).matches, "of another algorithm");
    }
}
