//! What tests are made of, for development only: fake MCP servers and throwaway stores.

pub mod account;
pub mod agent;
#[cfg(target_os = "linux")]
pub mod clock;
pub mod http;
pub mod postgres;
pub mod product;
pub mod redis;
pub mod upstream;
