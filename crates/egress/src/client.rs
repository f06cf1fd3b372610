//! The client: one pool of connections for the process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use crate::connector::Connector;
use crate::error::{ConnectError, cause, root_cause};
use crate::{Resolver, Rules, SendError, SendErrorKind, Target};

/// Idle connections kept for one host.
const IDLE_PER_HOST: usize = 1024;
/// How long they are kept. Most servers close theirs sooner.
const IDLE_TIME: Duration = Duration::from_secs(90);

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who resolves names; `None` is [`Resolver::system`].
    pub resolver: Option<Resolver>,
    /// Root certificates trusted besides the public ones (Mozilla's list).
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// Time for one connection: name, TCP and TLS together.
    pub connect_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { resolver: None, extra_roots: Vec::new(), connect_timeout: Duration::from_secs(5) }
    }
}

/// Options that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("outgoing HTTP cannot be set up: {0}")]
pub struct OptionsError(String);

/// Sends requests to [`Target`]s over pooled HTTP/1.1 connections. Clones share the pool.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<Connector, Full<Bytes>>,
}

impl Client {
    /// A client that connects only where `rules` permit.
    ///
    /// # Errors
    /// [`OptionsError`] if a root certificate cannot be read or the resolver does not start.
    pub fn new(rules: Rules, options: Options) -> Result<Self, OptionsError> {
        let resolver = match options.resolver {
            Some(resolver) => resolver,
            None => Resolver::system().map_err(OptionsError)?,
        };
        let tls = tls(options.extra_roots)?;
        let connector = Connector::new(rules, resolver, tls, options.connect_timeout);
        let http = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIME)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            // `send` writes the header itself, from the target.
            .set_host(false)
            // A pooled connection may turn out to be closed. The client tries again only when the connection's task
            // gave the request back unread, before a byte of it was encoded; a request that may have been written
            // is never repeated. So no call is made twice, and one that met a stale connection still succeeds.
            .retry_canceled_requests(true)
            .build(connector);
        Ok(Self { http })
    }

    /// Sends one request to the target: its URL and `Host` replace those of `request`. Returns when the response's
    /// head has arrived; bodies stream. Redirects come back as they are. Has no time limit but that for connecting;
    /// dropping the future closes the connection.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send(
        &self,
        target: &Target,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, SendError> {
        *request.uri_mut() = target.uri.clone();
        *request.version_mut() = Version::HTTP_11;
        request.headers_mut().insert(HOST, target.host.clone());
        self.http.request(request).await.map_err(|error| failure(target, &error))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

fn failure(target: &Target, error: &legacy::Error) -> SendError {
    if let Some(ConnectError { kind, message }) = cause(error) {
        return SendError { kind: *kind, sent: false, message: message.clone() };
    }
    let message = format!("{}: the connection broke: {}", target.authority(), root_cause(error));
    SendError { kind: SendErrorKind::Broken, sent: !error.is_connect(), message }
}

fn tls(extra_roots: Vec<CertificateDer<'static>>) -> Result<rustls::ClientConfig, OptionsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra_roots {
        roots
            .add(root)
            .map_err(|error| OptionsError(format!("a root certificate is not usable: {error}")))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OptionsError(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
