//! The story of a request: admit → identify → intake → decide → reserve → record → forward → filter.
//! Each step takes what the one before it made, so that none can be left out or moved.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response};
use hyper::body::Incoming;
use model::{Code, EventId};

use crate::body::Body;
use crate::bundles::IdentifyError;
use crate::decide::{Errand, errand};
use crate::exchange::{Exchange, Identified};
use crate::respond::{self, Refusal};
use crate::{Gateway, edge, filter, forward, measure};

impl Gateway {
    /// Answers one request to a gateway address.
    pub async fn handle(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let id = EventId::mint(self.now_ms(), rand::random());
        let (head, body) = request.into_parts();
        let begun = Instant::now();
        let response = self.serve(&head, body, id).await.unwrap_or_else(|refusal| {
            let request_id = id.to_string();
            tracing::debug!(request_id, reason = refusal.message(), "request refused");
            refusal.into_response(&request_id)
        });
        measure::answered(response.status(), begun.elapsed());
        response
    }

    async fn serve(&self, head: &Parts, body: Incoming, id: EventId) -> Result<Response<Body>, Refusal> {
        let route = edge::admit(head, &self.settings.hosts)?;
        let identified = self.identify(head, route, id).await?;
        match head.method {
            Method::POST => {
                let bytes = edge::read(head, body, self.settings.max_body_bytes).await?;
                let answered = self.post(Exchange::open(self, id, head, &identified)?, bytes.clone()).await;
                let Err(Refusal { outdated: Some(version), .. }) = answered else { return answered };
                // The counters know of a change before the feed has told of it: once more, by what holds now.
                self.bundles.outdate(&identified.caller.live, version);
                let identified = self.identify(head, route, id).await?;
                self.post(Exchange::open(self, id, head, &identified)?, bytes).await
            }
            Method::GET => self.listen(Exchange::open(self, id, head, &identified)?).await,
            _ => self.end_session(Exchange::open(self, id, head, &identified)?).await,
        }
    }

    /// Who is calling, and with which grant. A server that is not theirs looks like one that does not exist.
    async fn identify(
        &self,
        head: &Parts,
        route: edge::Route<'_>,
        id: EventId,
    ) -> Result<Identified, Refusal> {
        let token = edge::bearer(&head.headers).ok_or_else(|| {
            Refusal::unauthenticated("send your PolicyLayer token as Authorization: Bearer plt_…")
        })?;
        let parsed =
            secrets::token::check(token).map_err(|error| Refusal::unauthenticated(&error.to_string()))?;
        let caller = self.bundles.identify(&parsed.digest).await.map_err(|error| match error {
            IdentifyError::Unknown => Refusal::unauthenticated(&error.to_string()),
            IdentifyError::Unavailable(reason) => Refusal::new(Code::ControlPlaneUnavailable, reason),
        })?;
        let bundle = &caller.live.bundle;
        let theirs = bundle.org.slug.as_str() == route.org && bundle.team.slug.as_str() == route.team;
        if !theirs || caller.live.grant(route.server).is_none() {
            let message =
                format!("this identity has no grant for a server named {:?} at this address", route.server);
            self.record_stranger(id, &caller, &message).await;
            return Err(Refusal::new(Code::NotFound, message));
        }
        Ok(Identified { caller, server: route.server.to_owned() })
    }

    async fn post(&self, exchange: Exchange<'_>, bytes: Bytes) -> Result<Response<Body>, Refusal> {
        let message = mcp::decode(&bytes).map_err(Refusal::malformed)?;
        let intake = exchange.intake(&message, &bytes).map_err(|refusal| refusal.to(message.id))?;
        let answered = match errand(&message) {
            Errand::Judge(subject) => self.judge(&intake, subject).await,
            Errand::List(kind) => {
                let upstream = forward::relay(self, &intake).await;
                match upstream {
                    Ok(upstream) => filter::list(&intake, kind, upstream).await,
                    Err(refusal) => Err(refusal),
                }
            }
            Errand::Initialize => match forward::relay(self, &intake).await {
                Ok(upstream) => filter::initialized(self, &intake, upstream).await,
                Err(refusal) => Err(refusal),
            },
            Errand::Relay => forward::relay(self, &intake).await.map(filter::untouched),
            Errand::Drop => Ok(respond::accepted()),
            Errand::Unknown(method) => Ok(self.unknown_method(&intake, method).await),
        };
        answered.map_err(|refusal| refusal.to(message.id))
    }

    /// A GET opens the legacy stream of server messages; what resumes there may hold lists.
    async fn listen(&self, exchange: Exchange<'_>) -> Result<Response<Body>, Refusal> {
        let intake = exchange.without_message()?;
        let upstream = forward::relay(self, &intake).await?;
        Ok(filter::stream(&intake, upstream))
    }

    async fn end_session(&self, exchange: Exchange<'_>) -> Result<Response<Body>, Refusal> {
        let intake = exchange.without_message()?;
        forward::relay(self, &intake).await.map(filter::untouched)
    }
}
