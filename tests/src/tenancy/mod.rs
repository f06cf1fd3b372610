//! Nothing of one organisation is reachable from another.

mod other_org;
