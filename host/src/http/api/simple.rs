//! The routes of simple documents, three lines for each.

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

/// The routes that list, create, see, change and delete a simple document.
macro_rules! simple_routes {
    ($($resource:ident, $one:literal $several:literal, at $all:literal, $each:literal:
        $document:ident, $input:ident, $filters:ident;)*) => {
        $(mod $resource {
            use crate::authz::Permit;
            use crate::db::$resource::{$document, $filters, $input};
            use crate::db::{Draft, Items, Simple};
            use crate::http::api::changed::{Changed, Kept, commit, keep};
            use crate::http::{Answer, At, Json, Query};

            type View = <$document as Simple>::View;
            type Edit = <$document as Simple>::Edit;
            type Delete = <$document as Simple>::Delete;

            #[utoipa::path(get, path = $all, tag = stringify!($resource),
                summary = concat!("List ", $several), description = "Oldest first.",
                params($filters), responses((status = 200, body = Items<$document>)))]
            pub(super) async fn list(
                view: Permit<View>,
                mut draft: Draft,
                Query(filters): Query<$filters>,
            ) -> Answer<Items<$document>> {
                Ok(Json(view.search(&mut draft, &filters).await?))
            }

            #[utoipa::path(get, path = $each, tag = stringify!($resource),
                summary = concat!("See one ", $one), responses((status = 200, body = $document)))]
            pub(super) async fn get(view: Permit<View>, mut draft: Draft, At(id): At) -> Answer<$document> {
                Ok(Json(view.get(&mut draft, &id).await?))
            }

            #[utoipa::path(post, path = $all, tag = stringify!($resource),
                summary = concat!("Create a ", $one), responses((status = 200, body = Changed<$document>)))]
            pub(super) async fn create(
                edit: Permit<Edit>,
                view: Option<Permit<View>>,
                mut draft: Draft,
                Json(input): Json<$input>,
            ) -> Answer<Changed<$document>> {
                let id = edit.create(&mut draft, input).await?;
                commit(draft, id, view).await
            }

            #[utoipa::path(put, path = $each, tag = stringify!($resource),
                summary = concat!("Change a ", $one), description = "Replaces all that can be chosen.",
                responses((status = 200, body = Changed<$document>)))]
            pub(super) async fn update(
                edit: Permit<Edit>,
                view: Option<Permit<View>>,
                mut draft: Draft,
                At(id): At,
                Json(input): Json<$input>,
            ) -> Answer<Changed<$document>> {
                edit.update(&mut draft, &id, input).await?;
                commit(draft, id, view).await
            }

            #[utoipa::path(delete, path = $each, tag = stringify!($resource),
                summary = concat!("Delete a ", $one), responses((status = 200, body = Kept)))]
            pub(super) async fn delete(delete: Permit<Delete>, mut draft: Draft, At(id): At) -> Answer<Kept> {
                delete.delete(&mut draft, &id).await?;
                keep(draft, id).await
            }
        })*

        pub(super) fn routes() -> OpenApiRouter<State> {
            OpenApiRouter::default()
                $(.routes(routes!($resource::list, $resource::create))
                .routes(routes!($resource::get, $resource::update, $resource::delete)))*
        }
    };
}

simple_routes! {
    categories, "category" "categories",
        at "/stores/{store}/categories", "/stores/{store}/categories/{category}":
        Category, CategoryInput, Categories;
    discounts, "discount" "discounts",
        at "/stores/{store}/discounts", "/stores/{store}/discounts/{discount}":
        Discount, DiscountInput, Discounts;
    pages, "page" "pages",
        at "/stores/{store}/pages", "/stores/{store}/pages/{page}":
        WebPage, WebPageInput, WebPages;
    taxes, "tax rate" "tax rates",
        at "/stores/{store}/taxes", "/stores/{store}/taxes/{taxrate}":
        TaxRate, TaxRateInput, TaxRates;
}
