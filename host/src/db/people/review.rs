//! Grants that outlived the power of whoever gave them: somebody should look at them anew.
//!
//! INVARIANT: a grant stays what it is until somebody decides; that it should be decided on is noted in the transaction
//! in which its giver lost what they gave.

use crate::authz::{Scope, ScopeSet, StaffId, StoreId};
use crate::db::engine::conn::{Conn, args};
use crate::db::error::Result;
use crate::db::time::now_ms;

/// Notes which grants of a person somebody should look at anew, now that they hold `held`, and takes the note from those
/// they could give again. Says which scopes were noted now.
pub(super) async fn of_giver(conn: &mut Conn, store: StoreId, giver: StaffId, held: ScopeSet) -> Result<ScopeSet> {
    const NOTE: &str = "UPDATE grants SET review_at = $4 WHERE granted_by = $1 AND scope = $3 AND review_at IS NULL \
        AND installation IN (SELECT id FROM installations WHERE store = $2)";
    const CLEAR: &str = "UPDATE grants SET review_at = NULL WHERE granted_by = $1 AND scope = $3 \
        AND review_at IS NOT NULL AND installation IN (SELECT id FROM installations WHERE store = $2)";
    const GIVEN: &str = "SELECT DISTINCT g.scope FROM grants g JOIN installations i ON i.id = g.installation \
        WHERE g.granted_by = $1 AND i.store = $2 ORDER BY g.scope";
    let can_give = if held.contains(Scope::AppsInstall) { held } else { ScopeSet::EMPTY };
    let (store, giver, now) = (store.to_string(), giver.to_string(), now_ms());
    let mut noted = ScopeSet::EMPTY;
    for name in conn.rows(GIVEN, args![&giver, &store], |r| r.text(0)).await? {
        let Ok(scope) = name.parse::<Scope>() else { continue };
        if can_give.contains(scope) {
            conn.exec(CLEAR, args![&giver, &store, &name]).await?;
        } else if conn.exec(NOTE, args![&giver, &store, &name, now]).await? > 0 {
            noted = noted.with(scope);
        }
    }
    Ok(noted)
}
