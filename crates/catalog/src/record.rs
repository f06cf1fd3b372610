//! What others say about servers, as it comes in files and from registries: rows of a list, answers to `tools/list`, and
//! the format of the MCP registry. Each becomes [`Record`]s; what cannot be read becomes a [`Fault`] with its reason, and
//! the rest goes on.

mod registry;
mod row;
mod tool_list;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use registry::{Page, page, server_json};
pub use row::row;
pub use tool_list::tool_list;

/// The longest name of a tool, in bytes.
pub const LONGEST_TOOL_NAME: usize = 512;
/// The longest name or short fact of a server, in bytes.
const LONGEST_FACT: usize = 2048;
/// The longest part of an address that names a server, in characters.
const LONGEST_SLUG: usize = 80;

/// What one record says of a server. What it does not say is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Its name, for people.
    pub name: String,
    /// Its name in addresses, as far as the record can say: another server may have it already.
    pub slug: String,
    /// What it is.
    pub description: Option<String>,
    /// `owner/name` at GitHub, or an address elsewhere.
    pub repo: Option<String>,
    /// Its page.
    pub homepage: Option<String>,
    /// The package that it is installed from, such as `npm:name`.
    pub package: Option<String>,
    /// What field it is of, in the source's words.
    pub topic: Option<String>,
    /// Further words.
    pub tags: Vec<String>,
    /// How it is spoken to: `stdio`, `sse`, `streamable-http`.
    pub transports: Vec<String>,
    /// Where it runs for everybody.
    pub remote_url: Option<String>,
    /// A container image.
    pub image: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Where else it is listed, by the source's word.
    pub listed_in: Vec<String>,
    /// Sets apart records that are alike otherwise.
    pub hint: Option<String>,
    /// Its tools, when the record has a list of them.
    pub tools: Option<Vec<ToolRecord>>,
    /// Tools of the list that cannot be taken, each with the reason.
    pub faults: Vec<Fault>,
}

impl Record {
    /// What the same server is recognised by in a later record.
    #[must_use]
    pub fn key(&self) -> String {
        let repo = self.repo.as_deref().unwrap_or_default().to_lowercase();
        let parts = [
            &self.slug,
            &repo,
            &self.name,
            self.package.as_deref().unwrap_or_default(),
            self.hint.as_deref().unwrap_or_default(),
        ];
        parts.join("\n")
    }
}

/// A tool in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolRecord {
    /// Its exact name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// What it is said to do.
    pub description: Option<String>,
    /// The schema of its arguments, JSON.
    pub input_schema: Option<String>,
    /// The server's hints, JSON.
    pub annotations: Option<String>,
    /// The whole definition, JSON, as it was given.
    pub definition: String,
}

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolText<'a> {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(borrow, default)]
    input_schema: Option<&'a RawValue>,
    #[serde(borrow, default)]
    annotations: Option<&'a RawValue>,
}

/// Reads the tools of a list: those that can be taken, and why the others cannot.
fn tools(list: &[&RawValue]) -> (Vec<ToolRecord>, Vec<Fault>) {
    let (mut tools, mut faults) = (Vec::with_capacity(list.len()), Vec::new());
    for (index, raw) in list.iter().enumerate() {
        match tool(raw) {
            Ok(tool) => tools.push(tool),
            Err(Fault(reason)) => faults.push(Fault(format!("tool {}: {reason}", index + 1))),
        }
    }
    (tools, faults)
}

fn tool(raw: &RawValue) -> Result<ToolRecord, Fault> {
    let tool: ToolText<'_> = serde_json::from_str(raw.get()).map_err(|error| said(&error))?;
    if tool.name.is_empty() {
        return Err(Fault("its name is empty".to_owned()));
    }
    if tool.name.len() > LONGEST_TOOL_NAME {
        return Err(Fault(format!(
            "its name has {} bytes; at most {LONGEST_TOOL_NAME} are kept",
            tool.name.len()
        )));
    }
    if tool.name.contains('\0') {
        return Err(Fault("its name holds the character U+0000".to_owned()));
    }
    Ok(ToolRecord {
        name: tool.name,
        title: tool.title.map(|title| kept(&title)),
        description: tool.description,
        input_schema: tool.input_schema.map(|raw| raw.get().to_owned()),
        annotations: tool.annotations.map(|raw| raw.get().to_owned()),
        definition: raw.get().to_owned(),
    })
}

/// What the JSON reader says, without the place in its own input: a record is one line, or a part of a file.
fn said(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    Fault(text.split(" at line ").next().unwrap_or(&text).to_owned())
}

/// A text as it is kept: bounded, and without the one character that cannot be stored.
fn kept(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_FACT);
    text.get(..end).unwrap_or_default().replace('\0', "").trim().to_owned()
}

/// The same for a fact that may be missing; an empty one is missing.
fn fact(text: Option<String>) -> Option<String> {
    text.map(|text| kept(&text)).filter(|text| !text.is_empty())
}

/// `owner/name` of a repository at GitHub, whichever way it is written; any other address as it is.
fn repo(text: &str) -> String {
    let text = text.trim();
    let path = ["https://github.com/", "http://github.com/", "git+https://github.com/", "git@github.com:"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix));
    let Some(path) = path else { return kept(text) };
    let mut parts = path.split(['/', '#', '?']).filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some(owner), Some(name)) => kept(&format!("{owner}/{}", name.trim_end_matches(".git"))),
        _ => kept(text),
    }
}

/// A name as a part of an address: lower case, letters and digits with single dashes between; never empty.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST_SLUG);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "server".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests;
