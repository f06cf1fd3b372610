//! Puts a gateway together, wherever its bundles come from.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use counters::{Counters, Durability};
use egress::Rules;
use gateway::bundles::{self, BundleSource, Bundles};
use gateway::epochs::{self, Attendant, ControlPlane, Epochs};
use gateway::spool::{self, EventSink, Spool, SpoolSettings, Sync};
use gateway::{ApprovalDesk, Gateway, Hosts, MAX_BODY_BYTES, Parts, Settings};
use secrets::Key;
use secrets::sealed::{Purpose, Sealer};
use tokio::task::JoinHandle;

use crate::clock;
use crate::settings::{DataPlane, RedisDurability, SpoolSync};

/// A gateway and what works for it.
pub(crate) struct Plane {
    /// The gateway.
    pub(crate) gateway: Arc<Gateway>,
    spool: Arc<Spool>,
    attendant: Arc<Attendant>,
    attending: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// How long the last events may take to be handed over at the end.
const HAND_OVER: Duration = Duration::from_secs(5);

impl Plane {
    /// Hands over what has been recorded and ends the work in the background. What cannot be handed over stays on disk
    /// for the next start.
    pub(crate) async fn stop(self) {
        self.attending.abort();
        if let Err(error) = self.spool.flush() {
            tracing::error!(%error, "the last audit outcomes could not be written");
        }
        self.attendant.close(HAND_OVER).await;
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The gateway's name: the one given, or one that stays with its data folder.
pub(crate) fn node_name(plane: &DataPlane, spool: &Spool) -> String {
    let made_up = || {
        let (first, ..) = spool.id().as_fields();
        format!("gateway-{first:08x}")
    };
    plane.node_name.clone().unwrap_or_else(made_up)
}

/// A gateway under `control` that records in `spool`. Starts its background tasks.
pub(crate) fn start<C: BundleSource + EventSink + ControlPlane + ApprovalDesk>(
    plane: &DataPlane,
    hosts: Hosts,
    rules: Rules,
    seal: &Key,
    spool: Arc<Spool>,
    control: Arc<C>,
) -> anyhow::Result<Plane> {
    let node = node_name(plane, &spool);
    let (counters, epochs) = (Arc::new(counters(plane)?), Arc::new(Epochs::default()));
    let mut tasks = vec![tokio::spawn(spool::ship(spool.clone(), control.clone()))];
    if plane.spool_sync == SpoolSync::Disk {
        tasks.push(tokio::spawn(spool.clone().sync_loop()));
    }
    let sealer = Arc::new(Sealer::new(seal, Purpose::UpstreamHeaders));
    let bundles = Bundles::new(control.clone(), sealer, rules.clone(), epochs.clone(), clock::now_ms);
    tasks.push(tokio::spawn(bundles::follow(bundles.clone())));
    let attendant = Arc::new(Attendant {
        epochs: epochs.clone(),
        counters: counters.clone(),
        spool: spool.clone(),
        control: control.clone(),
        node: node.clone(),
        now_ms: clock::now_ms,
    });
    let attending = tokio::spawn(epochs::attend(attendant.clone()));
    let parts = Parts {
        bundles,
        counters,
        epochs,
        spool: spool.clone(),
        client: egress::Client::new(rules, egress::Options::default())?,
        approvals: control,
        session_sealer: Sealer::new(seal, Purpose::McpSession),
        call_sealer: Sealer::new(seal, Purpose::ParkedCall),
        argument_sealer: Sealer::new(seal, Purpose::Arguments),
        now_ms: clock::now_ms,
    };
    let gateway = Gateway::new(Settings { node, hosts, max_body_bytes: MAX_BODY_BYTES }, parts);
    Ok(Plane { gateway, spool, attendant, attending, tasks })
}

/// Opens the folder for audit events, which belongs to this process until it ends.
pub(crate) fn open_spool(plane: &DataPlane) -> anyhow::Result<Arc<Spool>> {
    let dir = plane.data_dir.join("spool");
    let sync = match plane.spool_sync {
        SpoolSync::Os => Sync::Os,
        SpoolSync::Disk => Sync::Disk,
    };
    let now_ms = u64::try_from(clock::now_ms()).unwrap_or(0);
    let settings = SpoolSettings { sync, ..SpoolSettings::new(&dir, now_ms) };
    // Who called what is nobody else's business.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dir)
        .with_context(|| format!("cannot make {}; --data-dir chooses another folder", dir.display()))?;
    Spool::open(settings).with_context(|| format!("the audit spool in {}", dir.display()))
}

fn counters(plane: &DataPlane) -> anyhow::Result<Counters> {
    match plane.redis_url.as_deref() {
        None => Ok(Counters::Memory(counters::Memory::new())),
        Some(url) => {
            let budget = Duration::from_millis(plane.limits_timeout_ms);
            let durability = match plane.redis_durability {
                RedisDurability::Detect => Durability::Detect,
                RedisDurability::Durable => Durability::Durable,
            };
            let settings = counters::Settings { budget, durability, ..counters::Settings::default() };
            let redis = counters::Redis::new(url, settings).context("REDIS_URL")?;
            Ok(Counters::Redis(Box::new(redis)))
        }
    }
}
