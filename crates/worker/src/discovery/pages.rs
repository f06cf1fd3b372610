//! All pages of a tool list, with a guard against lists that do not end.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Definition, Server, classify};
use mcp::facts;
use mcp::facts::{FactsError, ToolDefinition};
use store::{FoundClass, FoundTool};

use super::exchange::Upstream;
use super::{DiscoverError, Greeting, me};

/// Id of the first page's request, clear of those that open the conversation.
const FIRST_PAGE_ID: u64 = 10;
/// JSON-RPC "method not found": a server without tools may know nothing of listing them.
const METHOD_NOT_FOUND: i64 = -32601;

/// Every tool that the server lists, in its order.
pub(super) async fn all_tools(
    upstream: &mut Upstream<'_>,
    greeting: &Greeting,
) -> Result<Vec<FoundTool>, DiscoverError> {
    let limits = upstream.limits();
    let (era, version) = (greeting.era, &greeting.version);
    let mut list = List { server: greeting.name.clone(), ..List::default() };
    let mut cursor: Option<String> = None;
    for page in 0..limits.pages {
        let id = FIRST_PAGE_ID + page;
        let post = mcp::client::list_tools(id, cursor.as_deref(), era, version, &me());
        let answer = upstream.request(post, id).await?;
        let found = match facts::tools(answer.message()?) {
            Ok(found) => found,
            Err(FactsError::Refused { code: METHOD_NOT_FOUND, .. }) if page == 0 => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        for tool in &found.tools {
            list.add(tool, limits.tools)?;
        }
        let Some(next) = found.next_cursor else { return Ok(list.tools) };
        list.follow(&next)?;
        cursor = Some(next.into_owned());
    }
    Err(DiscoverError::Protocol(format!("The server's tool list goes on after {} pages.", limits.pages)))
}

#[derive(Default)]
struct List {
    server: Option<String>,
    tools: Vec<FoundTool>,
    hashes: BTreeMap<String, [u8; 32]>,
    cursors: BTreeSet<String>,
}

impl List {
    /// Keeps a tool. Listed twice with one definition it counts once; with two, nobody could say which is called.
    fn add(&mut self, tool: &ToolDefinition<'_>, most: usize) -> Result<(), DiscoverError> {
        if let Some(hash) = self.hashes.get(&*tool.name) {
            if *hash == tool.hash.0 {
                return Ok(());
            }
            let name = super::error::quoted(&tool.name);
            return Err(DiscoverError::Protocol(format!(
                "The server lists the tool {name:?} twice, with different definitions."
            )));
        }
        if self.tools.len() >= most {
            return Err(DiscoverError::Protocol(format!("The server lists more than {most} tools.")));
        }
        self.hashes.insert(tool.name.clone().into_owned(), tool.hash.0);
        self.tools.push(FoundTool {
            name: tool.name.clone().into_owned(),
            definition: tool.raw.to_owned(),
            hash: tool.hash.0,
            class: Some(self.class(tool)),
            annotations: tool.annotations.map(str::to_owned),
        });
        Ok(())
    }

    /// What the tool's definition says that it does.
    fn class(&self, tool: &ToolDefinition<'_>) -> FoundClass {
        let definition = Definition {
            name: &tool.name,
            description: tool.description.as_deref(),
            input_schema: tool.input_schema,
            annotations: tool.annotations,
        };
        let class = classify(&definition, &Server { name: self.server.as_deref() });
        let reasons = serde_json::json!({ "evidence": class.evidence, "signals": class.signals });
        FoundClass { category: class.category, confidence: class.confidence, reasons: reasons.to_string() }
    }

    /// Notes a cursor; one that comes again would be followed for ever.
    fn follow(&mut self, cursor: &str) -> Result<(), DiscoverError> {
        if self.cursors.insert(cursor.to_owned()) {
            return Ok(());
        }
        Err(DiscoverError::Protocol(
            "The server's tool list leads back to a page that it gave before.".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(list: &mut List, tools: &str) -> Result<(), DiscoverError> {
        let message = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{tools}]}}}}"#);
        facts::tools(message.as_bytes()).unwrap().tools.iter().try_for_each(|tool| list.add(tool, 2))
    }

    #[test]
    fn a_tool_listed_twice_counts_once_unless_its_definitions_differ() {
        let mut list = List::default();
        add(&mut list, r#"{"name":"a","title":"A"}"#).unwrap();
        add(&mut list, r#"{"title":"A", "name":"a"}"#).unwrap();
        assert_eq!(list.tools.len(), 1);
        assert!(add(&mut list, r#"{"name":"a","title":"B"}"#).is_err());
        add(&mut list, r#"{"name":"b"}"#).unwrap();
        assert!(add(&mut list, r#"{"name":"c"}"#).is_err(), "a third where two are kept");
    }

    #[test]
    fn each_tool_is_classified_by_its_definition() {
        let mut list = List::default();
        let schema = r#"{"properties":{"path":{"type":"string"}}}"#;
        let tool = format!(r#"{{"name":"wipe","description":"Deletes a file","inputSchema":{schema}}}"#);
        add(&mut list, &tool).unwrap();
        let class = list.tools[0].class.clone().unwrap();
        assert_eq!(class.category, policy::Category::Destructive);
        let reasons: serde_json::Value = serde_json::from_str(&class.reasons).unwrap();
        assert_eq!(reasons["evidence"][0]["quote"], "wipe");
        assert_eq!(reasons["signals"][0], "takes_path");
    }

    #[test]
    fn a_cursor_that_comes_again_ends_the_list() {
        let mut list = List::default();
        assert!(list.follow("").is_ok());
        assert!(list.follow("").is_err());
    }
}
