//! Schema files and a registry, as whoever uses the commands sees it: `ottla check` against a registry, `ottla register`,
//! `ottla drift`; what they do when it is there, and when it is not, or talks nonsense.
//!
//! ```text
//! folder.rs     a folder with schema files, and the command in it
//! fake.rs       a registry that answers what a test says, or nothing, or for ever
//! served.rs     `ottla serve`
//! faults.rs     `check` against registries that are away, broken, slow or no registries
//! check.rs      `check` against one that is there: unknown subjects, levels, histories, references, disagreement
//! register.rs   `register`, and what it would do
//! drift.rs      `drift`
//! secrets.rs    who is asking, and what is never shown
//! agreement.rs  the same verdict here and there, for all pairs of schemas that there are verdicts of
//! ```
#![allow(missing_docs, clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod agreement;
mod check;
mod drift;
mod fake;
mod faults;
mod folder;
mod register;
mod secrets;
mod served;
