//! What the catalogue says of a tool.

use policy::Category;
use serde::{Deserialize, Serialize};

/// The class of a tool, with the reasons for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// What the tool does.
    pub category: Category,
    /// `low`, `medium`, `high` or `critical`; follows from the category.
    pub risk: String,
    /// How sure the rules are, from 0 to 1. Below 0.5 somebody should look.
    pub confidence: f64,
    /// What in the definition led to the category, strongest first.
    pub evidence: Vec<Evidence>,
    /// What else a policy's author should know about the tool.
    pub signals: Vec<Signal>,
}

impl Class {
    /// A class that somebody has already found, without the reasons for it.
    #[must_use]
    pub fn found(category: Category, confidence: f64) -> Self {
        let risk = category.risk().to_owned();
        Self { category, risk, confidence, evidence: Vec::new(), signals: Vec::new() }
    }
}

/// A place in the definition and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `name`, `description`, or a pointer such as `inputSchema/properties/action/enum`.
    pub field: String,
    /// The words themselves, without characters that do not show; at most 160 bytes.
    pub quote: String,
    /// What they mean.
    pub signal: Finding,
}

/// What a quoted place means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Says that something is retrieved.
    Reads,
    /// Says that something is created or changed.
    Writes,
    /// Says that something is run, started, stopped or driven.
    Executes,
    /// Says that something is deleted or given up.
    Destroys,
    /// Says that money or assets move or are committed.
    MovesMoney,
    /// Says that the tool tidies up after itself, or connects.
    Housekeeping,
    /// Says that there is no way back.
    CannotBeUndone,
    /// Says that something is only read.
    ReadOnly,
    /// Concerns records of payments at a payment provider.
    PaymentRecord,
    /// An argument that chooses between actions, this among them.
    OffersAction,
    /// The server's own hint that the tool changes something, or destroys.
    ServerHint,
    /// Nothing here says what the tool does, so that the worst is assumed that is common.
    Unclear,
    /// More text than is read; what follows is not known.
    Oversized,
}

/// Something about a tool that its category does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Takes an address to go to.
    TakesUrl,
    /// Takes the path of a file or folder.
    TakesPath,
    /// Takes code, a command, or a query in some language.
    TakesCode,
    /// Takes a password, key or token.
    TakesCredentials,
    /// Has more than ten arguments.
    ManyParameters,
    /// Sends something to people or systems elsewhere.
    SendsOut,
    /// Holds characters that do not show or that turn the direction of writing.
    HiddenCharacters,
    /// Mixes alphabets within a word, so that it is not what it looks like.
    MixedAlphabets,
    /// Its description is longer than is read.
    OversizedDescription,
    /// The server's hints say less than the text does.
    UnderstatedByHints,
}
