//! Types for every schema of the corpora, for the cases of the generator and for random schemas, and what can be done with
//! a type that is known by its name only.
//!
//! ```text
//! corpus.rs    the corpora, as what they say
//! sample.rs    what can be done with a type
//! seeded.rs    bytes that look random
//! writers.rs   schemas like those of readers
//! options.rs   options that need types of ours
//! fuzz.rs      what fuzzers call, one function for each way in
//! ```

#![deny(warnings, clippy::all, missing_docs)]

pub mod corpus;
#[allow(missing_docs)]
#[path = "../../../formats/tests/decoder/mod.rs"]
pub mod decoder;
pub mod fuzz;
pub mod options;
#[allow(missing_docs)]
#[path = "../../../formats/tests/random/mod.rs"]
pub mod random;
pub mod sample;
pub mod seeded;
pub mod writers;

pub use sample::{Case, Planned, Recoded, Type};

macro_rules! generated {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub mod $name {
            #[allow(unused_imports)]
            use crate::sample::{Case, Type, sample};
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
        }
    )*};
}

generated! {
    /// Values and their bytes.
    codec;
    /// Readers of what other schemas wrote.
    resolve;
    /// Bytes that are no values.
    malformed;
    /// Random schemas.
    readers;
    /// Cases of the generator.
    cases;
}
