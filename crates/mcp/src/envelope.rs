//! A lenient look at the outside of a message from a server: which request it answers, and with what.
//!
//! Servers are not under suspicion here, so anything JSON allows is read; only the envelope's own keys must be
//! unique, since the answer is matched and filtered by them.

use std::borrow::Cow;

use thiserror::Error;

use crate::id;
use crate::json::{Fault, Raw, Reader, Rules, utf8};

/// Nesting accepted from servers. Schemas nest deeper than calls do.
const MAX_DEPTH: usize = 256;

/// How messages from servers are read.
pub(crate) const LENIENT: Rules = Rules { strict: false, max_depth: MAX_DEPTH, max_members: usize::MAX };

/// A message from a server that cannot be read as one JSON-RPC object.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the server's message cannot be read: {reason}")]
pub struct Unreadable {
    /// What is wrong and at which byte.
    pub reason: String,
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self { reason: fault.to_string() }
    }
}

/// The members of a JSON-RPC object, unjudged.
#[derive(Clone, Debug, Default)]
pub struct Envelope<'a> {
    /// Raw JSON of the id.
    pub id: Option<&'a str>,
    /// The method, if it is a request or notification.
    pub method: Option<Cow<'a, str>>,
    pub(crate) params: Option<Raw<'a>>,
    pub(crate) result: Option<Raw<'a>>,
    pub(crate) error: Option<Raw<'a>>,
}

impl<'a> Envelope<'a> {
    /// Reads the outside of a message.
    ///
    /// # Errors
    /// When it is no JSON object, not UTF-8, or one of its own keys occurs twice. An array (a batch) is an error.
    pub fn read(message: &'a [u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(utf8(message)?, LENIENT);
        let mut found = Self::default();
        reader.object(|reader, key| {
            match &*key {
                "id" => found.id = Some(reader.value()?.text),
                "method" => found.method = reader.string_if_any()?,
                "params" => found.params = Some(reader.value()?),
                "result" => found.result = Some(reader.value()?),
                "error" => found.error = Some(reader.value()?),
                _ => drop(reader.value()?),
            }
            Ok(())
        })?;
        reader.finish()?;
        Ok(found)
    }

    /// The id in the spelling [`crate::Message::id_key`] gives, to find the request by.
    #[must_use]
    pub fn id_key(&self) -> Option<Cow<'a, str>> {
        self.id.map(id::key)
    }

    /// Raw JSON of `params`.
    #[must_use]
    pub fn params(&self) -> Option<&'a str> {
        self.params.map(|raw| raw.text)
    }

    /// Raw JSON of `result`.
    #[must_use]
    pub fn result(&self) -> Option<&'a str> {
        self.result.map(|raw| raw.text)
    }

    /// Raw JSON of `error`.
    #[must_use]
    pub fn error(&self) -> Option<&'a str> {
        self.error.map(|raw| raw.text)
    }
}
