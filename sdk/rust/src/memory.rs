//! The app's memory: a fixed arena first, the growing heap of the standard library when that is full.
//!
//! A run starts in a fresh instance, and what it costs is mostly the first touch of each page and every growth of the
//! memory. Small work stays inside the arena: it touches few pages, all beside each other, and grows nothing. The
//! arena gives back only what was taken last, which suits short runs; whatever outgrows it lives on the heap, which
//! reuses everything.
//!
//! Sound because a component has one thread: `Arena` says `Sync` for targets without threads only.

#![allow(unsafe_code, reason = "a global allocator is an unsafe trait and hands out raw pointers")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: Arena<ARENA_BYTES> = Arena::new();

/// 32 KiB: with a stack of 64 KiB and up to 32 KiB of constants, a fresh instance has two pages of wasm memory.
#[cfg(target_arch = "wasm32")]
const ARENA_BYTES: usize = 32 * 1024;

/// A block of `SIZE` bytes, given out from the front.
#[repr(C, align(16))]
struct Arena<const SIZE: usize> {
    bytes: UnsafeCell<[MaybeUninit<u8>; SIZE]>,
    /// Bytes given out; at most `SIZE`.
    used: Cell<usize>,
}

// SAFETY: without the atomics feature a wasm32 program has exactly one thread.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
unsafe impl<const SIZE: usize> Sync for Arena<SIZE> {}

impl<const SIZE: usize> Arena<SIZE> {
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "natively only the tests have an arena"))]
    const fn new() -> Arena<SIZE> {
        Arena { bytes: UnsafeCell::new([MaybeUninit::uninit(); SIZE]), used: Cell::new(0) }
    }

    fn start(&self) -> *mut u8 {
        self.bytes.get().cast()
    }

    /// Where in the arena an allocation lies; none when it is the heap's.
    fn offset(&self, block: *mut u8) -> Option<usize> {
        let offset = block.addr().wrapping_sub(self.start().addr());
        (offset < SIZE).then_some(offset)
    }

    /// The next free block of this layout, if there is room.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let padding = self.start().addr().checked_add(self.used.get())?.wrapping_neg() & (layout.align() - 1);
        let offset = self.used.get().checked_add(padding)?;
        let end = offset.checked_add(layout.size())?;
        if end > SIZE {
            return None;
        }
        self.used.set(end);
        // SAFETY: `offset <= end <= SIZE`, so the pointer stays within `bytes`.
        Some(unsafe { self.start().add(offset) })
    }
}

// SAFETY: `take` gives out disjoint, aligned blocks of `bytes`; a block is given out again only after `dealloc` of the
// last one. Everything else is the system's own allocator, told apart by address.
unsafe impl<const SIZE: usize> GlobalAlloc for Arena<SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.take(layout) {
            Some(block) => block,
            // SAFETY: the caller's promise about `layout` is passed on.
            None => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) if offset + layout.size() == self.used.get() => self.used.set(offset),
            Some(_) => {}
            // SAFETY: not in the arena, so `System` gave it out, with this layout.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            // SAFETY: not in the arena, so `System` gave it out, with this layout.
            return unsafe { System.realloc(block, layout, new_size) };
        };
        let is_last = offset + layout.size() == self.used.get();
        if is_last && new_size <= SIZE - offset {
            self.used.set(offset + new_size);
            return block;
        }
        if new_size <= layout.size() {
            return block;
        }
        // SAFETY: the caller promises that `new_size` rounded up to the alignment does not overflow; the new block
        // does not overlap the old one, which holds `layout.size()` bytes, fewer than `new_size`.
        unsafe {
            let larger = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !larger.is_null() {
                larger.copy_from_nonoverlapping(block, layout.size());
                self.dealloc(block, layout);
            }
            larger
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("a layout")
    }

    #[test]
    fn small_work_stays_in_the_arena_and_the_rest_goes_to_the_heap() {
        let arena = Arena::<1024>::new();
        // SAFETY: every block is freed once, with the layout it was allocated with.
        unsafe {
            let small = arena.alloc(layout(100, 8));
            let large = arena.alloc(layout(2000, 8));
            assert!(arena.offset(small).is_some());
            assert!(arena.offset(large).is_none());
            arena.dealloc(large, layout(2000, 8));
            arena.dealloc(small, layout(100, 8));
        }
        assert_eq!(arena.used.get(), 0, "what was taken last is given back");
    }

    #[test]
    fn what_was_taken_last_grows_in_place() {
        let arena = Arena::<1024>::new();
        // SAFETY: as above; after a `realloc` only the new block and size are used.
        unsafe {
            let first = arena.alloc(layout(16, 1));
            assert_eq!(arena.realloc(first, layout(16, 1), 64), first);
            let second = arena.alloc(layout(16, 1));
            let moved = arena.realloc(first, layout(64, 1), 128);
            assert!(moved != first && moved != second);
        }
    }

    /// Random allocations of all sizes and alignments, each filled with its own byte and checked before it goes.
    #[test]
    fn blocks_never_overlap_and_keep_what_was_written() {
        let arena = Arena::<4096>::new();
        let mut random: u64 = 7;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (random >> 33) as usize % below
        };
        let mut held: Vec<(*mut u8, Layout, u8)> = Vec::new();
        for step in 0..20_000_usize {
            let mark = step as u8;
            // SAFETY: `held` has each live block once, with its present layout; bytes are read and written within it.
            unsafe {
                match next(3) {
                    0 if held.len() < 64 => {
                        let layout = layout(1 + next(300), 1 << next(7));
                        let block = arena.alloc(layout);
                        assert!(!block.is_null() && block.addr().is_multiple_of(layout.align()));
                        block.write_bytes(mark, layout.size());
                        held.push((block, layout, mark));
                    }
                    1 if !held.is_empty() => {
                        let (block, before, mark) = held.swap_remove(next(held.len()));
                        let size = 1 + next(600);
                        let grown = arena.realloc(block, before, size);
                        let kept = std::slice::from_raw_parts(grown, before.size().min(size));
                        assert!(kept.iter().all(|byte| *byte == mark));
                        grown.write_bytes(mark, size);
                        held.push((grown, layout(size, before.align()), mark));
                    }
                    _ if !held.is_empty() => {
                        // The last one most of the time, as programs do.
                        let index = if next(4) == 0 { next(held.len()) } else { held.len() - 1 };
                        let (block, layout, mark) = held.remove(index);
                        assert!(std::slice::from_raw_parts(block, layout.size()).iter().all(|byte| *byte == mark));
                        arena.dealloc(block, layout);
                    }
                    _ => {}
                }
            }
        }
    }
}
