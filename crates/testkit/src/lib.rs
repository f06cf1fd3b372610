//! What tests are made of, for development only: fake MCP servers and throwaway stores.

pub mod redis;
pub mod upstream;
pub mod product;
pub mod http;
pub mod agent;
pub mod account;
pub mod postgres;
