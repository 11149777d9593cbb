//! The host calls of simple documents, a few lines for each.

use super::wit::types;

/// The calls `get`, `search`, `create`, `update` and `delete` of a simple document of the host's room `db`.
macro_rules! simple_calls {
    ($($room:ident:
        $view:ident $view_scope:ident $document:ident $page:ident by $($by:ident: $by_ty:ty),*;
        $edit:ident $edit_scope:ident $input:ident { $($field:ident),* };
    )*) => {$(
        mirrors! {
            crate::db::$room::$document => super::wit::$view::$document { id, $($field,)* created_at, updated_at }
            super::wit::$edit::$input => crate::db::$room::$input { $($field),* }
        }
        pages! { crate::db::$room::$document => super::wit::$view::$page; }

        host_calls! {
            $view $view_scope {
                get(id: String) -> super::wit::$view::$document = |permit, draft| permit.get(draft, &id).await;
                search($($by: $by_ty,)* page: types::Page) -> super::wit::$view::$page = |permit, draft| {
                    let types::Page { limit, cursor } = page;
                    permit.search(draft, &crate::db::$room::$page { $($by,)* limit, cursor }).await
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
    )*};
}

simple_calls! {
    pages:
        pages_view PagesView WebPage WebPages by published: Option<bool>;
        pages_edit PagesEdit WebPageInput { path, title, body, published };
    taxes:
        taxes_view TaxesView TaxRate TaxRates by zone: Option<String>;
        taxes_edit TaxesEdit TaxRateInput { zone, class, name, rate };
}
