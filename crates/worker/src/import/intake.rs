//! The way of records into the database: gathered into batches, each kept together with how far the source has been read.

use catalog::record::{Fault, Record};
use store::catalog::{Batch, ImportedServer, SourceState};

use super::prepare::{Keys, prepare};
use super::{EDITION, ImportError, Importer, Outcome, Report};

/// Most servers in a batch.
const SERVERS: usize = 500;
/// Most tools in a batch; a list of more is one of its own.
const TOOLS: usize = 1000;
/// Most bytes of definitions in a batch.
const BYTES: usize = 4 * 1024 * 1024;

/// One source on its way in.
pub(super) struct Intake<'a> {
    pub(super) importer: &'a Importer<'a>,
    pub(super) state: SourceState,
    pub(super) outcome: Outcome,
    /// Bytes of the source, and how many of them are done.
    pub(super) total: u64,
    pub(super) done: u64,
    watch: &'a mut (dyn FnMut(Report) + Send),
    keys: Keys,
    waiting: Vec<ImportedServer>,
    tools: usize,
    bytes: usize,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        importer: &'a Importer<'a>,
        state: SourceState,
        watch: &'a mut (dyn FnMut(Report) + Send),
    ) -> Self {
        Self {
            importer,
            state,
            outcome: Outcome::default(),
            total: 0,
            done: 0,
            watch,
            keys: Keys::default(),
            waiting: Vec::new(),
            tools: 0,
            bytes: 0,
        }
    }

    /// Whether a source of this content has to be read, and from which position. Notes what it is.
    pub(super) async fn open(&mut self, content: [u8; 32]) -> Result<Option<String>, ImportError> {
        if self.state.digest == Some(content) && !self.importer.again {
            if self.state.finished {
                self.outcome.unchanged = true;
                return Ok(None);
            }
            if let Some(position) = &self.state.position {
                self.outcome.resumed = true;
                return Ok(Some(position.clone()));
            }
        }
        self.importer.store.begin_catalog_source(self.state.id, Some(&content)).await?;
        Ok(Some(String::new()))
    }

    /// Notes something that is not taken.
    pub(super) fn bad(&mut self, line: u64, fault: &Fault) {
        self.outcome.bad += 1;
        (self.watch)(Report::Bad { line, reason: fault.0.clone() });
    }

    /// A record that an earlier import has taken: only what tells it apart from later ones is noted.
    pub(super) fn pass(&mut self, record: &Record) {
        self.keys.next(record);
        self.outcome.servers += 1;
        self.outcome.tools += record.tools.as_ref().map_or(0, |tools| tools.len() as u64);
    }

    /// Takes a record, from this line. Whether the batch is full.
    pub(super) fn take(&mut self, line: u64, record: Record) -> bool {
        let key = self.keys.next(&record);
        let (server, faults) = prepare(record, key);
        for fault in &faults {
            self.bad(line, fault);
        }
        let tools = server.tools.as_deref().unwrap_or_default();
        self.outcome.servers += 1;
        self.outcome.tools += tools.len() as u64;
        self.tools += tools.len();
        self.bytes += tools.iter().map(|tool| tool.definition.len()).sum::<usize>();
        self.waiting.push(server);
        self.waiting.len() >= SERVERS || self.tools >= TOOLS || self.bytes >= BYTES
    }

    /// Keeps what has been gathered and where to go on; `None` at the source's end.
    pub(super) async fn keep(&mut self, position: Option<&str>) -> Result<(), ImportError> {
        let batch = Batch { source: self.state.id, servers: &self.waiting, position };
        let changed = self.importer.store.import_catalog(&batch, (self.importer.now)()).await?;
        self.outcome.changed.add(changed);
        self.waiting.clear();
        (self.tools, self.bytes) = (0, 0);
        (self.watch)(Report::Progress {
            servers: self.outcome.servers,
            tools: self.outcome.tools,
            done: self.done,
            total: self.total,
        });
        Ok(())
    }
}

/// Digests what was read, and by which edition.
pub(super) fn digest(
    feed: impl FnOnce(&mut sha2::Sha256) -> std::io::Result<()>,
) -> std::io::Result<[u8; 32]> {
    use sha2::Digest;
    let mut sha = sha2::Sha256::new_with_prefix(EDITION);
    feed(&mut sha)?;
    Ok(sha.finalize().into())
}
