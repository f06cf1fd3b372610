//! Servers and tools as pages and their JSON twins show them.

use policy::Category;
use serde::Serialize;
use store::catalog::{CatalogServer, CatalogTool};
use url::Url;

/// How much of a name is shown, in characters.
const NAME: usize = 120;

/// A server in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ServerCard {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) topic: Option<String>,
    pub(crate) transports: Vec<String>,
    pub(crate) tools: u32,
    pub(crate) classes: Vec<Count>,
}

/// How many tools of a class.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Count {
    pub(crate) category: Category,
    pub(crate) risk: &'static str,
    pub(crate) count: u32,
}

impl Count {
    pub(crate) fn word(&self) -> &'static str {
        self.category.as_str()
    }
}

impl From<CatalogServer> for ServerCard {
    fn from(server: CatalogServer) -> Self {
        Self {
            tools: server.tools(),
            classes: counts(&server),
            name: shown(&server.name),
            description: catalog::summary(server.description.as_deref().unwrap_or_default(), 200),
            topic: server.topic,
            transports: server.transports,
            slug: server.slug,
        }
    }
}

pub(crate) fn counts(server: &CatalogServer) -> Vec<Count> {
    let count = |(category, count): &(Category, u32)| Count {
        category: *category,
        risk: category.risk(),
        count: *count,
    };
    server.counts.iter().map(count).collect()
}

/// A tool in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ToolCard {
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) shown: String,
    pub(crate) server: String,
    pub(crate) server_name: String,
    /// From the first slash.
    pub(crate) address: String,
    pub(crate) summary: String,
    pub(crate) category: Category,
    pub(crate) risk: &'static str,
    pub(crate) confidence: f64,
    pub(crate) tokens: u32,
}

impl From<CatalogTool> for ToolCard {
    fn from(tool: CatalogTool) -> Self {
        Self {
            address: address(&tool.server, &tool.name),
            shown: shown(&tool.name),
            server_name: shown(&tool.server_name),
            risk: tool.category.risk(),
            name: tool.name,
            server: tool.server,
            summary: tool.summary,
            category: tool.category,
            confidence: tool.confidence,
            tokens: tool.tokens,
        }
    }
}

impl ToolCard {
    pub(crate) fn word(&self) -> &'static str {
        self.category.as_str()
    }
}

/// A name as it is shown: without characters that do not show, bounded.
pub(crate) fn shown(name: &str) -> String {
    let shown = catalog::summary(name, NAME);
    if shown.is_empty() { "(a name that does not show)".to_owned() } else { shown }
}

/// The address of a tool's page.
pub(crate) fn address(server: &str, tool: &str) -> String {
    let Ok(mut url) = Url::parse("http://x/catalog") else { return String::new() };
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.push(server).push(tool);
    }
    url.path().to_owned()
}

/// JSON for people to read: what does not show in it is written out.
pub(crate) fn visible(json: &str) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() || !catalog::does_not_show(letter) {
            text.push(letter);
            continue;
        }
        let mut units = [0; 2];
        for unit in letter.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// JSON that may stand inside a script element, where `<` could end it.
pub(crate) fn embedded(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain_addresses_and_inert_text() {
        assert_eq!(address("s", "../a b?<x>\"/#"), "/catalog/s/..%2Fa%20b%3F%3Cx%3E%22%2F%23");
        assert_eq!(shown("a\u{202e}b\u{200b}"), "ab");
        assert_eq!(shown("\u{200b}"), "(a name that does not show)");
        assert_eq!(visible("{\"a\u{202e}\": \"\u{e0041}é\"}"), "{\"a\\u202e\": \"\\udb40\\udc41é\"}");
        let script = serde_json::json!({"x": "</script><!--&\u{2028}"});
        assert!(!embedded(&script).contains(['<', '>', '&', '\u{2028}']));
    }
}
