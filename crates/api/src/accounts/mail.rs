//! The mails that accounts need. Links are built from the configured public URL, never from a request's headers.

use secrets::{ExposeSecret, Secret};
use url::Url;

/// A mail's subject and text.
pub(super) struct Letter {
    pub(super) subject: &'static str,
    pub(super) text: String,
}

/// To a new account: proves the address.
pub(super) fn verify(public_url: &Url, token: &Secret) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    let token = token.expose_secret();
    Letter {
        subject: "Confirm your address for PolicyLayer",
        text: format!(
            "Welcome to PolicyLayer.\n\n\
             Confirm that this address is yours within 30 minutes:\n\n\
             {base}/app/verify-email#token={token}\n\n\
             Or from a terminal:\n\n\
             curl -X POST {base}/v1/verify-email -H 'content-type: application/json' \\\n  \
             -d '{{\"token\": \"{token}\"}}'\n\n\
             If you did not sign up, ignore this mail: without the password nobody can use the account.\n"
        ),
    }
}

/// To the holder of an address that somebody tried to sign up again.
pub(super) fn known_already(public_url: &Url) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    Letter {
        subject: "You already have a PolicyLayer account",
        text: format!(
            "Somebody, probably you, signed up with this address at {base}.\n\n\
             There is an account for it already, and nothing about it was changed. Sign in with its password instead.\n\n\
             If it was not you, there is nothing to do.\n"
        ),
    }
}
