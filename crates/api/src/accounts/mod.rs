//! People's accounts: signing up, signing in and out, and who one is.

mod cookie;
mod email;
mod guard;
mod login;
mod logout;
mod mail;
mod me;
mod password;
mod refresh;
mod session;
mod signup;
mod verify_email;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/signup`, `/v1/login`, `/v1/refresh`, `/v1/logout`, `/v1/verify-email`, `/v1/me`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(signup::signup))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(me::me))
}
