//! Looks at personal data by people: each is noted in the audit log. On a page, before anything of it is shown; with a
//! token, soon after it was read, and once an hour for each record. So is who has a whole list written out: of a store in that
//! store's log, of the host in the host's own.
//!
//! INVARIANT: what `look` and `look_for` return was noted under the name of whoever looks, in a transaction that checked
//! anew that they may. What `noticed` is told of holds nobody up, and cannot fail.

use super::tokens::Operator;
use super::{audit, authority};
use crate::authz::scope::kind::{CustomersPii, OrdersPii};
use crate::authz::{Actor, Basis, Credential, Grants, Permit, Principal};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;
use crate::db::house::evidence::{self, Chain, Entry};
use crate::db::shop::sales::orders::{Contact, OrderContact};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How long one look of a token at one record stands for those that follow, in milliseconds.
const STANDS_MS: i64 = 3_600_000;
/// So many looks with tokens are remembered at most. Whoever reads controls how many there are; over that all of them are
/// forgotten, and one may be noted twice within its hour.
const MAX_REMEMBERED: usize = 20_000;
/// So many looks in one log wait to be noted at most; what comes beyond is counted, and noted as one.
const MAX_WAITING: usize = 1_000;
/// So many looks in one log are noted at once.
const AT_ONCE: usize = 100;

const ORDERS: &str = "orders.see_contact";
const CUSTOMERS: &str = "customers.see_contact";
const EXPORT: &str = "exports.take";

/// A look that is noted.
#[derive(Debug)]
struct Look {
    /// In whose log it is noted.
    chain: Chain,
    actor: Actor,
    basis: Basis,
    act: &'static str,
    subject: String,
    detail: Value,
}

impl Look {
    fn of<S: Grants>(permit: &Permit<S>, act: &'static str, subject: String, detail: Value) -> Look {
        let chain = Chain::Store(permit.store());
        Look { chain, actor: permit.actor(), basis: permit.basis(), act, subject, detail }
    }

    fn entry(&self) -> Result<Entry> {
        Ok(audit::entry(self.actor, self.act, &self.subject, &self.detail)?.1)
    }

    fn note(self, db: &Db) -> BoxFuture<'_, Result<()>> {
        Box::pin(db.write_with(rows_of(self.chain), self, |conn, look| {
            Box::pin(async move {
                authority::fence(conn, look.basis).await?;
                evidence::append(conn, look.chain, vec![look.entry()?]).await
            })
        }))
    }
}

fn rows_of(chain: Chain) -> RowsOf {
    match chain {
        Chain::Host => RowsOf::All,
        Chain::Store(store) => RowsOf::Store(store),
    }
}

