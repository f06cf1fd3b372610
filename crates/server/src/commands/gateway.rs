//! `policylayer gateway`: the data plane alone, without database access.

use std::process::ExitCode;

use anyhow::bail;
use gateway::bundles::{Remote, RemoteSettings};
use http::StatusCode;
use ipnet::IpNet;
use secrets::KeyName;
use secrets::jwt::NodeTokens;

use crate::listen::{self, Served};
use crate::settings::{DataPlane, Listen, Telemetry};
use crate::{clock, health, keys, measure, plane, telemetry};

/// What `gateway` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    plane: DataPlane,
    /// Address of the control plane, for example `https://control.example`.
    #[arg(long, env = "POLICYLAYER_CONTROL_URL")]
    control_url: String,
    #[command(flatten)]
    telemetry: Telemetry,
}

/// Runs until it is told to stop.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    telemetry::start(args.telemetry.log.as_deref())?;
    let listener = listen::bind(args.listen.listen, "--listen").await?;
    let metrics = measure::bind(args.telemetry.metrics_listen).await?;
    let bound = listener.local_addr()?;
    let directory = keys::directory(args.plane.keys_dir.as_deref(), &args.plane.data_dir);
    let seal = keys::one(KeyName::Seal, &directory)?;
    let node = keys::one(KeyName::Node, &directory)?;
    // The operator names the control plane, and it may well live in a private network.
    let anywhere = egress::Rules { allow: everything(), ..egress::Rules::default() };
    let spool = plane::open_spool(&args.plane)?;
    let settings = RemoteSettings {
        control_url: args.control_url.clone(),
        node: plane::node_name(&args.plane, &spool),
        tokens: NodeTokens::new(&node),
        now_ms: clock::now_ms,
    };
    let remote = match Remote::new(
        settings,
        egress::Client::new(anywhere.clone(), egress::Options::default())?,
        anywhere,
    ) {
        Ok(remote) => remote,
        Err(error) => bail!("--control-url: {error}"),
    };
    let rules = args.plane.upstreams.rules(false);
    let plane = plane::start(&args.plane, args.listen.hosts(bound)?, rules, &seal, spool, remote)?;
    measure::serve(metrics, Some(plane.gateway.clone()))?;
    tracing::info!(control = args.control_url, "gateway is up, listening on http://{bound}");
    let pages = health::routes(None, Some(plane.gateway.clone())).fallback(async || {
        (StatusCode::NOT_FOUND, "this is a gateway; its addresses look like /t/{org}/{team}/mcp/{server}\n")
    });
    listen::serve(
        listener,
        Served { gateway: Some(plane.gateway.clone()), api: None, pages },
        listen::stop_signal(),
    )
    .await;
    plane.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn everything() -> Vec<egress::Exception> {
    vec![IpNet::V4(ipnet::Ipv4Net::default()).into(), IpNet::V6(ipnet::Ipv6Net::default()).into()]
}
