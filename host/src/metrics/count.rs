//! What counts: counters, gauges, histograms of fixed bounds, and rows and grids of counters by name.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Goes up.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// At nothing.
    pub const fn new() -> Counter {
        Counter(AtomicU64::new(0))
    }

    /// So many more.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    /// So many until now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// At nothing.
    pub const fn new() -> Gauge {
        Gauge(AtomicI64::new(0))
    }

    /// So much as of now.
    pub fn set(&self, n: i64) {
        self.0.store(n, Ordering::Relaxed);
    }

    /// One more, until what is returned is dropped.
    pub fn up(&'static self) -> Level {
        self.0.fetch_add(1, Ordering::Relaxed);
        Level(self)
    }

    /// How much there is.
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One of a gauge.
#[derive(Debug)]
pub struct Level(&'static Gauge);

impl Drop for Level {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counters by name; what has none of the names is counted as `other`.
#[derive(Debug)]
pub struct Row<const N: usize> {
    names: [&'static str; N],
    counters: [Counter; N],
    other: Counter,
}

impl<const N: usize> Row<N> {
    /// One for each of these names.
    pub const fn new(names: [&'static str; N]) -> Row<N> {
        Row { names, counters: [const { Counter::new() }; N], other: Counter::new() }
    }

    /// So many more of that name.
    pub fn add(&self, name: &str, n: u64) {
        let named = self.names.iter().zip(&self.counters).find(|(own, _)| **own == name);
        named.map_or(&self.other, |(_, counter)| counter).add(n);
    }

    /// Each with its name.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let named = self.names.iter().copied().zip(&self.counters);
        named.chain([("other", &self.other)]).map(|(name, counter)| (name, counter.get()))
    }
}

/// Counters by two names; what lacks one of them is counted as `other` of both.
#[derive(Debug)]
pub struct Grid<const N: usize, const M: usize> {
    names: [&'static str; N],
    columns: [&'static str; M],
    cells: [[Counter; M]; N],
    other: Counter,
}

impl<const N: usize, const M: usize> Grid<N, M> {
    /// One for each pair of these names.
    pub const fn new(names: [&'static str; N], columns: [&'static str; M]) -> Grid<N, M> {
        Grid { names, columns, cells: [const { [const { Counter::new() }; M] }; N], other: Counter::new() }
    }

    /// One more of that pair.
    pub fn count(&self, name: &str, column: &str) {
        let row = self.names.iter().zip(&self.cells).find(|(own, _)| **own == name);
        let cell = row.and_then(|(_, row)| self.columns.iter().zip(row).find(|(own, _)| **own == column));
        cell.map_or(&self.other, |(_, counter)| counter).add(1);
    }

    /// Each with its two names.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
        let rows = self.names.iter().zip(&self.cells);
        let cells = rows.flat_map(|(name, row)| self.columns.iter().zip(row).map(|(column, n)| (*name, *column, n)));
        cells.chain([("other", "other", &self.other)]).map(|(name, column, counter)| (name, column, counter.get()))
    }
}

/// How often something was how large, by bounds that stand fixed, and the sum of all.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    /// In units of its own, ascending; what is larger than the last has a place of its own.
    bounds: [u64; N],
    counts: [AtomicU64; N],
    over: AtomicU64,
    sum: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    /// With these bounds, each of which belongs to what is below it.
    pub const fn new(bounds: [u64; N]) -> Histogram<N> {
        let counts = [const { AtomicU64::new(0) }; N];
        Histogram { bounds, counts, over: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    /// Once more, so large.
    pub fn note(&self, value: u64) {
        let place = self.bounds.iter().zip(&self.counts).find(|(bound, _)| value <= **bound);
        place.map_or(&self.over, |(_, count)| count).fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Once more, so long: bounds and sum are microseconds.
    pub fn took(&self, time: Duration) {
        self.note(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// Each bound with how many were at most so large, then how many in all, and their sum.
    pub fn read(&self) -> ([(u64, u64); N], u64, u64) {
        let mut up_to = 0;
        let below = std::array::from_fn(|n| {
            up_to += self.counts.get(n).map_or(0, |count| count.load(Ordering::Relaxed));
            (self.bounds.get(n).copied().unwrap_or_default(), up_to)
        });
        (below, up_to + self.over.load(Ordering::Relaxed), self.sum.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_of_the_list_is_other() {
        static GRID: Grid<2, 2> = Grid::new(["event", "action"], ["ok", "failed"]);
        GRID.count("event", "ok");
        GRID.count("event", "evil\"} 1\n");
        GRID.count("acme/notes", "ok");
        let said: Vec<_> = GRID.each().map(|(_, _, n)| n).collect();
        assert_eq!(said, [1, 0, 0, 0, 2]);
    }

    #[test]
    fn a_histogram_counts_up_to_each_bound() {
        let sizes = Histogram::new([1, 10, 100]);
        [0, 1, 5, 10, 11, 1_000].iter().for_each(|n| sizes.note(*n));
        assert_eq!(sizes.read(), ([(1, 2), (10, 4), (100, 5)], 6, 1_027));
    }

    #[test]
    fn a_gauge_goes_down_by_itself() {
        static OPEN: Gauge = Gauge::new();
        let level = OPEN.up();
        assert_eq!(OPEN.get(), 1);
        drop(level);
        assert_eq!(OPEN.get(), 0);
    }
}
