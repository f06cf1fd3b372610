//! How sign-in attempts are counted against account and source.

use model::{Code, UserId};
use secrets::Secret;
use store::{Credentials, User};

use super::password;
use crate::extract::Peer;
use crate::throttle::{Standing, Throttle};
use crate::{Api, Problem};

/// One attempt that has been counted. Undone when it turns out honest.
pub(super) struct Attempt<'a> {
    throttle: &'a Throttle,
    both: String,
    account: String,
    source: String,
}

impl<'a> Attempt<'a> {
    /// Counts an attempt to sign in to `account`.
    pub(super) fn begin(api: &'a Api, account: &str, peer: Peer) -> Result<Self, Problem> {
        let source = peer.source();
        let attempt = Self {
            throttle: api.throttle(),
            both: format!("both {source} {account}"),
            account: format!("account {account}"),
            source: format!("source {source}"),
        };
        let paces = api.parts().paces;
        for (key, pace) in [
            (&attempt.source, paces.source),
            (&attempt.both, paces.account_from_source),
            (&attempt.account, paces.account),
        ] {
            attempt.throttle.attempt(key, pace, api.now_ms()).map_err(too_many)?;
        }
        Ok(attempt)
    }

    /// The secret was right. The source gets back this attempt only: one right password must not pay for
    /// guesses at other accounts.
    pub(super) fn succeeded(self) {
        self.throttle.clear(&self.both);
        self.throttle.clear(&self.account);
        self.throttle.forgive(&self.source);
    }
}

/// Checks the password of somebody who is signed in already, before what a stolen access token must not be enough for.
/// Counted like a sign-in. `pointer` is the field that held the password.
pub(super) async fn prove(
    api: &Api,
    user: UserId,
    peer: Peer,
    pointer: &str,
    given: &Secret,
) -> Result<(User, Credentials), Problem> {
    let account = api.store().user(user).await?.ok_or_else(Problem::not_found)?;
    let known = api.store().credentials(&account.email).await?.ok_or_else(Problem::not_found)?;
    let attempt = Attempt::begin(api, &account.email, peer)?;
    let given = password::normal(given);
    let stored = Some(known.password_hash.as_str());
    if !secrets::password::verify(&api.parts().workers, stored, given).await?.is_right() {
        return Err(Problem::field(pointer, "this is not the account's password"));
    }
    attempt.succeeded();
    Ok((account, known))
}

/// Forgets the attempts to sign in to an account whose password was set anew.
pub(super) fn forget(api: &Api, account: &str) {
    api.throttle().clear(&format!("account {account}"));
}

/// Counts a mail that somebody asks to be sent to an address, whether or not it has an account.
pub(crate) fn letter(api: &Api, email: &str, peer: Peer) -> Result<(), Problem> {
    let paces = api.parts().paces;
    for (key, pace) in
        [(format!("letters {}", peer.source()), paces.signup), (format!("letter {email}"), paces.letter)]
    {
        api.throttle().attempt(&key, pace, api.now_ms()).map_err(too_many)?;
    }
    Ok(())
}

/// Counts a guess at a token; forgiven by [`right_guess`].
pub(crate) fn guess(api: &Api, peer: Peer) -> Result<(), Problem> {
    let key = format!("source {}", peer.source());
    api.throttle().attempt(&key, api.parts().paces.source, api.now_ms()).map_err(too_many)
}

/// The token was right.
pub(crate) fn right_guess(api: &Api, peer: Peer) {
    api.throttle().forgive(&format!("source {}", peer.source()));
}

/// Counts a sign-up.
pub(super) fn signup(api: &Api, peer: Peer) -> Result<(), Problem> {
    let key = format!("signup {}", peer.source());
    api.throttle().attempt(&key, api.parts().paces.signup, api.now_ms()).map_err(too_many)
}

fn too_many(standing: Standing) -> Problem {
    let seconds = standing.reset_s;
    Problem::new(Code::Throttled, format!("Too many attempts. Try again in {seconds} seconds."))
        .throttled(standing)
}
