//! The way out: HTTP requests to addresses that customers name.
//!
//! A customer may register any URL, and a name may resolve to anything at any time. So a URL is parsed once
//! ([`Target`]), a host is resolved by us for every new connection, **every** address it resolves to is checked
//! ([`Rules`]), and the connection goes to an address that was checked; nothing is looked up twice. Redirects are
//! handed back and never followed, proxy settings of the environment are not read, and TLS names and the `Host` header
//! stay those of the URL. What may be called, and with which headers, is for the caller to say.

mod address;
mod client;
mod connector;
mod error;
mod resolver;
mod rules;
mod target;

pub use address::refusal;
pub use client::{Client, Options, OptionsError};
pub use error::{SendError, SendErrorKind};
pub use resolver::{ResolveFn, Resolver};
pub use rules::{Exception, MalformedException, Rules};
pub use target::{Blocked, MAX_URL, Target};
