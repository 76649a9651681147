//! The registry server.

pub mod domain;
pub mod http;
