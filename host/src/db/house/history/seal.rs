//! Places in the usage log as those who follow it see them: sealed, one by one and for each store apart.
//!
//! INVARIANT: two places say nothing about how many runs, of this store or of others, lie between them. Of a place that
//! was not made here for this store nothing is read.

use super::follow::Place;
use crate::authz::StoreId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the tag, and of what is sealed.
const TAG: usize = 8;
const DATA: usize = 16;

/// What seals and opens the places of one store. The same on every host that shares the database.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl Db {
    /// The seal of a store.
    pub async fn seal(&self, store: StoreId) -> Result<Seal> {
        const SQL: &str = "SELECT secret FROM identity";
        let secret = self.reader(store).await?.row(SQL, args![], |r| r.text(0)).await?;
        let secret = secret.ok_or_else(|| Error::Corrupt("the database has no secret".to_owned()))?;
        Ok(Seal(mac(secret.as_bytes(), &[b"places of ", store.to_string().as_bytes()])?))
    }
}

impl Seal {
    /// A place, sealed. The same place is the same text.
    pub fn close(&self, place: Place) -> Result<String> {
        let mut data = [0u8; DATA];
        let (tx, n) = data.split_at_mut(DATA / 2);
        tx.copy_from_slice(&place.tx.to_be_bytes());
        n.copy_from_slice(&place.n.to_be_bytes());
        let tag = self.tag(&data)?;
        Ok(hex::encode(tag) + &hex::encode(self.mask(&tag, data)?))
    }

    /// The place of a text that was sealed for this store.
    pub fn open(&self, text: &str) -> Result<Place> {
        let shown: String = text.chars().take(60).collect();
        let bad = || Error::invalid(format!("`{shown}` is not a place in the log; send the last `id` received"));
        let bytes: [u8; TAG + DATA] = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
        let (tag, data) = bytes.split_first_chunk::<TAG>().ok_or_else(bad)?;
        let data = self.mask(tag, data.try_into().map_err(|_| bad())?)?;
        if self.tag(&data)? != *tag {
            return Err(bad());
        }
        let (tx, n) = data.split_first_chunk::<{ DATA / 2 }>().ok_or_else(bad)?;
        Ok(Place { tx: i64::from_be_bytes(*tx), n: i64::from_be_bytes(n.try_into().map_err(|_| bad())?) })
    }

    fn tag(&self, data: &[u8; DATA]) -> Result<[u8; TAG]> {
        let whole = mac(&self.0, &[b"tag ", data])?;
        whole.first_chunk().copied().ok_or(Error::Closed)
    }

    /// Seals and opens alike. Each tag has a mask of its own.
    fn mask(&self, tag: &[u8; TAG], mut data: [u8; DATA]) -> Result<[u8; DATA]> {
        let mask = mac(&self.0, &[b"mask ", tag])?;
        data.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        Ok(data)
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|e| Error::Corrupt(e.to_string()))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_for_its_store_alone_and_looks_like_no_other() {
        let (ours, theirs) = (Seal([1; 32]), Seal([2; 32]));
        let near = |n| Place { tx: 7, n };
        let (one, next) = (ours.close(near(100)).unwrap(), ours.close(near(101)).unwrap());
        assert_eq!(ours.open(&one).unwrap(), near(100));
        assert!(theirs.open(&one).is_err());
        let alike = one.bytes().zip(next.bytes()).filter(|(a, b)| a == b).count();
        assert!(alike < 12, "{one} {next}");
        for bad in ["", "1", "7.100", "zz", &one[2..], next.split_at(16).0] {
            assert!(ours.open(bad).is_err(), "{bad}");
        }
    }
}
