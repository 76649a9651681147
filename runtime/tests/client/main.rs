//! The client, over registries within the process and over transports that answer what a test wants.
//!
//! ```text
//! sending.rs     fail-over, retries, deadlines           caches.rs   what is kept, and asked for once
//! references.rs  what a schema refers to                 answers.rs  what comes back, and what is said when it does not
//! scripted.rs    a transport that a test writes
//! ```

mod answers;
mod caches;
mod references;
mod scripted;
mod sending;

use ottla::client::Schema;

/// A record with one field of that name.
fn record(field: &str) -> Schema {
    Schema::avro(format!(r#"{{"type":"record","name":"R","fields":[{{"name":"{field}","type":"string"}}]}}"#))
}
