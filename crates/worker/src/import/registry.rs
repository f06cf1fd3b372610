//! A registry, page by page, or a document at an address. Each page is kept with the cursor of the next.

use std::time::Duration;

use bytes::Bytes;
use egress::Target;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use url::Url;

use super::document;
use super::intake::Intake;
use super::{ImportError, Importer, Outcome};
use catalog::record;

/// Where registries list their servers, newest form first.
const MOUNTS: [&str; 2] = ["/v0.1/servers", "/v0/servers"];
/// Servers that a page is asked for.
const PAGE: &str = "100";
/// Longest that an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most pages; a registry that goes on longer leads in circles.
const PAGES: u64 = 100_000;

/// Imports what is at the address: a registry by its host alone or by where it lists servers, or a document.
pub(super) async fn import(mut intake: Intake<'_>, url: &Url) -> Result<Outcome, ImportError> {
    let importer = intake.importer;
    let resumed = intake.state.position.clone().filter(|_| !importer.again);
    let (url, mut text) = first(importer, url, resumed.as_deref()).await?;
    let Ok(mut page) = record::page(&text) else {
        let called = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let called = called.trim_end_matches(".json").to_owned();
        return document::import(intake, &text, &called).await;
    };
    if resumed.is_some() {
        intake.outcome.resumed = true;
    } else {
        importer.store.begin_catalog_source(intake.state.id, None).await?;
    }
    let mut number = 0;
    for _ in 0..PAGES {
        for record in page.records {
            number += 1;
            match record {
                Ok(record) => {
                    intake.take(number, record);
                }
                Err(fault) => intake.bad(number, &fault),
            }
        }
        intake.done += text.len() as u64;
        intake.keep(page.next.as_deref()).await?;
        let Some(next) = page.next else { return Ok(intake.outcome) };
        let at = cursor(&url, &next);
        text = get(importer, &at).await?.map_err(|status| unexpected(&at, status))?;
        page = record::page(&text).map_err(|fault| ImportError::Address(format!("{at}: {fault}")))?;
        if page.next.as_deref() == Some(&next) {
            return Err(ImportError::Address(format!("{url}: the cursor {next:?} leads back to itself")));
        }
    }
    Err(ImportError::Address(format!("{url}: the list goes on after {PAGES} pages")))
}

/// The first page to read, and where it was found.
async fn first(importer: &Importer<'_>, url: &Url, from: Option<&str>) -> Result<(Url, String), ImportError> {
    if url.path() != "/" {
        let at = from.map_or_else(|| url.clone(), |from| cursor(url, from));
        let text = get(importer, &at).await?.map_err(|status| unexpected(&at, status))?;
        return Ok((url.clone(), text));
    }
    let mut last = StatusCode::NOT_FOUND;
    for mount in MOUNTS {
        let mut url = url.clone();
        url.set_path(mount);
        url.query_pairs_mut().append_pair("limit", PAGE);
        let at = from.map_or_else(|| url.clone(), |from| cursor(&url, from));
        match get(importer, &at).await? {
            Ok(text) => return Ok((url, text)),
            Err(status) => last = status,
        }
    }
    Err(ImportError::Address(format!(
        "{url} has no registry at {}: it answers with status {last}; give the address of the list itself",
        MOUNTS.join(" or ")
    )))
}

fn cursor(url: &Url, cursor: &str) -> Url {
    let mut next = url.clone();
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| name != "cursor").collect();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("cursor", cursor);
    next
}

fn unexpected(url: &Url, status: StatusCode) -> ImportError {
    ImportError::Address(format!("{url} answers with status {status}"))
}

/// The body of a good answer, or the status of another.
async fn get(importer: &Importer<'_>, url: &Url) -> Result<Result<String, StatusCode>, ImportError> {
    let failed = |reason: String| ImportError::Address(format!("{url}: {reason}"));
    let target =
        Target::parse(url.as_str(), importer.rules).map_err(|blocked| failed(blocked.to_string()))?;
    let mut request = Request::new(Full::new(Bytes::new()));
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("policylayer"));
    let answer = async {
        let response =
            importer.client.send(&target, request).await.map_err(|error| failed(error.message.clone()))?;
        if !response.status().is_success() {
            return Ok(Err(response.status()));
        }
        let most = usize::try_from(document::LARGEST).unwrap_or(usize::MAX);
        let body = Limited::new(response.into_body(), most).collect().await;
        let body = body.map_err(|error| failed(error.to_string()))?.to_bytes();
        String::from_utf8(body.to_vec()).map(Ok).map_err(|_| failed("the answer is not UTF-8".to_owned()))
    };
    tokio::time::timeout(PATIENCE, answer)
        .await
        .unwrap_or_else(|_| Err(failed(format!("no whole answer within {PATIENCE:?}"))))
}
