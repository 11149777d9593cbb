//! How much a job of the host takes in one transaction when it goes through many rows.
//!
//! INVARIANT: a portion is bounded in rows and in bytes, whatever is read of each row, so that a write of somebody else
//! waits for one portion at most. The first row is always part of it: how large one is, whoever wrote it was bounded in.

/// So many rows at most.
pub(in crate::db) const ROWS: i64 = 500;
/// So many bytes at most, beyond the first row: about a fiftieth of a second on a small machine.
pub(in crate::db) const BYTES: i64 = 1 << 20;

/// How many rows make a portion, from the first on. `bytes` says how large one is.
pub(in crate::db) fn fits<T>(rows: &[T], bytes: impl Fn(&T) -> i64) -> usize {
    let (mut sum, most) = (0i64, usize::try_from(ROWS).unwrap_or_default());
    let fits = |(n, row): &(usize, &T)| {
        sum = sum.saturating_add(bytes(row));
        *n == 0 || sum <= BYTES
    };
    rows.iter().take(most).enumerate().take_while(fits).count()
}

/// Retains as many rows as make a portion.
pub(in crate::db) fn cut<T>(mut rows: Vec<T>, bytes: impl Fn(&T) -> i64) -> Vec<T> {
    rows.truncate(fits(&rows, bytes));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_ends_at_its_bytes_or_its_rows_and_is_never_empty() {
        let of = |each: i64, many: usize| cut(vec![each; many], |bytes| *bytes).len();
        assert_eq!(of(0, 9_000), 500);
        assert_eq!(of(64 << 10, 9_000), 16);
        assert_eq!(of(5 << 20, 9_000), 1);
        assert_eq!(of(5, 0), 0);
    }
}
