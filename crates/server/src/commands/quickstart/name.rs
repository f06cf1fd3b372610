//! Names that a user did not give.

use model::Slug;
use url::{Host, Url};

/// Labels that say what a host is, not whose it is.
const GENERIC: &[&str] = &["mcp", "api", "www", "server", "gateway"];

/// A server's name from its address: `https://mcp.stripe.com/v1` is `stripe`, `http://127.0.0.1:3001/mcp` is `local-3001`.
pub(super) fn of_server(url: &Url) -> String {
    let port = url.port().map(|port| format!("-{port}")).unwrap_or_default();
    let text = match url.host() {
        Some(Host::Domain("localhost")) => format!("local{port}"),
        Some(Host::Domain(domain)) => telling_label(domain).to_owned(),
        Some(Host::Ipv4(address)) if address.is_loopback() => format!("local{port}"),
        Some(Host::Ipv6(address)) if address.is_loopback() => format!("local{port}"),
        Some(host) => format!("{host}{port}"),
        None => String::new(),
    };
    slug(&text, "server")
}

/// A policy's name from its file's name.
pub(super) fn of_policy(path: &std::path::Path) -> String {
    slug(&path.file_stem().unwrap_or_default().to_string_lossy(), "policy")
}

fn telling_label(domain: &str) -> &str {
    // The last label is the top level; what comes before it names the owner.
    let labels = domain.rsplit_once('.').map_or(domain, |(owner, _)| owner);
    labels.split('.').find(|label| !GENERIC.contains(label)).unwrap_or(domain)
}

fn slug(text: &str, otherwise: &str) -> String {
    Slug::nearest(text).map_or_else(|| otherwise.to_owned(), |slug| slug.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_after_its_owner_or_its_port() {
        for (url, name) in [
            ("https://mcp.stripe.com/v1", "stripe"),
            ("https://linear.app/mcp", "linear"),
            ("https://mcp.example/", "mcp-example"),
            ("http://127.0.0.1:3001/mcp", "local-3001"),
            ("http://localhost/mcp", "local"),
            ("http://[::1]:9/mcp", "local-9"),
            ("http://10.1.2.3:8000/", "10-1-2-3-8000"),
        ] {
            assert_eq!(of_server(&url.parse().unwrap()), name, "{url}");
        }
    }

    #[test]
    fn a_policy_is_named_after_its_file() {
        assert_eq!(of_policy("dir/Refunds v2.json".as_ref()), "refunds-v2");
        assert_eq!(of_policy("/".as_ref()), "policy");
    }
}
