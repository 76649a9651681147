//! The client over HTTP: what goes over the wire, and what happens when little or too much comes back.
//!
//! ```text
//! server.rs      a server that records what it is sent and answers as a test says, with TLS or without
//! requests.rs    headers, credentials, URLs        failures.rs   dead, slow, endless and redirecting servers
//! tls.rs         certificates
//! ```

mod failures;
mod requests;
mod server;
mod tls;
