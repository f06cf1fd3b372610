//! How sign-in attempts are counted against account and source.

use model::{Code, UserId};
use secrets::Secret;
use store::{Attempted, Credentials, User};

use super::{email, password};
use crate::extract::Peer;
use crate::throttle::Standing;
use crate::{Api, Problem};

/// One attempt that has been counted. Undone when it turns out honest.
pub(super) struct Attempt<'a> {
    api: &'a Api,
    account: String,
    source: String,
}

impl<'a> Attempt<'a> {
    /// Counts an attempt to sign in to `account`.
    pub(super) async fn begin(api: &'a Api, account: &str, peer: Peer) -> Result<Self, Problem> {
        let attempt = Self { api, account: account.to_owned(), source: peer.source() };
        let paces = api.parts().paces;
        let [of_source, of_both, of_account] = attempt.keys();
        for (key, pace) in
            [(of_source, paces.source), (of_both, paces.account_from_source), (of_account, paces.account)]
        {
            api.throttle().attempt(&key, pace, api.now_ms()).map_err(too_many)?;
        }
        let in_a_row = api.store().count_attempt(attempt.attempted(), paces.in_a_row, api.now()).await?;
        if in_a_row > paces.in_a_row {
            return Err(closed(paces.in_a_row));
        }
        Ok(attempt)
    }

    /// What it is throttled by: the source, the account from there, and the account from anywhere.
    fn keys(&self) -> [String; 3] {
        let Self { account, source, .. } = self;
        [format!("source {source}"), format!("both {source} {account}"), format!("account {account}")]
    }

    fn attempted(&self) -> Attempted<'_> {
        Attempted { email: &self.account, source: &self.source }
    }

    /// The secret was right. The source gets back this attempt only: one right password must not pay for
    /// guesses at other accounts.
    pub(super) async fn succeeded(self) -> Result<(), Problem> {
        let throttle = self.api.throttle();
        let [of_source, of_both, of_account] = self.keys();
        throttle.clear(&of_both);
        throttle.clear(&of_account);
        throttle.forgive(&of_source);
        Ok(self.api.store().attempt_succeeded(self.attempted(), self.api.now()).await?)
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
    let attempt = Attempt::begin(api, &email::normal(&account.email), peer).await?;
    let given = password::normal(given);
    let stored = Some(known.password_hash.as_str());
    if !secrets::password::verify(&api.parts().workers, stored, given).await?.is_right() {
        return Err(Problem::field(pointer, "this is not the account's password"));
    }
    attempt.succeeded().await?;
    Ok((account, known))
}

/// Forgets the attempts to sign in to an account whose password was set anew.
pub(super) async fn forget(api: &Api, account: &str) -> Result<(), Problem> {
    api.throttle().clear(&format!("account {account}"));
    Ok(api.store().forget_attempts(account).await?)
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

/// Said of every address alike, with or without an account.
fn closed(most: u32) -> Problem {
    let detail = format!(
        "There were {most} wrong passwords in a row for this address, so it can be signed in to only from where it was \
         before. Ask for a new password: the link in the mail opens it again."
    );
    Problem::new(Code::SignInClosed, detail)
}

fn too_many(standing: Standing) -> Problem {
    let seconds = standing.reset_s;
    Problem::new(Code::Throttled, format!("Too many attempts. Try again in {seconds} seconds."))
        .throttled(standing)
}
