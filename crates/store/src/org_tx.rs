//! One transaction within one organisation. The nouns add their methods in their own modules; this one opens it,
//! keeps account of what gateways must hear of, and commits.

use std::collections::BTreeSet;

use model::{IdentityId, OrgId};
use sqlx::{Postgres, Transaction};
use tokio::sync::watch;

use crate::{Error, Store, changes};

/// A transaction that sees the rows of one organisation and no others. Dropping it undoes everything, which is
/// right for reads; writes end with [`OrgTx::commit`].
#[must_use = "a transaction that is dropped is rolled back"]
#[derive(Debug)]
pub struct OrgTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) id: OrgId,
    touched: Touched,
    changed: watch::Sender<u64>,
}

/// Whose bundles a transaction has made stale.
#[derive(Debug, Default)]
pub(crate) enum Touched {
    /// Nobody's.
    #[default]
    None,
    /// Those of these identities.
    Identities(BTreeSet<IdentityId>),
    /// Those of the whole organisation.
    All,
}

/// From this many identities on, one change for all of them is cheaper for gateways than one each.
const MANY_IDENTITIES: usize = 16;

impl Store {
    /// Opens a transaction within the organisation. Does not check that it exists: in one that does not, nothing is
    /// found and nothing can be inserted.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self, org: OrgId) -> Result<OrgTx, Error> {
        let tx = self.begin_as("app.org", org.uuid()).await?;
        Ok(OrgTx { tx, id: org, touched: Touched::None, changed: self.change_hint() })
    }
}

impl OrgTx {
    /// The organisation that this transaction is confined to.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.id
    }

    /// Keeps what was done. When it changes what a gateway may do, the organisation's version rises by one and the
    /// change feed tells of it, in the same transaction.
    ///
    /// # Errors
    /// When the database fails; nothing is kept then, or (the connection broke during the commit itself) it is not
    /// known whether it was.
    pub async fn commit(mut self) -> Result<(), Error> {
        let seq = changes::publish(&mut self.tx, self.id, &self.touched).await?;
        self.tx.commit().await?;
        if let Some(seq) = seq {
            self.changed.send_replace(seq);
        }
        Ok(())
    }

    /// Notes that one identity's bundle is stale once this commits.
    pub(crate) fn touch(&mut self, identity: IdentityId) {
        match &mut self.touched {
            Touched::None => self.touched = Touched::Identities(BTreeSet::from([identity])),
            Touched::Identities(identities) if identities.len() + 1 < MANY_IDENTITIES => {
                identities.insert(identity);
            }
            Touched::Identities(_) => self.touched = Touched::All,
            Touched::All => {}
        }
    }

    /// Notes that any bundle of the organisation may be stale once this commits.
    pub(crate) fn touch_all(&mut self) {
        self.touched = Touched::All;
    }
}
