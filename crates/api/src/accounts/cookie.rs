//! The refresh token of a browser: in a cookie that no script can read, instead of in a body that one can.
//! The cookie counts only on requests that a page of ours sent, which a browser proves with `Origin`; a program has
//! no use for it.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::Code;
use secrets::{ExposeSecret, Secret};

use super::session::IDLE;
use crate::{Api, Problem};

/// Over https. The prefix makes browsers refuse the cookie from anybody but this very host.
const SECURE: &str = "__Host-policylayer_refresh";
/// Over plain http, which is for trying things out on one machine.
const PLAIN: &str = "policylayer_refresh";

/// Passes requests that a page of ours sent. Unlike the check that every request passes, it does not take a missing
/// `Origin` for a program.
pub(super) fn require_own_page(api: &Api, headers: &HeaderMap) -> Result<(), Problem> {
    if api.origins().sent_by_us(headers) {
        return Ok(());
    }
    Err(Problem::new(
        Code::ForbiddenOrigin,
        "The cookie is for pages of this installation. Programs send the refresh token in the body.",
    ))
}

/// The token in the cookie; `None` when there is none, or more than one to choose from.
pub(super) fn read(api: &Api, headers: &HeaderMap) -> Option<Secret> {
    let name = name(api);
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.to_owned().into()),
        _ => None,
    }
}

/// The header that keeps `token`, as long as the sign-in may rest.
pub(super) fn keep(api: &Api, token: &Secret) -> Result<[(HeaderName, HeaderValue); 1], Problem> {
    header(api, token.expose_secret(), IDLE.as_secs())
}

/// The header that takes the cookie away.
pub(super) fn forget(api: &Api) -> Result<[(HeaderName, HeaderValue); 1], Problem> {
    header(api, "", 0)
}

fn header(api: &Api, value: &str, seconds: i64) -> Result<[(HeaderName, HeaderValue); 1], Problem> {
    // The prefix demands the path `/`.
    let place = if is_secure(api) { "Path=/; Secure" } else { "Path=/v1/" };
    let text = format!("{}={value}; {place}; HttpOnly; SameSite=Strict; Max-Age={seconds}", name(api));
    let mut value = HeaderValue::try_from(text).map_err(Problem::internal)?;
    value.set_sensitive(true);
    Ok([(SET_COOKIE, value)])
}

fn name(api: &Api) -> &'static str {
    if is_secure(api) { SECURE } else { PLAIN }
}

fn is_secure(api: &Api) -> bool {
    api.parts().public_url.scheme() == "https"
}
