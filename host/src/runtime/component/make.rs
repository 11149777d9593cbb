//! Makes an app of what the compiler wrote: a component, with the manifest and the settings schema inside.

use std::borrow::Cow;

use wasm_encoder::{ComponentSection, CustomSection};

use super::{MANIFEST_SECTION, SCHEMA_SECTION};
use crate::runtime::code::Code;
use crate::runtime::refused::Problem;

/// The component of a core module that was built for `wasm32-unknown-unknown` with the SDK. It imports exactly the
/// functions the code calls.
pub fn encode(core_module: &[u8]) -> Result<Vec<u8>, Problem> {
    let refuse = |error: anyhow::Error| {
        Problem::new(Code::Invalid, format!("no component can be made of the module: {error:#}"))
            .help("does the app end with `register_app!(…)` or `register_discounts!(…)`?")
    };
    let mut encoder = wit_component::ComponentEncoder::default().validate(true).module(core_module).map_err(refuse)?;
    encoder.encode().map_err(refuse)
}

/// The app with another text of its `app.toml` in the place of this one; none, if it does not carry this one.
pub fn exchange(app: &[u8], old: &str, new: &str) -> Option<Vec<u8>> {
    let (old, new) = (embed(&[], old, None), embed(&[], new, None));
    let at = app.windows(old.len()).rposition(|part| part == old)?;
    Some([app.get(..at)?, &new, app.get(at + old.len()..)?].concat())
}

/// The component with the text of its `app.toml` and of its settings schema appended. The component must not carry
/// them already; `inspect` refuses one that carries them twice.
pub fn embed(component: &[u8], manifest_toml: &str, settings_schema: Option<&str>) -> Vec<u8> {
    let mut app = component.to_vec();
    let mut append = |name: &'static str, text: &str| {
        let section = CustomSection { name: Cow::Borrowed(name), data: Cow::Borrowed(text.as_bytes()) };
        section.append_to_component(&mut app);
    };
    append(MANIFEST_SECTION, manifest_toml);
    if let Some(schema) = settings_schema {
        append(SCHEMA_SECTION, schema);
    }
    app
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_exchanged_for_another_and_the_rest_stays() {
        let app = embed(b"component", "version = 1", Some("{}"));
        assert_eq!(
            exchange(&app, "version = 1", "version = 22"),
            Some(embed(b"component", "version = 22", Some("{}")))
        );
        assert_eq!(exchange(&app, "version = 3", "version = 4"), None);
    }
}
