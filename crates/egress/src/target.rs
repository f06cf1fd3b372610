//! A URL that was parsed once and accepted. What was judged is what is connected to: no second parser reads it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderValue, Uri};
use url::{Host, Url};

use crate::Rules;

/// Longest URL, in bytes.
pub const MAX_URL: usize = 2048;
/// Longest host name, in bytes (RFC 1035).
const MAX_HOST: usize = 253;
/// Addresses of `localhost` (RFC 6761), which is never asked of a name server.
pub(crate) const LOCALHOST: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// An accepted URL, ready to be sent to: cloning its parts for a request costs no allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) uri: Uri,
    pub(crate) host: HeaderValue,
}

/// Why a URL or an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// It is no URL, or one that two programs might read differently.
    #[error("not a usable URL: {0}; write it as https://host/path")]
    Malformed(String),
    /// Neither `http` nor `https`.
    #[error("the URL has to begin with https:// or http://")]
    Scheme,
    /// Plain `http` where only `https` is accepted.
    #[error("only https:// is accepted here")]
    Insecure,
    /// A user name or password inside the URL.
    #[error("the URL holds a user name or password; give credentials as a header instead")]
    Credentials,
    /// A host that is no address and no name.
    #[error("{0:?} is not a host name")]
    Host(String),
    /// An address that is not public.
    #[error(
        "{address} {why}, and may not be connected to; the operator can allow it by an address exception"
    )]
    Address {
        /// Which one.
        address: IpAddr,
        /// What it is.
        why: &'static str,
    },
}

impl Target {
    /// Parses a URL as browsers do (WHATWG) and checks what can be checked without resolving its host. Host names are
    /// checked when a connection is made, by the addresses that they have then.
    ///
    /// # Errors
    /// See [`Blocked`].
    pub fn parse(text: &str, rules: &Rules) -> Result<Self, Blocked> {
        let mut url = read(text)?;
        match url.scheme() {
            "https" => {}
            "http" if rules.https_only => return Err(Blocked::Insecure),
            "http" => {}
            _ => return Err(Blocked::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Blocked::Credentials);
        }
        let port = url.port_or_known_default().filter(|port| *port > 0);
        let port = port.ok_or_else(|| Blocked::Malformed("port 0 cannot be connected to".into()))?;
        url.set_fragment(None);
        match url.host() {
            Some(Host::Ipv4(ip)) => rules.check(ip.into(), port)?,
            Some(Host::Ipv6(ip)) => rules.check(ip.into(), port)?,
            Some(Host::Domain(name)) => {
                let name = plain_name(name)?;
                if is_localhost(&name) {
                    permitted_localhost(rules, port)?;
                }
                url.set_host(Some(&name)).map_err(|_| Blocked::Host(name))?;
            }
            None => return Err(Blocked::Host(String::new())),
        }
        Self::of(&url)
    }

    fn of(url: &Url) -> Result<Self, Blocked> {
        let malformed = |error: &dyn fmt::Display| Blocked::Malformed(error.to_string());
        let uri: Uri = url.as_str().parse().map_err(|e: http::uri::InvalidUri| malformed(&e))?;
        let host = uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
        let host = host.ok_or(Blocked::Scheme)?.map_err(|e| malformed(&e))?;
        Ok(Self { uri, host })
    }

    /// The URL in canonical form.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Host, and port where it is not the scheme's own: fit for logs, because it never holds credentials.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}

fn read(text: &str) -> Result<Url, Blocked> {
    let malformed = |why: &str| Blocked::Malformed(why.to_owned());
    if text.len() > MAX_URL {
        return Err(malformed("it is longer than 2048 bytes"));
    }
    // The parser would quietly drop or turn these; whoever reads the URL elsewhere might not.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(malformed("it holds white space, a control character or a backslash"));
    }
    let url = Url::parse(text).map_err(|error| malformed(&error.to_string()))?;
    match text.get(url.scheme().len()..) {
        Some(rest) if rest.starts_with("://") && !rest.starts_with(":///") => Ok(url),
        _ => Err(malformed("two slashes and a host have to follow the scheme")),
    }
}

/// The name without a dot at its end, which would reach the same host under another certificate name and cache key.
fn plain_name(name: &str) -> Result<String, Blocked> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        plain && (1..=63).contains(&label.len())
    };
    if name.len() > MAX_HOST || !name.split('.').all(label) {
        return Err(Blocked::Host(name.to_owned()));
    }
    Ok(name.to_owned())
}

pub(crate) fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Those of localhost's addresses that the rules permit.
pub(crate) fn permitted_localhost(rules: &Rules, port: u16) -> Result<Vec<IpAddr>, Blocked> {
    let mut blocked = None;
    let permitted = LOCALHOST.into_iter().filter(|ip| match rules.check(*ip, port) {
        Ok(()) => true,
        Err(why) => {
            blocked.get_or_insert(why);
            false
        }
    });
    let permitted: Vec<IpAddr> = permitted.collect();
    match blocked {
        Some(why) if permitted.is_empty() => Err(why),
        _ => Ok(permitted),
    }
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
