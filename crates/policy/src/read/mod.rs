//! From a document's bytes to a compiled policy, or to everything that is wrong with it.
//!
//! Reading goes on after a problem: each part says what is wrong with it and leaves itself out, so that one look
//! shows all. Only text that is no JSON stops at its first fault.
//!
//! Bounds of ours, beyond those of the language: 1,000 globs in a list, 2,048 bytes in a pattern, 512 in a path,
//! 1,000 in a regular expression and 128 of these in a document, 128 characters in a counter's name, 1,000 problems.

mod case;
mod condition;
mod counter;
mod document;
mod fields;
mod limit;
mod literal;
mod node;
mod path;
mod report;
mod rule;
mod schema;

use crate::cases::{Case, Trial};
use crate::{Compiled, Problem, Severity, lint, problem};
use counter::Counters;
use node::Node;
use report::Report;
pub(crate) use schema::schema;

/// Largest document, in bytes.
const LARGEST: usize = 256 * 1024;

/// Reads one document.
struct Reader<'a> {
    report: Report<'a>,
    /// How each counter is cut into windows.
    counters: Counters,
    /// How many regular expressions there were.
    regexes: usize,
}

pub(crate) fn compile(source: &[u8]) -> Result<Compiled, Vec<Problem>> {
    let (mut reader, root) = open(source)?;
    let policy = reader.document(&root);
    let readable = !reader.report.has_errors();
    let mut problems = reader.report.finish(Some(&root));
    problems.extend(lint::limits_of(&policy));
    if readable {
        // Doubts about rules of which half could not be read would mislead.
        problems.extend(lint::within(&policy));
    }
    problem::sort(&mut problems);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    Ok(Compiled { policy, warnings: problems })
}

/// The cases of a file, or everything that is wrong with it.
pub(crate) fn cases(source: &[u8]) -> Result<Vec<Case>, Vec<Problem>> {
    let (mut reader, root) = open(source)?;
    let cases = reader.cases(&root);
    match reader.report.finish(Some(&root)) {
        problems if problems.is_empty() => Ok(cases),
        problems => Err(problems),
    }
}

/// A call to be tried, or everything that is wrong with it.
pub(crate) fn trial(source: &[u8]) -> Result<Trial, Vec<Problem>> {
    let (mut reader, root) = open(source)?;
    let trial = reader.trial(&root);
    let problems = reader.report.finish(Some(&root));
    trial.filter(|_| problems.is_empty()).ok_or(problems)
}

/// A document as a tree, and a reader for it.
fn open(source: &[u8]) -> Result<(Reader<'_>, Node<'_>), Vec<Problem>> {
    let source = text(source).map_err(|problem| vec![problem])?;
    let mut report = Report::new(source);
    match node::parse(source, &mut report) {
        Some(root) => Ok((Reader { report, counters: Counters::default(), regexes: 0 }, root)),
        None => Err(report.finish(None)),
    }
}

fn text(source: &[u8]) -> Result<&str, Problem> {
    let whole = |code, message: String, hint: &str| Problem {
        severity: Severity::Error,
        code,
        pointer: String::new(),
        line: 1,
        column: 1,
        message,
        hint: Some(hint.to_owned()),
    };
    if source.len() > LARGEST {
        let message = format!("The document has {} bytes, and at most {LARGEST} may be.", source.len());
        return Err(whole("too_large", message, "split it among several policies, or use globs"));
    }
    std::str::from_utf8(source).map_err(|error| {
        let message = format!("The document is not UTF-8: byte {} begins no character.", error.valid_up_to());
        whole("invalid_utf8", message, "save it as UTF-8")
    })
}
