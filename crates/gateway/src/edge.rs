//! The edge: what can be refused before anybody is identified or a body is read.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use model::Code;

use crate::respond::Refusal;

/// How long a request's body may take.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// Names by which clients may reach this gateway, each `host` or `host:port`, lower case.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// The given names and nothing else.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    fn hold(&self, name: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether a browser page of this origin is one of ours.
    fn hold_origin(&self, origin: &str) -> bool {
        let name = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        name.is_some_and(|name| self.hold(name))
    }
}

/// Which team's gateway, and which of its servers, a path names: `/t/{org}/{team}/mcp/{server}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route<'a> {
    /// The organisation's name.
    pub org: &'a str,
    /// The team's name.
    pub team: &'a str,
    /// The server's name.
    pub server: &'a str,
}

/// Reads a path; `None` when it is no gateway address.
#[must_use]
pub fn route(path: &str) -> Option<Route<'_>> {
    let mut parts = path.strip_prefix("/t/")?.split('/');
    let (org, team, mcp, server) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let plain =
        parts.next().is_none() && mcp == "mcp" && !org.is_empty() && !team.is_empty() && !server.is_empty();
    plain.then_some(Route { org, team, server })
}

/// Checks method, `Host` and `Origin`, and reads the address.
///
/// # Errors
/// A [`Refusal`] to answer with.
pub(crate) fn admit<'a>(head: &'a Parts, hosts: &Hosts) -> Result<Route<'a>, Refusal> {
    let host = single(&head.headers, header::HOST).unwrap_or_default();
    if !hosts.hold(host) {
        return Err(Refusal::new(
            Code::ForbiddenOrigin,
            "this Host is not one that the gateway serves; use the gateway URL shown with the server",
        ));
    }
    if let Some(origin) = head.headers.get(header::ORIGIN)
        && !origin.to_str().is_ok_and(|origin| hosts.hold_origin(origin))
    {
        return Err(Refusal::new(Code::ForbiddenOrigin, "pages of this Origin may not use the gateway"));
    }
    let route = route(head.uri.path()).ok_or_else(|| {
        Refusal::new(Code::NotFound, "no gateway at this address; it looks like /t/{org}/{team}/mcp/{server}")
    })?;
    if ![Method::POST, Method::GET, Method::DELETE].contains(&head.method) {
        return Err(Refusal::new(Code::MethodNotAllowed, "the gateway answers POST, GET and DELETE"));
    }
    Ok(route)
}

/// Reads a request body of JSON.
///
/// # Errors
/// A [`Refusal`] when it is too large, of another type, encoded, or breaks off.
pub(crate) async fn read(head: &Parts, body: Incoming, max_bytes: usize) -> Result<Bytes, Refusal> {
    let content_type = single(&head.headers, header::CONTENT_TYPE).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(
            Code::UnsupportedMediaType,
            "the body must be sent as Content-Type: application/json",
        ));
    }
    if head.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::new(Code::UnsupportedMediaType, "send the body without Content-Encoding"));
    }
    let collected = tokio::time::timeout(BODY_DEADLINE, Limited::new(body, max_bytes).collect()).await;
    let collected = collected.map_err(|_| {
        Refusal::new(Code::Timeout, format!("the body did not arrive within {} s", BODY_DEADLINE.as_secs()))
    })?;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Refusal::new(Code::TooLarge, format!("the body may have at most {max_bytes} bytes")))
        }
        Err(_) => Err(Refusal::new(Code::InvalidRequest, "the body broke off")),
    }
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = single(headers, header::AUTHORIZATION)?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of a header that is present exactly once and is text.
pub(crate) fn single(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_address_names_a_server() {
        assert_eq!(route("/t/acme/core/mcp/pay"), Some(Route { org: "acme", team: "core", server: "pay" }));
        for path in [
            "/t/acme/core/mcp",
            "/t/acme/core/mcp/",
            "/t/acme/core/mcp/a/b",
            "/t//core/mcp/a",
            "/x/acme/core/mcp/a",
            "/t/acme/core/MCP/a",
        ] {
            assert_eq!(route(path), None, "{path}");
        }
    }

    #[test]
    fn an_origin_is_ours_only_when_its_whole_host_is() {
        let hosts = Hosts::new(["localhost:8080".to_owned()]);
        assert!(hosts.hold_origin("http://localhost:8080"));
        for origin in [
            "null",
            "http://localhost:80800",
            "http://localhost:8080.evil.example",
            "http://evil.example/localhost:8080",
            "file://localhost:8080",
        ] {
            assert!(!hosts.hold_origin(origin), "{origin}");
        }
    }

    #[test]
    fn a_bearer_is_read_whatever_the_case_of_its_scheme_and_never_from_two_headers() {
        let mut headers = HeaderMap::new();
        headers.append(header::AUTHORIZATION, "bearer abc".parse().unwrap());
        assert_eq!(bearer(&headers), Some("abc"));
        headers.append(header::AUTHORIZATION, "Bearer def".parse().unwrap());
        assert_eq!(bearer(&headers), None);
    }
}
