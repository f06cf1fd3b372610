//! Holds back whoever asks too often: searches of the catalogue, and messages. State is in memory and bounded.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::StatusCode;
use http::header::RETRY_AFTER;

use crate::Site;

/// Pages of the catalogue that one source may ask for at once, and in a second after that.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
const EACH_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Messages that one source may send at once, and how long each takes to be forgotten.
const MESSAGES: NonZeroU32 = NonZeroU32::MIN.saturating_add(2);
const MESSAGE: Duration = Duration::from_secs(20 * 60);
/// Sources that are remembered; beyond, those that have been quiet are forgotten.
const SOURCES: usize = 50_000;

/// Who has asked how often.
pub(crate) struct Throttle {
    pages: DefaultKeyedRateLimiter<IpAddr>,
    messages: DefaultKeyedRateLimiter<IpAddr>,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        let pages = RateLimiter::keyed(Quota::per_second(EACH_SECOND).allow_burst(BURST));
        let message = Quota::with_period(MESSAGE).unwrap_or(Quota::per_hour(MESSAGES)).allow_burst(MESSAGES);
        Self { pages, messages: RateLimiter::keyed(message) }
    }

    /// Counts a message; whether it may be sent.
    pub(crate) fn message(&self, source: IpAddr) -> bool {
        if self.messages.len() > SOURCES {
            self.messages.retain_recent();
        }
        self.messages.check_key(&source).is_ok()
    }

    fn page(&self, source: IpAddr) -> bool {
        if self.pages.len() > SOURCES {
            self.pages.retain_recent();
        }
        self.pages.check_key(&source).is_ok()
    }
}

/// Where a request came from: an IPv4 address, or the IPv6 network that one subscriber has whole.
pub(crate) fn source(info: Option<&ConnectInfo<SocketAddr>>) -> IpAddr {
    match info.map(|ConnectInfo(address)| address.ip().to_canonical()) {
        Some(IpAddr::V6(address)) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

/// Lets a request for the catalogue through, or says when to come again.
pub(crate) async fn pages(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let source = source(request.extensions().get::<ConnectInfo<SocketAddr>>());
    if site.throttle.page(source) {
        return next.run(request).await;
    }
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(RETRY_AFTER, "1")],
        "Too many requests from your address. Wait a second.\n",
    )
        .into_response()
}
