//! What most tests begin with.

use std::path::PathBuf;

use testkit::account::Account;
use testkit::postgres::{Database, database};
use testkit::product::Product;
use testkit::upstream::Upstream;

/// Lets everything through.
pub(crate) const ALLOW_ALL: &str = r#"{ "version": "1", "default": "allow" }"#;

/// One running product over a database of its own.
pub(crate) struct World {
    pub(crate) product: Product,
    pub(crate) database: Database,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With further arguments of `policylayer up`.
    pub(crate) async fn with(extra: &[&str]) -> Self {
        let database = database().await.unwrap();
        let product = Product::up(database.url(), extra).await.unwrap();
        Self { product, database }
    }

    /// A customer with an organisation of their own.
    pub(crate) async fn account(&self, email: &str) -> Account {
        Account::sign_up(&self.product.http(), email).await.unwrap()
    }
}

/// An MCP server with these tools.
pub(crate) async fn upstream(tools: &[&str]) -> Upstream {
    Upstream::builder().tools_named(tools.iter().copied()).start().await.unwrap()
}

/// A file of the folder of real data that lies beside a checkout; none where there is no such folder. CI has it, and
/// there a missing file is a failure.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
    eprintln!("not tested here: {} is missing", file.display());
    None
}
