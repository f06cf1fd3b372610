//! The data plane.

mod bypass;
mod crash;
mod nodes;
mod recovery;
mod revocation;
mod seeds;
mod sessions;
