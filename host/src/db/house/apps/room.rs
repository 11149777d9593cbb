//! How much room the uploads of one store, or of one publisher, take. Both are counted, because what is uploaded stays.

use super::upload::Uploader;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};

/// Bytes of components that one store may have uploaded: sixteen of the largest, hundreds of ordinary ones.
pub const STORE_BYTES: u64 = 256 << 20;
/// The same of a publisher, whose versions are for every store.
pub const PUBLISHER_BYTES: u64 = 1 << 30;
/// Versions that one store or publisher may have uploaded. Each row holds up to some 200 KiB of what it asks for.
pub const VERSIONS: u64 = 1_000;

/// Refuses what there is no room for. Two sums over the uploader's own rows, of which there are [`VERSIONS`] at most.
pub(super) async fn check(conn: &mut Conn, uploader: &Uploader, size: u64, another: bool) -> Result<()> {
    const OF_STORE: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM app_versions \
        WHERE space = $1 AND app >= $2";
    const OF_PUBLISHER: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM app_versions \
        WHERE space = '' AND app >= $1 AND app < $2";
    let (sql, of, most, help) = match uploader {
        Uploader::Store(_) => (
            OF_STORE,
            (uploader.space(), String::new()),
            STORE_BYTES,
            "delete a version that nothing uses, with `storehand apps delete`",
        ),
        // By its name, whichever of its tokens was used: between `name/` and what follows every `name/…`.
        Uploader::Publisher(publisher) => {
            let of = (format!("{}/", publisher.name()), format!("{}0", publisher.name()));
            (
                OF_PUBLISHER,
                of,
                PUBLISHER_BYTES,
                "delete a version that no store uses, with `storehand apps delete --as-publisher`",
            )
        }
    };
    let sums = conn.row(sql, args![&of.0, &of.1], |r| Ok((r.int(0)?, r.int(1)?))).await?.unwrap_or_default();
    let (versions, bytes) = (sums.0.max(0) as u64, sums.1.max(0) as u64);
    let left = most.saturating_sub(bytes);
    if size > left {
        let limit = format!("{} MiB of uploads, and this one has {} KiB; {help}", most >> 20, size.div_ceil(1024));
        return Err(Error::Limit { limit, left: format!("{} KiB", left >> 10), renews: None });
    }
    if another && versions >= VERSIONS {
        let limit = format!("{VERSIONS} uploaded versions; {help}");
        return Err(Error::Limit { limit, left: "0".to_owned(), renews: None });
    }
    Ok(())
}
