//! What somebody can do to a record or a list: a form that says first what it means, and comes back as it was sent if
//! something is wrong with it.
//!
//! INVARIANT: an act is drawn for those alone who hold its scope. Who may carry it out is decided by its handler's permit.

use super::asked::Asked;
use crate::authz::Scope;
use crate::http::pages::frame::Frame;
use crate::http::pages::wrong::Wrong;

/// What a field holds.
pub(in crate::http::pages::store) enum Input {
    /// A line of text.
    Line,
    /// A whole number.
    Number,
    /// An amount of money.
    Amount,
    /// A longer text.
    Area,
    /// A day and time.
    Moment,
    /// A line of text, for which the act knows what there is.
    Known,
    /// One of these values, with its words.
    Choice(Vec<(String, String)>),
    /// Yes or no.
    Tick(bool),
}

/// A field of a form.
pub(in crate::http::pages::store) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) input: Input,
    pub(super) required: bool,
    /// Whether it stands beside another.
    pub(super) half: bool,
}

impl Field {
    fn new(name: &str, label: impl ToString, value: impl Into<String>, input: Input) -> Field {
        Field {
            name: name.to_owned(),
            label: label.to_string(),
            value: value.into(),
            input,
            required: false,
            half: false,
        }
    }

    /// A line of text.
    pub(in crate::http::pages::store) fn line(name: &str, label: impl ToString, value: impl Into<String>) -> Field {
        Field::new(name, label, value, Input::Line)
    }

    /// A whole number.
    pub(in crate::http::pages::store) fn number(name: &str, label: impl ToString, value: impl Into<String>) -> Field {
        Field::new(name, label, value, Input::Number)
    }

    /// An amount of money.
    pub(in crate::http::pages::store) fn amount(name: &str, label: impl ToString, value: impl Into<String>) -> Field {
        Field::new(name, label, value, Input::Amount)
    }

    /// A line of text, with what the act knows there is.
    pub(in crate::http::pages::store) fn known(name: &str, label: impl ToString) -> Field {
        Field::new(name, label, "", Input::Known)
    }

    /// A longer text.
    pub(in crate::http::pages::store) fn area(name: &str, label: impl ToString, value: impl Into<String>) -> Field {
        Field::new(name, label, value, Input::Area)
    }

    /// A day and time.
    pub(in crate::http::pages::store) fn moment(name: &str, label: impl ToString, value: impl Into<String>) -> Field {
        Field::new(name, label, value, Input::Moment)
    }

    /// A choice.
    pub(in crate::http::pages::store) fn choice(
        name: &str,
        label: impl ToString,
        options: Vec<(String, String)>,
        chosen: impl Into<String>,
    ) -> Field {
        Field::new(name, label, chosen, Input::Choice(options))
    }

    /// Yes or no.
    pub(in crate::http::pages::store) fn tick(name: &str, label: impl ToString, ticked: bool) -> Field {
        Field::new(name, label, "1", Input::Tick(ticked))
    }

    /// Its id on the page.
    pub(super) fn id(&self, verb: &str) -> String {
        format!("{verb}-{}", self.name)
    }

    /// What a browser lets somebody type.
    pub(super) fn kind(&self) -> &'static str {
        match self.input {
            Input::Number => "number",
            Input::Moment => "datetime-local",
            _ => "text",
        }
    }

    /// Which keys a telephone shows.
    pub(super) fn mode(&self) -> &'static str {
        match self.input {
            Input::Number => "numeric",
            Input::Amount => "decimal",
            _ => "",
        }
    }

    /// One that stands beside another.
    pub(in crate::http::pages::store) fn half(self) -> Field {
        Field { half: true, ..self }
    }

    /// One that a browser does not send empty.
    pub(in crate::http::pages::store) fn required(self) -> Field {
        Field { required: true, ..self }
    }
}

/// Something that can be done.
pub(in crate::http::pages::store) struct Act {
    /// The end of the address that it is sent to.
    pub(super) verb: &'static str,
    scope: Scope,
    pub(super) title: String,
    pub(super) means: String,
    pub(super) fields: Vec<Field>,
    /// What there is to choose from in its fields, with words.
    pub(super) known: Vec<(String, String)>,
    pub(super) look: &'static str,
    pub(super) open: bool,
    pub(super) wrong: Wrong,
}

impl Act {
    /// What it is called, and what it means.
    pub(in crate::http::pages::store) fn new(
        verb: &'static str,
        scope: Scope,
        title: impl ToString,
        means: impl ToString,
    ) -> Act {
        let (title, means) = (title.to_string(), means.to_string());
        Act {
            verb,
            scope,
            title,
            means,
            fields: Vec::new(),
            known: Vec::new(),
            look: "go",
            open: false,
            wrong: Wrong::default(),
        }
    }

    /// The same with a field.
    pub(in crate::http::pages::store) fn field(mut self, field: Field) -> Act {
        self.fields.push(field);
        self
    }

    /// The same with fields.
    pub(in crate::http::pages::store) fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Act {
        self.fields.extend(fields);
        self
    }

    /// The same, with what there is to choose from.
    pub(in crate::http::pages::store) fn known(self, known: Vec<(String, String)>) -> Act {
        Act { known, ..self }
    }

    /// The same, marked as one that is not taken back lightly.
    pub(in crate::http::pages::store) fn grave(self) -> Act {
        Act { look: "bad", ..self }
    }

    /// Where it is sent: what is created is sent to the list itself.
    pub(super) fn address(&self, sent_to: &str) -> String {
        match self.verb {
            "create" | "issue" => sent_to.to_owned(),
            verb => format!("{sent_to}/{verb}"),
        }
    }

    /// As it was sent, with what is wrong with it.
    fn refill(&mut self, sent: &Asked, wrong: &Wrong) {
        (self.open, self.wrong) = (true, wrong.clone());
        for field in &mut self.fields {
            match &mut field.input {
                Input::Tick(ticked) => *ticked = sent.ticked(&field.name),
                _ => field.value = sent.sent(&field.name).map_or_else(|| field.value.clone(), str::to_owned),
            }
        }
    }
}

/// A form that was sent and is wrong.
pub(super) struct Tried {
    pub(super) verb: &'static str,
    pub(super) sent: Asked,
    pub(super) wrong: Wrong,
    /// The same in English, for a page of its own.
    pub(super) said: String,
}

/// Those that whoever looks may do, one of them as it was tried; and what was wrong, if its form is not there any more.
pub(super) fn offered(frame: &Frame, acts: Vec<Act>, tried: Option<&Tried>) -> (Vec<Act>, Wrong) {
    let mut acts: Vec<Act> = acts.into_iter().filter(|act| frame.held.contains(act.scope)).collect();
    let Some(tried) = tried else { return (acts, Wrong::default()) };
    match acts.iter_mut().find(|act| act.verb == tried.verb) {
        Some(act) => act.refill(&tried.sent, &tried.wrong),
        None => return (acts, tried.wrong.clone()),
    }
    (acts, Wrong::default())
}
