//! Work that need not be done while somebody waits for an answer, and discovery, which the control plane also
//! does at once when a server is registered. Who may ask for it, and what comes of it, is decided elsewhere.

pub mod discovery;
pub mod import;
pub mod lines;
mod mail_files;
pub mod mailer;
pub mod outbox;
pub mod upkeep;

pub use discovery::{DiscoverError, Limits, discover};
pub use mail_files::{FiledMail, MailFiles};
pub use mailer::{MailError, Mailer};
