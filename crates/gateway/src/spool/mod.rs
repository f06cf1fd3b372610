//! The spool: audit events on local disk before the call they describe goes out.
//!
//! An intent is appended, by one `write`, to the current segment before the first byte is sent upstream, so it
//! survives the death of this process however sudden. With [`Sync::Disk`] the append also waits for `fdatasync`,
//! shared by all appends that gathered meanwhile, and survives the loss of power. Outcomes are kept in memory until
//! the next append or the next tick of the shipper: losing one leaves an intent whose outcome is unknown, never a
//! call without a record.
//!
//! A failed write or sync closes the spool for good: after a failed sync the kernel may have dropped the pages, so
//! a retry could report success for data that is gone. A closed or full spool refuses, and so does the gateway.

mod record;
mod segment;
mod ship;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::Event;
use tokio::sync::{Notify, watch};

pub use ship::{EventSink, SinkError, ship};

use self::segment::Writer;

/// When an append counts as durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// Once the operating system has it: survives the death of the process.
    Os,
    /// Once the disk has it: survives the loss of power.
    Disk,
}

/// Where the spool lives and how much it may hold.
#[derive(Debug, Clone)]
pub struct SpoolSettings {
    /// Folder of the segments; made when missing.
    pub dir: PathBuf,
    /// When an append counts as durable.
    pub sync: Sync,
    /// Bytes of unshipped segments at which appends are refused.
    pub max_bytes: u64,
    /// Bytes after which a new segment is begun.
    pub segment_bytes: u64,
}

impl SpoolSettings {
    /// Segments of 16 MiB, 1 GiB in all: about a million calls that wait for the control plane.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), sync: Sync::Os, max_bytes: 1 << 30, segment_bytes: 16 << 20 }
    }
}

/// Why an event could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The unshipped events have reached the permitted size.
    #[error(
        "the audit spool holds {held} bytes, its limit: the control plane has not taken events for too long"
    )]
    Full {
        /// Bytes held.
        held: u64,
    },
    /// An earlier write or sync failed; the process must be restarted on a sound disk.
    #[error("the audit spool is closed after an earlier disk error")]
    Closed,
    /// Another process has it open.
    #[error("the audit spool in {0} is in use by another gateway; give each its own data folder")]
    InUse(PathBuf),
    /// This write or sync failed.
    #[error("the audit spool cannot be written: {0}")]
    Disk(#[from] std::io::Error),
    /// The event cannot be encoded; a fault of ours.
    #[error("the audit event cannot be encoded: {0}")]
    Encode(#[from] postcard::Error),
    /// A segment was written by a version that records differently.
    #[error(
        "{0} was written by another version of policylayer; run that version until its events are shipped, then this one"
    )]
    Format(PathBuf),
}

/// The spool of one gateway process.
pub struct Spool {
    settings: SpoolSettings,
    state: Mutex<State>,
    held: AtomicU64,
    closed: AtomicBool,
    wake_sync: Notify,
    synced: watch::Sender<u64>,
    /// Held as long as the spool is open; the system lets go of it however this process ends.
    _lock: File,
}

struct State {
    writer: Writer,
    /// Encoded outcomes that the next write takes along.
    pending: Vec<u8>,
    /// Bytes ever written by this process, the position that a sync covers.
    position: u64,
}

