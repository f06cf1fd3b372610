//! The public catalogue. It belongs to no tenant and lies in a schema of its own; anybody may read all of it.
//! What tools do is judged elsewhere; here it is kept, found again, and its changes are remembered.

mod change;
mod import;
mod listings;
mod lists;
mod search;
mod server;
mod tool;
mod tool_import;

pub use change::CatalogChange;
pub use import::{Batch, Imported, ImportedServer, ImportedTool, SourceState};
pub use lists::CatalogTotals;
pub use search::{CatalogFound, CatalogSearch, Place};
pub use server::{CatalogListing, CatalogServer};
pub use tool::{CatalogDefinition, CatalogTool};
