//! The neutral interfaces of the fake host, with the names and types of the generated ones.

pub(crate) mod settings {
    //! The app's settings.

    use crate::testing::host::with_state;

    pub(crate) fn get() -> String {
        with_state(|state| state.settings.as_ref().map_or_else(|| "{}".to_owned(), ToString::to_string))
    }
}

pub(crate) mod run {
    //! Facts about a run that stands still.

    use crate::bindings::app::storehand::app::types::Error;
    use crate::runtime::RunIdentity;
    use crate::testing::host::with_state;
    use crate::testing::triggers::NOW;

    pub(crate) fn now() -> String {
        NOW.to_owned()
    }

    /// The same bytes in every test: 0, 1, 2, …
    pub(crate) fn random(len: u32) -> Vec<u8> {
        (0..=u8::MAX).cycle().take(len as usize).collect()
    }

    pub(crate) fn identity() -> RunIdentity {
        RunIdentity {
            app: "test/app".to_owned(),
            version: "0.0.0".to_owned(),
            installation: "inst_1".to_owned(),
            invocation: "inv_1".to_owned(),
        }
    }

    pub(crate) fn is_dry_run() -> bool {
        with_state(|state| state.dry_run)
    }

    pub(crate) fn pending(record: &str) -> Result<bool, Error> {
        Ok(with_state(|state| state.pending.contains(record)))
    }
}

pub(crate) mod http {
    //! Servers outside, which answer what the test says: `host.answer("http.fetch", |request| Ok(…))`.

    use crate::bindings::app::storehand::app::http as contract;
    use contract::{Header, Method};
    pub(crate) use contract::{Request, Response};
    use serde::Deserialize;
    use serde_json::json;

    use crate::Result;

    /// What a test says that a server answers.
    #[derive(Deserialize)]
    struct Answered {
        status: u16,
        #[serde(default)]
        headers: Vec<(String, String)>,
        #[serde(default)]
        body: String,
    }

    pub(crate) fn fetch(request: &Request) -> Result<Response> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        let headers: Vec<_> = request.headers.iter().map(|header| (&header.name, &header.value)).collect();
        let secrets: Vec<_> = request.secrets.iter().map(|secret| (&secret.name, &secret.setting)).collect();
        let body = String::from_utf8_lossy(&request.body);
        let arguments =
            json!({ "method": method, "url": request.url, "headers": headers, "secrets": secrets, "body": body });
        let Answered { status, headers, body } = crate::testing::host::call_without_scope("http.fetch", arguments)?;
        let headers = headers.into_iter().map(|(name, value)| Header { name, value }).collect();
        Ok(Response { status, headers, body: body.into_bytes() })
    }
}

pub(crate) mod storage {
    //! The app's keys, held in memory.

    use crate::Page;
    use crate::bindings::app::storehand::app::types::Error;
    use crate::storage::KeyPage;
    use crate::testing::host::with_state;

    pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(with_state(|state| state.storage.get(key).cloned()))
    }

    pub(crate) fn set(key: &str, value: &[u8]) -> Result<(), Error> {
        with_state(|state| state.storage.insert(key.to_owned(), value.to_vec()));
        Ok(())
    }

    pub(crate) fn delete(key: &str) -> Result<(), Error> {
        with_state(|state| state.storage.remove(key));
        Ok(())
    }

    pub(crate) fn keys(prefix: &str, page: &Page) -> Result<KeyPage, Error> {
        let limit = page.limit.unwrap_or(50) as usize;
        let after = |key: &str| page.cursor.as_deref().is_none_or(|cursor| key > cursor);
        let mut items: Vec<String> = with_state(|state| {
            let keys = state.storage.keys().filter(|key| key.starts_with(prefix) && after(key));
            keys.take(limit.saturating_add(1)).cloned().collect()
        });
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().cloned() } else { None };
        Ok(KeyPage { items, next })
    }
}
