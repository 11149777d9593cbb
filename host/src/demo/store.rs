//! The demo's store and the two who act in it: its owner and its shop's front. They do everything as anybody else
//! would, through tokens and the permits these are good for.

use super::made_up::CURRENCY;
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Denied, Grants, Permit, Principal, StoreId};
use crate::db::breaker::BreakerChange;
use crate::db::history::Personal;
use crate::db::stores::{FirstStart, NewStore};
use crate::db::{self, Cause, Db, Draft, Identity};
use crate::http;

/// What the shop is called.
pub(crate) const NAME: &str = "Fern & Fjord";

/// So many seconds the circuit breaker pauses an app at first.
const COOLDOWN: i64 = 60;

/// A store with its people.
pub(crate) struct Store {
    pub(crate) id: StoreId,
    pub(crate) owner: Principal,
    front: Principal,
    /// The text of the owner's token, for whoever looks around.
    pub(crate) owner_token: String,
}

impl Store {
    /// Sets a new host up, as the first start does. None, if it has a store already.
    pub(crate) async fn open(db: &Db) -> db::Result<Option<Store>> {
        let Some(setup) = db.setup_token().await? else { return Ok(None) };
        let Some(Identity::Setup(setup)) = db.authenticate(setup.expose()).await? else {
            return Err(db::Error::Corrupt("the setup token that was just made is not valid".to_owned()));
        };
        let new = NewStore {
            name: NAME.to_owned(),
            currency: CURRENCY.code().to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            country: "DE".to_owned(),
            low_stock: 5,
            owner: "Mara Lindgren".to_owned(),
        };
        let FirstStart { made, operator_token } = setup.start(db, new).await?;
        if let Some(Identity::Operator(operator)) = db.authenticate(operator_token.token.expose()).await? {
            // Whoever watches a demo does not wait five minutes to see an app let back.
            let soon = BreakerChange { cooldown: Some(COOLDOWN), ..BreakerChange::default() };
            operator.set_breaker(db, soon).await?;
        }
        let owner_token = made.owner_token.token.expose().to_owned();
        let owner = principal(db, &owner_token).await?;
        let manage = owner.permit::<StaffManage>()?;
        let front = manage.create_storefront_token(db, "the demo's buyers", None).await?;
        let front = principal(db, front.token.expose()).await?;
        Ok(Some(Store { id: made.store, owner, front, owner_token }))
    }

    /// An act of the owner.
    pub(crate) fn owner<S: Grants>(&self) -> Result<Permit<S>, Denied> {
        self.owner.permit()
    }

    /// What of personal data the owner may see.
    pub(crate) fn personal(&self) -> Personal {
        Personal { orders: self.owner.permit().ok(), customers: self.owner.permit().ok() }
    }

    /// An act of the shop's front.
    pub(crate) fn front<S: Grants>(&self) -> Result<Permit<S>, Denied> {
        self.front.permit()
    }

    /// An empty draft.
    pub(crate) fn draft(&self, db: &Db) -> Draft {
        Draft::new(db, self.id, Cause::PERSON)
    }
}

async fn principal(db: &Db, token: &str) -> db::Result<Principal> {
    let found = http::principal(db, token).await?;
    found.ok_or_else(|| db::Error::Corrupt("a token that was just made is not valid".to_owned()))
}
