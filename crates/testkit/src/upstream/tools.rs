//! The tools on offer, kept as the bytes they were given in.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A tool list with its paging.
pub(super) struct Tools {
    pub(super) server_info: String,
    pub(super) capabilities: String,
    tools: Vec<Tool>,
    page_size: usize,
}

/// One tool.
pub(super) struct Tool {
    pub(super) name: String,
    /// Its definition, untouched.
    pub(super) raw: Box<RawValue>,
    /// What its results must look like, when it says so.
    pub(super) output_schema: Option<serde_json::Value>,
}

/// The shape of a tools file; only `tools` is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    server_info: Option<Box<RawValue>>,
    capabilities: Option<Box<RawValue>>,
    tools: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    name: String,
    output_schema: Option<serde_json::Value>,
}

impl Tools {
    /// Reads an array of tools, or an object with a member `tools`.
    pub(super) fn parse(json: &str, page_size: Option<usize>) -> anyhow::Result<Self> {
        let file = match serde_json::from_str::<Vec<Box<RawValue>>>(json) {
            Ok(tools) => File { server_info: None, capabilities: None, tools },
            Err(_) => {
                serde_json::from_str(json).context("neither an array of tools nor an object with `tools`")?
            }
        };
        let tools = file.tools.into_iter().map(Tool::parse).collect::<anyhow::Result<Vec<_>>>()?;
        let or = |raw: Option<Box<RawValue>>, default: &str| {
            raw.map_or(default.to_owned(), |raw| raw.get().to_owned())
        };
        Ok(Self {
            server_info: or(file.server_info, r#"{"name":"fixture","version":"1"}"#),
            capabilities: or(file.capabilities, r#"{"tools":{"listChanged":true}}"#),
            page_size: page_size.unwrap_or(tools.len()).max(1),
            tools,
        })
    }

    pub(super) fn named(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// The page at a cursor, and the next cursor; `None` for a cursor this server did not give out.
    pub(super) fn page(&self, cursor: Option<&str>) -> Option<(&[Tool], Option<String>)> {
        let start = match cursor {
            None => 0,
            Some(cursor) => {
                cursor.strip_prefix("page-")?.parse::<usize>().ok()?.checked_mul(self.page_size)?
            }
        };
        let end = start.saturating_add(self.page_size).min(self.tools.len());
        let next = (end < self.tools.len()).then(|| format!("page-{}", end / self.page_size));
        Some((self.tools.get(start..end)?, next))
    }
}

impl Tool {
    fn parse(raw: Box<RawValue>) -> anyhow::Result<Self> {
        let Definition { name, output_schema } =
            serde_json::from_str(raw.get()).with_context(|| format!("not a tool: {}", raw.get()))?;
        Ok(Self { name, raw, output_schema })
    }
}
