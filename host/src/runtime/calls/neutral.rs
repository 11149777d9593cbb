//! The interfaces every app has, without a scope: log, runtime, settings, storage; and requests to servers outside.

use super::wit::{http, log, runtime, settings, storage, types};
use super::{Answer, Invocation};
use crate::db::{self, rfc3339};
use crate::runtime::limits::{Exhausted, RANDOM_BYTES};

impl log::Host for Invocation {
    fn write(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        self.small_call()?;
        let level = match level {
            log::Level::Debug => "debug",
            log::Level::Info => "info",
            log::Level::Warn => "warn",
            log::Level::Error => "error",
        };
        self.log(level, message);
        Ok(())
    }
}

impl runtime::Host for Invocation {
    fn now(&mut self) -> wasmtime::Result<String> {
        self.small_call()?;
        Ok(rfc3339(self.began().1))
    }

    fn random(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        self.small_call()?;
        if len > RANDOM_BYTES {
            return Err(Exhausted::Bytes.into());
        }
        let mut bytes = vec![0; len as usize];
        getrandom::fill(&mut bytes).map_err(|e| wasmtime::Error::msg(e.to_string()))?;
        Ok(bytes)
    }

    fn identity(&mut self) -> wasmtime::Result<runtime::RunIdentity> {
        self.small_call()?;
        Ok(runtime::RunIdentity {
            app: self.target().app.as_ref().to_owned(),
            version: self.target().version.as_ref().to_owned(),
            installation: self.target().installed.id().to_string(),
            invocation: self.began().0.to_string(),
        })
    }

    fn is_dry_run(&mut self) -> wasmtime::Result<bool> {
        self.small_call()?;
        Ok(Invocation::is_dry_run(self))
    }

    async fn pending(&mut self, record: String) -> Answer<bool> {
        self.neutral_call("runtime.pending", async |draft| draft.pending(&record).await).await
    }
}

impl settings::Host for Invocation {
    fn get(&mut self) -> wasmtime::Result<String> {
        self.small_call()?;
        Ok(self.target().settings.shown.as_ref().to_owned())
    }
}

impl http::Host for Invocation {
    async fn fetch(&mut self, request: http::Request) -> Answer<http::Response> {
        self.outbound_call(request).await
    }
}

impl storage::Host for Invocation {
    async fn get(&mut self, key: String) -> Answer<Option<Vec<u8>>> {
        self.neutral_call("storage.get", async |draft| draft.storage_get(&key).await).await
    }

    async fn set(&mut self, key: String, value: Vec<u8>) -> Answer<()> {
        self.neutral_call("storage.set", async |draft| draft.storage_set(&key, value)).await
    }

    async fn delete(&mut self, key: String) -> Answer<()> {
        self.neutral_call("storage.delete", async |draft| draft.storage_delete(&key)).await
    }

    async fn keys(&mut self, prefix: String, page: types::Page) -> Answer<storage::KeyPage> {
        let page = db::Page::from(page);
        let found = async |draft: &mut db::Draft| {
            let limit = page.limit()?;
            let mut items = draft.storage_keys(&prefix, page.cursor.as_deref(), limit + 1).await?;
            let more = items.len() > limit;
            items.truncate(limit);
            let next = items.last().filter(|_| more).cloned();
            Ok(storage::KeyPage { items, next })
        };
        self.neutral_call("storage.keys", found).await
    }
}
