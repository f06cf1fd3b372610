//! A record made ready for the catalogue: each tool with its class, its hash and the words that it is found by.

use std::collections::{BTreeMap, HashSet};

use catalog::record::{Fault, Record, ToolRecord};
use catalog::{Definition, Server, classify, summary, words};
use store::catalog::{ImportedServer, ImportedTool};

/// How much of a description lists show, in characters.
const SUMMARY: usize = 300;
/// Bytes of JSON that are about one token of a model.
const BYTES_A_TOKEN: usize = 4;

/// Tells records of one source apart that are alike in all that servers are known by.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<String, u32>);

impl Keys {
    /// The key of the next record.
    pub(super) fn next(&mut self, record: &Record) -> String {
        let key = record.key();
        let count = self.0.entry(key.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { key } else { format!("{key}\n#{count}") }
    }
}

/// Classifies a record's tools. Those that cannot be taken are faults.
pub(super) fn prepare(mut record: Record, key: String) -> (ImportedServer, Vec<Fault>) {
    let mut faults = std::mem::take(&mut record.faults);
    let tools = record.tools.take().map(|tools| {
        let mut names = HashSet::new();
        let mut kept = Vec::with_capacity(tools.len());
        for tool in tools {
            match prepare_tool(&tool, &record.name) {
                Ok(ready) if names.insert(tool.name.clone()) => kept.push(ready),
                Ok(_) => faults.push(Fault(format!("tool {:?}: listed twice; the first counts", tool.name))),
                Err(Fault(reason)) => faults.push(Fault(format!("tool {:?}: {reason}", tool.name))),
            }
        }
        kept
    });
    // The namespace of a registry says nothing about the server.
    let own = |name: &'static str, text: &str| text.strip_prefix(name).unwrap_or(text).to_owned();
    let mut found_by = words(&own("io.github.", &record.name));
    for more in
        [Some(own("io-github-", &record.slug).as_str()), record.repo.as_deref(), record.package.as_deref()]
    {
        for word in more.map(words).unwrap_or_default() {
            if !found_by.contains(&word) {
                found_by.push(word);
            }
        }
    }
    let server = ImportedServer {
        key,
        slug: record.slug,
        slug_only: record.hint.as_deref().is_some_and(|hint| hint.starts_with("list ")),
        name: record.name,
        description: record.description,
        repo: record.repo,
        homepage: record.homepage,
        package: record.package,
        topic: record.topic,
        tags: record.tags,
        transports: record.transports,
        remote_url: record.remote_url,
        image: record.image,
        version: record.version,
        listed_in: record.listed_in,
        words: found_by,
        tools,
    };
    (server, faults)
}

fn prepare_tool(tool: &ToolRecord, server: &str) -> Result<ImportedTool, Fault> {
    let hash = mcp::facts::definition_hash(&tool.definition).map_err(|error| Fault(error.to_string()))?;
    let definition = Definition {
        name: &tool.name,
        description: tool.description.as_deref(),
        input_schema: tool.input_schema.as_deref(),
        annotations: tool.annotations.as_deref(),
    };
    let class = classify(&definition, &Server { name: Some(server) });
    let reasons = serde_json::json!({ "evidence": class.evidence, "signals": class.signals });
    let told = tool.description.as_deref().or(tool.title.as_deref()).unwrap_or_default();
    let sent = tool.name.len() + told.len() + tool.input_schema.as_ref().map_or(0, String::len);
    Ok(ImportedTool {
        name: tool.name.clone(),
        title: tool.title.clone().filter(|title| !title.is_empty()),
        summary: summary(told, SUMMARY),
        definition: tool.definition.clone(),
        hash: hash.0,
        whole: tool.input_schema.is_some(),
        category: class.category,
        confidence: class.confidence,
        reasons: reasons.to_string(),
        tokens: u32::try_from(sent.div_ceil(BYTES_A_TOKEN)).unwrap_or(u32::MAX),
        words: words(&tool.name),
    })
}
