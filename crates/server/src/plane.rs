//! Puts a gateway together, wherever its bundles come from.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use counters::Counters;
use egress::Rules;
use gateway::bundles::{self, BundleSource, Bundles};
use gateway::spool::{self, EventSink, Spool, SpoolSettings, Sync};
use gateway::{Gateway, Hosts, MAX_BODY_BYTES, Parts, Settings};
use secrets::Key;
use secrets::sealed::{Purpose, Sealer};
use tokio::task::JoinHandle;

use crate::clock;
use crate::settings::{DataPlane, SpoolSync};

/// A gateway and what works for it.
pub(crate) struct Plane {
    /// The gateway.
    pub(crate) gateway: Arc<Gateway>,
    spool: Arc<Spool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Plane {
    /// Ends the work in the background. What is not shipped stays on disk for the next start.
    pub(crate) fn stop(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        if let Err(error) = self.spool.flush() {
            tracing::error!(%error, "the last audit outcomes could not be written");
        }
    }
}

/// A gateway over `source` that hands its events to `sink`. Starts its background tasks.
pub(crate) fn start(
    plane: &DataPlane,
    hosts: Hosts,
    rules: Rules,
    seal: &Key,
    source: Arc<dyn BundleSource>,
    sink: Arc<dyn EventSink>,
) -> anyhow::Result<Plane> {
    let node = plane.node_name.clone().unwrap_or_else(|| format!("gateway-{}", std::process::id()));
    let mut tasks = Vec::new();
    let spool = open_spool(plane, &mut tasks)?;
    tasks.push(tokio::spawn(spool::ship(spool.clone(), sink)));
    let sealer = Arc::new(Sealer::new(seal, Purpose::UpstreamHeaders));
    let bundles = Bundles::new(source, sealer, rules.clone(), clock::now_ms);
    tasks.push(tokio::spawn(bundles::follow(bundles.clone())));
    let parts = Parts {
        bundles,
        counters: counters(plane)?,
        spool: spool.clone(),
        client: egress::Client::new(rules, egress::Options::default())?,
        session_sealer: Sealer::new(seal, Purpose::McpSession),
        now_ms: clock::now_ms,
    };
    let gateway = Gateway::new(Settings { node, hosts, max_body_bytes: MAX_BODY_BYTES }, parts);
    Ok(Plane { gateway, spool, tasks })
}

fn open_spool(plane: &DataPlane, tasks: &mut Vec<JoinHandle<()>>) -> anyhow::Result<Arc<Spool>> {
    let dir = plane.data_dir.join("spool");
    let sync = match plane.spool_sync {
        SpoolSync::Os => Sync::Os,
        SpoolSync::Disk => Sync::Disk,
    };
    let settings = SpoolSettings { sync, ..SpoolSettings::new(&dir) };
    // Who called what is nobody else's business.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dir)
        .with_context(|| format!("cannot make {}; --data-dir chooses another folder", dir.display()))?;
    let spool = Spool::open(settings).with_context(|| format!("the audit spool in {}", dir.display()))?;
    if sync == Sync::Disk {
        tasks.push(tokio::spawn(spool.clone().sync_loop()));
    }
    Ok(spool)
}

fn counters(plane: &DataPlane) -> anyhow::Result<Counters> {
    match plane.redis_url.as_deref() {
        None => Ok(Counters::Memory(counters::Memory::new())),
        Some(url) => {
            let budget = Duration::from_millis(plane.limits_timeout_ms);
            let settings = counters::Settings { budget, ..counters::Settings::default() };
            let redis = counters::Redis::new(url, settings).context("REDIS_URL")?;
            Ok(Counters::Redis(Box::new(redis)))
        }
    }
}
