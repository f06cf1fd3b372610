//! What a server says about itself and its tools, with a hash that changes exactly when a definition does.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::canonical;
use crate::envelope::{Envelope, LENIENT, Unreadable};
use crate::json::{Fault, Raw, Reader};
use crate::params::{Client, META_SERVER, named};

/// SHA-256 of a tool definition's canonical form, all its members included. Shown as lower-case hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DefinitionHash(pub [u8; 32]);

impl fmt::Display for DefinitionHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl FromStr for DefinitionHash {
    type Err = FactsError;

    fn from_str(text: &str) -> Result<Self, FactsError> {
        let unfit = || FactsError::Malformed { reason: "a digest has 64 hexadecimal digits".to_owned() };
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() {
            return Err(unfit());
        }
        for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
            let digits = text.get(place..place + 2).ok_or_else(unfit)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| unfit())?;
        }
        Ok(Self(bytes))
    }
}

/// One tool as its server defines it.
#[derive(Clone, Debug)]
pub struct ToolDefinition<'a> {
    /// `name`.
    pub name: Cow<'a, str>,
    /// `title`.
    pub title: Option<Cow<'a, str>>,
    /// `description`.
    pub description: Option<Cow<'a, str>>,
    /// `inputSchema`, raw JSON.
    pub input_schema: Option<&'a str>,
    /// `outputSchema`, raw JSON.
    pub output_schema: Option<&'a str>,
    /// `annotations`, raw JSON.
    pub annotations: Option<&'a str>,
    /// The whole definition, raw JSON.
    pub raw: &'a str,
    /// Hash of the whole definition.
    pub hash: DefinitionHash,
}

/// One page of a tool list.
#[derive(Clone, Debug, Default)]
pub struct ToolPage<'a> {
    /// The tools in the server's order.
    pub tools: Vec<ToolDefinition<'a>>,
    /// The cursor of the next page; `None` on the last one. An empty string is a cursor.
    pub next_cursor: Option<Cow<'a, str>>,
}

/// What a server answered to `initialize` or `server/discover`.
#[derive(Clone, Debug, Default)]
pub struct ServerFacts<'a> {
    /// The negotiated version (legacy: one) or all the server offers (modern), in its order.
    pub versions: Vec<Cow<'a, str>>,
    /// `capabilities`, raw JSON.
    pub capabilities: Option<&'a str>,
    /// The server's name and version.
    pub server: Option<Client<'a>>,
    /// `instructions`.
    pub instructions: Option<Cow<'a, str>>,
}

/// Why an answer gives no facts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FactsError {
    /// The message is no JSON-RPC object.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The server answered with an error.
    #[error("the server answered with error {code}: {message}")]
    Refused {
        /// JSON-RPC error code.
        code: i64,
        /// The server's words.
        message: String,
        /// `data`, raw JSON; with -32022 it lists the `supported` versions.
        data: Option<String>,
    },
    /// The result does not have the shape its method gives it.
    #[error("the server's answer is malformed: {reason}")]
    Malformed {
        /// What is wrong and at which byte of the result.
        reason: String,
    },
}

impl From<Fault> for FactsError {
    fn from(fault: Fault) -> Self {
        Self::Malformed { reason: fault.to_string() }
    }
}

/// Reads the answer to `tools/list`.
///
/// # Errors
/// When the server refused, or the answer is no list of tools with a name each and unique keys throughout.
pub fn tools(message: &[u8]) -> Result<ToolPage<'_>, FactsError> {
    let result = result(message)?;
    let mut page = ToolPage::default();
    let mut listed = false;
    Reader::new(result.text, LENIENT).object(|reader, key| {
        match &*key {
            "tools" => {
                listed = true;
                reader.array(|reader| {
                    page.tools.push(tool(reader)?);
                    Ok(())
                })?;
            }
            "nextCursor" => page.next_cursor = reader.string_if_any()?,
            _ => drop(reader.value()?),
        }
        Ok(())
    })?;
    if listed {
        Ok(page)
    } else {
        Err(FactsError::Malformed { reason: "the result has no tools".to_owned() })
    }
}

