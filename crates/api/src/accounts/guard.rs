//! How sign-in attempts are counted against account and source.

use model::Code;

use crate::extract::Peer;
use crate::throttle::Throttle;
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

/// Counts a guess at a token; forgiven by [`right_guess`].
pub(super) fn guess(api: &Api, peer: Peer) -> Result<(), Problem> {
    let key = format!("source {}", peer.source());
    api.throttle().attempt(&key, api.parts().paces.source, api.now_ms()).map_err(too_many)
}

/// The token was right.
pub(super) fn right_guess(api: &Api, peer: Peer) {
    api.throttle().forgive(&format!("source {}", peer.source()));
}

/// Counts a sign-up.
pub(super) fn signup(api: &Api, peer: Peer) -> Result<(), Problem> {
    let key = format!("signup {}", peer.source());
    api.throttle().attempt(&key, api.parts().paces.signup, api.now_ms()).map_err(too_many)
}

fn too_many(seconds: u64) -> Problem {
    Problem::new(Code::Throttled, format!("Too many attempts. Try again in {seconds} seconds."))
        .retry_after(seconds)
}
