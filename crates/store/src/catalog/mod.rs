//! The public catalogue. It belongs to no tenant and lies in a schema of its own; anybody may read all of it.
//! What tools do is judged elsewhere; here it is kept, found again, and its changes are remembered.

mod import;
mod listings;
mod lists;
mod read;
mod search;
mod tool_import;

pub use import::{Batch, Imported, ImportedServer, ImportedTool, SourceState};
pub use lists::CatalogTotals;
pub use read::{CatalogChange, CatalogDefinition, CatalogListing, CatalogServer, CatalogTool};
pub use search::{CatalogFound, CatalogSearch, Place};
