//! A server's answer to `tools/list`, as it was saved: the result alone, perhaps with what the server says of itself, the
//! whole JSON-RPC message around it, or just the tools.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Fault, Record, fact, kept, said, slug, tools};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(borrow, default)]
    tools: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    server_info: Option<ServerInfo>,
}

#[derive(Deserialize)]
struct ServerInfo {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    version: Option<String>,
}

/// Reads a list. `called` is what the server is called where the list says nothing, such as the file's name.
///
/// # Errors
/// When it is no list of tools.
pub fn tool_list(text: &str, called: &str) -> Result<Record, Fault> {
    let (list, info) = match text.trim_start().starts_with('[') {
        true => (serde_json::from_str(text).map_err(|error| said(&error))?, None),
        false => {
            let mut answer: Answer<'_> = serde_json::from_str(text).map_err(|error| said(&error))?;
            if let (None, Some(result)) = (&answer.tools, answer.result) {
                let info = answer.server_info;
                answer = serde_json::from_str(result.get()).map_err(|error| said(&error))?;
                answer.server_info = answer.server_info.or(info);
            }
            let list = answer.tools.ok_or_else(|| Fault("there is no list of tools in it".to_owned()))?;
            (list, answer.server_info)
        }
    };
    let (tools, faults) = tools(&list);
    if let (true, Some(first)) = (tools.is_empty(), faults.first()) {
        return Err(Fault(format!("none of what it lists is a tool: {first}")));
    }
    let (name, version) =
        info.map_or((None, None), |info| (fact(info.title).or(fact(info.name)), info.version));
    Ok(Record {
        slug: slug(called),
        // What the server is called where the list was kept sets it apart; many call themselves the same.
        hint: Some(format!("list {}", kept(called))),
        name: name.unwrap_or_else(|| kept(called)),
        version: fact(version),
        tools: Some(tools),
        faults,
        ..Record::default()
    })
}