impl Spool {
    /// Opens the folder, keeps what an earlier process left for the shipper, and begins a new segment.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn open(settings: SpoolSettings) -> Result<Arc<Self>, SpoolError> {
        std::fs::create_dir_all(&settings.dir)?;
        let lock = File::create(settings.dir.join("lock"))?;
        lock.try_lock().map_err(|_| SpoolError::InUse(settings.dir.clone()))?;
        let earlier = segment::list(&settings.dir)?;
        if let Some(foreign) = earlier.iter().find(|found| !found.is_ours()) {
            return Err(SpoolError::Format(foreign.path.clone()));
        }
        let held = earlier.iter().map(|found| found.bytes).sum();
        let next = earlier.last().map_or(1, |found| found.number + 1);
        let writer = Writer::create(&settings.dir, next)?;
        let spool = Arc::new(Self {
            state: Mutex::new(State { writer, pending: Vec::new(), position: 0 }),
            held: AtomicU64::new(held),
            closed: AtomicBool::new(false),
            wake_sync: Notify::new(),
            synced: watch::Sender::new(0),
            _lock: lock,
            settings,
        });
        Ok(spool)
    }

    /// Records an event durably; when this returns, the call that it describes may go out.
    ///
    /// # Errors
    /// When the spool is full, closed, or the disk refuses.
    pub async fn append(self: &Arc<Self>, event: &Event) -> Result<(), SpoolError> {
        let position = self.write(event)?;
        if self.settings.sync == Sync::Disk {
            self.wait_for_disk(position).await?;
        }
        Ok(())
    }

    /// Notes an event that is written along with the next append, or at the shipper's next tick.
    pub fn note(&self, event: &Event) {
        if let Err(error) = record::encode(event, &mut self.state().pending) {
            tracing::error!(%error, "audit outcome could not be encoded");
        }
    }

    fn write(&self, event: &Event) -> Result<u64, SpoolError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(SpoolError::Closed);
        }
        let held = self.held.load(Ordering::Relaxed);
        if held > self.settings.max_bytes {
            return Err(SpoolError::Full { held });
        }
        let mut state = self.state();
        record::encode(event, &mut state.pending)?;
        self.flush_locked(&mut state)?;
        Ok(state.position)
    }

    /// Writes what has been noted. A closed spool has said so already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn flush(&self) -> Result<(), SpoolError> {
        let mut state = self.state();
        let nothing = state.pending.is_empty() || self.closed.load(Ordering::Acquire);
        if nothing { Ok(()) } else { self.flush_locked(&mut state) }
    }

    fn flush_locked(&self, state: &mut State) -> Result<(), SpoolError> {
        let State { writer, pending, position } = state;
        let written = if writer.bytes() >= self.settings.segment_bytes {
            writer.rotate(&self.settings.dir).and_then(|()| writer.write(pending))
        } else {
            writer.write(pending)
        };
        if let Err(error) = written {
            self.closed.store(true, Ordering::Release);
            tracing::error!(%error, "audit spool closed: nothing is forwarded until a restart");
            return Err(error.into());
        }
        let bytes = pending.len() as u64;
        *position += bytes;
        self.held.fetch_add(bytes, Ordering::Relaxed);
        pending.clear();
        Ok(())
    }

    async fn wait_for_disk(self: &Arc<Self>, position: u64) -> Result<(), SpoolError> {
        let mut synced = self.synced.subscribe();
        loop {
            if *synced.borrow_and_update() >= position {
                return Ok(());
            }
            if self.closed.load(Ordering::Acquire) {
                return Err(SpoolError::Closed);
            }
            self.wake_sync.notify_one();
            if synced.changed().await.is_err() {
                return Err(SpoolError::Closed);
            }
        }
    }

    /// Serves `fdatasync` to all waiting appends until the process ends. Needed with [`Sync::Disk`] only.
    pub async fn sync_loop(self: Arc<Self>) {
        loop {
            self.wake_sync.notified().await;
            let (file, position) = {
                let state = self.state();
                (state.writer.handle(), state.position)
            };
            let done = tokio::task::spawn_blocking(move || file.and_then(|file| file.sync_data())).await;
            let failed = !matches!(done, Ok(Ok(())));
            if failed {
                self.closed.store(true, Ordering::Release);
                tracing::error!("audit spool closed: the disk did not confirm a write");
            }
            self.synced.send_modify(|synced| {
                if !failed {
                    *synced = position;
                }
            });
        }
    }

    /// The writer. A standard mutex: it is held for the length of a `write`, too long to spin for.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dir(&self) -> &Path {
        &self.settings.dir
    }
}

#[cfg(test)]
mod tests;
