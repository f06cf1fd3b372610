//! The control plane over HTTP: accounts, organisations, servers, policies, identities, tokens, grants and the
//! record of calls, plus what gateways ask of it. One file for each endpoint, in a folder for each noun.
//!
//! [`router`] serves it and [`openapi`] describes it, both from one list of routes. Rows come from `store` through
//! [`extract::OrgAccess`] alone; rules about policies, secrets and addresses live in their own crates.

mod accounts;
mod approvals;
mod audit;
mod catalog;
mod changes;
mod cursor;
mod defaults;
mod dev;
mod edge;
mod events;
pub mod extract;
mod grants;
mod identities;
mod installation;
mod internal;
mod invitations;
mod keys;
mod limits;
mod members;
mod names;
mod openapi;
mod orgs;
mod page;
mod paths;
mod policies;
mod problem;
mod recorded;
mod router;
mod schema;
mod servers;
mod state;
mod teams;
mod throttle;
mod tokens;

pub use changes::{Beat, Changes};
pub use edge::{Origins, RequestId};
pub use policies::{CaseView, ExpectedView, FoundView};
pub use problem::{Problem, ProblemItem};
pub use router::{openapi, openapi_json, router};
pub use servers::relist;
pub use state::{Api, ApiParts, Clock, Sample};
pub use throttle::{Pace, Paces, Quota};
