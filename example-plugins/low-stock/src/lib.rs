//! Drafts a reorder note when something runs low.

mod note;
mod settings;

use note::Note;
use settings::Settings;
use storehand::inventory::{self, LevelFilter};
use storehand::{
    Action, App, Context, Error, Event, InventoryLow, Result, Schedule, locations, log, products, register_app,
};

/// Notes the morning's look drafts at most: each takes two calls, and a run has 1,000.
const MORNING_NOTES: usize = 300;

#[derive(Default)]
struct LowStock;

impl App for LowStock {
    fn inventory_low(&self, context: &Context, event: Event<InventoryLow>) -> Result {
        let settings: Settings = context.settings()?;
        let low = event.data.read()?;
        if low.available >= settings.threshold(&low.sku) {
            return Ok(());
        }
        let note = Note::draft(&low.sku, &low.location, low.available, &settings)?;
        note.keep()?;
        log::info(note);
        Ok(())
    }

    fn scheduled(&self, context: &Context, _: Schedule) -> Result {
        let settings: Settings = context.settings()?;
        let filter = LevelFilter { below: Some(settings.highest_threshold()), location: None };
        let mut low = Vec::new();
        for level in inventory::all(filter) {
            let level = level?;
            if level.available < settings.threshold(&level.sku) {
                low.push(level);
            }
        }

        let removed = note::remove_all_but(low.iter().map(|level| (level.sku.as_str(), level.location.as_str())))?;
        for level in low.iter().take(MORNING_NOTES) {
            Note::draft(&level.sku, &level.location, level.available, &settings)?.keep()?;
        }
        let (drafted, found) = (low.len().min(MORNING_NOTES), low.len());
        log::info(format!("{found} low, {drafted} notes drafted, {removed} no longer needed"));
        Ok(())
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        if action.id != "draft-reorder" {
            return Err(Error::NotHandled);
        }
        let settings: Settings = context.settings()?;
        let product = products::get(&action.record_id)?;
        for location in locations::all() {
            let location = location?.id;
            for variant in &product.variants {
                let level = match inventory::level(&variant.sku, &location) {
                    Ok(level) => level,
                    Err(Error::NotFound(_)) => continue,
                    Err(error) => return Err(error),
                };
                let note = Note::new(&variant.sku, &location, &product.title, level.available, &settings);
                note.keep()?;
                log::info(note);
            }
        }
        Ok(())
    }
}
register_app!(LowStock);

#[cfg(test)]
mod tests;
