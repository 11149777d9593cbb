//! `storehand serve`: the host, until somebody asks it to stop.

use super::local::{files, locked};
use super::{Failure, Global};
use crate::config::{Data, FROM_ENVIRONMENT, Listen};
use crate::db::NotLocked;
use crate::serve::{Options, Serving, Stop, start};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Serves the API and runs apps, until it is asked to stop
#[derive(Debug, clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    listen: Listen,
}

impl Args {
    /// Serves until ctrl-c or SIGTERM, then ends without losing what was acknowledged.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        files::private(&self.data)?;
        logs(global.json);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Failure::failed(format!("cannot start: {e}")))?;
        let stop = Stop::watch(self.listen.limits().drain);
        let stop = stop.map_err(|e| Failure::failed(format!("cannot wait for signals: {e}")))?;
        let ended = runtime.block_on(serve(self, stop)).map_err(|e| match e.downcast::<NotLocked>() {
            Ok(error) => locked(&error),
            Err(e) => Failure::failed(format!("{e:#}")),
        });
        // What blocks a thread now is waited for by nobody: it holds nothing that was acknowledged.
        runtime.shutdown_background();
        ended
    }
}

async fn serve(args: Args, stop: Stop) -> anyhow::Result<()> {
    let options = Options {
        limits: args.listen.limits(),
        listen: args.listen.listen,
        data: args.data,
        worker: Some(std::env::current_exe()?),
    };
    let serving = start(&options).await?;
    announce(&serving).await?;
    stop.asked().await;
    tracing::info!("stopping: no new runs begin, those under way end");
    serving.drain().await;
    Ok(())
}

/// Says where it listens and, on the first start, how to begin. To standard error: it is no data.
async fn announce(serving: &Serving) -> anyhow::Result<()> {
    let url = format!("http://{}", serving.address);
    eprintln!("storehand serves {url}");
    let Some(token) = serving.db.setup_token().await? else { return Ok(()) };
    let token = token.expose();
    eprintln!(
        "\nThis is the first start. Within 15 minutes, once:\n\n  \
         curl -X POST {url}/api/v1/setup -H 'authorization: Bearer {token}' \\\n    \
         -H 'content-type: application/json' \\\n    \
         -d '{{\"name\": \"Corner shop\", \"owner\": \"Your name\", \"currency\": \"EUR\", \"country\": \"DE\"}}'\n\n\
         It answers with the operator's token, the store and its owner's token. None of them is shown again.\n"
    );
    Ok(())
}

/// Logs to standard error: text on a terminal, JSON lines otherwise or when asked for. `RUST_LOG` chooses what.
pub(super) fn logs(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,wasmtime=warn"));
    let to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call in one process changes nothing.
    let _ = if json || !std::io::stderr().is_terminal() { to.json().try_init() } else { to.compact().try_init() };
}
