//! A generated type, by what can be done with it: so that a table can hold types of all kinds.

use std::fmt::Debug;
use std::sync::Arc;

use ottla::codec::{At, Decode, DecodeError, EncodeError, Fault, Limits, Reader};
use ottla::schema::Schema;
use ottla::{BorrowedEvent, Descriptor, Event, Plan, PlanError};

/// A generated type, by what can be done with it.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// Its schema.
    pub descriptor: fn() -> &'static Descriptor,
    /// The beginning of bytes to a value and back.
    pub read: fn(&[u8], Limits) -> Result<Recoded, Fault>,
    /// A message to a value and back.
    pub decode: fn(&[u8], Limits) -> Answer<Recoded>,
    /// The same by the borrowed twin, if there is one.
    pub twin: Option<TwinOf>,
    /// How it reads what another schema wrote.
    pub plan: fn(Arc<Schema>) -> PlanAnswer,
    /// The value that the schema's defaults make, written, if all fields have one.
    pub initial: fn() -> Option<Vec<u8>>,
}

/// Reads a message into a borrowed value.
pub type TwinOf = fn(&[u8]) -> Answer<Twin>;

/// A value, or why it is none.
pub type Answer<T> = Result<T, DecodeError>;

/// A plan, or why there is none.
pub type PlanAnswer = Result<Box<dyn Planned>, PlanError>;

/// A case of the generator with some options.
#[derive(Debug)]
pub struct Case {
    /// The folder.
    pub name: &'static str,
    /// Which options.
    pub variation: &'static str,
    /// What the macro was given.
    pub arguments: &'static str,
    /// The type by way of the builder.
    pub built: Type,
    /// The type by way of the macro.
    pub included: Type,
}

/// What became of bytes: a value, written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recoded {
    /// The value's bytes. Some values can be read and not written: decimals with more digits than the schema has.
    pub written: Result<Vec<u8>, EncodeError>,
    /// How many bytes were left.
    pub rest: usize,
}

/// What became of bytes that a value points into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The value, written again.
    pub written: Result<Vec<u8>, EncodeError>,
    /// The value that owns its text, written again.
    pub owned: Recoded,
}

/// What a plan can do, of a type that is not known.
pub trait Planned: Send + Sync {
    /// A message to a value, and to bytes of its own schema.
    fn decode(&self, bytes: &[u8], limits: Limits) -> Answer<Recoded>;
    /// The same by the borrowed twin, if there is one.
    fn twin(&self, bytes: &[u8]) -> Option<Answer<Twin>>;
}

/// A type for the tables: what generated code does not say of itself.
pub trait Sample: Event + Debug + PartialEq {
    /// Is there a borrowed twin?
    const TWIN: bool = false;

    /// A message to a borrowed value.
    fn twin(_bytes: &[u8]) -> Answer<Twin> {
        unreachable!("there is no twin")
    }

    /// A message of another schema to a borrowed value.
    fn twin_resolved(_bytes: &[u8], _plan: &Plan<Self>) -> Answer<Twin> {
        unreachable!("there is no twin")
    }

    /// The value that defaults make.
    fn initial() -> Option<Self> {
        None
    }
}

/// `sample!(path, default, path::of::Twin<'_>)`
macro_rules! sample {
    ($ty:path, default $(, $twin:ty)?) => {
        $crate::sample::sample!(@
            $ty,
            {
                fn initial() -> Option<Self> {
                    let value = <$ty as Default>::default();
                    assert_eq!(value, <$ty>::new());
                    Some(value)
                }
            }
            $(, $twin)?
        );
    };
    ($ty:path $(, $twin:ty)?) => {
        $crate::sample::sample!(@ $ty, {} $(, $twin)?);
    };
    (@ $ty:path, {$($initial:tt)*} $(, $twin:ty)?) => {
        impl $crate::sample::Sample for $ty {
            $($initial)*
            $(
                const TWIN: bool = true;

                fn twin(bytes: &[u8]) -> $crate::sample::Answer<$crate::sample::Twin> {
                    <$twin as ottla::BorrowedEvent<'_>>::decode(bytes).map($crate::sample::twin)
                }

                fn twin_resolved(
                    bytes: &[u8],
                    plan: &ottla::Plan<Self>,
                ) -> $crate::sample::Answer<$crate::sample::Twin> {
                    <$twin as ottla::BorrowedEvent<'_>>::decode_resolved(bytes, plan).map($crate::sample::twin)
                }
            )?
        }
    };
}
pub(crate) use sample;

