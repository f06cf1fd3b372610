//! A compiled policy: immutable, and shared between threads as it is.

use crate::lint::{self, ToolFacts};
use crate::rule::path::Root;
use crate::rule::section::Section;
use crate::{Category, Problem, Subject, read};

/// A compiled document.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(crate) tools: Section,
    pub(crate) prompts: Section,
    pub(crate) resources: Section,
}

/// A document that compiled.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// What calls are judged by.
    pub policy: Policy,
    /// What is doubtful about it, in document order.
    pub warnings: Vec<Problem>,
}

impl Policy {
    /// Reads and compiles a document: UTF-8 JSON of at most 256 KiB and 32 levels.
    ///
    /// # Errors
    /// Everything that is wrong with it, warnings included, in document order; never empty.
    pub fn compile(source: &[u8]) -> Result<Compiled, Vec<Problem>> {
        read::compile(source)
    }

    /// The shape of a document as a JSON Schema (draft 2020-12), for editors. Made from what the reader goes by.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        read::schema()
    }

    /// Doubts that only show against the server's tools. Assumes nothing about prompts and resources.
    #[must_use]
    pub fn lint(&self, tools: &[ToolFacts<'_>]) -> Vec<Problem> {
        lint::against_tools(self, tools)
    }

    /// Whether judging a tool call takes its category, risk or annotations.
    #[must_use]
    pub fn uses_classes(&self) -> bool {
        let asks =
            |root: &Root| matches!(root, Root::ToolCategory | Root::ToolRisk | Root::ToolAnnotation(_));
        let mut uses = !self.tools.categories.is_empty();
        for rule in self.tools.rules() {
            for condition in rule.conditions() {
                condition.each_test(&mut |test| uses |= asks(&test.path.root));
            }
            uses |= rule.limits.iter().filter_map(|limit| limit.key.as_ref()).any(|path| asks(&path.root));
        }
        uses
    }

    /// Whether a list shows this to the agent: it is neither hidden nor refused for want of a rule. What is not
    /// listed is never permitted; what is listed may still be refused, so that the agent can be told why.
    #[must_use]
    pub fn lists(&self, kind: Subject, name: &str, category: Option<Category>) -> bool {
        self.section(kind).lists(name, category)
    }

    pub(crate) const fn section(&self, subject: Subject) -> &Section {
        match subject {
            Subject::Tool => &self.tools,
            Subject::Prompt => &self.prompts,
            Subject::Resource => &self.resources,
        }
    }
}
