//! Personal data of buyers and customers, as a page shows it and as a form has it.

use crate::db::orders::{Address, Contact};
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::{Asked, Fact, Field, fact};

/// The address as it is written on a parcel, line by line.
pub(in crate::http::pages::store) fn lines(contact: &Contact) -> Vec<String> {
    let mut lines: Vec<String> = contact.name.iter().cloned().collect();
    if let Some(Address { street, city, postcode, region, country }) = &contact.address {
        lines.push(street.clone());
        lines.push(format!("{postcode} {city}"));
        lines.extend(region.clone());
        lines.push(country.clone());
    }
    lines
}

/// What is known of somebody.
pub(in crate::http::pages::store) fn facts(frame: &Frame, contact: &Contact) -> Vec<Fact> {
    let mut facts = Vec::new();
    let known = [("buyer-name", &contact.name), ("email", &contact.email), ("buyer-phone", &contact.phone)];
    for (key, value) in known {
        facts.extend(value.as_ref().map(|value| fact(frame.t(key), value)));
    }
    let address = lines(&Contact { name: None, ..contact.clone() });
    facts.extend((!address.is_empty()).then(|| fact(frame.t("buyer-address"), address.join(", "))));
    if facts.is_empty() {
        facts.push(fact(frame.t("buyer-nothing"), "–"));
    }
    facts
}

/// The fields of a form about somebody, filled in with what is known.
pub(super) fn fields(frame: &Frame, of: &Contact) -> Vec<Field> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let address = of.address.as_ref();
    let part = |part: fn(&Address) -> String| address.map(part).unwrap_or_default();
    vec![
        Field::line("name", frame.t("buyer-name"), some(&of.name)),
        Field::line("email", frame.t("email"), some(&of.email)),
        Field::line("phone", frame.t("buyer-phone"), some(&of.phone)),
        Field::line("street", frame.t("buyer-street"), part(|a| a.street.clone())),
        Field::line("postcode", frame.t("buyer-postcode"), part(|a| a.postcode.clone())),
        Field::line("city", frame.t("buyer-city"), part(|a| a.city.clone())),
        Field::line("region", frame.t("buyer-region"), part(|a| a.region.clone().unwrap_or_default())),
        Field::line("country", frame.t("buyer-country"), part(|a| a.country.clone())),
    ]
}

/// What such a form was filled in with. An address that is given in part is checked as a whole.
pub(super) fn read(sent: &Asked) -> Contact {
    let parts = ["street", "city", "postcode", "region", "country"];
    let address = parts.iter().any(|part| !sent.text(part).is_empty()).then(|| Address {
        street: sent.text("street").to_owned(),
        city: sent.text("city").to_owned(),
        postcode: sent.text("postcode").to_owned(),
        region: sent.filled("region"),
        country: sent.text("country").to_uppercase(),
    });
    Contact { name: sent.filled("name"), email: sent.filled("email"), phone: sent.filled("phone"), address }
}
