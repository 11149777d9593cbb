//! How a change of store data is committed and answered: what was done, and the record as it is now for those who may see
//! it. Holding `orders:refund` does not show the order.

use crate::authz::scope::kind::{CartsView, CustomersView, GiftcardsView, LocationsView, OrdersView, ProductsView};
use crate::authz::{ChangeSetId, Permit};
use crate::db::carts::Cart;
use crate::db::customers::Customer;
use crate::db::giftcards::GiftCard;
use crate::db::locations::Location;
use crate::db::orders::Order;
use crate::db::products::Product;
use crate::db::{self, Completion, Draft, Made, Reads, Replay, ViewOf};
use crate::http::{Answer, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What a change left behind.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changed<T> {
    /// The record's id.
    pub(super) id: String,
    /// The id of the part of it that was made: a fulfilment's, a refund's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<String>,
    /// The change set in the journal; none if everything was so already.
    #[schema(value_type = Option<String>)]
    pub(super) change_set: Option<ChangeSetId>,
    /// The record as it is now, if the token also allows to see it.
    pub(super) record: Option<T>,
}

/// What a change left behind that shows no record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Acknowledged {
    /// The record's id.
    pub(super) id: String,
    /// The change set in the journal; none if everything was so already.
    #[schema(value_type = Option<String>)]
    pub(super) change_set: Option<ChangeSetId>,
}

/// A permit that shows one record by its id.
pub(super) trait Shows {
    /// What it shows.
    type Record: Serialize + Send;
    /// The record as the draft sees it.
    fn show(&self, draft: &mut Draft, id: &str) -> impl Future<Output = db::Result<Self::Record>> + Send;
}

macro_rules! shows {
    ($($scope:ident: $record:ty,)*) => {$(
        impl Shows for Permit<$scope> {
            type Record = $record;
            async fn show(&self, draft: &mut Draft, id: &str) -> db::Result<$record> {
                self.get(draft, id).await
            }
        }
    )*};
}

shows! {
    OrdersView: Order,
    CartsView: Cart,
    CustomersView: Customer,
    ProductsView: Product,
    GiftcardsView: GiftCard,
    LocationsView: Location,
}

impl<S: ViewOf + Reads<S::Document>> Shows for Permit<S> {
    type Record = S::Document;
    async fn show(&self, draft: &mut Draft, id: &str) -> db::Result<S::Document> {
        self.get(draft, id).await
    }
}

/// Commits a draft that changed the record `id`, and shows it to whoever holds the permit to see it.
pub(super) async fn commit<V: Shows>(draft: Draft, id: String, view: Option<V>) -> Answer<Changed<V::Record>> {
    commit_part(draft, id, None, view).await
}

/// [`commit`], where a part of the record was made.
pub(super) async fn commit_part<V: Shows>(
    mut draft: Draft,
    id: String,
    part: Option<String>,
    view: Option<V>,
) -> Answer<Changed<V::Record>> {
    draft.makes(Made { id: id.clone(), part: part.clone(), replay: Replay::Ids });
    let mut after = draft.again();
    let change_set = draft.commit(Completion::default()).await?.change_set;
    let record = match view {
        None => None,
        Some(view) => match view.show(&mut after, &id).await {
            Ok(record) => Some(record),
            // Somebody deleted it in this very moment.
            Err(db::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        },
    };
    Ok(Json(Changed { id, part, change_set, record }))
}

/// Commits a draft that changed the record `id`, and shows nothing of it.
pub(super) async fn acknowledge(mut draft: Draft, id: String) -> Result<Json<Acknowledged>, Problem> {
    draft.makes(Made { id: id.clone(), part: None, replay: Replay::Ids });
    let change_set = draft.commit(Completion::default()).await?.change_set;
    Ok(Json(Acknowledged { id, change_set }))
}
