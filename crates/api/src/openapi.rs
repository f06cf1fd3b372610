//! The OpenAPI document: made from the same route list as the router, so the two cannot disagree.

use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder};

use crate::problem::{ProblemItem, ProblemView};

/// What every operation shares.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "PolicyLayer control plane",
        description = "Register MCP servers, write policies, hand out grants and read what was decided. \
            Errors are RFC 9457 problems with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ProblemView, ProblemItem)),
    tags(
        (name = "installation", description = "What this installation offers"),
        (name = "dev", description = "Mails of an installation without a mail server"),
        (name = "accounts", description = "Sign up, sign in, and who one is"),
        (name = "orgs", description = "Organisations"),
        (name = "teams", description = "Teams of an organisation"),
        (name = "members", description = "Who belongs to an organisation, and invitations to it"),
        (name = "keys", description = "API keys, by which programs use this API"),
        (name = "audit", description = "Who changed what"),
        (name = "servers", description = "MCP servers behind the gateway"),
        (name = "policies", description = "Versioned policy documents of a server"),
        (name = "identities", description = "Who calls through the gateway"),
        (name = "tokens", description = "Secrets that prove an identity"),
        (name = "grants", description = "Which identity or team reaches which server, under which policy"),
        (name = "approvals", description = "Calls that wait for people"),
        (name = "events", description = "What the gateway decided"),
        (name = "catalog", description = "Public MCP servers, what their tools do, and policies that suit them"),
    )
)]
struct Shared;

/// An empty document with everything that operations refer to.
pub(crate) fn shared() -> OpenApi {
    let mut document = Shared::openapi();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token that signing in returns."))
        .build();
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("plk_…")
        .description(Some(
            "An API key of the organisation in the address. It needs the scopes that an operation lists here, and \
             does nothing that its maker's role does not allow.",
        ))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("key", SecurityScheme::Http(key));
    document
}

/// Gives every operation what they all share: the problem as an answer and, where something is sent to be done, the header that
/// has it done once.
pub(crate) fn with_shared(mut document: OpenApi) -> OpenApi {
    let problem = ResponseBuilder::new()
        .description("A problem: see `code` and `detail`")
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
        )
        .build();
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        operation.responses.responses.insert("default".to_owned(), RefOr::T(problem.clone()));
    }
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A text of your own for this one request, for example a UUID. Sent again with it within 24 hours, the request is \
             not carried out again, but answered as it was the first time, with `Idempotent-Replayed: true`.",
        ))
        .schema(Some(
            ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build(),
        ))
        .build();
    for post in document.paths.paths.values_mut().filter_map(|item| item.post.as_mut()) {
        post.parameters.get_or_insert_default().push(key.clone().into());
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}
