//! The demo's store and the two who act in it: its owner and its shop's front. They do everything as anybody else
//! would, through tokens and the permits these are good for.

use super::made_up::CURRENCY;
use super::{Failure, failed};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Denied, Grants, Permit, Principal, StoreId};
use crate::db::history::Personal;
use crate::db::stores::NewStore;
use crate::db::{Cause, Db, Draft, Identity};
use crate::http;

/// What the shop is called.
pub(super) const NAME: &str = "Fern & Fjord";

/// A store with its people.
pub(super) struct Store {
    pub(super) id: StoreId,
    pub(super) owner: Principal,
    front: Principal,
    /// The text of the owner's token, for whoever looks around.
    pub(super) owner_token: String,
}

impl Store {
    /// Sets a new host up, as the first start does.
    pub(super) async fn open(db: &Db) -> Result<Store, Failure> {
        let Some(setup) = db.setup_token().await.map_err(failed)? else {
            return Err(Failure::failed("there is a store in this folder already").help(
                "name a folder that is empty or not there yet; `storehand serve --data-dir FOLDER` shows the old one",
            ));
        };
        let Some(Identity::Setup(setup)) = db.authenticate(setup.expose()).await.map_err(failed)? else {
            return Err(Failure::failed("the setup token that was just made is not valid"));
        };
        let new = NewStore {
            name: NAME.to_owned(),
            currency: CURRENCY.code().to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            country: "DE".to_owned(),
            low_stock: 5,
            owner: "Mara Lindgren".to_owned(),
        };
        let made = setup.start(db, new).await.map_err(failed)?.made;
        let owner_token = made.owner_token.token.expose().to_owned();
        let owner = principal(db, &owner_token).await?;
        let manage = owner.permit::<StaffManage>().map_err(failed)?;
        let front = manage.create_storefront_token(db, "the demo's buyers", None).await.map_err(failed)?;
        let front = principal(db, front.token.expose()).await?;
        Ok(Store { id: made.store, owner, front, owner_token })
    }

    /// An act of the owner.
    pub(super) fn owner<S: Grants>(&self) -> Result<Permit<S>, Denied> {
        self.owner.permit()
    }

    /// What of personal data the owner may see.
    pub(super) fn personal(&self) -> Personal {
        Personal { orders: self.owner.permit().ok(), customers: self.owner.permit().ok() }
    }

    /// An act of the shop's front.
    pub(super) fn front<S: Grants>(&self) -> Result<Permit<S>, Denied> {
        self.front.permit()
    }

    /// An empty draft.
    pub(super) fn draft(&self, db: &Db) -> Draft {
        Draft::new(db, self.id, Cause::PERSON)
    }
}

async fn principal(db: &Db, token: &str) -> Result<Principal, Failure> {
    let found = http::principal(db, token).await.map_err(failed)?;
    found.ok_or_else(|| Failure::failed("a token that was just made is not valid"))
}
