//! Who works in the demo store, and how its owner gets into the browser.

use super::store::Store;
use crate::authn::recovery::{self, RecoveryCode};
use crate::authn::totp::TotpSecret;
use crate::authn::{Keys, password};
use crate::authz::scope::kind::StaffManage;
use crate::db::accounts::NewAccount;
use crate::db::roles::Role;
use crate::db::staff::NewStaff;
use crate::db::{self, Db, Secret};

/// The people beside the owner, each with the role of that id.
const STAFF: &[(&str, &str)] =
    &[("Jonas Weber", "fulfilment-agent"), ("Amélie Roux", "marketing-manager"), ("Samira Haddad", "accountant")];

/// The address of the demo's owner.
pub(crate) const OWNER: &str = "mara@fern-and-fjord.example";

/// How long the link into the browser is good, in milliseconds.
const LINK_MS: i64 = 24 * 3_600_000;

/// How the owner gets in.
pub(crate) struct Way {
    /// What a one-time link holds.
    pub(crate) link: Secret,
    /// The password, which acts of weight ask for.
    pub(crate) password: String,
    /// A code in place of the second factor, once: to change how the owner signs in.
    pub(crate) code: String,
}

/// Adds the staff, and makes the owner's account with a way into it.
pub(crate) async fn add(db: &Db, store: &Store, keys: &Keys) -> db::Result<Way> {
    for (name, role) in STAFF {
        let scopes = Role::find(role).map(Role::scopes).unwrap_or_default();
        let manage = store.owner.permit::<StaffManage>()?;
        manage.add_without_token(db, &store.owner, NewStaff { name: (*name).to_owned(), scopes }).await?;
    }
    let failed = |e: &dyn std::fmt::Display| db::Error::Corrupt(format!("no account could be made: {e}"));
    let secret = TotpSecret::random().map_err(|e| failed(&e))?;
    // Drawn anew for each demo: it is printed, and good for this store alone.
    let password = secret.base32().get(..20).unwrap_or_default().to_lowercase();
    let hashed = password::hash(keys, &password).map_err(|e| failed(&e))?;
    let new = NewAccount::new(OWNER, "Mara Lindgren", hashed, keys.fingerprint())?;
    // Sealed for nobody who could open it: the link signs in, the password is what acts of weight ask for, and the code is
    // there for whoever sets up a second factor of their own.
    let sealed =
        TotpSecret::random().and_then(|secret| secret.seal(keys, OWNER).map_err(|_| crate::authn::NoRandomness));
    let owner = store.owner.as_staff().ok_or_else(|| failed(&"the owner is no person"))?;
    let code = RecoveryCode::random().map_err(|e| failed(&e))?;
    let factor = (sealed.map_err(|e| failed(&e))?, recovery::hash(code.text()).into_iter().collect());
    let account = db.account_on_host((store.id, owner), new, factor).await?;
    Ok(Way { link: db.sign_in_link(account, LINK_MS).await?, password, code: code.text().to_owned() })
}
