//! A person's own tokens, with which machines act for them: never wider than they are.

use super::{Tab, Which, tabs};
use crate::authz::scope::kind::TokensManage;
use crate::authz::{Permit, Principal, Scope, ScopeSet};
use crate::db::tokens::{NewToken, Token};
use crate::db::{self, Db};
use crate::http::Problem;
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::apps::field;
use crate::http::pages::frame::Frame;
use crate::http::pages::fresh::{USUAL, days, fresh, lives};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::text::Said;
use askama::Template;

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    tokens: Vec<Token>,
    lives: Vec<(String, String)>,
    name: String,
    days: String,
    /// Whether it is to hold only what is ticked.
    limited: bool,
    groups: Vec<Group>,
    wrong: Wrong,
}

/// One of the groups of permissions, with those that whoever looks holds, and whether each is ticked.
struct Group {
    name: &'static str,
    rows: Vec<(Scope, bool)>,
}

/// The field that says whether a token holds only what is ticked.
const LIMITED: &str = "limited";

fn groups(held: ScopeSet, ticked: ScopeSet) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for scope in held.iter() {
        let row = (scope, ticked.contains(scope));
        match groups.iter_mut().find(|group| group.name == scope.group()) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name: scope.group(), rows: vec![row] }),
        }
    }
    groups
}

fn ticked(fields: &[(String, String)]) -> Result<ScopeSet, Problem> {
    let unknown = |value: &str| Problem::invalid(format!("there is no permission `{value}`; open the page again"));
    let named = fields.iter().filter(|(name, _)| name == "scope");
    named.map(|(_, value)| value.parse::<Scope>().map_err(|_| unknown(value))).collect()
}

async fn shown(
    frame: Frame,
    tokens: &Permit<TokensManage>,
    who: &Principal,
    db: &Db,
    (fields, wrong): (&[(String, String)], Said),
) -> Shown {
    let chosen = field(fields, "days");
    show(&Page {
        tabs: tabs(&frame, who, "tokens"),
        tokens: tokens.list(db).await?,
        lives: lives(&frame),
        name: field(fields, "name").to_owned(),
        days: if chosen.is_empty() { USUAL } else { chosen }.to_owned(),
        limited: !field(fields, LIMITED).is_empty(),
        groups: groups(who.held(), ticked(fields)?),
        wrong: Wrong::new(frame.words, &wrong),
        frame,
    })
}

/// Their tokens, and the form of another one.
pub(super) async fn page(frame: Frame, tokens: Permit<TokensManage>, who: Principal, db: Db) -> Shown {
    shown(frame, &tokens, &who, &db, (&[], Said::default())).await
}

/// Makes one, and shows it.
pub(super) async fn create(
    frame: Frame,
    tokens: Permit<TokensManage>,
    who: Principal,
    db: Db,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let name = field(&fields, "name").trim().to_owned();
    let limited = !field(&fields, LIMITED).is_empty();
    let scopes = limited.then(|| ticked(&fields)).transpose()?;
    if scopes.is_some_and(ScopeSet::is_empty) {
        let wrong = frame.t("tokens-nothing-ticked").to_string().into();
        return shown(frame, &tokens, &who, &db, (&fields, wrong)).await;
    }
    let new = NewToken { name: name.clone(), scopes, days: days(field(&fields, "days"))? };
    match tokens.create(&db, &who, new, None).await {
        Ok(token) => {
            let back = frame.page("settings/tokens");
            fresh(frame, &name, token, back)
        }
        Err(db::Error::Invalid(wrong)) => shown(frame, &tokens, &who, &db, (&fields, wrong)).await,
        Err(e) => Err(e.into()),
    }
}

/// Ends one.
pub(super) async fn revoke(frame: Frame, tokens: Permit<TokensManage>, db: Db, Form(which): Form<Which>) -> Shown {
    tokens.revoke(&db, which.id()?).await?;
    Ok(see(&frame.page("settings/tokens")))
}
