//! Headers that are sent to an upstream server with every call: which are accepted, and how they are sealed.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use model::{OrgId, SealedHeaders, ServerId};
use secrets::{ExposeSecret, Secret};

use crate::problem::ProblemItem;
use crate::{Api, Problem};

/// Most headers of one server.
const MAX_HEADERS: usize = 32;
/// Longest value, in bytes; proxies and servers commonly stop at 8 KiB for all headers.
const MAX_VALUE: usize = 4096;

/// Names that the gateway sets itself, that steer the connection, or that change how a body is read.
/// `Cookie` is left to the operator: some upstreams take their key there, and the client's own is never passed on.
const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "last-event-id",
    "origin",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
/// Beginnings of names with the same standing.
const RESERVED_PREFIXES: &[&str] = &["mcp-", "proxy-", "sec-", "x-forwarded-"];

/// Headers as a request gives them: secret values by name.
pub(super) type HeadersBody = BTreeMap<String, Secret>;

/// Headers that have been checked.
#[derive(Debug, Default)]
pub(super) struct UpstreamHeaders(BTreeMap<String, Secret>);

impl UpstreamHeaders {
    /// Checks names and values; every fault is listed, without the value.
    pub(super) fn check(body: HeadersBody) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut kept = BTreeMap::new();
        if body.len() > MAX_HEADERS {
            faults.push(ProblemItem::at(
                "/headers",
                format!("at most {MAX_HEADERS} headers are sent upstream"),
            ));
        }
        for (name, value) in body {
            let lower = name.to_ascii_lowercase();
            let fault = name_fault(&lower).or_else(|| value_fault(value.expose_secret()));
            let fault =
                fault.or_else(|| kept.contains_key(&lower).then(|| "this name is given twice".to_owned()));
            match fault {
                Some(message) => {
                    faults.push(ProblemItem::at(format!("/headers/{}", pointer(&name)), message))
                }
                None => drop(kept.insert(lower, value)),
            }
        }
        if faults.is_empty() { Ok(Self(kept)) } else { Err(Problem::invalid(faults)) }
    }

    /// The names, in lower case and sorted: all that is ever shown again.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// As a header map, for discovery.
    pub(super) fn to_map(&self) -> HeaderMap {
        let pairs = self.0.iter().filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            let mut value = HeaderValue::from_str(value.expose_secret()).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        });
        pairs.collect()
    }

    /// Sealed for this server alone; `None` when there are none.
    pub(super) fn seal(
        &self,
        api: &Api,
        org: OrgId,
        server: ServerId,
    ) -> Result<Option<SealedHeaders>, Problem> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let exposed: BTreeMap<&str, &str> =
            self.0.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
        let plain = serde_json::to_vec(&exposed).map(zeroize::Zeroizing::new).map_err(Problem::internal)?;
        let context = SealedHeaders::context(org, server);
        match api.parts().sealer.seal(&plain, context.as_bytes(), &mut rand::rng()) {
            Ok(sealed) => Ok(Some(SealedHeaders(sealed))),
            Err(_) => Err(Problem::field("/headers", "all headers together are larger than 64 KiB")),
        }
    }

    /// Opens what [`UpstreamHeaders::seal`] made.
    pub(super) fn open(
        api: &Api,
        org: OrgId,
        server: ServerId,
        sealed: Option<&SealedHeaders>,
    ) -> Result<Self, Problem> {
        let Some(sealed) = sealed else { return Ok(Self::default()) };
        let context = SealedHeaders::context(org, server);
        let plain = api.parts().sealer.open(&sealed.0, context.as_bytes()).map_err(Problem::internal)?;
        serde_json::from_slice(&plain)
            .map(Self)
            .map_err(|_| Problem::internal("sealed headers are no JSON object"))
    }
}

fn name_fault(lower: &str) -> Option<String> {
    if HeaderName::from_bytes(lower.as_bytes()).is_err() {
        return Some("this is not a header name".to_owned());
    }
    let reserved =
        RESERVED.contains(&lower) || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
    reserved
        .then(|| "this header is set by the gateway or steers the connection; it cannot be chosen".to_owned())
}

fn value_fault(value: &str) -> Option<String> {
    if value.len() > MAX_VALUE {
        return Some(format!("a value has at most {MAX_VALUE} bytes"));
    }
    if value.trim() != value || value.is_empty() {
        return Some("a value is not empty and has no white space at its ends".to_owned());
    }
    let printable = value.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t');
    (!printable).then(|| "a value has printable ASCII characters only".to_owned())
}

fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_accepted(names: &[&str]) -> bool {
        let body = names.iter().map(|name| ((*name).to_owned(), Secret::from("value"))).collect();
        UpstreamHeaders::check(body).is_ok()
    }

    #[test]
    fn credentials_are_accepted_and_anything_that_steers_the_gateway_is_not() {
        assert!(names_accepted(&["Authorization", "X-Api-Key", "Cookie"]));
        for name in
            ["Host", "content-length", "Mcp-Session-Id", "Transfer-Encoding", "X-Forwarded-For", "a b", ""]
        {
            assert!(!names_accepted(&[name]), "{name}");
        }
        assert!(!names_accepted(&["X-Key", "x-key"]));
    }

    #[test]
    fn a_value_cannot_smuggle_a_line_and_is_not_repeated_in_the_complaint() {
        let body = [("X-Key".to_owned(), Secret::from("hunter2\r\nHost: evil"))].into();
        let problem = UpstreamHeaders::check(body).unwrap_err();
        assert!(!format!("{problem:?}").contains("hunter2"));
    }
}
