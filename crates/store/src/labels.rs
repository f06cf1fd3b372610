//! What people call the things that rows name by id; for lists that show many of them. Removed things keep their
//! names here, because records go on speaking of them.

use std::collections::BTreeMap;

use model::{IdentityId, PolicyId, ServerId, Slug};
use uuid::Uuid;

use crate::column::parsed;
use crate::{Error, OrgTx};

/// Names by id. What is not in here does not exist in this organisation.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// Labels of identities.
    pub identities: BTreeMap<IdentityId, String>,
    /// Slugs of servers.
    pub servers: BTreeMap<ServerId, Slug>,
    /// Slugs of policies.
    pub policies: BTreeMap<PolicyId, Slug>,
}

impl OrgTx {
    /// The names of these things; ids may repeat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn labels(
        &mut self,
        identities: impl IntoIterator<Item = IdentityId>,
        servers: impl IntoIterator<Item = ServerId>,
        policies: impl IntoIterator<Item = PolicyId>,
    ) -> Result<Labels, Error> {
        let mut labels = Labels::default();
        let ids = identities.into_iter().map(IdentityId::uuid).collect();
        for (id, label) in self.names("select id, label from identity where id = any ($1)", ids).await? {
            labels.identities.insert(IdentityId::from_uuid(id), label);
        }
        let ids = servers.into_iter().map(ServerId::uuid).collect();
        for (id, slug) in self.names("select id, slug from server where id = any ($1)", ids).await? {
            labels.servers.insert(ServerId::from_uuid(id), parsed("server", &slug)?);
        }
        let ids = policies.into_iter().map(PolicyId::uuid).collect();
        for (id, slug) in self.names("select id, slug from policy where id = any ($1)", ids).await? {
            labels.policies.insert(PolicyId::from_uuid(id), parsed("policy", &slug)?);
        }
        Ok(labels)
    }

    async fn names(&mut self, query: &'static str, mut ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, Error> {
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Ok(sqlx::query_as(query).bind(ids).fetch_all(&mut *self.tx).await?)
    }
}
