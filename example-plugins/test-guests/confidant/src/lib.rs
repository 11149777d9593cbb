//! Makes customers by e-mail address, changes them, and tells what it knows of them: in its log, in its storage, in the
//! error it ends with.

use serde::Deserialize;
use storehand::{Action, App, ContactDetails, Context, Error, Result, customers, log, register_app, storage};

#[derive(Default)]
struct Confidant;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    name: Option<String>,
    email: Option<String>,
}

impl App for Confidant {
    fn action(&self, context: &Context, action: Action) -> Result {
        let record = action.record_id;
        let Settings { name, email } = context.settings()?;
        match action.id.as_str() {
            "register" => drop(customers::create(&contact(name, email), &[])?),
            "rename" => customers::update(&record, &contact(name, email))?,
            "tell" => {
                let known = who(&record)?;
                log::info(format!("this is {known}"));
                storage::set("last", known)?;
            }
            "fail" => return Err(format!("cannot write to {}", who(&record)?).into()),
            _ => return Err(Error::NotHandled),
        }
        Ok(())
    }
}
register_app!(Confidant);

fn contact(name: Option<String>, email: Option<String>) -> ContactDetails {
    ContactDetails { name, email, phone: None, address: None }
}

fn who(customer: &str) -> Result<String> {
    let contact = customers::contact(customer)?;
    Ok(format!("{} <{}>", contact.name.unwrap_or_default(), contact.email.unwrap_or_default()))
}
