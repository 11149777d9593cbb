//! Settings that are secrets: `writeOnly` fields, which people may set and nobody is shown.
//!
//! INVARIANT: a secret stands in a field of its own, never in a list, so which one is meant is always clear.

use super::{Field, Group, Schema};
use serde_json::{Map, Value};

/// Stands in every answer where a secret is set.
pub const MASK: &str = "********";

impl Schema {
    /// The settings as people may see them: where a secret is set, the mask.
    pub fn masked(&self, mut settings: Value) -> Value {
        self.each_secret(&mut settings, &mut |_, _| Some(MASK.into()));
        settings
    }

    /// Puts what `act` makes of it in the place of every secret that is set, or takes it away. It is told the name; of a secret in
    /// a group the names with a dot between them.
    pub fn each_secret(&self, settings: &mut Value, act: &mut dyn FnMut(&str, Value) -> Option<Value>) {
        if let Some(fields) = settings.as_object_mut() {
            self.top.each_secret("", fields, act);
        }
    }

    /// The settings as they are meant: a secret that is left out, or comes as the mask, is the one that is stored, and
    /// `null` takes it away.
    pub fn restored(&self, mut given: Value, kept: &Value) -> Value {
        if let (Some(given), Some(kept)) = (given.as_object_mut(), kept.as_object()) {
            self.top.restore(given, kept);
        }
        given
    }

    /// The settings without the secrets that another schema would show.
    pub fn without_secrets_shown_by(&self, other: &Schema, mut settings: Value) -> Value {
        if let Some(fields) = settings.as_object_mut() {
            self.top.forget(Some(&other.top), fields);
        }
        settings
    }

    /// Whether there is any field whose value nobody is shown.
    pub fn has_secrets(&self) -> bool {
        self.top.has_secrets()
    }
}

impl Group {
    fn each_secret(
        &self,
        within: &str,
        settings: &mut Map<String, Value>,
        act: &mut dyn FnMut(&str, Value) -> Option<Value>,
    ) {
        for (name, field) in &self.fields {
            match field {
                Field::Text { secret: true, .. } => {
                    if let Some(now) = settings.remove(name).and_then(|set| act(&format!("{within}{name}"), set)) {
                        settings.insert(name.clone(), now);
                    }
                }
                Field::Group(group) => {
                    if let Some(Value::Object(inner)) = settings.get_mut(name) {
                        group.each_secret(&format!("{within}{name}."), inner, act);
                    }
                }
                _ => {}
            }
        }
    }

    fn restore(&self, given: &mut Map<String, Value>, kept: &Map<String, Value>) {
        for (name, field) in &self.fields {
            match field {
                Field::Text { secret: true, .. } => {
                    let meant = match given.get(name) {
                        Some(Value::Null) => None,
                        None => kept.get(name).cloned(),
                        Some(Value::String(text)) if text == MASK => kept.get(name).cloned(),
                        Some(_) => continue,
                    };
                    match meant {
                        Some(secret) => given.insert(name.clone(), secret),
                        None => given.remove(name),
                    };
                }
                Field::Group(group) => {
                    if let (Some(Value::Object(inner)), Some(Value::Object(kept))) =
                        (given.get_mut(name), kept.get(name))
                    {
                        group.restore(inner, kept);
                    }
                }
                _ => {}
            }
        }
    }

    fn forget(&self, other: Option<&Group>, settings: &mut Map<String, Value>) {
        for (name, field) in &self.fields {
            let now = other.and_then(|other| other.fields.get(name));
            match field {
                Field::Text { secret: true, .. } if !matches!(now, Some(Field::Text { secret: true, .. })) => {
                    settings.remove(name);
                }
                Field::Group(group) if group.has_secrets() => {
                    let now = match now {
                        Some(Field::Group(group)) => Some(group),
                        _ => None,
                    };
                    if let Some(Value::Object(inner)) = settings.get_mut(name) {
                        group.forget(now, inner);
                    }
                }
                _ => {}
            }
        }
    }

    fn has_secrets(&self) -> bool {
        self.fields.values().any(|field| match field {
            Field::Text { secret, .. } => *secret,
            Field::Group(group) => group.has_secrets(),
            _ => false,
        })
    }
}
