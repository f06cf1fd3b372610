//! How far a spool has come: what has been appended, and what of it has been handed over.

use std::time::Duration;

use uuid::Uuid;

use super::Spool;

/// A place in a spool: a segment's number, and how many of its bytes lie before it.
pub type Mark = (u64, u64);

/// How often whoever waits for events to be handed over makes the shipper try.
const HURRY: Duration = Duration::from_millis(250);

impl Spool {
    /// What stands for the folder, whichever process uses it.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.identity.id
    }

    /// Tells this use of the folder from earlier ones: a later one has a higher number.
    #[must_use]
    pub fn boot(&self) -> u64 {
        self.identity.boot
    }

    /// The place behind every append that has returned.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let file = self.file.lock();
        (file.writer.number(), file.writer.bytes())
    }

    /// Whether everything before a place has been handed over, earlier processes' events included.
    #[must_use]
    pub fn has_shipped(&self, mark: Mark) -> bool {
        *self.shipped.borrow() >= mark
    }

    /// Tells those who wait how far shipping has come, if there is news.
    pub(super) fn publish(&self, reached: Mark) {
        self.shipped.send_if_modified(|shipped| {
            let moved = *shipped != reached;
            *shipped = reached;
            moved
        });
    }

    /// Waits until everything before a place has been handed over, and makes the shipper hurry.
    pub async fn shipped(&self, mark: Mark) {
        let mut shipped = self.shipped.subscribe();
        while *shipped.borrow_and_update() < mark {
            self.hurry.notify_one();
            // Asked for again now and then: an attempt may have failed.
            if let Ok(Err(_)) = tokio::time::timeout(HURRY, shipped.changed()).await {
                return;
            }
        }
    }
}
