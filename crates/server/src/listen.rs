//! The one listener: gateway addresses go to the data plane, `/v1` and `/internal` to the control plane, everything
//! else to the pages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// How long a client may take to send its request head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long requests in flight may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// Largest request head.
const HEAD_BYTES: usize = 64 << 10;

/// What is served.
#[derive(Clone)]
pub(crate) struct Served {
    /// The data plane, where this role has one.
    pub(crate) gateway: Option<Arc<gateway::Gateway>>,
    /// `/v1` and `/internal`, where this role has a control plane.
    pub(crate) api: Option<Router>,
    /// Everything else.
    pub(crate) pages: Router,
}

/// Binds the address that `flag` chose; says in plain words what to do when the port is taken.
pub(crate) async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; if the port is taken, stop the other program or choose one with {flag} {}:PORT", address.ip())
    })
}

/// Serves until `stop` is done, then lets requests in flight end.
pub(crate) async fn serve(listener: TcpListener, served: Served, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => connection(stream, peer, served.clone(), &graceful),
            Err(error) => {
                // Out of file descriptors, most likely: wait for some to be closed instead of spinning.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    tracing::info!("stopping; requests in flight have {} s", DRAIN.as_secs());
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests still in flight after {} s were cut off", DRAIN.as_secs());
    }
}

fn connection(stream: TcpStream, peer: SocketAddr, served: Served, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(served.clone(), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, %peer, "connection ended early");
        }
    });
}

async fn answer(
    served: Served,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let path = request.uri().path();
    if let Some(gateway) = served.gateway.filter(|_| path.starts_with("/t/")) {
        return Ok(gateway.handle(request).await.map(Body::new));
    }
    let control = path.starts_with("/v1/") || path.starts_with("/internal/");
    let router = served.api.filter(|_| control).unwrap_or(served.pages);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(Body::new)).await
}

/// Done when the process is asked to stop: Ctrl-C or SIGTERM.
pub(crate) async fn stop_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be listened for");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
