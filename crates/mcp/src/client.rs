//! What a client of MCP sends to learn about a server: body and headers of each request, in either era.
//!
//! The one who sends them needs to know HTTP only.

use std::borrow::Cow;

use crate::era::Era;
use crate::header;
use crate::json::quote;
use crate::params::{Client, META_CAPABILITIES, META_CLIENT, META_VERSION};

/// The newest legacy version, offered in `initialize`.
pub const NEWEST_LEGACY: &str = "2025-11-25";
/// The newest modern version.
pub const NEWEST_MODERN: &str = crate::era::FIRST_MODERN;

/// One POST: its body and the MCP headers it needs beside `Content-Type` and `Accept`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The JSON body.
    pub body: Vec<u8>,
    /// Header names (lower case) and values.
    pub headers: Vec<(&'static str, String)>,
}

/// `Accept` of every POST.
pub const ACCEPT: &str = "application/json, text/event-stream";

/// Legacy: opens the conversation. The answer may carry a session id to send from then on.
#[must_use]
pub fn initialize(id: u64, client: &Client<'_>) -> Post {
    let client = named(client);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"initialize","params":{{"protocolVersion":"{NEWEST_LEGACY}","capabilities":{{}},"clientInfo":{client}}}}}"#
    );
    Post { body: body.into_bytes(), headers: Vec::new() }
}

/// Legacy: confirms `initialize`; `version` is the one the server chose.
#[must_use]
pub fn initialized(version: &str) -> Post {
    let body = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.to_vec();
    Post { body, headers: vec![(header::PROTOCOL_VERSION, version.to_owned())] }
}

/// Modern: asks what the server is and can do.
#[must_use]
pub fn discover(id: u64, version: &str, client: &Client<'_>) -> Post {
    request(id, "server/discover", None, Era::Modern, version, client)
}

/// Asks for one page of the tool list, the first where `cursor` is `None`.
#[must_use]
pub fn list_tools(id: u64, cursor: Option<&str>, era: Era, version: &str, client: &Client<'_>) -> Post {
    request(id, "tools/list", cursor, era, version, client)
}

fn request(
    id: u64,
    method: &str,
    cursor: Option<&str>,
    era: Era,
    version: &str,
    client: &Client<'_>,
) -> Post {
    let mut params = Vec::new();
    let mut headers = vec![(header::PROTOCOL_VERSION, version.to_owned())];
    if let Some(cursor) = cursor {
        params.push(format!(r#""cursor":{}"#, quote(cursor)));
    }
    if era == Era::Modern {
        headers.push((header::METHOD, method.to_owned()));
        let (version, client) = (quote(version), named(client));
        params.push(format!(
            r#""_meta":{{"{META_VERSION}":{version},"{META_CLIENT}":{client},"{META_CAPABILITIES}":{{}}}}"#
        ));
    }
    let params = params.join(",");
    let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{params}}}}}"#);
    Post { body: body.into_bytes(), headers }
}

fn named(client: &Client<'_>) -> String {
    format!(r#"{{"name":{},"version":{}}}"#, quote(&client.name), quote(&client.version))
}

impl<'a> Client<'a> {
    /// A name and a version.
    #[must_use]
    pub fn new(name: impl Into<Cow<'a, str>>, version: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), version: version.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, RequestHeaders, decode, era};

    /// A request of ours must pass the checks we put others to.
    fn check(post: &Post, kind: Kind, expected: Era) {
        let message = decode(&post.body).unwrap();
        assert_eq!(message.kind, kind);
        let of = |name: &str| -> Vec<&str> {
            post.headers.iter().filter(|(key, _)| *key == name).map(|(_, value)| &**value).collect()
        };
        let (version, method, name) = (of(header::PROTOCOL_VERSION), of(header::METHOD), of(header::NAME));
        let headers = RequestHeaders { protocol_version: &version, method: &method, name: &name };
        assert_eq!(era(&headers, &message), Ok(expected));
    }

    #[test]
    fn own_requests_are_well_formed_in_both_eras() {
        let client = Client::new("a \"quoted\" name", "1");
        check(&initialize(1, &client), Kind::Request, Era::Legacy);
        check(&initialized("2025-06-18"), Kind::Notification, Era::Legacy);
        check(&discover(2, NEWEST_MODERN, &client), Kind::Request, Era::Modern);
        check(&list_tools(3, None, Era::Legacy, NEWEST_LEGACY, &client), Kind::Request, Era::Legacy);
        let page = list_tools(4, Some("c\"1"), Era::Modern, NEWEST_MODERN, &client);
        check(&page, Kind::Request, Era::Modern);
        let message = decode(&page.body).unwrap();
        assert_eq!(message.params.cursor.as_deref(), Some("c\"1"));
        assert_eq!(message.client(), Some(&client));
        let first = initialize(1, &client);
        assert_eq!(decode(&first.body).unwrap().client(), Some(&client));
    }
}
