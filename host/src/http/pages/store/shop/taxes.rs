//! Tax rates: one for each zone and class.

use crate::db::taxes::{TaxRate, TaxRateInput};
use crate::db::{self, Error};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::{Asked, Cell, Column, Desk, Field, Filter, Plain, Sheet, Texts, col, fact, num};

/// Thousandths of a percent in one percent.
const THOUSAND: u32 = 1_000;

/// A rate in percent, without zeros that say nothing.
fn percent(rate: u32, frame: &Frame) -> String {
    let text = format!("{}.{:03}", rate / THOUSAND, rate % THOUSAND);
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if frame.decimal_comma() { text.replace('.', ",") } else { text }
}

/// What somebody typed as percent.
fn thousandths(typed: &str) -> db::Result<u32> {
    let text = typed.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let read = || Some((whole.parse::<u32>().ok()?, format!("{part:0<3}").parse::<u32>().ok()?));
    let digits = part.len() <= 3 && part.bytes().chain(whole.bytes()).all(|b| b.is_ascii_digit());
    let rate = read().filter(|_| digits).and_then(|(whole, part)| whole.checked_mul(THOUSAND)?.checked_add(part));
    let shown: String = typed.chars().take(80).collect();
    rate.ok_or_else(|| Error::invalid(format!("`{shown}` is not a rate in percent; write it like `19` or `8.875`")))
}

impl Plain for TaxRate {
    const PATH: &'static str = "taxes";
    const TEXTS: Texts =
        Texts { title: "taxes-title", lead: "taxes-lead", none: "taxes-none", next: "taxes-none-next" };
    const COLUMNS: &'static [Column] = &[col("tax-name"), col("tax-zone"), col("tax-class"), num("tax-rate")];
    const FILTERS: &'static [&'static str] = &["zone"];
    const ACTS: [(&'static str, &'static str); 3] =
        [("tax-create", "tax-create-means"), ("tax-update", "tax-update-means"), ("tax-delete", "tax-delete-means")];

    fn filters(frame: &Frame) -> Vec<Filter> {
        vec![Filter::text("zone", frame.t("tax-zone"))]
    }

    fn row(&self, frame: &Frame) -> (String, Vec<Cell>) {
        let rate = Cell::Number(percent(self.rate, frame));
        (self.name.clone(), vec![Cell::Code(self.zone.clone()), Cell::Code(self.class.clone()), rate])
    }

    fn sheet(&self, frame: &Frame) -> Sheet {
        Sheet {
            title: format!("{} · {}", self.name, self.zone),
            facts: vec![
                fact(frame.t("tax-rate"), percent(self.rate, frame)),
                fact(frame.t("tax-zone"), &self.zone),
                fact(frame.t("tax-class"), &self.class),
                fact(frame.t("fact-updated"), frame.moment(&self.updated_at)),
            ],
            ..Sheet::default()
        }
    }

    async fn fields(of: Option<&Self>, desk: &mut Desk) -> Result<Vec<Field>, Problem> {
        let frame = &desk.frame;
        let text = |text: fn(&TaxRate) -> &String| of.map(|of| text(of).clone()).unwrap_or_default();
        let rate = of.map(|of| percent(of.rate, frame)).unwrap_or_default();
        Ok(vec![
            Field::line("name", frame.t("tax-name"), text(|of| &of.name)).required(),
            Field::line("zone", frame.t("tax-zone"), text(|of| &of.zone)).required(),
            Field::line("class", frame.t("tax-class"), text(|of| &of.class)).required(),
            Field::line("rate", frame.t("tax-rate"), rate).required(),
        ])
    }

    fn input(sent: &Asked, _: &Frame, of: Option<&Self>) -> db::Result<TaxRateInput> {
        Ok(TaxRateInput {
            zone: sent.text_or("zone", of.map(|of| of.zone.as_str())),
            class: sent.text_or("class", of.map(|of| of.class.as_str())),
            name: sent.text_or("name", of.map(|of| of.name.as_str())),
            rate: thousandths(sent.text("rate"))?,
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_typed_and_shown_in_percent() {
        let frame = Frame::bare(Default::default());
        for (typed, rate, shown) in
            [("19", 19_000, "19"), ("8.875 %", 8_875, "8.875"), ("5,5", 5_500, "5.5"), ("0", 0, "0")]
        {
            assert_eq!(thousandths(typed).ok(), Some(rate), "{typed}");
            assert_eq!(percent(rate, &frame), shown);
        }
        for wrong in ["", "a", "1.2345", "-1", "1.-2", "99999999999"] {
            assert!(thousandths(wrong).is_err(), "{wrong}");
        }
    }
}
