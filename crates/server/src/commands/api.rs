//! `policylayer api`: the control plane over a given database; gateways run elsewhere.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use store::Store;

use crate::control::{Control, POOL, Setup};
use crate::listen::{self, Served};
use crate::settings::{Listen, Mail, Recovery, Requests, Telemetry, Upstreams};
use crate::{health, keys, measure, telemetry};

/// What `api` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: Listen,
    /// Postgres to use; its schema must be this build's (`policylayer migrate`).
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Folder for keys and, without SMTP, mails.
    #[arg(long, env = "POLICYLAYER_DATA_DIR", default_value = ".policylayer")]
    data_dir: PathBuf,
    /// Folder of the key files; `keys` in the data folder unless given.
    #[arg(long, env = "POLICYLAYER_KEYS_DIR")]
    keys_dir: Option<PathBuf>,
    #[command(flatten)]
    upstreams: Upstreams,
    /// Redis in which gateways count, to stop those that have not heard of a revocation.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    redis_url: Option<String>,
    #[command(flatten)]
    recovery: Recovery,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    mail: Mail,
    #[command(flatten)]
    telemetry: Telemetry,
}

/// Runs until it is told to stop.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    telemetry::start(args.telemetry.log.as_deref())?;
    let listener = listen::bind(args.listen.listen, "--listen").await?;
    let metrics = measure::bind(args.telemetry.metrics_listen).await?;
    let bound = listener.local_addr()?;
    let public_url = args.listen.public_url(bound)?;
    let store = Store::connect(&args.database_url, POOL).await.context("DATABASE_URL")?;
    let keys = keys::all(&keys::directory(args.keys_dir.as_deref(), &args.data_dir))?;
    let rules = args.upstreams.rules(false);
    let setup = Setup {
        public_url: &public_url,
        rules,
        mail: &args.mail,
        data_dir: &args.data_dir,
        recovery: &args.recovery,
        requests: &args.requests,
        redis_url: args.redis_url.as_deref(),
        alone_on: None,
    };
    let control = Control::start(&store, keys, setup)?;
    measure::serve(metrics, None)?;
    tracing::info!(%public_url, "control plane is up, listening on http://{bound}");
    let pages = control.pages.clone().merge(health::routes(Some(store.clone()), None));
    let served = Served { gateway: None, api: Some(control.api.clone()), pages };
    listen::serve(listener, served, control.asked_to_stop()).await;
    control.stop().await;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