/// Looks with tokens: which stand for those that follow, and which are still to be noted.
#[derive(Debug, Default)]
pub(in crate::db) struct Noticed(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    since: HashMap<(Credential, &'static str, String), i64>,
    waiting: HashMap<Chain, Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    looks: VecDeque<Look>,
    /// How many there was no room for, by whose token and at what.
    beyond: HashMap<(Actor, Credential, &'static str), u64>,
}

impl Noticed {
    /// Says that a person looked with a token, or the operator did. Apps say so in the record of their runs.
    fn add(&self, look: Look, now: i64) {
        let is_person = matches!(look.actor, Actor::Staff(_) | Actor::Operator(_) | Actor::Account(_));
        let Some(credential) = look.basis.credential.filter(|_| is_person) else { return };
        let mut state = self.0.lock();
        if state.since.len() >= MAX_REMEMBERED {
            state.since.retain(|_, at| now - *at < STANDS_MS);
        }
        if state.since.len() >= MAX_REMEMBERED {
            state.since.clear();
        }
        let before = state.since.get(&(credential, look.act, look.subject.clone()));
        if before.is_some_and(|at| now - at < STANDS_MS) {
            return;
        }
        state.since.insert((credential, look.act, look.subject.clone()), now);
        let waiting = state.waiting.entry(look.chain).or_default();
        match waiting.looks.len() < MAX_WAITING {
            true => waiting.looks.push_back(look),
            false => *waiting.beyond.entry((look.actor, credential, look.act)).or_default() += 1,
        }
    }

    /// Of each log, those that are noted next.
    fn take(&self) -> Vec<(Chain, Vec<Look>)> {
        let mut state = self.0.lock();
        let mut taken = Vec::new();
        for (chain, waiting) in &mut state.waiting {
            let few = waiting.looks.len().min(AT_ONCE);
            let mut looks: Vec<Look> = waiting.looks.drain(..few).collect();
            if waiting.looks.is_empty() {
                looks.extend(waiting.beyond.drain().map(|((actor, credential, act), more)| Look {
                    chain: *chain,
                    actor,
                    basis: Basis::of(credential),
                    act,
                    subject: chain.to_string(),
                    detail: json!({ "token": credential.token(), "more": more }),
                }));
            }
            taken.push((*chain, looks));
        }
        state.waiting.retain(|_, waiting| !waiting.looks.is_empty() || !waiting.beyond.is_empty());
        taken.retain(|(_, looks)| !looks.is_empty());
        taken
    }
}

impl Noticed {
    /// Has looks that could not be noted wait once more, before those that came since.
    fn put_back(&self, chain: Chain, looks: Arc<Vec<Look>>) {
        // If the write is not quite gone, it may be noted still.
        let Some(looks) = Arc::into_inner(looks) else { return };
        let mut state = self.0.lock();
        let waiting = &mut state.waiting.entry(chain).or_default().looks;
        looks.into_iter().rev().for_each(|look| waiting.push_front(look));
    }
}

impl Db {
    /// Notes the looks with tokens that wait for it: in each log a hundred at most. How many there were.
    pub async fn note_looks(&self) -> Result<u64> {
        let (mut noted, mut failed) = (0, None);
        for (chain, looks) in self.memory().noticed.take() {
            let looks = Arc::new(looks);
            let write = self.write_with(rows_of(chain), (chain, Arc::clone(&looks)), |conn, (chain, looks)| {
                Box::pin(async move {
                    // Of one log each, numbered in one go.
                    let entries = looks.iter().map(Look::entry).collect::<Result<Vec<_>>>()?;
                    evidence::append(conn, *chain, entries).await
                })
            });
            match write.await {
                Ok(()) => noted += looks.len() as u64,
                // The others of this turn are noted nonetheless, and these with the next.
                Err(error) => {
                    self.memory().noticed.put_back(chain, looks);
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(noted), Err)
    }
}

impl Db {
    /// Says that a person has a whole list of a store written out, as a file of this kind: noted soon after, and once an
    /// hour for each token or session and list.
    pub fn notice_export(&self, who: &Principal, list: &str, format: &str) {
        let Some(credential) = who.credential() else { return };
        let detail = json!({ "format": format, "token": credential.token() });
        let (chain, actor, basis) = (Chain::Store(who.store()), who.actor(), Basis::of(credential));
        let look = Look { chain, actor, basis, act: EXPORT, subject: list.to_owned(), detail };
        self.memory().noticed.add(look, now_ms());
    }

    /// The same of the operator and a list over all stores, noted in the host's own log.
    pub fn notice_host_export(&self, who: &Operator, list: &str, format: &str) {
        let detail = json!({ "format": format, "token": who.basis().credential.and_then(Credential::token) });
        let (chain, actor, basis) = (Chain::Host, who.actor(), who.basis());
        let look = Look { chain, actor, basis, act: EXPORT, subject: list.to_owned(), detail };
        self.memory().noticed.add(look, now_ms());
    }
}

impl Permit<OrdersPii> {
    /// The personal data of an order, for a person who asks to see it.
    pub async fn look(&self, db: &Db, draft: &mut Draft, order: &str) -> Result<OrderContact> {
        let found = self.contact(draft, order).await?;
        Look::of(self, ORDERS, order.to_owned(), json!({})).note(db).await?;
        Ok(found)
    }

    /// The personal data of an order, for a program of a person: that it was read is noted soon after.
    pub async fn noticed(&self, db: &Db, draft: &mut Draft, order: &str) -> Result<OrderContact> {
        let found = self.contact(draft, order).await?;
        let detail = json!({ "token": self.basis().credential.and_then(Credential::token) });
        db.memory().noticed.add(Look::of(self, ORDERS, order.to_owned(), detail), now_ms());
        Ok(found)
    }
}

impl Permit<CustomersPii> {
    /// The personal data of a customer, for a person who asks to see it.
    pub async fn look(&self, db: &Db, draft: &mut Draft, customer: &str) -> Result<Contact> {
        let found = self.contact(draft, customer).await?;
        Look::of(self, CUSTOMERS, customer.to_owned(), json!({})).note(db).await?;
        Ok(found)
    }

    /// The personal data of a customer, for a program of a person: that it was read is noted soon after.
    pub async fn noticed(&self, db: &Db, draft: &mut Draft, customer: &str) -> Result<Contact> {
        let found = self.contact(draft, customer).await?;
        let detail = json!({ "token": self.basis().credential.and_then(Credential::token) });
        db.memory().noticed.add(Look::of(self, CUSTOMERS, customer.to_owned(), detail), now_ms());
        Ok(found)
    }

    /// Customers whose name or e-mail address contains these words, for a person who looks for somebody. Who was found is
    /// noted, and what was typed is not: it is personal data itself.
    pub async fn look_for(&self, db: &Db, draft: &mut Draft, words: &str) -> Result<Vec<(String, Contact)>> {
        let found = self.named(draft, words).await?;
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let store = self.store().to_string();
        Look::of(self, "customers.find", store, json!({ "found": ids })).note(db).await?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{StaffId, StoreId, TokenId};

    fn look(store: StoreId, token: TokenId, subject: &str) -> Look {
        let person: StaffId = format!("stf_{}", "0".repeat(32)).parse().unwrap();
        let (actor, basis) = (Actor::Staff(person), Basis::of(token));
        Look {
            chain: Chain::Store(store),
            actor,
            basis,
            act: CUSTOMERS,
            subject: subject.to_owned(),
            detail: json!({}),
        }
    }

    fn taken(noticed: &Noticed) -> usize {
        noticed.take().iter().map(|(_, looks)| looks.len()).sum()
    }

    #[test]
    fn a_token_that_looks_at_one_record_again_and_again_is_noted_once_an_hour() {
        let (noticed, store, token) = (Noticed::default(), StoreId::new(), TokenId::new());
        for at in [0, 1, STANDS_MS - 1] {
            noticed.add(look(store, token, "cus_1"), at);
        }
        assert_eq!(taken(&noticed), 1);
        noticed.add(look(store, token, "cus_2"), STANDS_MS - 1);
        noticed.add(look(store, TokenId::new(), "cus_1"), STANDS_MS - 1);
        noticed.add(look(store, token, "cus_1"), STANDS_MS);
        assert_eq!((taken(&noticed), taken(&noticed)), (3, 0));
    }

    #[test]
    fn a_store_that_is_read_through_waits_for_itself_alone_and_the_rest_is_counted() {
        let (noticed, store, token) = (Noticed::default(), StoreId::new(), TokenId::new());
        for n in 0..MAX_WAITING + 7 {
            noticed.add(look(store, token, &format!("cus_{n}")), 0);
        }
        noticed.add(look(StoreId::new(), TokenId::new(), "cus_1"), 0);
        assert_eq!(taken(&noticed), AT_ONCE + 1);
        let rest: Vec<Look> = std::iter::repeat_with(|| noticed.take())
            .take_while(|taken| !taken.is_empty())
            .flatten()
            .flat_map(|(_, looks)| looks)
            .collect();
        assert_eq!(rest.len(), MAX_WAITING - AT_ONCE + 1);
        assert_eq!(rest.last().map(|last| &last.detail["more"]), Some(&json!(7)));
    }

    #[test]
    fn what_the_operator_has_written_out_waits_for_the_hosts_own_log() {
        let (noticed, operator) = (Noticed::default(), TokenId::new());
        let (actor, basis, act) = (Actor::Operator(operator), Basis::of(operator), EXPORT);
        for list in ["audit", "audit", "invocations"] {
            let look = Look { chain: Chain::Host, actor, basis, act, subject: list.to_owned(), detail: json!({}) };
            noticed.add(look, 0);
        }
        let taken = noticed.take();
        assert!(matches!(taken.as_slice(), [(Chain::Host, looks)] if looks.len() == 2), "{taken:?}");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (noticed, token) = (Noticed::default(), TokenId::new());
        for n in 0..MAX_REMEMBERED + 5 {
            noticed.add(look(StoreId::new(), token, &n.to_string()), 0);
        }
        assert!(noticed.0.lock().since.len() <= MAX_REMEMBERED);
    }
}
