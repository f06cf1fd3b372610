//! What every request passes before and after its handler: a request id, the origin check, a guard against
//! panics, the writing out of problems, and headers that tell browsers to be careful. Public routes also pass a count of
//! requests, and what gives a repeated one the answer of the first.

mod headers;
mod idempotency;
mod origin;
mod rate;
mod request_id;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::HeaderName;
use tower_http::catch_panic::CatchPanicLayer;

pub(crate) use idempotency::SignsIn;
pub use origin::Origins;
pub(crate) use rate::tell;
pub use request_id::RequestId;

use crate::problem::Unrendered;
use crate::{Api, Problem};

/// Wraps a router in all of it.
pub(crate) fn guard(router: Router, api: Api) -> Router {
    router.layer(CatchPanicLayer::custom(caught)).layer(from_fn_with_state(api, pass))
}

/// What the public routes pass beside: the caller's quota, and the answers that are kept for repeats.
pub(crate) fn count(router: Router<Api>, api: &Api) -> Router<Api> {
    router
        .layer(from_fn_with_state(api.clone(), idempotency::once))
        .layer(from_fn_with_state(api.clone(), rate::limit))
}

async fn pass(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = RequestId::mint(api.now_ms());
    request.extensions_mut().insert(id.clone());
    let answer = match api.origins().check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let mut answer = rendered(answer, &id);
    headers::add(answer.headers_mut(), &id);
    answer
}

/// Writes out the problem that a handler answered, if it did; headers set on the way (`Allow`, say) stay.
fn rendered(mut answer: Response, id: &RequestId) -> Response {
    let Some(Unrendered(problem)) = answer.extensions_mut().remove::<Unrendered>() else {
        return answer;
    };
    let mut written = problem.render(id.as_str());
    let own: Vec<HeaderName> =
        written.headers().keys().filter(|name| !rate::is_list(name)).cloned().collect();
    for (name, value) in answer.headers() {
        if !own.contains(name) && name != http::header::CONTENT_LENGTH {
            written.headers_mut().append(name, value.clone());
        }
    }
    written
}

fn caught(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&'static str>().copied())
        .unwrap_or("no message");
    Problem::internal(format!("panic: {text}")).into_response()
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_as_a_fault_of_ours_and_its_text_stays_here() {
        let id = RequestId::mint(1_767_225_600_000);
        let answer = rendered(caught(Box::new("secret detail")), &id);
        assert_eq!(answer.status(), 500);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body);
        assert!(
            body.contains("\"internal\"") && body.contains(id.as_str()) && !body.contains("secret"),
            "{body}"
        );
    }
}
