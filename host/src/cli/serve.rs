//! `storehand serve`: the host, until somebody asks it to stop.

use super::local::{files, locked};
use super::log::{self, say};
use super::{Failure, Global};
use crate::config::{
    Alerts, Audit, Backups, Data, FROM_ENVIRONMENT, Listen, MAIL_FROM_ENVIRONMENT, Mail, Outbound, Watch,
};
use crate::db::NotLocked;
use crate::serve::{Options, Serving, Stop, start};

/// Serves the API and runs apps, until it is asked to stop
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{FROM_ENVIRONMENT}{MAIL_FROM_ENVIRONMENT}"))]
pub struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    mail: Mail,
    #[command(flatten)]
    audit: Audit,
    #[command(flatten)]
    alerts: Alerts,
    #[command(flatten)]
    backups: Backups,
    #[command(flatten)]
    outbound: Outbound,
    #[command(flatten)]
    watch: Watch,
    /// How the log is written to standard error: text on a terminal and JSON otherwise, if not given.
    #[arg(long, env = "STOREHAND_LOG_FORMAT", value_enum, value_name = "FORMAT", help_heading = "Monitoring")]
    log_format: Option<log::Format>,
}

impl Args {
    /// Serves until ctrl-c or SIGTERM, then ends without losing what was acknowledged.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let _until = log::begin(self.log_format, global.json);
        open_files();
        files::private(&self.data)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Failure::failed(format!("cannot start: {e}")))?;
        let stop = Stop::watch(self.listen.limits().drain, log::written);
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
        tls: args.listen.tls(),
        listen: args.listen.listen,
        mail: args.mail,
        audit: args.audit,
        alerts: args.alerts,
        backups: args.backups.schedule(),
        proxies: args.listen.trusted_proxies,
        data: args.data,
        watch: args.watch,
        outbound: args.outbound.settings(),
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
    let url = format!("http{}://{}", if serving.is_tls { "s" } else { "" }, serving.address);
    let name = if serving.is_tls { "; ask for it by the name in its certificate" } else { "" };
    say(&format!("storehand serves {url}{name}"));
    if let Some(figures) = serving.figures {
        say(&format!("it tells its figures at http://{figures}/metrics, to whoever asks there"));
    }
    let Some(token) = serving.db.setup_token().await? else {
        if serving.db.operator_ways().await? == 0 {
            tracing::warn!(
                "no operator of this host can get in; `storehand recover operator` on this machine makes one"
            );
        }
        return Ok(());
    };
    let token = token.expose();
    say(&format!(
        "\nThis is the first start. Open this page within 15 minutes; it works once:\n\n  \
         {url}/setup?token={token}\n\n\
         Or without a browser:\n\n  \
         curl -X POST {url}/api/v1/setup -H 'authorization: Bearer {token}' \\\n    \
         -H 'content-type: application/json' \\\n    \
         -d '{{\"name\": \"Corner shop\", \"owner\": \"Your name\", \"currency\": \"EUR\", \"country\": \"DE\"}}'\n\n\
         It answers with the operator's token, the store and its owner's token. None of them is shown again.\n"
    ));
    Ok(())
}

/// Each connection takes a file: as many as the system lets this process have, rather than as few as shells begin with.
fn open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
