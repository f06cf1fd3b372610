//! Connections to checked addresses. This is the one place where sockets to customers' hosts are opened, and it checks
//! by itself: literal addresses as well as resolved ones, whatever the caller checked before.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tower::Service;

use crate::error::{ConnectError, blocked, cause, root_cause};
use crate::target::{is_localhost, permitted_localhost};
use crate::{Resolver, Rules, SendErrorKind};

type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, ConnectError>> + Send>>;

/// TCP, and TLS for `https`, to a checked address, all within one time limit.
#[derive(Clone)]
pub(crate) struct Connector(Arc<Inner>);

struct Inner {
    https: HttpsConnector<Tcp>,
    limit: Duration,
}

impl Connector {
    pub(crate) fn new(rules: Rules, resolver: Resolver, tls: rustls::ClientConfig, limit: Duration) -> Self {
        let tls_only = rules.https_only;
        let tcp = Tcp(Arc::new(Dialer { rules, resolver, limit }));
        let mut https = HttpsConnector::from((tcp, tls));
        if tls_only {
            https.enforce_https();
        }
        Self(Arc::new(Inner { https, limit }))
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = ConnectError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let host = uri.host().unwrap_or_default().to_owned();
            match timeout(inner.limit, inner.https.clone().call(uri)).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(error)) => Err(match cause::<ConnectError>(error.as_ref()) {
                    Some(error) => error.clone(),
                    None => ConnectError::new(
                        SendErrorKind::Tls,
                        format!("{host}: TLS: {}", root_cause(error.as_ref())),
                    ),
                }),
                Err(_) => {
                    let message = format!("{host}: no connection within {:?}", inner.limit);
                    Err(ConnectError::new(SendErrorKind::Timeout, message))
                }
            }
        })
    }
}

/// TCP alone; what [`HttpsConnector`] builds on.
#[derive(Clone)]
struct Tcp(Arc<Dialer>);

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = Arc::clone(&self.0);
        Box::pin(async move { dialer.dial(&uri).await.map(TokioIo::new) })
    }
}

struct Dialer {
    rules: Rules,
    resolver: Resolver,
    limit: Duration,
}

impl Dialer {
    async fn dial(&self, uri: &Uri) -> Result<TcpStream, ConnectError> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let deadline = Instant::now() + self.limit;
        let addresses = self.checked(host, port).await?;
        let mut last = String::new();
        for (tried, address) in addresses.iter().enumerate() {
            // Each address may take its share of the time that is left, so that a dead one does not use it up.
            let left = u32::try_from(addresses.len() - tried).unwrap_or(1);
            let share = Instant::now() + deadline.saturating_duration_since(Instant::now()) / left;
            match timeout_at(share, TcpStream::connect(SocketAddr::new(*address, port))).await {
                Ok(Ok(stream)) => {
                    // Requests are small and go out whole; waiting to fill packets would only delay them.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => last = format!("{host}: no connection to port {port}: {error}"),
                Err(_) if left == 1 => {
                    let message = format!("{host}: no connection to port {port} within {:?}", self.limit);
                    return Err(ConnectError::new(SendErrorKind::Timeout, message));
                }
                Err(_) => {}
            }
        }
        Err(ConnectError::new(SendErrorKind::Refused, last))
    }

    /// The host's addresses, every one of them permitted. One that is not condemns the name: honest names do not mix.
    async fn checked(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, ConnectError> {
        let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let addresses = match literal.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) if is_localhost(host) => {
                return permitted_localhost(&self.rules, port).map_err(|why| blocked(host, &why));
            }
            Err(_) => self.resolver.resolve(host).await.map_err(|why| {
                ConnectError::new(
                    SendErrorKind::Dns,
                    format!("{host}: the name could not be resolved: {why}"),
                )
            })?,
        };
        for address in &addresses {
            self.rules.check(*address, port).map_err(|why| blocked(host, &why))?;
        }
        Ok(addresses.into_iter().map(|address| address.to_canonical()).collect())
    }
}
