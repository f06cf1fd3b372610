//! Settings that several roles share. Each comes as a flag or from the environment; `--help` lists both.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use jiff::SignedDuration;
use url::{Host, Url};

/// Where to listen, and under which name the world sees it.
#[derive(Args, Debug, Clone)]
pub(crate) struct Listen {
    /// Address and port to listen on.
    #[arg(
        long,
        env = "POLICYLAYER_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        value_parser = socket_address
    )]
    pub(crate) listen: SocketAddr,
    /// Address under which clients and people reach this installation; needed when it is not the one listened on.
    #[arg(long, env = "POLICYLAYER_PUBLIC_URL", value_name = "URL", value_parser = base_address)]
    pub(crate) public_url: Option<Url>,
}

impl Listen {
    /// The public address: the one given, or the one listened on.
    pub(crate) fn public_url(&self, bound: SocketAddr) -> anyhow::Result<Url> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None if bound.ip().is_unspecified() => bail!(
                "listening on every address ({bound}) needs --public-url, the address that clients use; \
                 links, gateway URLs and the Host check are built from it"
            ),
            None => Ok(Url::parse(&format!("http://{bound}"))?),
        }
    }

    /// Whether only the machine itself is served: it listens on a loopback address, and no other name leads there.
    pub(crate) fn is_local(&self, bound: SocketAddr) -> bool {
        let named = self.public_url.as_ref().and_then(Url::host);
        bound.ip().is_loopback()
            && match named {
                None => true,
                Some(Host::Domain(name)) => name == "localhost",
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
            }
    }

    /// Names that requests may carry in `Host`.
    pub(crate) fn hosts(&self, bound: SocketAddr) -> anyhow::Result<gateway::Hosts> {
        let public = self.public_url(bound)?;
        let mut names = Vec::new();
        if let Some(host) = public.host_str() {
            names.push(public.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
        }
        if bound.ip().is_loopback() {
            let port = bound.port();
            names.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{port}")));
        }
        Ok(gateway::Hosts::new(names))
    }
}

/// Reads an address and a port to listen on.
fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:8080".to_owned())
}

/// Reads the address of an http or https server.
pub(crate) fn http_address(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("expected an address that begins with http:// or https://".to_owned()),
        Err(error) => Err(format!("expected an address such as http://127.0.0.1:8080: {error}")),
    }
}

/// Reads the address of an installation, which always has a whole host name to itself.
pub(crate) fn base_address(text: &str) -> Result<Url, String> {
    let url = http_address(text)?;
    let alone = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if alone && url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(format!("expected nothing but scheme, host and port: {}", url.origin().ascii_serialization()))
}

/// Which upstream addresses may be reached beside public ones.
#[derive(Args, Debug, Clone)]
pub(crate) struct Upstreams {
    /// Private networks that registered servers may live in, each perhaps with a port, for example `10.1.0.0/16` or
    /// `10.1.2.3:8443`; commas between.
    #[arg(long, env = "POLICYLAYER_ALLOW_UPSTREAM", value_delimiter = ',')]
    pub(crate) allow_upstream: Vec<egress::Exception>,
}

impl Upstreams {
    /// The rules of the guarded client. `laptop` lets 127.0.0.1 through as well.
    pub(crate) fn rules(&self, laptop: bool) -> egress::Rules {
        let mut allow = self.allow_upstream.clone();
        if laptop {
            allow.push(IpNet::from(std::net::IpAddr::from([127, 0, 0, 1])).into());
        }
        egress::Rules { allow, ..egress::Rules::default() }
    }
}

