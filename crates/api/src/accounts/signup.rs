//! `POST /v1/signup`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use model::Slug;
use secrets::Secret;
use secrets::token::TokenKind;
use serde::{Deserialize, Serialize};
use store::SignUp;
use utoipa::ToSchema;

use super::{email, guard, link, mail, password};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// A new account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignupBody {
    /// The address; capitals make no difference.
    #[garde(custom(email::check))]
    #[schema(example = "alice@example.com", max_length = 254)]
    email: String,
    /// 12 to 128 characters, and more than the address.
    #[garde(skip)]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: Secret,
}

/// The same for every address, known or new.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignupView {
    /// Always `accepted`.
    status: &'static str,
    /// What to do next.
    message: &'static str,
}

/// Sign up. Makes an account, an organisation and its first team, and mails a link that confirms the address;
/// if the address has an account, its owner is told by mail instead. The answer does not tell which.
#[utoipa::path(
    post,
    path = "/v1/signup",
    tag = "accounts",
    request_body = SignupBody,
    responses((status = ACCEPTED, description = "Look into the mailbox", body = SignupView))
)]
pub(crate) async fn signup(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<SignupBody>,
) -> Result<(StatusCode, Json<SignupView>), Problem> {
    let email = email::normal(&body.email);
    let chosen = password::normal(&body.password);
    if let Some(fault) = password::fault(&chosen, &email) {
        return Err(Problem::field("/password", fault));
    }
    guard::signup(&api, peer)?;
    // Hashed in every case: the time taken must not tell whether the address is known.
    let hash = secrets::password::hash(&api.parts().workers, chosen).await?;
    create(&api, &email, &hash).await?;
    let view = SignupView {
        status: "accepted",
        message: "You can sign in now. A mail is on its way; open its link to confirm the address.",
    };
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn create(api: &Api, email: &str, hash: &str) -> Result<(), Problem> {
    let parts = api.parts();
    let now = api.now();
    let (token, verifier) = link::token(api, TokenKind::Verify);
    let welcome = mail::verify(&parts.public_url, &token);
    let existing = mail::known_already(&parts.public_url);
    let name = email.split('@').next().unwrap_or_default();
    let account = SignUp {
        user: api.mint(),
        email,
        password_hash: hash,
        org: api.mint(),
        org_slug: &slug(name)?,
        org_name: name,
        team: api.mint(),
        team_slug: &slug("default")?,
        team_name: "Default",
        verification: &verifier,
        verification_expires_at: link::ends(now),
        welcome: welcome.mail(),
        existing: existing.mail(),
    };
    // Which of the two it was stays in here.
    let _outcome = api.store().sign_up(&account, now).await?;
    Ok(())
}

/// The nearest slug, or `team` for an address without a letter or digit.
fn slug(text: &str) -> Result<Slug, Problem> {
    Slug::nearest(text).or_else(|| Slug::nearest("team")).ok_or_else(|| Problem::internal("no slug"))
}
