//! The things a call needs, each looked for first and made when missing: server, policy, identity, grant, token.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use model::Slug;
use url::Url;

use super::account::Place;
use super::name;
use super::wire::{
    Grant, GrantPolicy, Identity, ListedToken, MintedToken, NewGrant, NewIdentity, NewServer, NewToken,
    PolicyVersion, Server,
};
use crate::commands::remote::{Client, Failure, ProblemItem};

/// What a new grant is put under when no policy was given.
const DENY_ALL: &[u8] = b"{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"tools\": {}\n}\n";

/// The policy that was asked for.
pub(super) enum Document {
    /// A file, byte for byte, under the name of the file.
    Given { file: PathBuf, name: String, bytes: Bytes },
    /// None: what the grant has stays.
    Absent,
}

impl Document {
    /// Reads and compiles the file before anything is made.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::Absent) };
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::asked(format!("the policy {} cannot be read: {error}", path.display()), "check --policy")
        })?;
        if let Err(problems) = policy::Policy::compile(&bytes) {
            let lines: Vec<String> =
                problems.iter().map(|problem| format!("  {}:{problem}", path.display())).collect();
            let what = format!("the policy does not compile, so nothing was made\n{}", lines.join("\n"));
            return Err(Failure::asked(what, "correct it; `policylayer policy check` tells the same"));
        }
        Ok(Self::Given { file: path.to_owned(), name: name::of_policy(path), bytes: bytes.into() })
    }
}

/// The grant, and the policy that it is under now.
pub(super) struct Granted {
    /// The grant's id.
    pub(super) grant: String,
    /// The policy's name.
    pub(super) policy: String,
    /// Its version, when a document was sent in this run.
    pub(super) version: Option<u32>,
    /// What the policy language had to remark.
    pub(super) warnings: Vec<ProblemItem>,
    /// Whether it is the one that denies everything, for want of another.
    pub(super) denies_all: bool,
}

/// A token that nobody has seen yet.
pub(super) struct Issued {
    /// The secret itself.
    pub(super) token: String,
    /// Whether one of an earlier run has ended.
    pub(super) replaced: bool,
}

/// The server at that address, registered if need be.
pub(super) async fn server(
    client: &Client,
    place: &Place,
    url: &Url,
    wanted: Option<&str>,
) -> Result<Server, Failure> {
    let servers: Vec<Server> = client.list(&place.in_org("servers")).await?;
    let same_url = |server: &Server| Url::parse(&server.url).is_ok_and(|known| known == *url);
    let slug = match wanted {
        Some(text) => Slug::nearest(text).map(|slug| slug.to_string()).ok_or_else(|| {
            Failure::asked(
                format!("--server-name {text} has no letter or digit"),
                "give a name like binance-mcp",
            )
        })?,
        None => match servers.iter().find(|server| same_url(server)) {
            Some(known) => return Ok(known.clone()),
            None => name::of_server(url),
        },
    };
    match servers.into_iter().find(|server| server.slug == slug) {
        Some(known) if same_url(&known) => Ok(known),
        Some(known) => Err(Failure::asked(
            format!("the server {slug} is registered already, at {}", known.url),
            "give the new one another name with --server-name",
        )),
        None => {
            let name = wanted.unwrap_or(&slug);
            client.post(&place.in_org("servers"), &NewServer { name, slug: &slug, url: url.as_str() }).await
        }
    }
}

/// The identity of that label.
pub(super) async fn identity(client: &Client, place: &Place, label: &str) -> Result<Identity, Failure> {
    let identities: Vec<Identity> = client.list(&place.in_team("identities")).await?;
    match identities.into_iter().find(|identity| identity.label == label) {
        Some(known) => Ok(known),
        None => client.post(&place.in_team("identities"), &NewIdentity { label, kind: "agent" }).await,
    }
}

/// The identity's grant on the server, under the policy that was asked for.
pub(super) async fn grant(
    client: &Client,
    place: &Place,
    server: &Server,
    identity: &Identity,
    document: &Document,
) -> Result<Granted, Failure> {
    let grants: Vec<Grant> = client.list(&place.in_team("grants")).await?;
    let ours = |grant: &Grant| {
        grant.identity.as_ref() == Some(&identity.id) && grant.server.as_ref() == Some(&server.slug)
    };
    let known = grants.into_iter().find(ours);
    if known.as_ref().is_some_and(|grant| grant.status == "expired") {
        return Err(Failure::asked(
            format!("the grant of {} on {} has expired", identity.label, server.slug),
            "revoke it or set another end over the API, or choose another --identity",
        ));
    }
    let (name, bytes) = match document {
        Document::Given { name, bytes, .. } => (name.as_str(), bytes.clone()),
        Document::Absent => match known {
            Some(Grant { id, policy: Some(policy), .. }) => {
                return Ok(Granted {
                    grant: id,
                    policy,
                    version: None,
                    warnings: Vec::new(),
                    denies_all: false,
                });
            }
            _ => ("deny-all", Bytes::from_static(DENY_ALL)),
        },
    };
    let path = place.in_org(&format!("servers/{}/policies/{name}", server.slug));
    let stored: PolicyVersion =
        client.put(&path, bytes).await.map_err(|failure| match (failure, document) {
            (Failure::Refused(mut problem), Document::Given { file, .. }) => {
                problem.detail = format!("{}: {}", file.display(), problem.detail);
                Failure::Refused(problem)
            }
            (failure, _) => failure,
        })?;
    let grant: Grant = match known {
        Some(grant) if grant.policy.as_deref() == Some(name) => grant,
        Some(grant) => {
            client
                .patch(&place.in_team(&format!("grants/{}", grant.id)), &GrantPolicy { policy: name })
                .await?
        }
        None => {
            let new = NewGrant { identity: &identity.id, server: &server.slug, policy: name };
            client.post(&place.in_team("grants"), &new).await?
        }
    };
    Ok(Granted {
        grant: grant.id,
        policy: stored.slug,
        version: Some(stored.version),
        warnings: stored.warnings,
        denies_all: matches!(document, Document::Absent),
    })
}

/// A new token under this server's name; those that earlier runs made under it end.
pub(super) async fn token(
    client: &Client,
    place: &Place,
    server: &Server,
    identity: &Identity,
) -> Result<Issued, Failure> {
    let path = place.in_team(&format!("identities/{}/tokens", identity.id));
    let name = format!("quickstart {}", server.slug);
    let earlier: Vec<ListedToken> = client.list(&path).await?;
    let minted: MintedToken = client.post(&path, &NewToken { name: &name }).await?;
    let mut replaced = false;
    for token in earlier.iter().filter(|token| token.name == name && token.revoked_at.is_none()) {
        client.delete(&format!("{path}/{}", token.id)).await?;
        replaced = true;
    }
    Ok(Issued { token: minted.token, replaced })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_that_newcomers_meet_compile_without_a_remark() {
        let everything = include_bytes!("../../../../../docs/examples/everything.json");
        for document in [DENY_ALL, site::EXAMPLE_POLICY.as_bytes(), everything] {
            let compiled = policy::Policy::compile(document);
            assert!(
                compiled.is_ok_and(|compiled| compiled.warnings.is_empty()),
                "{}",
                document.escape_ascii()
            );
        }
    }
}
