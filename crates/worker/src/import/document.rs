//! A document that is read whole: an answer to `tools/list`, a `server.json`, or one saved page of a registry.

use std::io::Read;
use std::path::Path;

use catalog::record::{self, Fault};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::Digest;

use super::intake::{Intake, digest};
use super::{ImportError, Outcome};

/// The largest document, in bytes.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// What tells the forms apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    servers: Option<IgnoredAny>,
    tools: Option<IgnoredAny>,
    result: Option<IgnoredAny>,
    name: Option<IgnoredAny>,
    repository: Option<IgnoredAny>,
    packages: Option<IgnoredAny>,
    remotes: Option<IgnoredAny>,
}

/// Imports a file. A list of tools belongs to the server that the file is named after.
pub(super) async fn import_file(mut intake: Intake<'_>, path: &Path) -> Result<Outcome, ImportError> {
    let failed = || ImportError::file(path);
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(failed())?;
    intake.total = file.metadata().map_err(failed())?.len();
    if intake.total > LARGEST {
        let reason =
            format!("{} has more than {LARGEST} bytes; write large lists as JSON lines", path.display());
        return Err(ImportError::Unknown(reason));
    }
    file.take(LARGEST).read_to_string(&mut text).map_err(failed())?;
    let called = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    import(intake, &text, called).await
}

/// Imports a document.
pub(super) async fn import(mut intake: Intake<'_>, text: &str, called: &str) -> Result<Outcome, ImportError> {
    let records = read(text, called)?;
    let content = digest(|sha| {
        sha.update(text);
        Ok(())
    });
    let content = content.map_err(|error| ImportError::Unknown(error.to_string()))?;
    if intake.open(content).await?.is_none() {
        return Ok(intake.outcome);
    }
    intake.done = intake.total;
    for (number, record) in (1..).zip(records) {
        match record {
            Ok(record) => {
                intake.take(number, record);
            }
            Err(fault) => intake.bad(number, &fault),
        }
    }
    intake.keep(None).await?;
    Ok(intake.outcome)
}

/// The records in a document.
pub(super) fn read(text: &str, called: &str) -> Result<Vec<Result<record::Record, Fault>>, ImportError> {
    let unknown = |fault: Fault| ImportError::Unknown(format!("it is in no form that is known: {fault}"));
    if text.trim_start().starts_with('[') {
        return Ok(vec![Ok(record::tool_list(text, called).map_err(unknown)?)]);
    }
    let shape: Shape = serde_json::from_str(text).map_err(|error| unknown(Fault(error.to_string())))?;
    let is_server = shape.repository.is_some() || shape.packages.is_some() || shape.remotes.is_some();
    if shape.servers.is_some() {
        return Ok(record::page(text).map_err(unknown)?.records);
    }
    if shape.tools.is_some() || shape.result.is_some() {
        return Ok(vec![Ok(record::tool_list(text, called).map_err(unknown)?)]);
    }
    if shape.name.is_some() && is_server {
        return Ok(vec![Ok(record::server_json(text).map_err(unknown)?)]);
    }
    let expected = "expected a tools/list answer, a server.json, or a page of a registry";
    Err(unknown(Fault(expected.to_owned())))
}
