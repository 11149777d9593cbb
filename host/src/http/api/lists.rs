//! The queries of lists: filters as named parameters, a limit and a cursor, and nothing unknown.

use serde::Serialize;
use utoipa::ToSchema;

/// How many records a filter matches.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    /// So many.
    pub(super) count: u64,
}

/// One type for the query of a list (`$list`, with limit and cursor) and, where there is one, for that of its count
/// (`$count`), from one list of fields: unknown parameters are refused only where no field is flattened.
macro_rules! lists {
    ($(#[$doc:meta])* $list:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $list {
            $($(#[$field_doc])* pub(super) $field: Option<$kind>,)*
            /// 1 to 100; 50 if not given.
            limit: Option<u32>,
            /// `next_cursor` of the part before.
            cursor: Option<String>,
        }

        impl $list {
            /// Which part of the list.
            pub(super) fn page(&self) -> crate::db::Page {
                crate::db::Page { limit: self.limit, cursor: self.cursor.clone() }
            }
        }
    };
    ($(#[$doc:meta])* $list:ident, $count:ident => $filter:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $crate::http::api::lists::lists! { $(#[$doc])* $list { $($(#[$field_doc])* $field: $kind,)* } }

        impl From<$list> for $filter {
            fn from(query: $list) -> $filter {
                $filter { $($field: query.$field,)* }
            }
        }

        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $count {
            $($(#[$field_doc])* $field: Option<$kind>,)*
        }

        impl From<$count> for $filter {
            fn from(query: $count) -> $filter {
                $filter { $($field: query.$field,)* }
            }
        }
    };
}
pub(super) use lists;
