//! The routes of simple documents, made from their table.

use crate::db::simple_documents;
use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

/// The routes that list, create, see, change and delete a simple document.
macro_rules! simple_routes {
    ($(
        $resource:ident $one:literal $several:literal, $created:literal $deleted:literal, at $all:literal, $each:literal:
        $document:ident, $input:ident { $($field:ident),* }, $filters:ident { $($by:ident: $by_ty:ty),* }, $calls:tt;
    )*) => {
        $(mod $resource {
            use crate::authz::Permit;
            use crate::db::$resource::{$document, $filters, $input};
            use crate::db::{Draft, Items, Simple};
            use crate::http::api::changed::{Changed, Acknowledged, commit, acknowledge};
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
                summary = concat!("Get a ", $one), responses((status = 200, body = $document)))]
            pub(super) async fn get(view: Permit<View>, mut draft: Draft, At(id): At) -> Answer<$document> {
                Ok(Json(view.get(&mut draft, &id).await?))
            }

            #[utoipa::path(post, path = $all, tag = stringify!($resource),
                summary = concat!("Create a ", $one), description = $created, responses((status = 200, body = Changed<$document>)))]
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
                summary = concat!("Delete a ", $one), description = $deleted, responses((status = 200, body = Acknowledged)))]
            pub(super) async fn delete(delete: Permit<Delete>, mut draft: Draft, At(id): At) -> Answer<Acknowledged> {
                delete.delete(&mut draft, &id).await?;
                acknowledge(draft, id).await
            }
        })*

        pub(super) fn routes() -> OpenApiRouter<State> {
            OpenApiRouter::default()
                $(.routes(routes!($resource::list, $resource::create))
                .routes(routes!($resource::get, $resource::update, $resource::delete)))*
        }
    };
}

simple_documents!(simple_routes);