/// What a gateway needs wherever it runs.
#[derive(Args, Debug, Clone)]
pub(crate) struct DataPlane {
    /// Folder for the database, keys and the audit spool.
    #[arg(long, env = "POLICYLAYER_DATA_DIR", default_value = ".policylayer")]
    pub(crate) data_dir: PathBuf,
    /// Folder of the key files; `keys` in the data folder unless given.
    #[arg(long, env = "POLICYLAYER_KEYS_DIR")]
    pub(crate) keys_dir: Option<PathBuf>,
    /// Redis 7 or later for counters, for example `redis://127.0.0.1:6379`, or `redis+cluster://h1:6379,h2:6379` for a Redis
    /// Cluster. Without it limits are counted in memory, by one
    /// gateway alone.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub(crate) redis_url: Option<String>,
    /// How long Redis may take to check a call's limits, in milliseconds; a call is refused after that.
    #[arg(long, env = "POLICYLAYER_LIMITS_TIMEOUT_MS", default_value = "50", value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub(crate) limits_timeout_ms: u64,
    /// Whether a Redis that restarts in place has kept every counter: what it says of itself, or yes by your word.
    #[arg(long, env = "POLICYLAYER_REDIS_DURABILITY", value_enum, default_value = "detect")]
    pub(crate) redis_durability: RedisDurability,
    /// This gateway's name in the audit log.
    #[arg(long, env = "POLICYLAYER_NODE_NAME")]
    pub(crate) node_name: Option<String>,
    /// When an audit record counts as durable: once the operating system has it (survives a crash of this
    /// process), or once the disk has it (survives a loss of power).
    #[arg(long, env = "POLICYLAYER_SPOOL_SYNC", value_enum, default_value = "os")]
    pub(crate) spool_sync: SpoolSync,
    #[command(flatten)]
    pub(crate) upstreams: Upstreams,
}

/// Whether Redis keeps counters over a restart in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedisDurability {
    /// If it says that it syncs every write before it confirms it.
    Detect,
    /// Yes.
    Durable,
}

/// When an audit record counts as durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpoolSync {
    /// Once the operating system has it.
    Os,
    /// Once the disk has it.
    Disk,
}

/// How lost counters are restored.
#[derive(Args, Debug, Clone)]
pub(crate) struct Recovery {
    /// How long a gateway that does not report holds up the restoration of lost counters, in seconds. After that limits
    /// are restored without it, and those whose window had begun refuse until it ends or the gateway is back.
    #[arg(long, env = "POLICYLAYER_RECOVERY_PATIENCE_S", value_name = "SECONDS", default_value = "15", value_parser = clap::value_parser!(u32).range(1..=3600))]
    recovery_patience_s: u32,
}

impl Recovery {
    /// The same as a span of time.
    pub(crate) fn patience(&self) -> SignedDuration {
        SignedDuration::from_secs(self.recovery_patience_s.into())
    }
}

/// How much callers may ask of the API.
#[derive(Args, Debug, Clone)]
pub(crate) struct Requests {
    /// How many requests a person, an API key or, without a proof of either, an address may send to the API in a minute.
    #[arg(long, env = "POLICYLAYER_API_REQUESTS_PER_MINUTE", value_name = "NUMBER", default_value = "1200", value_parser = clap::value_parser!(u32).range(1..))]
    api_requests_per_minute: u32,
}

impl Requests {
    /// Requests in a minute.
    pub(crate) const fn per_minute(&self) -> u32 {
        self.api_requests_per_minute
    }
}

/// How mail leaves.
#[derive(Args, Debug, Clone)]
pub(crate) struct Mail {
    /// SMTP server, for example `smtps://user:password@mail.example:465`. Without it mails are written as files.
    #[arg(long, env = "POLICYLAYER_SMTP_URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// Sender of mails.
    #[arg(long, env = "POLICYLAYER_MAIL_FROM", default_value = "PolicyLayer <no-reply@localhost>")]
    pub(crate) mail_from: String,
    /// Where messages of the contact form are mailed to; without it they are only kept.
    #[arg(long, env = "POLICYLAYER_CONTACT_TO")]
    pub(crate) contact_to: Option<String>,
}

/// What an operator gets to see.
#[derive(Args, Debug, Clone)]
pub(crate) struct Telemetry {
    /// Log filter, for example `info` or `gateway=debug`.
    #[arg(long = "log", env = "POLICYLAYER_LOG")]
    pub(crate) log: Option<String>,
    /// Address and port at which `/metrics` is served, for Prometheus; without it nothing is measured. Nobody is asked who they are
    /// there.
    #[arg(
        long,
        env = "POLICYLAYER_METRICS_LISTEN",
        value_name = "ADDRESS:PORT",
        value_parser = socket_address
    )]
    pub(crate) metrics_listen: Option<SocketAddr>,
}
