//! `ottla lock` as whoever uses it sees it.
//!
//! ```text
//! files.rs     from schema files: what is added, refused, accepted, amended, removed
//! check.rs     is the lock up to date?
//! released.rs  from a registry
//! away.rs      from a registry that is not there, or talks nonsense
//! project.rs   a folder with schemas, and the command in it
//! ```

mod away;
mod check;
mod files;
mod project;
mod released;
