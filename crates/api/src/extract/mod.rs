//! What handlers take from a request. Each extractor answers a [`crate::Problem`] when the request does not fit.

mod access;
mod body;
mod caller;
mod document;
mod path;
mod peer;
mod query;
mod user;

pub use access::{EndingOrgAccess, OrgAccess};
pub use body::Body;
pub use caller::Caller;
pub use document::Draft;
pub(crate) use document::Embedded;
pub use path::Path;
pub use peer::Peer;
pub use query::Query;
pub use user::User;

pub(crate) use body::{parse, read, require_json};
pub(crate) use document::MAX_ANY_BODY;
pub(crate) use user::{bearer, key_sent, unproven};
