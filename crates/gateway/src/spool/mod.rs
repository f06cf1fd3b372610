//! The spool: audit events on local disk before the call they describe goes out.
//!
//! An intent is in the current segment before the first byte is sent upstream, so it survives the death of this
//! process however sudden. Appends that meet share one `write`: whoever finds the file free writes everything that has
//! been encoded by then, and the others wait for that as tasks, not as threads. With [`Sync::Disk`] the append also waits for `fdatasync`,
//! shared by all appends that gathered meanwhile, and survives the loss of power. Outcomes are kept in memory until
//! the next append or the next tick of the shipper: losing one leaves an intent whose outcome is unknown, never a
//! call without a record.
//!
//! A failed write or sync closes the spool for good: after a failed sync the kernel may have dropped the pages, so
//! a retry could report success for data that is gone. A closed or full spool refuses, and so does the gateway.

mod identity;
mod mark;
mod progress;
mod record;
mod segment;
mod ship;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use model::Event;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, watch};

pub use mark::Mark;
pub use ship::{EventSink, SinkError, ship};

use self::identity::Identity;
use self::progress::Progress;
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
    /// The time, milliseconds since 1970: starts are told apart by it.
    pub now_ms: u64,
}

impl SpoolSettings {
    /// Segments of 16 MiB, 1 GiB in all: about a million calls that wait for the control plane.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, now_ms: u64) -> Self {
        Self { dir: dir.into(), sync: Sync::Os, max_bytes: 1 << 30, segment_bytes: 16 << 20, now_ms }
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
    identity: Identity,
    /// What has been encoded and not yet written. Locked for moments only, and never while waiting for `file`.
    pending: Mutex<Pending>,
    /// Locked for the length of a `write`.
    file: Mutex<Current>,
    /// Everything encoded up to this position is in the file.
    written: AtomicU64,
    wrote: Notify,
    held: AtomicU64,
    closed: AtomicBool,
    wake_sync: Notify,
    synced: watch::Sender<u64>,
    /// Everything before has been handed over.
    shipped: watch::Sender<Mark>,
    /// The shipper's, once it runs.
    progress: Mutex<Option<Progress>>,
    /// Somebody waits for events to be handed over.
    hurry: Notify,
    /// Held as long as the spool is open; the system lets go of it however this process ends.
    _lock: File,
}

#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    /// Bytes ever encoded by this process, these included.
    position: u64,
}

struct Current {
    writer: Writer,
    /// Memory to encode into, between two writes.
    spare: Vec<u8>,
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
        let identity = Identity::next(&settings.dir, settings.now_ms)?;
        let held = earlier.iter().map(|found| found.bytes).sum();
        let progress = Progress::open(&settings.dir, &earlier)?;
        let next = earlier.last().map_or(1, |found| found.number + 1);
        let writer = Writer::create(&settings.dir, next)?;
        let spool = Arc::new(Self {
            pending: Mutex::default(),
            file: Mutex::new(Current { writer, spare: Vec::new() }),
            written: AtomicU64::new(0),
            wrote: Notify::new(),
            held: AtomicU64::new(held),
            closed: AtomicBool::new(false),
            wake_sync: Notify::new(),
            synced: watch::Sender::new(0),
            shipped: watch::Sender::new((0, 0)),
            progress: Mutex::new(Some(progress)),
            hurry: Notify::new(),
            identity,
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
        if self.closed.load(Ordering::Acquire) {
            return Err(SpoolError::Closed);
        }
        let held = self.held.load(Ordering::Relaxed);
        if held > self.settings.max_bytes {
            return Err(SpoolError::Full { held });
        }
        let position = self.encode(event)?;
        self.write_up_to(position).await?;
        if self.settings.sync == Sync::Disk {
            self.wait_for_disk(position).await?;
        }
        Ok(())
    }

    /// Notes an event that is written along with the next append, or at the shipper's next tick.
    pub fn note(&self, event: &Event) {
        if let Err(error) = self.encode(event) {
            tracing::error!(%error, "audit outcome could not be encoded");
        }
    }

    fn encode(&self, event: &Event) -> Result<u64, SpoolError> {
        let mut pending = self.pending.lock();
        let before = pending.bytes.len();
        record::encode(event, &mut pending.bytes)?;
        pending.position += (pending.bytes.len() - before) as u64;
        Ok(pending.position)
    }

    /// Returns once everything up to `position` is in the file, written by this task or by another.
    async fn write_up_to(&self, position: u64) -> Result<(), SpoolError> {
        loop {
            if let Some(file) = self.file.try_lock() {
                return self.write_and_tell(file, position);
            }
            // Listening comes before looking, so that a write that ends in between is not missed.
            let mut wrote = std::pin::pin!(self.wrote.notified());
            wrote.as_mut().enable();
            if self.written.load(Ordering::Acquire) >= position {
                return Ok(());
            }
            if let Some(file) = self.file.try_lock() {
                return self.write_and_tell(file, position);
            }
            wrote.await;
            if self.written.load(Ordering::Acquire) >= position {
                return Ok(());
            }
        }
    }

    /// Writes all that is pending, unless `position` has been written meanwhile, and wakes those who wait.
    fn write_and_tell(&self, mut file: MutexGuard<'_, Current>, position: u64) -> Result<(), SpoolError> {
        let done = if self.written.load(Ordering::Acquire) >= position {
            Ok(())
        } else if self.closed.load(Ordering::Acquire) {
            Err(SpoolError::Closed)
        } else {
            self.write(&mut file)
        };
        // Whoever is woken must find the file free.
        drop(file);
        self.wrote.notify_waiters();
        done
    }

    /// Bytes on disk; files go once everything in them has been handed over.
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Writes what has been noted. A closed spool has said so already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn flush(&self) -> Result<(), SpoolError> {
        if self.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        let position = self.pending.lock().position;
        self.write_and_tell(self.file.lock(), position)
    }

    fn write(&self, file: &mut Current) -> Result<(), SpoolError> {
        let Current { writer, spare } = file;
        let (bytes, position) = {
            let mut pending = self.pending.lock();
            (std::mem::replace(&mut pending.bytes, std::mem::take(spare)), pending.position)
        };
        let written = if writer.bytes() >= self.settings.segment_bytes {
            writer.rotate(&self.settings.dir).and_then(|()| writer.write(&bytes))
        } else {
            writer.write(&bytes)
        };
        match &written {
            Ok(()) => {
                self.held.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                self.written.store(position, Ordering::Release);
            }
            Err(error) => {
                self.closed.store(true, Ordering::Release);
                tracing::error!(%error, "audit spool closed: nothing is forwarded until a restart");
            }
        }
        *spare = bytes;
        spare.clear();
        Ok(written?)
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
                let file = self.file.lock();
                (file.writer.handle(), self.written.load(Ordering::Acquire))
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

    fn dir(&self) -> &Path {
        &self.settings.dir
    }
}

#[cfg(test)]
mod tests;
