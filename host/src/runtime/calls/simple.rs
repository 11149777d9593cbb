//! The host calls of simple documents, made from their table.

use super::wit::types;
use crate::db::simple_documents;

/// The calls `get`, `search`, `create`, `update` and `delete` of each row.
macro_rules! simple_calls {
    ($(
        $room:ident $one:literal $several:literal, $created:literal $deleted:literal, at $all:literal, $each:literal:
        $document:ident, $input:ident $fields:tt, $filters:ident $by:tt, $calls:tt;
    )*) => {
        $(simple_calls!(@row $calls $room $document $input $fields $filters $by);)*
    };
    (@row own_calls $room:ident $document:ident $input:ident $fields:tt $filters:ident $by:tt) => {};
    (@row ($view:ident $view_scope:ident, $edit:ident $edit_scope:ident)
        $room:ident $document:ident $input:ident { $($field:ident),* } $filters:ident { $($by:ident: $by_ty:ty),* }) => {
        mirrors! {
            crate::db::$room::$document => super::wit::$view::$document { id, $($field,)* created_at, updated_at }
            super::wit::$edit::$input => crate::db::$room::$input { $($field),* }
        }
        pages! { crate::db::$room::$document => super::wit::$view::$filters; }

        host_calls! {
            $view $view_scope {
                get(id: String) -> super::wit::$view::$document = |permit, draft| permit.get(draft, &id).await;
                search($($by: $by_ty,)* page: types::Page) -> super::wit::$view::$filters = |permit, draft| {
                    let types::Page { limit, cursor } = page;
                    permit.search(draft, &crate::db::$room::$filters { $($by,)* limit, cursor }).await
                };
            }
            $edit $edit_scope {
                create(input: super::wit::$edit::$input) -> String =
                    |permit, draft| permit.create(draft, input.into()).await;
                update(id: String, input: super::wit::$edit::$input) -> () =
                    |permit, draft| permit.update(draft, &id, input.into()).await;
                delete(id: String) -> () = |permit, draft| permit.delete(draft, &id).await;
            }
        }
    };
}

simple_documents!(simple_calls);
