//! A list of servers, one a line. Read as a stream: a list may be larger than memory.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use catalog::record::{self, Fault};
use sha2::Digest;

use super::intake::{Intake, digest};
use super::{ImportError, Outcome};
use crate::lines::{self, LONGEST, Line};

/// How many lines that are no servers may come before the first server.
const PATIENCE: usize = 1000;

/// Whether a file of this name is a list.
pub(super) fn is_list(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    matches!(ending, "jsonl" | "ndjson")
}

/// Imports it.
pub(super) async fn import(mut intake: Intake<'_>, path: &Path, name: &str) -> Result<Outcome, ImportError> {
    let failed = || ImportError::file(path);
    intake.total = std::fs::metadata(path).map_err(failed())?.len();
    let content = content(path).map_err(failed())?;
    let Some(position) = intake.open(content).await? else { return Ok(intake.outcome) };
    let passed: u64 = position.parse().unwrap_or(0);
    let mut input = BufReader::new(File::open(path).map_err(failed())?);
    let (mut buffer, mut line, mut early) = (Vec::new(), 0, Vec::new());
    while let Some(read) = lines::next(&mut input, &mut buffer).map_err(failed())? {
        line += 1;
        intake.done += buffer.len() as u64 + 1;
        let record = match read {
            Line::TooLong => Err(Fault(format!("the line is too long; it may have {LONGEST} bytes"))),
            Line::Whole if buffer.trim_ascii().is_empty() => continue,
            Line::Whole => str::from_utf8(&buffer)
                .map_err(|_| Fault("the line is not UTF-8".to_owned()))
                .and_then(record::row),
        };
        let record = match record {
            Ok(record) => record,
            // A file without a single server is not a bad list but no list.
            Err(fault) if intake.outcome.servers == 0 && early.len() < PATIENCE => {
                early.push((line, fault));
                continue;
            }
            Err(fault) => {
                intake.bad(line, &fault);
                continue;
            }
        };
        for (line, fault) in early.drain(..) {
            intake.bad(line, &fault);
        }
        if line <= passed {
            intake.pass(&record);
        } else if intake.take(line, record) {
            intake.keep(Some(&line.to_string())).await?;
        }
    }
    if intake.outcome.servers == 0 {
        let reason = early.first().map(|(line, fault)| format!("; line {line}: {fault}")).unwrap_or_default();
        return Err(ImportError::Unknown(format!("{name} has no line that tells of a server{reason}")));
    }
    intake.keep(None).await?;
    Ok(intake.outcome)
}

fn content(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut input = File::open(path)?;
    digest(|sha| {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = input.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            sha.update(buffer.get(..count).unwrap_or_default());
        }
    })
}
