//! What is on offer: tools, prompts and resources, kept as the bytes they were given in.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Everything a server lists.
pub(super) struct Offer {
    pub(super) server_info: String,
    pub(super) capabilities: String,
    pub(super) tools: List,
    pub(super) prompts: List,
    pub(super) resources: List,
    pub(super) templates: List,
}

/// One list with its paging.
pub(super) struct List {
    /// The member of the result that holds it.
    pub(super) member: &'static str,
    items: Vec<Item>,
    page_size: usize,
}

/// A tool, prompt, resource or resource template.
pub(super) struct Item {
    /// What calls name it by: its name, or a resource's URI.
    pub(super) key: String,
    /// Its definition, untouched.
    pub(super) raw: Box<RawValue>,
    /// What a tool's results must look like, when it says so.
    pub(super) output_schema: Option<serde_json::Value>,
}

/// The shape of a tools file; only `tools` is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    server_info: Option<Box<RawValue>>,
    capabilities: Option<Box<RawValue>>,
    tools: Vec<Box<RawValue>>,
    #[serde(default)]
    prompts: Vec<Box<RawValue>>,
    #[serde(default)]
    resources: Vec<Box<RawValue>>,
    #[serde(default)]
    resource_templates: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    name: String,
    uri: Option<String>,
    output_schema: Option<serde_json::Value>,
}

impl Offer {
    /// Reads an array of tools, or an object with a member `tools`.
    pub(super) fn parse(json: &str, page_size: Option<usize>) -> anyhow::Result<Self> {
        let file: File = if json.trim_start().starts_with('[') {
            serde_json::from_str(&format!(r#"{{"tools":{json}}}"#)).context("not an array of tools")?
        } else {
            serde_json::from_str(json).context("not an object with `tools`")?
        };
        let or = |raw: Option<Box<RawValue>>, default: &str| {
            raw.map_or(default.to_owned(), |raw| raw.get().to_owned())
        };
        let everything = r#"{"tools":{"listChanged":true},"prompts":{},"resources":{}}"#;
        let list = |member, items| List::parse(member, items, page_size);
        Ok(Self {
            server_info: or(file.server_info, r#"{"name":"fixture","version":"1"}"#),
            capabilities: or(file.capabilities, everything),
            tools: list("tools", file.tools)?,
            prompts: list("prompts", file.prompts)?,
            resources: list("resources", file.resources)?,
            templates: list("resourceTemplates", file.resource_templates)?,
        })
    }
}

impl List {
    fn parse(
        member: &'static str,
        items: Vec<Box<RawValue>>,
        page_size: Option<usize>,
    ) -> anyhow::Result<Self> {
        let items = items.into_iter().map(Item::parse).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self { member, page_size: page_size.unwrap_or(items.len()).max(1), items })
    }

    pub(super) fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    /// The page at a cursor, and the next cursor; `None` for a cursor this server did not give out.
    pub(super) fn page(&self, cursor: Option<&str>) -> Option<(&[Item], Option<String>)> {
        let start = match cursor {
            None => 0,
            Some(cursor) => {
                cursor.strip_prefix("page-")?.parse::<usize>().ok()?.checked_mul(self.page_size)?
            }
        };
        let end = start.saturating_add(self.page_size).min(self.items.len());
        let next = (end < self.items.len()).then(|| format!("page-{}", end / self.page_size));
        Some((self.items.get(start..end)?, next))
    }
}

impl Item {
    fn parse(raw: Box<RawValue>) -> anyhow::Result<Self> {
        let Definition { name, uri, output_schema } =
            serde_json::from_str(raw.get()).with_context(|| format!("not a definition: {}", raw.get()))?;
        Ok(Self { key: uri.unwrap_or(name), raw, output_schema })
    }
}
