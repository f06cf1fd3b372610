//! Refuses changes sent by other sites' pages. A browser names the page's origin in `Origin`; programs
//! send none and pass.

use axum::extract::Request;
use http::header::ORIGIN;
use http::{HeaderMap, HeaderValue, Method};
use model::Code;
use url::{Host, Url};

use crate::Problem;

/// The origins whose pages may send changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Our own origin. On a loopback address its other spellings (`localhost`, `127.0.0.1`, `[::1]`) on the
    /// same port are ours too, because people type either.
    #[must_use]
    pub fn of(public_url: &Url) -> Self {
        let mut origins = vec![public_url.origin().ascii_serialization()];
        if is_loopback(public_url) {
            for host in ["localhost", "127.0.0.1", "[::1]"] {
                let mut spelled = public_url.clone();
                if spelled.set_host(Some(host)).is_ok() {
                    origins.push(spelled.origin().ascii_serialization());
                }
            }
        }
        Self(origins)
    }

    /// Passes reads, and changes whose origin is absent or ours.
    pub(super) fn check(&self, request: &Request) -> Result<(), Problem> {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        if request.headers().get_all(ORIGIN).iter().all(|value| self.has(value)) {
            return Ok(());
        }
        Err(Problem::new(
            Code::ForbiddenOrigin,
            "This request was sent by a page of another site, which may not change anything here.",
        ))
    }

    /// Whether a page of ours sent these headers: `Origin` is there, and is ours.
    pub(crate) fn sent_by_us(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter().peekable();
        origins.peek().is_some() && origins.all(|value| self.has(value))
    }

    fn has(&self, value: &HeaderValue) -> bool {
        self.0.iter().any(|origin| origin.as_bytes() == value.as_bytes())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(public: &str, origin: &str) -> bool {
        let request = Request::post("/").header(ORIGIN, origin).body(axum::body::Body::empty()).unwrap();
        Origins::of(&public.parse().unwrap()).check(&request).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_send_changes() {
        assert!(passes("https://gate.example", "https://gate.example"));
        for origin in
            ["https://gate.example.evil.test", "http://gate.example", "https://gate.example:8443", "null"]
        {
            assert!(!passes("https://gate.example", origin), "{origin}");
        }
    }

    #[test]
    fn loopback_goes_by_any_of_its_names_on_the_same_port() {
        assert!(passes("http://127.0.0.1:8080", "http://localhost:8080"));
        assert!(!passes("http://127.0.0.1:8080", "http://localhost:9090"));
        assert!(!passes("https://gate.example", "http://localhost"));
    }
}
