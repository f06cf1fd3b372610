//! People's accounts: signing up, signing in and out, who one is, and what keeps the account one's own.

mod address;
mod change_password;
mod cookie;
mod delete;
pub(crate) mod email;
pub(crate) mod guard;
pub(crate) mod link;
mod login;
mod logout;
pub(crate) mod mail;
mod me;
pub(crate) mod password;
mod refresh;
mod resend_verification;
mod reset;
pub(crate) mod session;
mod sessions;
mod signup;
mod verify_email;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/signup`, `/v1/login`, `/v1/refresh`, `/v1/logout`, `/v1/verify-email`, `/v1/me` and
/// below, `/v1/password-reset`, `/v1/email-change`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(signup::signup))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(me::me))
        .routes(routes!(delete::delete_account))
        .routes(routes!(reset::request::request_reset))
        .routes(routes!(reset::complete::complete_reset))
        .routes(routes!(change_password::change_password))
        .routes(routes!(resend_verification::resend_verification))
        .routes(routes!(address::start::change_email))
        .routes(routes!(address::confirm::confirm_email))
        .routes(routes!(sessions::list::list_sessions, sessions::revoke_others::revoke_other_sessions))
        .routes(routes!(sessions::revoke::revoke_session))
}
