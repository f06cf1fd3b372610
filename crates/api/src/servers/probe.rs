//! Checking a server's address and asking it for its tools. No transaction is open meanwhile.

use egress::Target;
use model::Code;
use store::Discovery;

use super::headers::UpstreamHeaders;
use crate::problem::{ProblemItem, sentence};
use crate::{Api, Problem};

/// Parses an address and checks what can be checked without connecting.
pub(super) fn target(api: &Api, url: &str) -> Result<Target, Problem> {
    Target::parse(url, &api.parts().egress_rules).map_err(|blocked| {
        let text = sentence(&blocked.to_string());
        Problem::new(Code::AddressRefused, text.clone()).with_items(vec![ProblemItem::at("/url", text)])
    })
}

/// Connects, and lists the server's tools.
pub(super) async fn discover(
    api: &Api,
    target: &Target,
    headers: &UpstreamHeaders,
) -> Result<Discovery, Problem> {
    let (client, limits) = (&api.parts().egress, worker::Limits::default());
    worker::discover(client, target, &headers.to_map(), &limits).await.map_err(|error| {
        let text = sentence(&error.to_string());
        Problem::new(error.code(), text.clone()).with_items(vec![ProblemItem::at("/url", text)])
    })
}
