//! Why a command that talks to the API stopped, told so that the reader knows what to do next.

use std::fmt;

use super::problem::{Problem, ProblemItem};

/// Why it stopped.
#[derive(Debug)]
pub(crate) enum Failure {
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
    pub(crate) fn asked(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Asked { what: what.into(), hint: hint.into() }
    }

    /// Whether the API refused with that code.
    pub(crate) fn is(&self, code: model::Code) -> bool {
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
                )?;
                if url.starts_with("https://") { f.write_str("; or is it http://?") } else { Ok(()) }
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
    let detail = problem.detail.replace("; see `problems`.", ":");
    write!(f, "error: {detail}\n  code: {}", problem.code)?;
    // A single fault is told by the detail already, unless it has a place or a hint.
    let told = |item: &&ProblemItem| {
        item.line.is_none() && item.hint.is_none() && problem.detail.contains(&item.message)
    };
    for item in problem.problems.iter().filter(|item| !told(item)) {
        write!(f, "\n  {item}")?;
    }
    if let Some(hint) = hint(problem) {
        write!(f, "\n  hint: {hint}")?;
    }
    if let Some(seconds) = problem.retry_after_s {
        write!(f, "\n  hint: try again in {seconds} s")?;
    }
    if !problem.request_id.is_empty() {
        write!(f, "\n  request: {}", problem.request_id)?;
    }
    Ok(())
}

/// What the API cannot know: which flag a field came from, and what to do at this end.
fn hint(problem: &Problem) -> Option<&'static str> {
    let code = problem.code.as_str();
    let pointer = problem.problems.first().map(|item| item.pointer.as_str());
    if code == model::Code::UpstreamUnreachable.as_str() {
        return Some("is the MCP server of --server-url running? Start it and run this again");
    }
    if code == model::Code::AddressRefused.as_str() {
        return Some("start PolicyLayer with that network in POLICYLAYER_ALLOW_UPSTREAM, if it is yours");
    }
    match pointer {
        Some("/label") => Some("the name is what --identity says"),
        Some("/name" | "/slug") => Some("the name is what --server-name says"),
        _ => None,
    }
}
