//! Names to addresses. An answer is used for one connection and checked before it; it is never trusted again.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;

/// Who resolves names. In either case `localhost` and names below it mean 127.0.0.1 and ::1, and are not asked for.
#[derive(Clone)]
pub enum Resolver {
    /// The name servers of `/etc/resolv.conf`, and `/etc/hosts`. Asynchronous, unlike the system library's resolver:
    /// names that answer slowly, which customers can arrange, must not occupy the threads that others need.
    System(Box<TokioResolver>),
    /// A function, for tests and for hosts that are configured.
    Fixed(Arc<ResolveFn>),
}

/// The addresses of a name; none if there is no such name.
pub type ResolveFn = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

impl Resolver {
    /// The system's name servers. Without a readable `/etc/resolv.conf` only `/etc/hosts` is left.
    ///
    /// # Errors
    /// The resolver's own message, if it does not start.
    pub fn system() -> Result<Self, String> {
        let builder = TokioResolver::builder_tokio().unwrap_or_else(|error| {
            tracing::warn!(%error, "no name servers: /etc/resolv.conf cannot be read; only /etc/hosts is used");
            let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
            TokioResolver::builder_with_config(nobody, TokioRuntimeProvider::default())
        });
        let mut builder = builder;
        builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        builder.build().map(|resolver| Self::System(Box::new(resolver))).map_err(|error| error.to_string())
    }

    /// All addresses of `name`, at least one.
    pub(crate) async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, String> {
        let mut addresses: Vec<IpAddr> = match self {
            Self::System(resolver) => {
                resolver.lookup_ip(name).await.map_err(|error| error.to_string())?.iter().collect()
            }
            Self::Fixed(resolve) => resolve(name),
        };
        // IPv4 first: a broken IPv6 route then costs nothing.
        addresses.sort_by_key(IpAddr::is_ipv6);
        if addresses.is_empty() { Err("it has no address".to_owned()) } else { Ok(addresses) }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System(_) => "System",
            Self::Fixed(_) => "Fixed",
        })
    }
}
