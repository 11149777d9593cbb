//! The host calls: one file per resource, one line per function.
//!
//! INVARIANT: a function here converts its arguments, goes through `host_call` with the scope its interface is named
//! after, and converts the answer. It decides nothing.

/// Implements interfaces of the contract from lines of `function(arguments) -> answer = |permit, draft| what to do`.
///
/// Each function goes through [`Invocation::host_call`] with the permit of the scope that stands beside its interface, and
/// is recorded under the contract's own names: `orders_edit` and `set_lines` are `orders-edit.set-lines`.
macro_rules! host_calls {
    ($($interface:ident $scope:ident {
        $($name:ident($($arg:ident: $ty:ty),*) -> $answer:ty = |$permit:ident, $draft:ident| $act:expr;)*
    })*) => {$(
        impl $crate::runtime::calls::wit::$interface::Host for $crate::runtime::invocation::Invocation {
            $(async fn $name(&mut self, $($arg: $ty),*) -> $crate::runtime::calls::Answer<$answer> {
                const CALL: &str = $crate::runtime::calls::named!(concat!(stringify!($interface), ".", stringify!($name)));
                #[allow(unused_mut, reason = "a call may have no arguments")]
                let mut asked = self.asked();
                $(asked.argument(stringify!($arg), &$arg);)*
                let act = async |
                    $permit: $crate::authz::Permit<$crate::authz::scope::kind::$scope>,
                    $draft: &mut $crate::db::Draft,
                | $act.map(Into::into);
                self.host_call::<_, $answer>(CALL, asked, act).await
            })*
        }

        $crate::runtime::calls::linked! { $interface $scope; }
    )*};
}

/// Says which interface of the contract a scope is.
macro_rules! linked {
    ($($interface:ident $scope:ident;)*) => {$(
        impl $crate::runtime::link::Linked for $crate::authz::scope::kind::$scope {
            fn link(
                linker: &mut wasmtime::component::Linker<$crate::runtime::invocation::Invocation>,
            ) -> wasmtime::Result<()> {
                $crate::runtime::calls::wit::$interface::add_to_linker::<_, $crate::runtime::link::Own>(linker, |i| i)
            }
        }
    )*};
}
use linked;

/// A name as the contract spells it: `-` where Rust has `_`. Made when the host is compiled.
macro_rules! named {
    ($name:expr) => {{
        const SPELLED: [u8; $name.len()] = $crate::runtime::calls::spelled($name);
        const { $crate::runtime::calls::text(&SPELLED) }
    }};
}
use named;

/// Makes records of the contract from the host's, field by field.
macro_rules! mirrors {
    ($($host:ty => $contract:ty { $($field:ident),* $(,)? })*) => {$(
        impl From<$host> for $contract {
            fn from(from: $host) -> Self {
                Self { $($field: from.$field.into()),* }
            }
        }
    )*};
}

/// Makes the contract's parts of lists from the host's.
macro_rules! pages {
    ($($item:ty => $page:ty;)*) => {$(
        impl From<$crate::db::Items<$item>> for $page {
            fn from(found: $crate::db::Items<$item>) -> Self {
                Self { items: $crate::runtime::calls::convert::all(found.items), next: found.next_cursor }
            }
        }
    )*};
}

mod carts;
mod categories;
mod convert;
mod customers;
mod discounts;
mod giftcards;
mod inventory;
mod locations;
mod neutral;
mod orders;
mod products;
mod reports;
mod settings;
mod simple;

pub(in crate::runtime) use super::bindings::app::storehand::app as wit;
use super::invocation::{CallError, Invocation};

/// A host call's result.
type Answer<T> = Result<T, CallError>;

/// See [`named`].
#[expect(
    clippy::indexing_slicing,
    reason = "it runs when the host is compiled, where an index that is not there is an error"
)]
const fn spelled<const N: usize>(name: &str) -> [u8; N] {
    let (bytes, mut spelled, mut at) = (name.as_bytes(), [0; N], 0);
    while at < N {
        spelled[at] = if bytes[at] == b'_' { b'-' } else { bytes[at] };
        at += 1;
    }
    spelled
}

/// See [`named`].
#[expect(clippy::panic, reason = "it runs when the host is compiled")]
const fn text(spelled: &'static [u8]) -> &'static str {
    match std::str::from_utf8(spelled) {
        Ok(name) => name,
        Err(_) => panic!("names are ASCII"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_call_is_recorded_under_the_name_that_the_contract_has_for_it() {
        const CALL: &str = super::named!(concat!("orders_edit", ".", "set_lines"));
        assert_eq!(CALL, "orders-edit.set-lines");
    }
}
