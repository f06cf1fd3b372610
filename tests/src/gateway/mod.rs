//! The data plane.

mod approvals;
mod bypass;
mod classes;
mod crash;
mod definitions;
mod nodes;
mod proof;
mod recovery;
mod revocation;
mod seeds;
mod sessions;
