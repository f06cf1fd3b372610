//! The API as a client sees it: JSON in, JSON or a problem out. It talks to the one address that the user named.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::failure::Failure;
use super::problem::Problem;

/// Registering a server includes a conversation with it, so an answer may take a while.
const PATIENCE: Duration = Duration::from_secs(90);
/// Larger than any answer of the API.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// A client of one installation.
pub(crate) struct Client {
    base: String,
    http: hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    bearer: Option<String>,
}

impl Client {
    /// A client that has not logged in.
    pub(crate) fn new(api: &Url) -> Self {
        let tls = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(tls);
        Self { base: api.as_str().trim_end_matches('/').to_owned(), http, bearer: None }
    }

    /// Sends this access token from now on.
    pub(crate) fn log_in(&mut self, access_token: &str) {
        self.bearer = Some(format!("Bearer {access_token}"));
    }

    /// Reads one thing.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// Reads a whole list. The answer holds it under the last word of its address: `{"servers": […]}`.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Failure> {
        let mut answer: serde_json::Map<String, Value> = self.get(path).await?;
        let word = path.rsplit('/').next().unwrap_or_default();
        let items = answer.remove(word).unwrap_or_default();
        serde_json::from_value(items).map_err(|error| self.unexpected(path, error.to_string()))
    }

    /// Sends a JSON body.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.send(Method::POST, path, json(body)).await
    }

    /// Changes some fields of one thing.
    pub(crate) async fn patch<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.send(Method::PATCH, path, json(body)).await
    }

    /// Sends a document byte for byte.
    pub(crate) async fn put<T: DeserializeOwned>(&self, path: &str, document: Bytes) -> Result<T, Failure> {
        self.send(Method::PUT, path, document).await
    }

    /// Removes one thing.
    pub(crate) async fn delete(&self, path: &str) -> Result<(), Failure> {
        self.exchange(Method::DELETE, path, Bytes::new()).await.map(drop)
    }

    /// Sends a JSON body to an endpoint whose answer does not matter.
    pub(crate) async fn tell(&self, path: &str, body: &impl Serialize) -> Result<(), Failure> {
        self.exchange(Method::POST, path, json(body)).await.map(drop)
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, Failure> {
        let answer = self.exchange(method, path, body).await?;
        serde_json::from_slice(&answer).map_err(|error| self.unexpected(path, error.to_string()))
    }

    /// Sends a JSON body and hands on each line of the answer as it comes. `PATIENCE` is for each part of it.
    pub(crate) async fn lines<E: From<Failure>>(
        &self,
        path: &str,
        body: &impl Serialize,
        mut line: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let late = || self.unreachable(path, format!("nothing within {} s", PATIENCE.as_secs()));
        let response = self.request(Method::POST, path, json(body))?;
        let response = tokio::time::timeout(PATIENCE, response).await.map_err(|_| late())??;
        let (head, mut body) = response.into_parts();
        if !head.status.is_success() {
            let body = Limited::new(body, MAX_ANSWER).collect().await;
            let body = body.map_err(|error| self.unexpected(path, error.to_string()))?.to_bytes();
            return Err(self.refusal(path, head.status, &head.headers, &body).into());
        }
        let mut rest: Vec<u8> = Vec::new();
        while let Some(frame) = tokio::time::timeout(PATIENCE, body.frame()).await.map_err(|_| late())? {
            let frame = frame.map_err(|error| self.unreachable(path, innermost(&error)))?;
            rest.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
            let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            for text in rest.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n') {
                if !text.is_empty() {
                    line(text)?;
                }
            }
            rest.drain(..whole);
        }
        if rest.is_empty() { Ok(()) } else { line(&rest) }
    }

    /// The body of a successful answer; any other is a failure.
    async fn exchange(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Failure> {
        let response = self.request(method, path, body)?;
        let exchange = async {
            let (head, body) = response.await?.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await;
            let body = body.map_err(|error| self.unexpected(path, error.to_string()))?.to_bytes();
            Ok((head, body))
        };
        let (head, body) = match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(answer) => answer?,
            Err(_) => return Err(self.unreachable(path, format!("nothing within {} s", PATIENCE.as_secs()))),
        };
        if head.status.is_success() {
            Ok(body)
        } else {
            Err(self.refusal(path, head.status, &head.headers, &body))
        }
    }

    /// A request, under way once it is awaited.
    fn request(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<impl Future<Output = Result<Response<Incoming>, Failure>>, Failure> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        let request =
            request.body(Full::new(body)).map_err(|error| self.unexpected(path, error.to_string()))?;
        let sent = self.http.request(request);
        Ok(async move { sent.await.map_err(|error| self.unreachable(path, innermost(&error))) })
    }

    fn refusal(&self, path: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        let Ok(mut problem) = serde_json::from_slice::<Problem>(body) else {
            return self.unexpected(path, format!("status {status}"));
        };
        problem.retry_after_s = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        Failure::Refused(Box::new(problem))
    }

    fn unreachable(&self, path: &str, reason: String) -> Failure {
        Failure::Unreachable { url: format!("{}{path}", self.base), reason }
    }

    fn unexpected(&self, path: &str, answer: String) -> Failure {
        Failure::Unexpected { url: format!("{}{path}", self.base), answer }
    }
}

/// The wire types cannot fail to serialise: they are structs of strings.
fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).unwrap_or_default().into()
}

/// The cause that a reader can act on, such as "Connection refused".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
