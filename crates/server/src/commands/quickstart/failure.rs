//! Why a quickstart stopped, told so that the reader knows what to do next.

use std::fmt;

use super::wire::{Problem, ProblemItem};

/// Why it stopped.
#[derive(Debug)]
pub(super) enum Failure {
    /// The API refused; its own explanation.
    Refused(Box<Problem>),
    /// No answer from the API.
    Unreachable {
        /// What was asked for.
        url: String,
        /// What happened.
        reason: String,
    },
    /// Something answered, but not as PolicyLayer does.
    Unexpected {
        /// What was asked for.
        url: String,
        /// What came back.
        answer: String,
    },
    /// What was asked for does not fit together.
    Asked {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
}

impl Failure {
    pub(super) fn asked(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Asked { what: what.into(), hint: hint.into() }
    }

    /// Whether the API refused with that code.
    pub(super) fn is(&self, code: model::Code) -> bool {
        matches!(self, Self::Refused(problem) if problem.code == code.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => refused(f, problem),
            Self::Unreachable { url, reason } => {
                write!(
                    f,
                    "error: no answer from {url}: {reason}\n  hint: is PolicyLayer running there? `policylayer up` starts it"
                )
            }
            Self::Unexpected { url, answer } => {
                write!(
                    f,
                    "error: {url} does not answer as PolicyLayer does: {answer}\n  hint: is --api the right address?"
                )
            }
            Self::Asked { what, hint } => write!(f, "error: {what}\n  hint: {hint}"),
        }
    }
}

fn refused(f: &mut fmt::Formatter<'_>, problem: &Problem) -> fmt::Result {
    write!(f, "error: {}\n  code: {}", problem.detail, problem.code)?;
    // A single fault is told by the detail already, unless it has a place or a hint.
    let told = |item: &&ProblemItem| {
        item.line.is_none() && item.hint.is_none() && problem.detail.contains(&item.message)
    };
    for item in problem.problems.iter().filter(|item| !told(item)) {
        write!(f, "\n  {item}")?;
    }
    if let Some(seconds) = problem.retry_after_s {
        write!(f, "\n  hint: try again in {seconds} s")?;
    }
    if !problem.request_id.is_empty() {
        write!(f, "\n  request: {}", problem.request_id)?;
    }
    Ok(())
}
