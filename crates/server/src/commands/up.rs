//! `policylayer up`: database, migrations, API, public pages and gateway in one process on one port.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use secrets::KeyName;
use store::Store;
use store::cluster::Cluster;
use url::Url;

use crate::control::{Control, POOL, Setup};
use crate::listen::{self, Served};
use crate::local::Local;
use crate::settings::{DataPlane, Listen, Mail, Recovery, Requests, Telemetry};
use crate::{health, keys, measure, plane, private, telemetry};

/// What `up` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    plane: DataPlane,
    /// Postgres to use; without it a private one is run in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Folder of Postgres programs (`postgres`, `initdb`), when they are not found by themselves.
    #[arg(long, env = "POLICYLAYER_PG_BIN")]
    pg_bin: Option<std::path::PathBuf>,
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
    // The port first: whoever has forgotten a running copy learns it before a database is started.
    let listener = listen::bind(args.listen.listen, "--listen").await?;
    let metrics = measure::bind(args.telemetry.metrics_listen).await?;
    let bound = listener.local_addr()?;
    let public_url = args.listen.public_url(bound)?;
    std::fs::create_dir_all(&args.plane.data_dir).with_context(|| {
        format!("cannot make the data folder {}; --data-dir chooses another", args.plane.data_dir.display())
    })?;
    let (cluster, database_url) = database(&args).await?;
    let from = if cluster.is_some() { "the private database" } else { "DATABASE_URL" };
    store::migrate(&database_url).await.context(from)?;
    let store = Store::connect(&database_url, POOL).await.context(from)?;
    let keys_dir = keys::directory(args.plane.keys_dir.as_deref(), &args.plane.data_dir);
    let keys = keys::all(&keys_dir)?;
    let rules = args.plane.upstreams.rules(bound.ip().is_loopback());
    let seal = keys::one(KeyName::Seal, &keys_dir)?;
    let setup = Setup {
        public_url: &public_url,
        rules: rules.clone(),
        mail: &args.mail,
        data_dir: &args.plane.data_dir,
        recovery: &args.recovery,
        requests: &args.requests,
        redis_url: args.plane.redis_url.as_deref(),
        alone_on: args.listen.is_local(bound).then_some(bound),
    };
    let control = Control::start(&store, keys, setup)?;
    let local = Arc::new(Local {
        store: store.clone(),
        pepper: control.pepper.clone(),
        changes: control.changes.clone(),
        patience: args.recovery.patience(),
        api: control.state.clone(),
    });
    let hosts = args.listen.hosts(bound)?;
    let spool = plane::open_spool(&args.plane)?;
    let plane = plane::start(&args.plane, hosts, rules, &seal, spool, local)?;
    measure::serve(metrics, Some(plane.gateway.clone()))?;
    greet(&args, bound, &public_url);
    let health = health::routes(Some(store.clone()), Some(plane.gateway.clone()));
    let served = Served {
        gateway: Some(plane.gateway.clone()),
        api: Some(control.api.clone()),
        pages: control.pages.clone().merge(health),
    };
    listen::serve(listener, served, control.asked_to_stop()).await;
    plane.stop().await;
    control.stop().await;
    store.close().await;
    if let Some(cluster) = cluster {
        cluster.stop().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// The database to use: the one given, or a private one.
async fn database(args: &Args) -> anyhow::Result<(Option<Cluster>, String)> {
    if let Some(url) = &args.database_url {
        return Ok((None, url.clone()));
    }
    let options = private::options(&args.plane.data_dir, args.pg_bin.as_deref());
    let cluster = Cluster::start(options).await?;
    let url = cluster.url().to_owned();
    Ok((Some(cluster), url))
}

/// Tells the person at the terminal where to go.
fn greet(args: &Args, bound: SocketAddr, public_url: &Url) {
    let base = public_url.as_str().trim_end_matches('/');
    let database = if args.database_url.is_some() { "the one given" } else { "private, in the data folder" };
    let counters = if args.plane.redis_url.is_some() { "Redis" } else { "in memory, for this one process" };
    let program = program();
    let (mails, server) = match &args.listen {
        listen if listen.is_local(bound) => (
            if args.mail.smtp_url.is_none() {
                format!("{base}/app/dev/outbox")
            } else {
                "over SMTP".to_owned()
            },
            format!("http://{bound}{}", sample::PATH),
        ),
        _ => (
            if args.mail.smtp_url.is_none() { "files in the data folder" } else { "over SMTP" }.to_owned(),
            "https://mcp.example.com/mcp".to_owned(),
        ),
    };
    crate::say(&format!(
        "\n  PolicyLayer is up\n\n    Open       {base}/app\n    Mails      {mails}\n    API        {base}/v1/openapi.json\n    \
         Data       {}\n    Database   {database}\n    Counters   {counters}\n\n  Or, in another terminal:\n\n    \
         {program} quickstart --api {base} --email you@example.com \\\n      --server-url {server} --identity my-laptop\n\n  \
         It makes an account, registers the server, and prints what to paste into your MCP client.\n  Stop with Ctrl-C.\n\n",
        args.plane.data_dir.display(),
    ));
}

/// How this program is called from the folder that it was started in, ready to be pasted into a shell.
fn program() -> String {
    let Ok(path) = std::env::current_exe() else { return "policylayer".to_owned() };
    let below =
        std::env::current_dir().ok().and_then(|folder| Some(path.strip_prefix(folder).ok()?.to_owned()));
    let text = match &below {
        Some(file) if file.components().count() == 1 => format!("./{}", file.display()),
        Some(file) => file.display().to_string(),
        None => path.display().to_string(),
    };
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+".contains(letter);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
