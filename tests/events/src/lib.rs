//! Types for every schema of the corpora, and what can be done with a type that is known by its name only.

#![deny(warnings, clippy::all, missing_docs)]

use std::fmt::Debug;

use ottla::codec::{Decode, Fault, Reader};
use ottla::schema::Schema;
use ottla::{Descriptor, Event, Plan, PlanError};

/// A generated type, by what can be done with it.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// Its schema.
    pub descriptor: fn() -> &'static Descriptor,
    /// Bytes to a value and back.
    pub recode: fn(&[u8]) -> Result<Recoded, Fault>,
    /// Bytes of another schema to a value and to bytes of its own, one message after the other.
    pub resolve: fn(Schema, &[Vec<u8>]) -> Result<Vec<Result<Recoded, String>>, PlanError>,
}

/// What became of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recoded {
    /// The value, for people.
    pub shown: String,
    /// The value, written again.
    pub bytes: Vec<u8>,
    /// How many bytes were left.
    pub rest: usize,
}

impl Type {
    /// What can be done with a type.
    pub const fn of<T: Event + Debug>() -> Self {
        Self { descriptor: T::descriptor, recode: recode::<T>, resolve: resolve::<T> }
    }
}

fn recode<T: Event + Debug>(bytes: &[u8]) -> Result<Recoded, Fault> {
    let mut reader = Reader::new(bytes);
    let value = <T as Decode<'_>>::read(&mut reader)?;
    let rest = reader.rest().len();
    // With nothing behind it, it is a message.
    let again = T::decode(&bytes[..bytes.len() - rest]).expect("what was read can be read again");
    assert_eq!(format!("{value:?}"), format!("{again:?}"));
    Ok(recoded(&value, rest))
}

fn recoded<T: Event + Debug>(value: &T, rest: usize) -> Recoded {
    let mut bytes = Vec::new();
    value.encode(&mut bytes).expect("what was read can be written");
    Recoded { shown: format!("{value:?}"), bytes, rest }
}

fn resolve<T: Event + Debug>(
    writer: Schema,
    messages: &[Vec<u8>],
) -> Result<Vec<Result<Recoded, String>>, PlanError> {
    let plan = Plan::<T>::new(writer)?;
    let value = |bytes: &Vec<u8>| T::decode_resolved(bytes, &plan).map_err(|e| e.to_string());
    Ok(messages.iter().map(|bytes| value(bytes).map(|value| recoded(&value, 0))).collect())
}

macro_rules! corpora {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub mod $name {
            use super::Type;
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
        }
    )*};
}

corpora! {
    /// Values and their bytes.
    codec;
    /// Readers of what other schemas wrote.
    resolve;
    /// Bytes that are no values.
    malformed;
}
