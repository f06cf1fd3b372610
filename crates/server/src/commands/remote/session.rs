//! A sign-in that lasts as long as the command.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};

use super::{Client, Failure};

/// What sign-up and login take.
#[derive(Serialize)]
pub(crate) struct Credentials<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: &'a str,
}

/// What login answers.
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// What logout takes.
#[derive(Serialize)]
pub(crate) struct Logout<'a> {
    pub(crate) refresh_token: &'a str,
}

/// The password given, or typed without echo.
pub(crate) fn password(given: Option<String>) -> Result<String, Failure> {
    if let Some(password) = given {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::asked(
            "no password was given and there is no terminal to ask on",
            "set POLICYLAYER_PASSWORD",
        ));
    }
    rpassword::prompt_password("Password (12 characters or more): ").map_err(|error| {
        Failure::asked(format!("the password could not be read: {error}"), "set POLICYLAYER_PASSWORD")
    })
}

/// Ends the sign-in; nothing is left behind that could be used again.
pub(crate) async fn leave(client: &Client, session: &Session) -> Result<(), Failure> {
    client.tell("/v1/logout", &Logout { refresh_token: &session.refresh_token }).await
}

/// Logs in with a password.
pub(crate) async fn log_in(client: &mut Client, email: &str, password: &str) -> Result<Session, Failure> {
    let session: Session = client.post("/v1/login", &Credentials { email, password }).await?;
    client.log_in(&session.access_token);
    Ok(session)
}
