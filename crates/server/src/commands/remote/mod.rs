//! The API as commands use it: a client for the one address that the user named, a sign-in, and what went wrong.

mod client;
mod failure;
mod problem;
mod session;

pub(crate) use client::Client;
pub(crate) use failure::Failure;
pub(crate) use problem::ProblemItem;
pub(crate) use session::{Credentials, Session, leave, log_in, password};
