//! How mail leaves: as `.eml` files in a directory (development), or over SMTP.

use std::path::Path;
use std::time::Duration;

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::mail_files::first_link;

/// Longest an SMTP conversation may take.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest line of an unencoded mail, in bytes (RFC 5321 section 4.5.3.1.6).
const MAX_LINE: usize = 998;

/// Why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The SMTP address is not one; see [`Mailer::smtp`] for its form.
    #[error("the SMTP address is not usable: {0}")]
    Address(#[source] lettre::transport::smtp::Error),
    /// The sender, receiver or subject cannot stand in a mail.
    #[error("the mail cannot be composed: {0}")]
    Compose(String),
    /// The directory does not take the file.
    #[error("the mail could not be written: {0}")]
    File(#[source] lettre::transport::file::Error),
    /// The relay refused it or could not be reached; worth another attempt.
    #[error("the mail relay did not take the mail: {0}")]
    Relay(#[source] lettre::transport::smtp::Error),
}

/// Sends plain-text mail from one address.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
    told: Option<Tell>,
}

/// Told of a mail that was handed over: receiver, subject, and the first link in it.
pub type Tell = fn(to: &str, subject: &str, link: Option<&str>);

#[derive(Debug, Clone)]
enum Way {
    Files(AsyncFileTransport<Tokio1Executor>),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// Writes each mail as a readable file into `directory`, which must exist.
    ///
    /// # Errors
    /// [`MailError::Compose`] when `from` is no mailbox such as `PolicyLayer <mail@example.com>`.
    pub fn files(from: &str, directory: &Path) -> Result<Self, MailError> {
        Ok(Self { from: mailbox(from)?, way: Way::Files(AsyncFileTransport::new(directory)), told: None })
    }

    /// Hands mail to a relay. `url` is `smtps://user:password@host:port` (TLS from the start) or
    /// `smtp://user:password@host:port?tls=required` (STARTTLS).
    ///
    /// # Errors
    /// [`MailError::Address`] for another form, [`MailError::Compose`] when `from` is no mailbox.
    pub fn smtp(from: &str, url: &str) -> Result<Self, MailError> {
        let relay = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailError::Address)?;
        Ok(Self {
            from: mailbox(from)?,
            way: Way::Smtp(relay.timeout(Some(SMTP_TIMEOUT)).build()),
            told: None,
        })
    }

    /// Tells somebody of every mail from now on. Links in mails are as good as passwords: only for who may see them.
    #[must_use]
    pub fn telling(self, tell: Tell) -> Self {
        Self { told: Some(tell), ..self }
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// See [`MailError`]; after [`MailError::Relay`] and [`MailError::File`] it is worth trying again.
    pub async fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), MailError> {
        let mail = Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(readable(text))
            .map_err(|error| MailError::Compose(error.to_string()))?;
        match &self.way {
            Way::Files(directory) => directory.send(mail).await.map(drop).map_err(MailError::File),
            Way::Smtp(relay) => relay.send(mail).await.map(drop).map_err(MailError::Relay),
        }?;
        if let Some(tell) = self.told {
            tell(to, subject, first_link(text));
        }
        Ok(())
    }
}

/// Plain text is sent as it is where the standard lets it, so that links stay whole for whoever reads the file or the
/// source. The library would encode any line over 76 characters.
fn readable(text: &str) -> Body {
    let plain = text.is_ascii() && !text.contains(['\0', '\r']);
    if !plain || text.lines().any(|line| line.len() > MAX_LINE) {
        return Body::new(text.to_owned());
    }
    let bytes = text.replace('\n', "\r\n").into_bytes();
    Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::SevenBit)
}

fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    text.parse().map_err(|error| MailError::Compose(format!("\"{text}\" is no mail address: {error}")))
}
