//! Writes as much as it is told to: products with the longest of texts, the largest values, the longest log lines.

use storehand::products::{self, NewProduct, NewVariant};
use storehand::{Action, App, Context, Error, Money, Result, log, register_app, storage};

#[derive(Default)]
struct Filler;

impl App for Filler {
    /// The "record" says how many, and after a dash what tells them from those of other presses: `50-a`.
    fn action(&self, _: &Context, action: Action) -> Result {
        let (many, word) = action.record_id.split_once('-').ok_or("give `number-word`")?;
        let numbers = 0..many.parse::<u32>()?;
        match action.id.as_str() {
            "fill" => fill(numbers, word),
            "store" => numbers.into_iter().try_for_each(|n| storage::set(&format!("{word}-{n}"), vec![b'x'; 60_000])),
            "log" => {
                numbers.for_each(|_| log::info("x".repeat(1_000)));
                Ok(())
            }
            _ => Err(Error::NotHandled),
        }
    }
}
register_app!(Filler);

/// Four bytes a character, as many of them as a description may have.
fn fill(mut numbers: std::ops::Range<u32>, word: &str) -> Result {
    let description = "\u{1f4e6}".repeat(20_000);
    numbers.try_for_each(|n| {
        let price = Money::new(100, "EUR")?;
        let variant = NewVariant { sku: format!("{word}-{n}"), title: String::new(), price };
        let description = description.clone();
        let (title, tags, pictures) = (format!("{word} {n}"), Vec::new(), Vec::new());
        products::create(&NewProduct { title, description, variants: vec![variant], tags, pictures })?;
        Ok(())
    })
}
