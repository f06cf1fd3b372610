//! The mails that accounts need. Links are built from the configured public URL, never from a request's headers.

use jiff::Timestamp;
use model::Slug;
use secrets::{ExposeSecret, Secret};
use store::NewMail;
use url::Url;

/// A mail's subject and text.
pub(crate) struct Letter {
    pub(super) subject: &'static str,
    pub(super) text: String,
}

impl Letter {
    /// As the store takes it.
    pub(crate) fn mail(&self) -> NewMail<'_> {
        NewMail { subject: self.subject, body: &self.text }
    }
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

/// Sets a new password.
pub(super) fn reset(public_url: &Url, token: &Secret) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    let token = token.expose_secret();
    Letter {
        subject: "Set a new password for PolicyLayer",
        text: format!(
            "Somebody, probably you, asked for a new password at {base}.\n\n\
             Set it within 30 minutes:\n\n\
             {base}/app/reset-password#token={token}\n\n\
             Setting it ends every sign-in of the account. If it was not you, ignore this mail: nothing has changed.\n"
        ),
    }
}

/// Tells the owner that the password was changed.
pub(super) fn password_changed(public_url: &Url) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    Letter {
        subject: "Your PolicyLayer password was changed",
        text: format!(
            "The password of your account at {base} was changed, and sign-ins on other devices have ended.\n\n\
             If it was not you, set a new one at once:\n\n\
             {base}/app/forgot-password\n"
        ),
    }
}

/// To the old address of an account that is to have another.
pub(super) fn leave_address(public_url: &Url, token: &Secret, new: &str) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    let token = token.expose_secret();
    Letter {
        subject: "Confirm the new address of your PolicyLayer account",
        text: format!(
            "Your account at {base} is to have the address {new} in place of this one.\n\n\
             If you want that, confirm it within 30 minutes:\n\n\
             {base}/app/email-change#token={token}\n\n\
             The address changes once the new mailbox has confirmed it as well. If it was not you who asked, somebody \
             knows your password: do not open the link, and change the password.\n"
        ),
    }
}

/// To the new address of an account.
pub(super) fn take_address(public_url: &Url, token: &Secret, old: &str) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    let token = token.expose_secret();
    Letter {
        subject: "Confirm your new address for PolicyLayer",
        text: format!(
            "The account of {old} at {base} is to have this address.\n\n\
             If you want that, confirm it within 30 minutes:\n\n\
             {base}/app/email-change#token={token}\n\n\
             The address changes once the old mailbox has confirmed it as well. If you did not ask for it, ignore this \
             mail.\n"
        ),
    }
}

/// To the admins of an organisation that is to be deleted.
pub(crate) fn org_ending(public_url: &Url, name: &str, slug: &Slug, at: Timestamp) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    Letter {
        subject: "An organisation of yours on PolicyLayer is to be deleted",
        text: format!(
            "The organisation \"{name}\" at {base} will be deleted with everything in it on {}. Until then it refuses \
             every call.\n\n\
             Any admin can keep it:\n\n\
             {base}/app/{slug}/settings\n",
            day(at)
        ),
    }
}

/// To the owner of an account that is to be deleted.
pub(super) fn account_ending(public_url: &Url, at: Timestamp) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    Letter {
        subject: "Your PolicyLayer account is to be deleted",
        text: format!(
            "Your account at {base} will be deleted on {}, with the organisations that nobody else is in. All sign-ins \
             have ended.\n\n\
             To keep it, sign in before that day:\n\n\
             {base}/app/login\n",
            day(at)
        ),
    }
}

/// A day as mails write it, for example `14 December 2026 (UTC)`.
fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y (UTC)").to_string()
}

/// Invites somebody to an organisation.
pub(crate) fn invitation(public_url: &Url, token: &Secret, inviter: &str, org: &str, role: &str) -> Letter {
    let base = public_url.as_str().trim_end_matches('/');
    let token = token.expose_secret();
    Letter {
        subject: "You are invited to PolicyLayer",
        text: format!(
            "{inviter} invites you to the organisation \"{org}\" at {base}, with the role {role}.\n\n\
             Accept or decline within 7 days:\n\n\
             {base}/app/invitation#token={token}\n\n\
             If you do not know the sender, ignore this mail.\n"
        ),
    }
}