impl Type {
    /// What can be done with a type.
    pub const fn of<T: Sample>() -> Self {
        Self {
            descriptor: T::descriptor,
            read: read::<T>,
            decode: decode::<T>,
            twin: if T::TWIN { Some(T::twin) } else { None },
            plan: plan::<T>,
            initial: initial::<T>,
        }
    }
}

fn read<T: Sample>(bytes: &[u8], limits: Limits) -> Result<Recoded, Fault> {
    let mut reader = Reader::with_limits(bytes, limits);
    let value = <T as Decode<'_>>::read(&mut reader, At::DIRECT).map_err(|error| error.fault())?;
    let rest = reader.rest().len();
    // With nothing behind it, it is a message; unless a block says that it is longer than it is.
    match T::decode_within(&bytes[..bytes.len() - rest], limits) {
        Ok(again) => assert_same(&value, &again),
        Err(error) => assert_eq!(error.fault(), Fault::End, "{error}"),
    }
    Ok(recoded(&value, rest))
}

fn decode<T: Sample>(bytes: &[u8], limits: Limits) -> Answer<Recoded> {
    T::decode_within(bytes, limits).map(|value| recoded(&value, 0))
}

fn plan<T: Sample>(writer: Arc<Schema>) -> PlanAnswer {
    Ok(Box::new(Plan::<T>::new(writer)?))
}

fn initial<T: Sample>() -> Option<Vec<u8>> {
    T::initial().map(|value| recoded(&value, 0).written.expect("defaults can be written"))
}

impl<T: Sample> Planned for Plan<T> {
    fn decode(&self, bytes: &[u8], limits: Limits) -> Answer<Recoded> {
        T::decode_resolved_within(bytes, self, limits).map(|value| recoded(&value, 0))
    }

    fn twin(&self, bytes: &[u8]) -> Option<Answer<Twin>> {
        T::TWIN.then(|| T::twin_resolved(bytes, self))
    }
}

/// Writes a value. What was written is the value, when it is read.
fn recoded<T: Sample>(value: &T, rest: usize) -> Recoded {
    let mut bytes = b"before".to_vec();
    let outcome = value.encode(&mut bytes);
    assert!(bytes.starts_with(b"before"));
    let written = bytes.split_off(6);
    if outcome.is_err() {
        assert!(written.is_empty(), "what cannot be written leaves nothing");
    } else {
        let again = T::decode(&written).unwrap_or_else(|e| panic!("{value:?} cannot be read again: {e}"));
        assert_same(value, &again);
    }
    Recoded { written: outcome.map(|()| written), rest }
}

/// The same, also if there is NaN in it, which is not itself; then maps may show their entries in any order.
fn assert_same<T: PartialEq + Debug>(a: &T, b: &T) {
    let letters = |value: &T| {
        let mut letters: Vec<char> = format!("{value:?}").chars().collect();
        letters.sort_unstable();
        letters
    };
    assert!(a == b || letters(a) == letters(b), "{a:?} is not {b:?}");
}

/// Writes a value that borrows, and the same that owns.
pub fn twin<'a, B>(value: B) -> Twin
where
    B: BorrowedEvent<'a> + Clone + Debug + PartialEq,
    B::Owned: Sample,
{
    let mut bytes = Vec::new();
    let written = BorrowedEvent::encode(&value, &mut bytes).map(|()| bytes);
    assert_same(&value.clone(), &value);
    Twin { written, owned: recoded(&value.into_owned(), 0) }
}
