//! The compatibility gate: may these schema files follow what was released? What breaks, where, and how to mend it.
//!
//! The command line and the build script ask here, and both get the same findings. What makes two schemas incompatible is
//! decided in [`ottla_formats::compatibility`], as it is in the registry. No network, no processes, no clock: schemas come
//! from files and from texts that the caller brings.
//!
//! ```text
//! source.rs     files and texts -> schemas, each after those that it refers to
//! located.rs    where the types of a schema stand in the files that it was made from
//! compare.rs    a schema and the versions before it -> findings
//! diff.rs       how two schemas differ, in words
//! lint.rs       what is legal in a schema and yet to be regretted
//! rule.rs       the rules, by their identifiers
//! lock.rs       the lock file: a snapshot of what was released
//! finding.rs    what is found: rule, place, who cannot read what, how to mend it
//! verdict.rs    what became of each file against each baseline, and the exit code of all
//! report.rs     a verdict as people and tools read it (feature "report")
//! error.rs      what is wrong with files, where, and what to do
//! ```

pub mod compare;
pub mod diff;
pub mod error;
pub mod finding;
pub mod lint;
pub mod located;
pub mod lock;
#[cfg(feature = "report")]
pub mod report;
pub mod rule;
pub mod source;
pub mod verdict;