/// Reads the answer to `initialize` or `server/discover`.
///
/// # Errors
/// When the server refused, or the answer names no protocol version.
pub fn server(message: &[u8]) -> Result<ServerFacts<'_>, FactsError> {
    let result = result(message)?;
    let mut facts = ServerFacts::default();
    Reader::new(result.text, LENIENT).object(|reader, key| {
        match &*key {
            "protocolVersion" => facts.versions.extend(reader.string_if_any()?),
            "supportedVersions" if reader.peek() == Some(b'[') => drop(reader.array(|reader| {
                facts.versions.extend(reader.string_if_any()?);
                Ok(())
            })?),
            "capabilities" => facts.capabilities = Some(reader.value()?.text),
            "serverInfo" => facts.server = named(reader)?.or(facts.server.take()),
            "instructions" => facts.instructions = reader.string_if_any()?,
            "_meta" if reader.peek() == Some(b'{') => drop(reader.object(|reader, key| {
                match &*key {
                    META_SERVER => facts.server = named(reader)?.or(facts.server.take()),
                    _ => drop(reader.value()?),
                }
                Ok(())
            })?),
            _ => drop(reader.value()?),
        }
        Ok(())
    })?;
    if facts.versions.is_empty() {
        return Err(FactsError::Malformed { reason: "the result names no protocol version".to_owned() });
    }
    Ok(facts)
}

/// The hash of one tool definition given as raw JSON.
///
/// # Errors
/// When it is not JSON or a key occurs twice in it, at any depth.
pub fn definition_hash(definition: &str) -> Result<DefinitionHash, FactsError> {
    let mut reader = Reader::new(definition, LENIENT);
    let mut canonical = Vec::with_capacity(definition.len());
    canonical::write(&mut reader, &mut canonical)?;
    reader.finish()?;
    Ok(DefinitionHash(Sha256::digest(&canonical).into()))
}

fn result(message: &[u8]) -> Result<Raw<'_>, FactsError> {
    let envelope = Envelope::read(message)?;
    match (envelope.result, envelope.error) {
        (Some(result), None) => Ok(result),
        (None, Some(error)) => Err(refused(error)?),
        _ => Err(FactsError::Malformed { reason: "there is no result".to_owned() }),
    }
}

fn refused(error: Raw<'_>) -> Result<FactsError, Fault> {
    let (mut code, mut message, mut data) = (0, String::new(), None);
    Reader::new(error.text, LENIENT).object(|reader, key| {
        match &*key {
            "code" => code = reader.value()?.text.parse().unwrap_or_default(),
            "message" => message = reader.string_if_any()?.unwrap_or_default().into_owned(),
            "data" => data = Some(reader.value()?.text.to_owned()),
            _ => drop(reader.value()?),
        }
        Ok(())
    })?;
    Ok(FactsError::Refused { code, message, data })
}

fn tool<'a>(reader: &mut Reader<'a>) -> Result<ToolDefinition<'a>, Fault> {
    reader.peek();
    let at = reader.at();
    let (mut name, mut title, mut description) = (None, None, None);
    let (mut input_schema, mut output_schema, mut annotations) = (None, None, None);
    let raw = reader.object(|reader, key| {
        match &*key {
            "name" => name = reader.string_if_any()?,
            "title" => title = reader.string_if_any()?,
            "description" => description = reader.string_if_any()?,
            "inputSchema" => input_schema = Some(reader.value()?.text),
            "outputSchema" => output_schema = Some(reader.value()?.text),
            "annotations" => annotations = Some(reader.value()?.text),
            _ => drop(reader.value()?),
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| Fault::request(at, "a tool has no name"))?;
    let mut canonical = Vec::with_capacity(raw.text.len());
    canonical::write(&mut Reader::new(raw.text, LENIENT), &mut canonical)
        .map_err(|fault| fault.within(&format!("tool {name:?}"), at))?;
    let hash = DefinitionHash(Sha256::digest(&canonical).into());
    let raw = raw.text;
    Ok(ToolDefinition { name, title, description, input_schema, output_schema, annotations, raw, hash })
}

#[cfg(test)]
mod tests;
