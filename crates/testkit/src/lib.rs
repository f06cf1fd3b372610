//! What tests are made of, for development only: fake MCP servers and throwaway stores.

pub mod upstream;
