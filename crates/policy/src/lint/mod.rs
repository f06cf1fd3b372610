//! stub
use crate::{Category, Policy, Problem};

/// What linting needs to know of one of the server's tools.
#[derive(Debug, Clone, Copy)]
pub struct ToolFacts<'a> {
    /// Its exact name.
    pub name: &'a str,
    /// The catalogue's class of it, where it has one.
    pub category: Option<Category>,
    /// The text of its input schema, a JSON object.
    pub input_schema: Option<&'a str>,
}
pub(crate) fn against_tools(_policy: &Policy, _tools: &[ToolFacts<'_>]) -> Vec<Problem> {
    Vec::new()
}
pub(crate) fn limits_of(_policy: &Policy) -> Vec<Problem> {
    Vec::new()
}
pub(crate) fn within(_policy: &Policy) -> Vec<Problem> {
    Vec::new()
}
