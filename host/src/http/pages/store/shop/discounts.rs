//! Discounts: what a code takes off, and whether buyers can use it.

use crate::authz::Scope;
use crate::db::discounts::{Discount, DiscountInput, DiscountValue};
use crate::db::{self, Error};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, Field, Filter, Plain, Sheet, Texts, acts, amount, col, fact, moment, num,
};
use crate::http::pages::store::status::{USABLE, tag};

fn off(frame: &Frame, value: &DiscountValue) -> String {
    match value {
        DiscountValue::Percent(percent) => frame.t("discount-percent-off").with("n", i64::from(*percent)).to_string(),
        DiscountValue::Amount(money) => frame.money(money),
    }
}

impl Plain for Discount {
    const PATH: &'static str = "discounts";
    const TEXTS: Texts =
        Texts { title: "discounts-title", lead: "discounts-lead", none: "discounts-none", next: "discounts-none-next" };
    const COLUMNS: &'static [Column] =
        &[col("discount-code"), col("discount-name"), col("col-status"), num("discount-off"), col("discount-ends")];
    const FILTERS: &'static [&'static str] = &["enabled"];
    const ACTS: [(&'static str, &'static str); 3] = [
        ("discount-create", "discount-create-means"),
        ("discount-update", "discount-update-means"),
        ("discount-delete", "discount-delete-means"),
    ];

    fn filters(frame: &Frame) -> Vec<Filter> {
        vec![Filter::choice(frame, "enabled", frame.t("col-status"), &USABLE)]
    }

    fn row(&self, frame: &Frame) -> (String, Vec<Cell>) {
        let cells = vec![
            Cell::Text(self.title.clone()),
            Cell::tag(tag(frame, &USABLE, self.is_enabled())),
            Cell::Number(off(frame, &self.value)),
            self.ends_at.clone().map_or(Cell::Text("–".to_owned()), Cell::At),
        ];
        (self.code.clone(), cells)
    }

    fn sheet(&self, frame: &Frame) -> Sheet {
        let at = |at: &Option<String>| at.as_deref().map_or_else(|| "–".to_owned(), |at| frame.moment(at));
        let none = || "–".to_owned();
        let number = |most: Option<u32>| most.map_or_else(none, |most| frame.number(&i64::from(most)));
        let listed = |ids: &[String]| if ids.is_empty() { none() } else { ids.join(", ") };
        let (verb, title, means) = match self.is_enabled() {
            false => ("enable", "discount-enable", "discount-enable-means"),
            true => ("disable", "discount-disable", "discount-disable-means"),
        };
        Sheet {
            title: self.code.clone(),
            tags: vec![tag(frame, &USABLE, self.is_enabled())],
            facts: vec![
                fact(frame.t("discount-name"), &self.title),
                fact(frame.t("discount-off"), off(frame, &self.value)),
                fact(frame.t("discount-starts"), at(&self.starts_at)),
                fact(frame.t("discount-ends"), at(&self.ends_at)),
                fact(frame.t("discount-max-uses"), number(self.max_uses)),
                fact(frame.t("discount-max-uses-each"), number(self.max_uses_per_customer)),
                fact(frame.t("discount-minimum"), self.minimum.map_or_else(none, |minimum| frame.money(&minimum))),
                fact(frame.t("discount-products"), listed(&self.products)),
                fact(frame.t("discount-categories"), listed(&self.categories)),
                fact(frame.t("discount-combines"), frame.t(if self.combines { "yes" } else { "no" })),
                fact(frame.t("fact-updated"), frame.moment(&self.updated_at)),
            ],
            acts: vec![Act::new(verb, Scope::DiscountsEdit, frame.t(title), frame.t(means))],
            ..Sheet::default()
        }
    }

    async fn fields(of: Option<&Self>, desk: &mut Desk) -> Result<Vec<Field>, Problem> {
        let frame = &desk.frame;
        let text = |text: fn(&Discount) -> &String| of.map(|of| text(of).clone()).unwrap_or_default();
        let ids = |ids: fn(&Discount) -> &Vec<String>| of.map(|of| ids(of).join("\n")).unwrap_or_default();
        let most = |most: Option<u32>| most.map(|most| most.to_string()).unwrap_or_default();
        let minimum = of.and_then(|of| of.minimum).map(|minimum| amount(&minimum, frame)).unwrap_or_default();
        let (percent, money) = match of.map(|of| of.value) {
            Some(DiscountValue::Percent(percent)) => (percent.to_string(), String::new()),
            Some(DiscountValue::Amount(money)) => (String::new(), amount(&money, frame)),
            None => Default::default(),
        };
        let mut fields = vec![
            Field::line("code", frame.t("discount-code"), text(|of| &of.code)).required(),
            Field::line("title", frame.t("discount-name"), text(|of| &of.title)).required(),
            Field::number("percent", frame.t("discount-percent"), percent),
            Field::amount("amount", frame.t("discount-amount"), money),
            Field::moment(
                "starts_at",
                frame.t("discount-starts"),
                moment(of.and_then(|of| of.starts_at.as_ref()), frame),
            ),
            Field::moment("ends_at", frame.t("discount-ends"), moment(of.and_then(|of| of.ends_at.as_ref()), frame)),
            Field::number("max_uses", frame.t("discount-max-uses"), most(of.and_then(|of| of.max_uses))),
            Field::number(
                "max_uses_per_customer",
                frame.t("discount-max-uses-each"),
                most(of.and_then(|of| of.max_uses_per_customer)),
            ),
            Field::amount("minimum", frame.t("discount-minimum"), minimum),
            Field::area("products", frame.t("discount-products"), ids(|of| &of.products)),
            Field::area("categories", frame.t("discount-categories"), ids(|of| &of.categories)),
            Field::tick("alone", frame.t("discount-alone"), of.is_some_and(|of| !of.combines)),
        ];
        // One that is there has buttons of its own for it.
        fields.extend(of.is_none().then(|| Field::tick("enabled", frame.t("discount-enabled"), false)));
        Ok(fields)
    }

    fn input(sent: &Asked, frame: &Frame, of: Option<&Self>) -> db::Result<DiscountInput> {
        let value = match (sent.filled("percent"), sent.filled("amount")) {
            (Some(_), None) => DiscountValue::Percent(sent.number("percent")?),
            (None, Some(_)) => DiscountValue::Amount(sent.money("amount", frame)?),
            _ => return Err(Error::invalid("a discount takes off a percentage or an amount; fill in one of the two")),
        };
        Ok(DiscountInput {
            code: sent.text_or("code", of.map(|of| of.code.as_str())),
            title: sent.text_or("title", of.map(|of| of.title.as_str())),
            value,
            starts_at: sent.moment_or("starts_at", frame, of.and_then(|of| of.starts_at.as_ref()))?,
            ends_at: sent.moment_or("ends_at", frame, of.and_then(|of| of.ends_at.as_ref()))?,
            max_uses: sent.filled("max_uses").map(|_| sent.number("max_uses")).transpose()?,
            max_uses_per_customer: sent
                .filled("max_uses_per_customer")
                .map(|_| sent.number("max_uses_per_customer"))
                .transpose()?,
            minimum: sent.some_money("minimum", frame)?,
            products: sent.words_or("products", of.map(|of| &of.products[..])),
            categories: sent.words_or("categories", of.map(|of| &of.categories[..])),
            combines: !sent.ticked("alone"),
            enabled: of.is_none().then(|| sent.ticked("enabled")),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}

acts! { DiscountsView, "discounts", shown::<Discount>;
    enable(edit: DiscountsEdit, desk, id, sent) {
        edit.enable(&mut desk.draft, &id).await
    }
    disable(edit: DiscountsEdit, desk, id, sent) {
        edit.disable(&mut desk.draft, &id).await
    }
}
