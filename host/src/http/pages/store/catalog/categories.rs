//! Categories: how products are grouped.

use crate::authz::scope::kind::CategoriesView;
use crate::db;
use crate::db::categories::{Categories, Category, CategoryInput};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::address;
use crate::http::pages::store::parts::{Asked, Cell, Column, Desk, Field, Filter, Plain, Sheet, Texts, col, fact};

/// So many categories stand in a choice; the others are chosen through the API.
const MAX_CHOICES: u32 = 100;

/// The categories by id, with their names; none, for whoever may not see them.
pub(super) async fn choices(desk: &mut Desk) -> Result<Vec<(String, String)>, Problem> {
    let Some(view) = desk.permit::<CategoriesView>() else { return Ok(Vec::new()) };
    let all = Categories { parent: None, limit: Some(MAX_CHOICES), cursor: None };
    let found = view.search(&mut desk.draft, &all).await?;
    Ok(found.items.into_iter().map(|one| (one.id, one.title)).collect())
}

impl Plain for Category {
    const PATH: &'static str = "categories";
    const TEXTS: Texts = Texts {
        title: "categories-title",
        lead: "categories-lead",
        none: "categories-none",
        next: "categories-none-next",
    };
    const COLUMNS: &'static [Column] = &[col("col-category"), col("category-parent"), col("fact-created")];
    const FILTERS: &'static [&'static str] = &["parent"];
    const ACTS: [(&'static str, &'static str); 3] = [
        ("category-create", "category-create-means"),
        ("category-update", "category-update-means"),
        ("category-delete", "category-delete-means"),
    ];

    fn filters(frame: &Frame) -> Vec<Filter> {
        vec![Filter::text("parent", frame.t("category-parent"))]
    }

    fn row(&self, _: &Frame) -> (String, Vec<Cell>) {
        let parent = self.parent.clone().map_or(Cell::Text("–".to_owned()), Cell::Code);
        (self.title.clone(), vec![parent, Cell::At(self.created_at.clone())])
    }

    fn sheet(&self, frame: &Frame) -> Sheet {
        let parent = self.parent.as_ref();
        let up = parent.map(|parent| frame.page(&format!("store/categories/{parent}")));
        let below = address(&frame.page("store/categories"), [("parent", self.id.as_str())].into_iter());
        let products = address(&frame.page("store/products"), [("category", self.id.as_str())].into_iter());
        let mut links = vec![(below, frame.t("category-below").to_string())];
        links.extend(frame.may("products:view").then(|| (products, frame.t("category-products").to_string())));
        Sheet {
            title: self.title.clone(),
            facts: vec![
                fact(frame.t("category-parent"), parent.map_or("–", String::as_str)).to(up),
                fact(frame.t("fact-created"), frame.moment(&self.created_at)),
            ],
            links,
            ..Sheet::default()
        }
    }

    async fn fields(of: Option<&Self>, desk: &mut Desk) -> Result<Vec<Field>, Problem> {
        let others = choices(desk).await?.into_iter().filter(|(id, _)| of.is_none_or(|of| of.id != *id));
        let top = (String::new(), desk.frame.t("category-top").to_string());
        let mut options: Vec<_> = std::iter::once(top).chain(others).collect();
        // Where it stands is among the choices however many there are, or saving would move it.
        let kept = of.and_then(|of| of.parent.clone()).filter(|parent| !options.iter().any(|(id, _)| id == parent));
        options.extend(kept.map(|id| (id.clone(), id)));
        let title = of.map(|of| of.title.clone()).unwrap_or_default();
        let parent = of.and_then(|of| of.parent.clone()).unwrap_or_default();
        Ok(vec![
            Field::line("title", desk.frame.t("col-category"), title).required(),
            Field::choice("parent", desk.frame.t("category-parent"), options, parent),
        ])
    }

    fn input(sent: &Asked, _: &Frame, of: Option<&Self>) -> db::Result<CategoryInput> {
        Ok(CategoryInput {
            title: sent.text_or("title", of.map(|of| of.title.as_str())),
            parent: sent.filled("parent"),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}
