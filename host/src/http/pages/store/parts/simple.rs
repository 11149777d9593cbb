//! All pages of a simple document: what is said of one by hand is how it looks, and how a form fills it.

use super::act::{Act, Field};
use super::asked::Asked;
use super::desk::{Desk, End};
use super::list::{Filter, List, Texts};
use super::sheet::Sheet;
use super::table::{Column, Row};
use crate::authz::{Grants, Permit};
use crate::db::{self, Checked, Deletes, Reads, Writes};
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{address, escaped};
use crate::http::pages::show::Shown;
use crate::http::{At, Problem, Query};

/// A simple document that has pages.
pub(in crate::http::pages::store) trait Plain:
    Checked<View: Reads<Self>, Edit: Reads<Self> + Writes<Self>, Delete: Deletes<Self>> + Sync
{
    /// The end of its list's address.
    const PATH: &'static str;
    /// What its list says.
    const TEXTS: Texts;
    /// What its list has beside the head of each row.
    const COLUMNS: &'static [Column];
    /// What its list can be narrowed to, by name.
    const FILTERS: &'static [&'static str];
    /// What creating, changing and deleting one are called and mean, by key.
    const ACTS: [(&'static str, &'static str); 3];

    /// The filters of its list.
    fn filters(frame: &Frame) -> Vec<Filter>;
    /// What one is called, and its cells.
    fn row(&self, frame: &Frame) -> (String, Vec<super::table::Cell>);
    /// Its page: title, tags and facts, and what can be done beside changing and deleting it.
    fn sheet(&self, frame: &Frame) -> Sheet;
    /// What a form has of it.
    fn fields(of: Option<&Self>, desk: &mut Desk) -> impl Future<Output = Result<Vec<Field>, Problem>> + Send;
    /// What a form was filled in with: for another one, or to change this one.
    fn input(sent: &Asked, frame: &Frame, of: Option<&Self>) -> db::Result<Self::Input>;
    /// Its id.
    fn id(&self) -> &str;
}

/// The list.
pub(in crate::http::pages::store) async fn list<D: Plain>(
    desk: Desk,
    view: Permit<D::View>,
    Query(asked): Query<Asked>,
) -> Shown {
    listed::<D>(desk, Some(view), asked).await
}

async fn listed<D: Plain>(mut desk: Desk, view: Option<Permit<D::View>>, asked: Asked) -> Shown {
    let Some(view) = view else { return Err(desk.unseen()) };
    asked.page(D::FILTERS)?;
    let query = address("", asked.pairs().into_iter().filter(|(name, _)| *name != "done"));
    let filters: D::Filters = serde_html_form::from_str(query.trim_start_matches('?'))
        .map_err(|e| Problem::bad_request("bad_query", format!("a filter cannot be read: {e}; open the list anew")))?;
    let found = view.search(&mut desk.draft, &filters).await?;
    let (frame, up) = (&desk.frame, desk.frame.page(&format!("store/{}", D::PATH)));
    let found = found.map(|one| {
        let (head, cells) = one.row(frame);
        Row::to(format!("{up}/{}", escaped(one.id())), head, cells)
    });
    let filters = D::filters(frame);
    let fields = D::fields(None, &mut desk).await?;
    let [(title, means), ..] = D::ACTS;
    let create = Act::new("create", D::Edit::SCOPE, desk.frame.t(title), desk.frame.t(means)).fields(fields);
    desk.list(
        List {
            path: D::PATH,
            texts: D::TEXTS,
            filters,
            columns: D::COLUMNS,
            found,
            acts: vec![create],
            links: Vec::new(),
        },
        &asked,
    )
}

/// The page of one.
pub(in crate::http::pages::store) async fn page<D: Plain>(desk: Desk, view: Permit<D::View>, At(id): At) -> Shown {
    shown::<D>(desk, Some(view), id).await
}

/// The same, also to whoever was led back here.
pub(in crate::http::pages::store) async fn shown<D: Plain>(
    mut desk: Desk,
    view: Option<Permit<D::View>>,
    id: String,
) -> Shown {
    let Some(view) = view else { return Err(desk.unseen()) };
    let one = view.get(&mut desk.draft, &id).await?;
    let mut sheet = one.sheet(&desk.frame);
    let fields = D::fields(Some(&one), &mut desk).await?;
    let [_, (change, change_means), (delete, delete_means)] = D::ACTS;
    let t = |key| desk.frame.t(key);
    sheet.acts.push(Act::new("update", D::Edit::SCOPE, t(change), t(change_means)).fields(fields));
    sheet.acts.push(Act::new("delete", D::Delete::SCOPE, t(delete), t(delete_means)).grave());
    (sheet.list, sheet.kind, sheet.id) = ((D::PATH, D::TEXTS.title), D::KIND.name(), id);
    desk.sheet(sheet).await
}

/// Creates one.
pub(in crate::http::pages::store) async fn create<D: Plain>(
    mut desk: Desk,
    edit: Permit<D::Edit>,
    view: Option<Permit<D::View>>,
    Form(sent): Form<Asked>,
) -> Shown {
    let done = match D::input(&sent, &desk.frame, None) {
        Ok(input) => edit.create(&mut desk.draft, input).await,
        Err(wrong) => Err(wrong),
    };
    match desk.end("create", sent, done, |id| format!("{}/{id}", D::PATH)).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => listed::<D>(*desk, view, Asked::default()).await,
    }
}

/// Changes one.
pub(in crate::http::pages::store) async fn update<D: Plain>(
    mut desk: Desk,
    edit: Permit<D::Edit>,
    view: Option<Permit<D::View>>,
    At(id): At,
    Form(sent): Form<Asked>,
) -> Shown {
    let attempt = async {
        // What the form did not touch stays as it is, for whoever could see it there.
        let of = match &view {
            Some(view) => Some(view.get(&mut desk.draft, &id).await?),
            None => None,
        };
        edit.update(&mut desk.draft, &id, D::input(&sent, &desk.frame, of.as_ref())?).await
    };
    let done = attempt.await;
    match desk.end("update", sent, done, |_| format!("{}/{id}", D::PATH)).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => shown::<D>(*desk, view, id).await,
    }
}

/// Deletes one.
pub(in crate::http::pages::store) async fn delete<D: Plain>(
    mut desk: Desk,
    delete: Permit<D::Delete>,
    view: Option<Permit<D::View>>,
    At(id): At,
    Form(sent): Form<Asked>,
) -> Shown {
    let done = delete.delete(&mut desk.draft, &id).await;
    match desk.end("delete", sent, done, |()| D::PATH.to_owned()).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => shown::<D>(*desk, view, id).await,
    }
}
