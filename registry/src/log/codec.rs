//! Records as the log keeps them: the keys and values of a `_schemas` topic, JSON texts.
//!
//! Writing gives the fields in the order in which other registries write them, because a compacting topic compares
//! keys by their bytes. Reading takes what older registries wrote: fields may be absent, unknown ones are ignored.

mod decode;
mod encode;

pub use decode::{DecodeError, Decoder};
pub use encode::{EncodeError, encode};

#[cfg(test)]
mod tests;
