//! Whether settings fit. Stops at the first mistake, and says where it is and what is needed there.

use super::{Field, Group, MASK, Schema};
use crate::text::visible;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// So many characters of a name from outside stand in a place.
const NAME_SHOWN: usize = 60;
/// Longest name of the owner's choice, in bytes.
const OWN_NAME_BYTES: usize = 200;

/// The first mistake in settings. Says nothing of what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at `{at}`, {needed}")]
pub struct Unfit {
    /// Where, as `/` and names: `/tiers/0/percent`.
    pub at: String,
    /// What is needed there.
    pub needed: String,
}

fn unfit(needed: impl Into<String>) -> Unfit {
    Unfit { at: String::new(), needed: needed.into() }
}

impl Unfit {
    /// The same, one step further in. The place is put together only when there is a mistake.
    fn within(self, name: &str) -> Unfit {
        let name: String = name.chars().take(NAME_SHOWN).collect();
        Unfit { at: format!("/{}{}", visible(&name), self.at), ..self }
    }
}

impl Schema {
    /// Checks settings.
    ///
    /// # Errors
    /// The first mistake.
    pub fn check(&self, settings: &Value) -> Result<(), Unfit> {
        let Some(fields) = settings.as_object() else { return Err(unfit("an object is needed")) };
        self.top.check(fields)
    }

    /// The first mistake in each setting, by its name: for whoever fills in all of them at once. What is no setting at all is
    /// for [`Schema::check`].
    pub fn mistakes(&self, settings: &Map<String, Value>) -> Vec<(&str, Unfit)> {
        let mistake = |(name, field): (&String, &Field)| match settings.get(name) {
            Some(value) => field.check(value).err(),
            None => self.top.required.contains(name).then(needed),
        };
        self.top.fields.iter().filter_map(|one| Some((one.0.as_str(), mistake(one)?))).collect()
    }
}

fn needed() -> Unfit {
    unfit("this is needed and is not there")
}

impl Group {
    fn check(&self, given: &Map<String, Value>) -> Result<(), Unfit> {
        if let Some(missing) = self.required.iter().find(|name| !given.contains_key(*name)) {
            return Err(needed().within(missing));
        }
        given.iter().try_for_each(|(name, value)| match self.fields.get(name) {
            Some(field) => field.check(value).map_err(|unfit| unfit.within(name)),
            None => Err(unfit(self.unknown()).within(name)),
        })
    }

    /// For messages: what there is instead.
    fn unknown(&self) -> String {
        const NAMED: usize = 12;
        let names: Vec<String> = self.fields.keys().take(NAMED).map(|name| format!("`{name}`")).collect();
        let rest = if self.fields.len() > NAMED { " and more" } else { "" };
        match names.is_empty() {
            true => "there is no such setting, and no other".to_owned(),
            false => format!("there is no such setting; there are {}{rest}", names.join(", ")),
        }
    }
}

impl Field {
    /// Checks one value. Goes as deep as the schema does, which is bounded.
    pub(super) fn check(&self, value: &Value) -> Result<(), Unfit> {
        match self {
            Field::Text { least, most, format, secret } => {
                let text = value.as_str().ok_or_else(|| unfit("a text is needed"))?;
                // The mask stands for a secret that is not there to be looked at: in a dry run of another version.
                if *secret && text == MASK {
                    return Ok(());
                }
                let count = text.chars().count() as u64;
                between(count, *least, *most, "character")?;
                match format {
                    Some(format) if !format.fits(text) => Err(unfit(format.words())),
                    _ => Ok(()),
                }
            }
            Field::Choice(choices) => match value.as_str() {
                Some(text) if choices.contains(text) => Ok(()),
                _ => Err(unfit(format!("one of {} is needed", listed(choices.iter().map(String::as_str))))),
            },
            Field::NumberChoice(choices) => match value.as_i64() {
                Some(number) if choices.contains(&number) => Ok(()),
                _ => Err(unfit(format!("one of {} is needed", listed(choices.iter().map(i64::to_string))))),
            },
            Field::Whole { least, most } => {
                let number = value.as_i64().ok_or_else(|| unfit("a whole number is needed"))?;
                within(number, (*least, i64::MIN), (*most, i64::MAX))
            }
            Field::Number { least, most } => {
                let number = value.as_f64().ok_or_else(|| unfit("a number is needed"))?;
                within(number, (*least, f64::NEG_INFINITY), (*most, f64::INFINITY))
            }
            Field::Switch => match value.is_boolean() {
                true => Ok(()),
                false => Err(unfit("`true` or `false` is needed")),
            },
            Field::List { of, least, most, each_once } => {
                let items = value.as_array().ok_or_else(|| unfit("a list is needed"))?;
                between(items.len() as u64, *least, *most, "item")?;
                for (n, item) in items.iter().enumerate() {
                    of.check(item).map_err(|unfit| unfit.within(&n.to_string()))?;
                }
                let mut seen = HashSet::new();
                match items.iter().position(|item| *each_once && !seen.insert(item.to_string())) {
                    Some(n) => Err(unfit("this stands in the list already").within(&n.to_string())),
                    None => Ok(()),
                }
            }
            Field::Group(group) => {
                let fields = value.as_object().ok_or_else(|| unfit("an object is needed"))?;
                group.check(fields)
            }
            Field::Named { of, most } => {
                let fields = value.as_object().ok_or_else(|| unfit("an object is needed"))?;
                between(fields.len() as u64, 0, *most, "entry")?;
                fields.iter().try_for_each(|(name, value)| match name.len() {
                    0..=OWN_NAME_BYTES => of.check(value).map_err(|unfit| unfit.within(name)),
                    _ => Err(unfit(format!("a name has at most {OWN_NAME_BYTES} bytes")).within(name)),
                })
            }
        }
    }
}

fn between(count: u64, least: u64, most: u64, what: &str) -> Result<(), Unfit> {
    let many = |n: u64| match (n, what) {
        (1, _) => format!("1 {what}"),
        (_, "entry") => format!("{n} entries"),
        _ => format!("{n} {what}s"),
    };
    match count {
        _ if count < least => Err(unfit(format!("at least {} needed", are(least, &many(least))))),
        _ if count > most => Err(unfit(format!("at most {} allowed", are(most, &many(most))))),
        _ => Ok(()),
    }
}

fn are(count: u64, many: &str) -> String {
    if count == 1 { format!("{many} is") } else { format!("{many} are") }
}

/// Between two bounds, each of which may be the one that means none.
fn within<N: PartialOrd + std::fmt::Display>(number: N, least: (N, N), most: (N, N)) -> Result<(), Unfit> {
    match number {
        _ if number < least.0 && least.0 > least.1 => Err(unfit(format!("{} or more is needed", least.0))),
        _ if number > most.0 && most.0 < most.1 => Err(unfit(format!("{} or less is needed", most.0))),
        _ => Ok(()),
    }
}

/// A few of the choices.
fn listed<T: AsRef<str>>(choices: impl Iterator<Item = T>) -> String {
    const SHOWN: usize = 10;
    let mut words = Vec::new();
    for choice in choices {
        if words.len() == SHOWN {
            words.push("…".to_owned());
            break;
        }
        words.push(format!("`{}`", choice.as_ref()));
    }
    words.join(", ")
}
