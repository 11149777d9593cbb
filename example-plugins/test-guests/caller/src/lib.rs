//! Makes the requests that its settings name, and says in its log what came of each.

use serde::Deserialize;
use storehand::{Action, App, Context, Error, Event, Result, http, log, orders, register_app, settings};

#[derive(Default)]
struct Caller;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    urls: Vec<String>,
    post: bool,
    times: Option<u32>,
    header: Option<String>,
    body: String,
    fail: bool,
    key: Option<String>,
}

impl App for Caller {
    fn order_created(&self, context: &Context, _: Event<orders::Order>) -> Result {
        calls(&context.settings()?)
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        match action.id.as_str() {
            "call" => calls(&context.settings()?),
            "show" => {
                log::info(settings::get::<serde_json::Value>()?);
                Ok(())
            }
            _ => Err(Error::NotHandled),
        }
    }
}
register_app!(Caller);

fn calls(settings: &Settings) -> Result {
    for url in &settings.urls {
        for _ in 0..settings.times.unwrap_or(1) {
            match call(url, settings) {
                Ok(answer) => {
                    let location = answer.header("location").unwrap_or("none").to_owned();
                    log::info(format!("{} with {} bytes, location {location}", answer.status, answer.body.len()));
                }
                Err(error) => log::warn(error),
            }
        }
    }
    if settings.fail { Err("told to fail".into()) } else { Ok(()) }
}

fn call(url: &str, settings: &Settings) -> Result<http::Response> {
    let mut request = if settings.post { http::post(url).body(settings.body.clone()) } else { http::get(url) };
    if let Some(header) = &settings.header {
        request = request.header(header, "tea");
    }
    if settings.key.is_some() {
        request = request.secret("authorization", "Bearer ", "key");
    }
    request.send()
}
