//! Who is at work on the store's data, and what becomes of a form: it is carried out and leads on, or its page comes back
//! with it.

use super::act::Tried;
use super::asked::Asked;
use crate::authz::{Grants, Permit, Principal};
use crate::db::{self, Completion, Db, Draft, Once};
use crate::http::error::Again;
use crate::http::extract::Reading;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::store::tabs::{Tab, tabs};
use crate::http::pages::wrong::Wrong;
use crate::http::{Problem, State};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

/// The field with the key of a form, and how long a key may be: whoever sends it controls it.
const ONCE: &str = "_once";
const MAX_KEY: usize = 64;
/// What an address says of a change that made no difference.
const SAME: &str = "same";

/// Who is at work, and what with. Take it as a handler's first argument.
pub(in crate::http::pages::store) struct Desk {
    pub(in crate::http::pages::store) frame: Frame,
    pub(in crate::http::pages::store) db: Db,
    /// What is read through, and what a form changes.
    pub(in crate::http::pages::store) draft: Draft,
    pub(super) tabs: Vec<Tab>,
    who: Principal,
    /// The form that brought somebody back here.
    pub(super) tried: Option<Tried>,
    status: StatusCode,
    again: bool,
    /// What came of the form that led here.
    done: Option<String>,
}

/// What came of a form.
#[derive(Default)]
pub(super) struct Came {
    /// In words; empty, if no form led here.
    pub(super) words: String,
    /// To what was changed.
    pub(super) change: Option<String>,
    /// To taking it back.
    pub(super) undo: Option<String>,
}

/// Whether a form was carried out.
pub(in crate::http::pages::store) enum End {
    /// It was, and leads on.
    Done(Response),
    /// It was not: its page comes back with what is wrong.
    Wrong(Box<Desk>),
}

impl Desk {
    /// A permit that whoever is at work holds, for what is shown on top.
    pub(in crate::http::pages::store) fn permit<S: Grants>(&self) -> Option<Permit<S>> {
        self.who.permit().ok()
    }

    /// Whether a form of this name came back.
    pub(in crate::http::pages::store) fn is_trying(&self, verb: &str) -> bool {
        self.tried.as_ref().is_some_and(|tried| tried.verb == verb)
    }

    /// What is around a page of another shape.
    pub(in crate::http::pages::store) fn into_parts(self) -> (Vec<Tab>, Frame) {
        (self.tabs, self.frame)
    }

    /// Commits what a form asked for and leads to `to`, or has its page come back with it.
    pub(in crate::http::pages::store) async fn end<T>(
        self,
        verb: &'static str,
        sent: Asked,
        done: db::Result<T>,
        to: impl FnOnce(&T) -> String,
    ) -> Result<End, Problem> {
        match self.carry_out(verb, sent, done).await? {
            (desk, Some(value)) => {
                let set = desk.done.as_deref().unwrap_or(SAME);
                Ok(End::Done(see(&format!("{}?done={set}", desk.frame.page(&format!("store/{}", to(&value)))))))
            }
            (desk, None) => Ok(End::Wrong(Box::new(desk))),
        }
    }

    /// Commits what a form asked for; without a value, if its page has to come back with it.
    pub(in crate::http::pages::store) async fn carry_out<T>(
        mut self,
        verb: &'static str,
        sent: Asked,
        done: db::Result<T>,
    ) -> Result<(Desk, Option<T>), Problem> {
        let fresh = self.draft.again();
        let draft = std::mem::replace(&mut self.draft, fresh);
        // Pressed twice, a form is carried out once: it carries a key of its own.
        let once = sent.filled(ONCE).filter(|key| key.len() <= MAX_KEY);
        let once = once.map(|key| Once::new(key, verb.to_owned(), &self.who));
        let draft = draft.only_once(once);
        let committed = match done {
            Ok(value) => draft.commit(Completion::default()).await.map(|committed| (value, committed.change_set)),
            Err(error) => Err(error),
        };
        match committed {
            Ok((value, set)) => {
                self.done = Some(set.map_or_else(|| SAME.to_owned(), |set| set.to_string()));
                Ok((self, Some(value)))
            }
            Err(error) => Ok((self.back(verb, sent, error.into())?, None)),
        }
    }

