//! Puts a gateway together, wherever its bundles come from.

use std::sync::Arc;

use anyhow::Context;
use counters::Counters;
use egress::Rules;
use gateway::bundles::{self, BundleSource, Bundles};
use gateway::spool::{self, EventSink, Spool, SpoolSettings, Sync};
use gateway::{Gateway, Hosts, MAX_BODY_BYTES, Parts, Settings};
use secrets::Key;
use secrets::sealed::{Purpose, Sealer};

use crate::clock;
use crate::settings::{DataPlane, SpoolSync};

/// A gateway over `source` that hands its events to `sink`. Starts its background tasks.
pub(crate) fn gateway(
    plane: &DataPlane,
    hosts: Hosts,
    rules: Rules,
    seal: &Key,
    source: Arc<dyn BundleSource>,
    sink: Arc<dyn EventSink>,
) -> anyhow::Result<Arc<Gateway>> {
    let node = plane.node_name.clone().unwrap_or_else(|| format!("gateway-{}", std::process::id()));
    let spool = open_spool(plane)?;
    tokio::spawn(spool::ship(spool.clone(), sink));
    let sealer = Arc::new(Sealer::new(seal, Purpose::UpstreamHeaders));
    let bundles = Bundles::new(source, sealer, rules.clone(), clock::now_ms);
    tokio::spawn(bundles::follow(bundles.clone()));
    let parts = Parts {
        bundles,
        counters: counters(plane.redis_url.as_deref())?,
        spool,
        client: egress::Client::new(rules, egress::Options::default())?,
        session_sealer: Sealer::new(seal, Purpose::McpSession),
        now_ms: clock::now_ms,
    };
    Ok(Gateway::new(Settings { node, hosts, max_body_bytes: MAX_BODY_BYTES }, parts))
}

fn open_spool(plane: &DataPlane) -> anyhow::Result<Arc<Spool>> {
    let dir = plane.data_dir.join("spool");
    let sync = match plane.spool_sync {
        SpoolSync::Os => Sync::Os,
        SpoolSync::Disk => Sync::Disk,
    };
    let settings = SpoolSettings { sync, ..SpoolSettings::new(&dir) };
    let spool = Spool::open(settings).with_context(|| format!("the audit spool in {}", dir.display()))?;
    if sync == Sync::Disk {
        tokio::spawn(spool.clone().sync_loop());
    }
    Ok(spool)
}

fn counters(redis_url: Option<&str>) -> anyhow::Result<Counters> {
    match redis_url {
        None => Ok(Counters::Memory(counters::Memory::new())),
        Some(url) => {
            let redis = counters::Redis::new(url, counters::Settings::default()).context("REDIS_URL")?;
            Ok(Counters::Redis(redis))
        }
    }
}
