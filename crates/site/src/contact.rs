//! `/contact`: a message to whoever runs the installation. It is kept and mailed; a field that no person sees catches programs.

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::NewMessage;

use crate::page::{self, Format, Frame};
use crate::{Site, throttle};

/// Longest parts of a message, in characters.
const NAME: usize = 100;
const EMAIL: usize = 254;
const BODY: usize = 5000;

#[derive(Template, Serialize)]
#[template(path = "contact.html")]
struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    sent: bool,
    /// What is wrong with the message.
    fault: Option<&'static str>,
    #[serde(skip)]
    message: Message,
}

#[derive(Debug, Default, Clone, Deserialize)]
pub(crate) struct Message {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    body: String,
    /// Nobody sees this field; whoever fills it is a program.
    #[serde(default)]
    website: String,
}

impl Message {
    fn fault(&self) -> Option<&'static str> {
        let length = |text: &str| text.chars().count();
        let at = self.email.trim().split_once('@');
        if self.name.trim().is_empty() || length(&self.name) > NAME || self.name.contains(['\r', '\n', '\0'])
        {
            return Some("Give your name, in at most 100 characters.");
        }
        let plain = !self.email.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        if !plain
            || length(&self.email) > EMAIL
            || at.is_none_or(|(local, host)| local.is_empty() || !host.contains('.'))
        {
            return Some("Give an e-mail address that you can be answered at.");
        }
        if self.body.trim().is_empty() || length(&self.body) > BODY || self.body.contains('\0') {
            return Some("Write a message, in at most 5000 characters.");
        }
        None
    }
}

/// `GET /contact`
pub(crate) async fn show(State(site): State<Arc<Site>>) -> Response {
    answer(&site, StatusCode::OK, false, None, Message::default())
}

/// `POST /contact`
pub(crate) async fn send(State(site): State<Arc<Site>>, request: Request) -> Response {
    let source = throttle::source(request.extensions().get::<ConnectInfo<SocketAddr>>());
    let read = Form::<Message>::from_request(request, &()).await;
    let Ok(Form(message)) = read else {
        let fault = "The form could not be read. Send it again from this page.";
        return answer(&site, StatusCode::BAD_REQUEST, false, Some(fault), Message::default());
    };
    if let Some(fault) = message.fault() {
        return answer(&site, StatusCode::UNPROCESSABLE_ENTITY, false, Some(fault), message);
    }
    if !message.website.is_empty() {
        // A program is told what a person would be told, and nothing is kept.
        return answer(&site, StatusCode::OK, true, None, Message::default());
    }
    if !site.throttle.message(source) {
        let fault = "Several messages came from your address just now. Try again in twenty minutes.";
        return answer(&site, StatusCode::TOO_MANY_REQUESTS, false, Some(fault), message);
    }
    let new = NewMessage {
        name: message.name.trim(),
        email: message.email.trim(),
        body: message.body.trim(),
        recipient: site.contact.as_deref(),
    };
    match site.store.keep_message(&new, Timestamp::now()).await {
        Ok(()) => answer(&site, StatusCode::OK, true, None, Message::default()),
        Err(error) => site.failed(Format::Html, &error),
    }
}

fn answer(
    site: &Site,
    status: StatusCode,
    sent: bool,
    fault: Option<&'static str>,
    message: Message,
) -> Response {
    page::answer(status, &Page { frame: site.frame("/contact".to_owned()), sent, fault, message })
}
