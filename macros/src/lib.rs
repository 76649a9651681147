//! Procedural macros of the `ottla` crate.
