//! Mails that were written as files because there is no mail server. They hold links that are as good as passwords, so
//! they are shown on the machine itself and nowhere else: the installation has to be one for a single machine, and the
//! request has to come from that machine and by one of its own names, which pages of other sites cannot use.

pub(crate) mod get;
pub(crate) mod list;

use http::header::{FORWARDED, HOST};
use http::{HeaderMap, Uri};
use jiff::Timestamp;
use model::Code;
use serde::Serialize;
use utoipa::ToSchema;
use worker::{FiledMail, MailFiles};

use crate::extract::Peer;
use crate::{Api, Problem};

/// A mail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailView {
    /// Its id.
    #[schema(value_type = String)]
    id: String,
    /// The address it goes to.
    #[schema(example = "alice@example.com")]
    to: String,
    /// The subject line.
    subject: String,
    /// The text.
    text: String,
    /// What the mail asks its reader to open.
    link: Option<String>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<FiledMail> for MailView {
    fn from(mail: FiledMail) -> Self {
        let link = mail.link().map(str::to_owned);
        let FiledMail { id, recipient, subject, text, at } = mail;
        Self { id: id.to_string(), to: recipient, subject, text, link, at }
    }
}

/// The mails, if this caller may read them.
pub(crate) fn readable<'a>(api: &'a Api, peer: Peer, headers: &HeaderMap) -> Result<&'a MailFiles, Problem> {
    let files = api.parts().mail_files.as_ref();
    let local =
        peer.0.is_some_and(|address| address.to_canonical().is_loopback()) && is_named_locally(headers);
    files.filter(|_| local).ok_or_else(|| {
        Problem::new(
            Code::NotFound,
            "Mails are shown only by `policylayer up` without a mail server, on the machine that it runs on.",
        )
    })
}

/// Whether the request names a loopback host, and no proxy passed it on.
fn is_named_locally(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    let named = host.as_ref().and_then(Uri::host);
    let local = named.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
    local && !headers.contains_key(FORWARDED) && !headers.contains_key("x-forwarded-for")
}
