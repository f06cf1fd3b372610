//! A server's list of tools from a file: its answer to `tools/list`, the `result` of it, or the bare array.

use policy::{Policy, Problem, ToolFacts};
use serde::Deserialize;
use serde_json::value::RawValue;

/// One tool, as far as policies care.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tool {
    pub(super) name: String,
    #[serde(default)]
    pub(super) annotations: Option<Box<RawValue>>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) input_schema: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Listed {
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
struct Answer {
    result: Listed,
}

/// The tools in a file's bytes.
pub(super) fn read(source: &[u8]) -> anyhow::Result<Vec<Tool>> {
    if source.trim_ascii_start().starts_with(b"[") {
        return Ok(serde_json::from_slice(source)?);
    }
    if let Ok(Answer { result }) = serde_json::from_slice(source) {
        return Ok(result.tools);
    }
    let Listed { tools } = serde_json::from_slice(source)?;
    Ok(tools)
}

/// The server's own name, where the file says it beside the list.
pub(super) fn server_name(source: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Beside {
        server_info: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    serde_json::from_slice::<Beside>(source).ok().map(|beside| beside.server_info.name)
}

/// Doubts about a policy that these tools show. Their categories are not known here.
pub(super) fn lint(policy: &Policy, tools: &[Tool]) -> Vec<Problem> {
    let facts: Vec<ToolFacts<'_>> = tools
        .iter()
        .map(|tool| ToolFacts {
            name: &tool.name,
            category: None,
            input_schema: tool.input_schema.as_deref().map(RawValue::get),
        })
        .collect();
    policy.lint(&facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_each_of_its_forms() {
        let tools = r#"[{"name": "a", "annotations": {"x": 1}, "inputSchema": {}, "more": 1}]"#;
        for text in [
            tools.to_owned(),
            format!(r#"{{"tools": {tools}}}"#),
            format!(r#" {{"id": 1, "result": {{"tools": {tools}}}}}"#),
        ] {
            let read = read(text.as_bytes()).unwrap();
            assert_eq!((read.len(), read[0].name.as_str()), (1, "a"), "{text}");
            assert_eq!(read[0].annotations.as_ref().unwrap().get(), r#"{"x": 1}"#);
        }
        assert!(read(b"{}").is_err());
        assert!(read(b"").is_err());
    }

    #[test]
    fn a_name_that_the_list_does_not_have_is_warned_of() {
        let policy =
            Policy::compile(br#"{"version": "1", "default": "deny", "tools": {"b": {}}}"#).unwrap().policy;
        let tools = read(br#"[{"name": "a"}]"#).unwrap();
        assert_eq!(lint(&policy, &tools)[0].code, "unknown_tool");
    }
}
