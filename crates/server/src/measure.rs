//! Measurements for operators, in the text format of Prometheus, on a listener of their own: nobody is asked who they are there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use gateway::Gateway;
use http::header::CONTENT_TYPE;
use metrics::{Unit, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::listen::{self, Served};

const REQUESTS: &str = "http_server_request_duration_seconds";
const AUDIT: &str = "policylayer_audit_spool_bytes";
const SILENCE: &str = "policylayer_control_plane_silence_seconds";
/// Upper bounds of the buckets of times, in seconds: those of OpenTelemetry's conventions for HTTP, and shorter ones, since a gateway's
/// own part of a call is well below a millisecond.
const SECONDS: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5,
    5.0, 7.5, 10.0,
];
/// How often what has been measured is summed up, so that it takes no room while nobody asks.
const UPKEEP: Duration = Duration::from_secs(5);
/// The format's media type.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Binds the address to serve at, if there is one.
pub(crate) async fn bind(address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    match address {
        Some(address) => listen::bind(address, "--metrics-listen").await.map(Some),
        None => Ok(None),
    }
}

/// Begins to measure and serves `/metrics`, until the process ends; without a listener, neither.
pub(crate) fn serve(listener: Option<TcpListener>, gateway: Option<Arc<Gateway>>) -> anyhow::Result<()> {
    let Some(listener) = listener else { return Ok(()) };
    let bound = listener.local_addr()?;
    let handle = PrometheusBuilder::new().set_buckets(SECONDS)?.install_recorder()?;
    describe_histogram!(
        REQUESTS,
        Unit::Seconds,
        "From a request to the head of its answer, by route and status."
    );
    if gateway.is_some() {
        gateway::describe_metrics();
        describe_gauge!(
            AUDIT,
            Unit::Bytes,
            "Audit records on disk; files go once the control plane has taken all of them."
        );
        describe_gauge!(SILENCE, Unit::Seconds, "How long nothing has been heard from the control plane.");
    }
    tokio::spawn(keep_up(handle.clone()));
    let pages = Router::new()
        .route("/metrics", get(async move || ([(CONTENT_TYPE, TEXT)], render(&handle, gateway.as_deref()))));
    tracing::info!("measurements at http://{bound}/metrics");
    tokio::spawn(listen::serve(listener, Served { gateway: None, api: None, pages }, std::future::pending()));
    Ok(())
}

fn render(handle: &PrometheusHandle, gateway: Option<&Gateway>) -> String {
    if let Some(gateway) = gateway {
        let vitals = gateway.vitals();
        #[expect(clippy::cast_precision_loss, reason = "a graph needs no more than 53 bits")]
        gauge!(AUDIT).set(vitals.audit_bytes as f64);
        gauge!(SILENCE)
            .set(vitals.control_plane_silence.map_or(f64::INFINITY, |silence| silence.as_secs_f64()));
    }
    handle.render()
}

async fn keep_up(handle: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

/// Measures what this router answers, each route by its pattern.
pub(crate) fn requests(router: Router) -> Router {
    router.layer(from_fn(request))
}

async fn request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let begun = Instant::now();
    let response = next.run(request).await;
    let labels = [
        ("http_route", route.as_ref().map_or("", MatchedPath::as_str).to_owned()),
        ("http_request_method", known(&method).to_owned()),
        ("http_response_status_code", response.status().as_str().to_owned()),
    ];
    histogram!(REQUESTS, &labels).record(begun.elapsed());
    response
}

/// A method's name; whoever makes names up makes no series.
fn known(method: &http::Method) -> &str {
    match method.as_str() {
        name @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => name,
        _ => "_OTHER",
    }
}
