//! `policylayer policy recommend --tools FILE`: one policy for all tools of a server, by what each of them does.

use std::io::{self, Write};

use anyhow::Context;
use catalog::{Class, Definition, Reason, Server, classify, recommend_server};
use policy::{Policy, ToolFacts};
use serde_json::value::RawValue;

use super::tools::Tool;

/// How reasons are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// A line for each tool.
    Table,
    /// One JSON array.
    Json,
}

/// A policy, and why it is as it is.
pub(super) struct Recommended {
    pub(super) document: String,
    pub(super) reasons: Vec<Reason>,
}

/// The policy for these tools. It has been compiled and compared with them before it is given out.
pub(super) fn recommend(tools: &[Tool], server: Option<&str>) -> anyhow::Result<Recommended> {
    let classes: Vec<Class> = tools.iter().map(|tool| class(tool, server)).collect();
    let pairs = tools.iter().map(|tool| tool.name.as_str()).zip(&classes);
    let recommendation = recommend_server(pairs);
    let document = recommendation
        .text()
        .context("a policy for so many tools would be larger than policies may be; split the list")?;
    let compiled = Policy::compile(document.as_bytes())
        .map_err(|problems| anyhow::anyhow!("the policy does not compile: {problems:?}"))?;
    let facts: Vec<ToolFacts<'_>> = tools
        .iter()
        .zip(&classes)
        .map(|(tool, class)| ToolFacts {
            name: &tool.name,
            category: Some(class.category),
            input_schema: tool.input_schema.as_deref().map(RawValue::get),
        })
        .collect();
    let doubts = compiled.policy.lint(&facts);
    anyhow::ensure!(doubts.is_empty() && compiled.warnings.is_empty(), "the policy is doubtful: {doubts:?}");
    Ok(Recommended { document, reasons: recommendation.reasons })
}

fn class(tool: &Tool, server: Option<&str>) -> Class {
    let definition = Definition {
        name: &tool.name,
        description: tool.description.as_deref(),
        input_schema: tool.input_schema.as_deref().map(RawValue::get),
        annotations: tool.annotations.as_deref().map(RawValue::get),
    };
    classify(&definition, &Server { name: server })
}

/// Says why each tool has its rule.
pub(super) fn tell(reasons: &[Reason], form: Form, out: &mut impl Write) -> io::Result<()> {
    if form == Form::Json {
        serde_json::to_writer_pretty(&mut *out, reasons)?;
        return writeln!(out);
    }
    for reason in reasons {
        let quotes: Vec<String> =
            reason.evidence.iter().map(|found| format!("{}: {:?}", found.field, found.quote)).collect();
        writeln!(
            out,
            "{:<11} {:<8} {:>3.0} %  {:<26} {:?}  ({})",
            reason.category.as_str(),
            reason.risk,
            reason.confidence * 100.0,
            reason.effect,
            reason.tool,
            quotes.join("; ")
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tools;
    use super::*;

    #[test]
    fn a_servers_list_becomes_a_policy_with_reasons() {
        let list = br#"{"serverInfo": {"name": "notes"}, "tools": [
            {"name": "notes_list", "description": "List notes"},
            {"name": "delete_note", "description": "Delete a note"},
            {"name": "*", "description": "Everything"}]}"#;
        let server = tools::server_name(list);
        assert_eq!(server.as_deref(), Some("notes"));
        let recommended = recommend(&tools::read(list).unwrap(), server.as_deref()).unwrap();
        let document: serde_json::Value = serde_json::from_str(&recommended.document).unwrap();
        assert_eq!(document["hide"], serde_json::json!(["delete_note"]));
        assert_eq!(document["tools"], serde_json::json!({"notes_list": {}}));
        let mut table = Vec::new();
        tell(&recommended.reasons, Form::Table, &mut table).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(table.contains("destructive critical  95 %  hidden"), "{table}");
        assert_eq!(table.lines().count(), 3);
    }

    #[test]
    fn a_list_that_no_policy_can_hold_is_refused() {
        let tools: Vec<String> =
            (0..20_000).map(|number| format!(r#"{{"name": "create_thing_number_{number}"}}"#)).collect();
        let tools = tools::read(format!("[{}]", tools.join(",")).as_bytes()).unwrap();
        assert!(recommend(&tools, None).is_err());
    }
}