    /// With a form that is wrong, so that its page can be shown again.
    pub(in crate::http::pages::store) fn back(
        mut self,
        verb: &'static str,
        sent: Asked,
        problem: Problem,
    ) -> Result<Desk, Problem> {
        // What is wrong with the host, or with who is signed in, is said on a page of its own.
        if !problem.status.is_client_error() || problem.status == StatusCode::UNAUTHORIZED {
            return Err(problem);
        }
        (self.status, self.again) = (problem.status, problem.again);
        self.tried = Some(Tried { verb, sent, wrong: Wrong::of(self.frame.words, &problem).0, said: problem.detail });
        Ok(self)
    }

    /// What the form that led here did, for whoever may see that.
    pub(super) fn came(&self) -> Came {
        let Some(done) = self.done.as_deref() else { return Came::default() };
        let Ok(set) = done.parse::<crate::authz::ChangeSetId>() else {
            return Came { words: self.frame.t("sheet-same").to_string(), ..Came::default() };
        };
        let change = self.frame.may("changes:view").then(|| self.frame.page(&format!("activity/changes/{set}")));
        let undo = self.frame.may("changes:undo").then(|| self.frame.page(&format!("undo?change_set={set}")));
        Came { words: self.frame.t("sheet-done").to_string(), change, undo }
    }
}

/// A page, answered as what came of its form has it.
pub(super) fn answer(page: &impl Template, (status, again): (StatusCode, bool)) -> Shown {
    let mut response = show(page)?;
    *response.status_mut() = status;
    if again {
        response.extensions_mut().insert(Again);
    }
    Ok(response)
}

impl Desk {
    /// How the page is answered.
    pub(super) fn outcome(&self) -> (StatusCode, bool) {
        (self.status, self.again)
    }
}

impl FromRequestParts<State> for Desk {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Desk, Problem> {
        let frame = Frame::from_request_parts(parts, state).await?;
        let who = Principal::from_request_parts(parts, state).await?;
        let Reading(draft) = Reading::from_request_parts(parts, state).await?;
        let query = parts.uri.query().unwrap_or_default();
        let done = query.split('&').find_map(|pair| pair.strip_prefix("done=")).map(str::to_owned);
        let path = parts.uri.path().split('/').nth(4).unwrap_or_default();
        Ok(Desk {
            tabs: tabs(&frame, path),
            frame,
            db: state.db.clone(),
            draft,
            who,
            tried: None,
            status: StatusCode::OK,
            again: false,
            done,
        })
    }
}

/// Handlers of forms that change one record: each takes the permit of its route in the API, calls the same method, and
/// leads back to the record, or to the list where a `gone` stands before it.
macro_rules! acts {
    ($view:ident, $path:literal, $page:path;
        $($name:ident($permit:ident: $scope:ident, $desk:ident, $id:ident, $sent:ident) $(to $list:literal)? $body:block)*
    ) => {$(
        pub(in $crate::http::pages::store) async fn $name(
            mut $desk: $crate::http::pages::store::parts::Desk,
            $permit: $crate::authz::Permit<$crate::authz::scope::kind::$scope>,
            view: Option<$crate::authz::Permit<$crate::authz::scope::kind::$view>>,
            $crate::http::At($id): $crate::http::At,
            $crate::http::accounts::Form($sent): $crate::http::accounts::Form<$crate::http::pages::store::parts::Asked>,
        ) -> $crate::http::pages::show::Shown {
            use $crate::http::pages::store::parts::End;
            let attempt = async { $body };
            let done: $crate::db::Result<_> = attempt.await;
            #[allow(unused_variables, reason = "a record that is gone leads to its list")]
            let back = format!("{}/{}", $path, $crate::http::pages::parts::escaped(&$id));
            $(let back = $list.to_owned();)?
            match $desk.end(stringify!($name), $sent, done, |_| back).await? {
                End::Done(response) => Ok(response),
                End::Wrong(desk) => $page(*desk, view, $id).await,
            }
        }
    )*};
}
pub(in crate::http::pages::store) use acts;
