//! The permit check: how long it takes, and that it allocates nothing.

mod support;

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::hint::black_box;
use storehand_host::authz::scope::kind::{OrdersRefund, OrdersView};
use storehand_host::authz::{
    self, Authority, InstallationId, Installed, Live, Principal, Scope, ScopeSet, StoreId, TermsMap,
};
use support::figures::{Bar, Figure, each, median, report};

/// The best figure published elsewhere for one authorisation decision, in nanoseconds.
const ELSEWHERE: f64 = 1_290.0;
/// Nanoseconds a check may take.
const BAR: f64 = 50.0;
/// Rounds of which the median counts; in each, every figure is taken once.
const ROUNDS: usize = 101;
/// Checks in a row.
const CHECKS: u32 = 100_000;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The host's allocator, counting what this thread asks of it.
struct Counting(mimalloc::MiMalloc);

// SAFETY: every call goes on to the allocator below with the arguments as they came.
#[allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { self.0.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { self.0.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting(mimalloc::MiMalloc);

/// A way a permit is asked for, and what came of it.
type Ask<'a> = (&'static str, Box<dyn Fn() -> bool + 'a>);

fn main() -> anyhow::Result<()> {
    let store = StoreId::new();
    #[expect(clippy::disallowed_methods, reason = "a bench stands in for the doors")]
    let mint = authz::Mint::for_benches_and_tests();
    let live = |scopes| {
        Live::new(
            &mint,
            Authority {
                active: true,
                stopped: false,
                closing: false,
                scopes,
                revision: 1,
                terms: TermsMap::default(),
                ends_at: None,
            },
        )
    };
    let granted = ScopeSet::EMPTY.with(Scope::OrdersView).with(Scope::ProductsView);
    let installed = Installed::new(&mint, store, InstallationId::new(), live(granted));
    let staff = authz::staff(authz::Authenticated::verified(
        &mint,
        store,
        authz::StaffId::new(),
        live(granted),
        ScopeSet::staff(),
        None,
    ));
    let (alone, for_staff) = (app(&installed, None), app(&installed, Some(&staff)));
    let asks: [Ask<'_>; 4] = [
        ("an app on its own, granted", Box::new(|| black_box(&alone).permit::<OrdersView>().is_ok())),
        ("an app for a staff member, granted", Box::new(|| black_box(&for_staff).permit::<OrdersView>().is_ok())),
        ("a staff member, held", Box::new(|| black_box(&staff).permit::<OrdersView>().is_ok())),
        ("an app on its own, denied", Box::new(|| black_box(&alone).permit::<OrdersRefund>().is_err())),
    ];

    let mut taken = vec![Vec::with_capacity(ROUNDS); asks.len()];
    let mut allocations = 0;
    // The first look at live grants gives a thread its place to remember them, once.
    asks.iter().for_each(|(_, ask)| assert!(ask(), "answered as expected"));
    for _ in 0..ROUNDS {
        for ((_, ask), taken) in asks.iter().zip(&mut taken) {
            let before = ALLOCATIONS.get();
            let nanoseconds = each(CHECKS, || assert!(ask(), "answered as expected"));
            allocations += ALLOCATIONS.get() - before;
            taken.push(nanoseconds);
        }
    }
    let mut figures: Vec<Figure> = asks
        .iter()
        .zip(taken)
        .map(|((name, _), taken)| Figure {
            name: format!("permit check: {name}"),
            note: "real: principal, live grants, permit; the grants are set by hand, not read from a database",
            value: median(taken),
            unit: "ns",
            baseline: Some(ELSEWHERE),
            bar: Bar::AtMost(BAR),
        })
        .collect();
    figures.push(Figure {
        name: "allocations in all of these checks".to_owned(),
        note: "real: counted by the allocator itself; left out: the first check of a thread, which makes its place",
        value: allocations as f64,
        unit: "allocations",
        baseline: None,
        bar: Bar::AtMost(0.0),
    });
    report("authz", &figures)
}

fn app(installed: &Installed, on_behalf_of: Option<&Principal>) -> Principal {
    #[expect(clippy::disallowed_methods, reason = "a bench stands in for the runtime")]
    authz::app(&authz::Mint::for_benches_and_tests(), installed, on_behalf_of)
}
