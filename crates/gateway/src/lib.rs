//! The data plane: identify, decide, reserve, record, forward, filter. Knows no database and no control plane but
//! through [`bundles::BundleSource`] and [`spool::EventSink`].

mod approval;
mod body;
pub mod bundles;
mod capture;
mod decide;
mod edge;
pub mod epochs;
mod exchange;
mod filter;
mod flow;
mod forward;
mod measure;
mod record;
mod reserve;
mod respond;
mod session;
pub mod spool;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

pub use approval::ApprovalDesk;
pub use body::{Body, BodyError};
pub use edge::{Hosts, Route, route};
pub use filter::EventStream;
pub use measure::describe as describe_metrics;

use bundles::Bundles;
use counters::Counters;
use epochs::Epochs;
use secrets::sealed::Sealer;
use session::Sessions;
use spool::Spool;

/// Default of [`Settings::max_body_bytes`]: 4 MiB.
pub const MAX_BODY_BYTES: usize = 4 << 20;

/// What an operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This process's name in audit records.
    pub node: String,
    /// Names by which clients may reach it.
    pub hosts: Hosts,
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
}

/// The parts that a gateway works with.
pub struct Parts {
    /// Who may do what.
    pub bundles: Arc<Bundles>,
    /// What has been spent.
    pub counters: Arc<Counters>,
    /// In which epochs that is counted.
    pub epochs: Arc<Epochs>,
    /// What has been decided.
    pub spool: Arc<Spool>,
    /// The way to the MCP servers.
    pub client: egress::Client,
    /// Who has approved what.
    pub approvals: Arc<dyn ApprovalDesk>,
    /// Seals MCP session ids.
    pub session_sealer: Sealer,
    /// Seals calls that wait for approval.
    pub call_sealer: Sealer,
    /// Seals argument values for the audit log; made for [`secrets::sealed::Purpose::Arguments`].
    pub argument_sealer: Sealer,
    /// The clock, milliseconds since 1970.
    pub now_ms: fn() -> i64,
}

/// A gateway: answers requests to `/t/{org}/{team}/mcp/{server}`.
pub struct Gateway {
    settings: Settings,
    bundles: Arc<Bundles>,
    counters: Arc<Counters>,
    epochs: Arc<Epochs>,
    spool: Arc<Spool>,
    client: egress::Client,
    approvals: Arc<dyn ApprovalDesk>,
    sessions: Sessions,
    call_sealer: Sealer,
    argument_sealer: Sealer,
    now_ms: fn() -> i64,
    seq: AtomicU64,
}

/// What an operator watches.
#[derive(Debug, Clone, Copy)]
pub struct Vitals {
    /// Bytes of audit records on disk; files go once the control plane has taken everything in them.
    pub audit_bytes: u64,
    /// How long nothing has been heard from the control plane; `None` when it has never been heard.
    pub control_plane_silence: Option<Duration>,
}

impl Gateway {
    /// Puts the parts together.
    #[must_use]
    pub fn new(settings: Settings, parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            settings,
            bundles: parts.bundles,
            counters: parts.counters,
            epochs: parts.epochs,
            spool: parts.spool,
            client: parts.client,
            approvals: parts.approvals,
            sessions: Sessions::new(parts.session_sealer),
            call_sealer: parts.call_sealer,
            argument_sealer: parts.argument_sealer,
            now_ms: parts.now_ms,
            seq: AtomicU64::new(0),
        })
    }

    /// Whether the control plane has been heard since the start. It may be silent by now: what is known goes on then, for as long
    /// as organisations allow.
    #[must_use]
    pub fn has_heard(&self) -> bool {
        self.bundles.silence().is_some()
    }

    /// How it is doing.
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        Vitals { audit_bytes: self.spool.held(), control_plane_silence: self.bundles.silence() }
    }

    fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }
}
