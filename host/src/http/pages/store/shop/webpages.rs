//! Pages of the website.

use crate::db;
use crate::db::pages::{WebPage, WebPageInput};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::{Asked, Cell, Column, Desk, Field, Filter, Plain, Sheet, Texts, col, fact};
use crate::http::pages::store::status::{PUBLISHED, tag};

impl Plain for WebPage {
    const PATH: &'static str = "pages";
    const TEXTS: Texts =
        Texts { title: "webpages-title", lead: "webpages-lead", none: "webpages-none", next: "webpages-none-next" };
    const COLUMNS: &'static [Column] =
        &[col("webpage-name"), col("webpage-path"), col("col-status"), col("fact-updated")];
    const FILTERS: &'static [&'static str] = &["published"];
    const ACTS: [(&'static str, &'static str); 3] = [
        ("webpage-create", "webpage-create-means"),
        ("webpage-update", "webpage-update-means"),
        ("webpage-delete", "webpage-delete-means"),
    ];

    fn filters(frame: &Frame) -> Vec<Filter> {
        vec![Filter::choice(frame, "published", frame.t("col-status"), &PUBLISHED)]
    }

    fn row(&self, frame: &Frame) -> (String, Vec<Cell>) {
        let state = Cell::tag(tag(frame, &PUBLISHED, self.published));
        (self.title.clone(), vec![Cell::Code(self.path.clone()), state, Cell::At(self.updated_at.clone())])
    }

    fn sheet(&self, frame: &Frame) -> Sheet {
        Sheet {
            title: self.title.clone(),
            tags: vec![tag(frame, &PUBLISHED, self.published)],
            facts: vec![
                fact(frame.t("webpage-path"), &self.path),
                fact(frame.t("fact-created"), frame.moment(&self.created_at)),
                fact(frame.t("fact-updated"), frame.moment(&self.updated_at)),
            ],
            text: self.body.clone(),
            ..Sheet::default()
        }
    }

    async fn fields(of: Option<&Self>, desk: &mut Desk) -> Result<Vec<Field>, Problem> {
        let frame = &desk.frame;
        let text = |text: fn(&WebPage) -> &String| of.map(|of| text(of).clone()).unwrap_or_default();
        Ok(vec![
            Field::line("path", frame.t("webpage-path"), text(|of| &of.path)).required(),
            Field::line("title", frame.t("webpage-name"), text(|of| &of.title)).required(),
            Field::area("body", frame.t("webpage-body"), text(|of| &of.body)),
            Field::tick("published", frame.t("webpage-published"), of.is_some_and(|of| of.published)),
        ])
    }

    fn input(sent: &Asked, _: &Frame, of: Option<&Self>) -> db::Result<WebPageInput> {
        Ok(WebPageInput {
            path: sent.text_or("path", of.map(|of| of.path.as_str())),
            title: sent.text_or("title", of.map(|of| of.title.as_str())),
            body: sent.text_or("body", of.map(|of| of.body.as_str())),
            published: sent.ticked("published"),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}
