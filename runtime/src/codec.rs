//! Avro binary encoding (Avro specification, "Binary Encoding"), straight from and to Rust types.
//!
//! Generated code is made of these parts. They are public for types that are written by hand: one that stands for a
//! named type in a schema (`extern_path`) implements [`Encode`] and [`Decode`], where a record has an example.
//!
//! ```text
//! encoder.rs   Encoder: bytes being written
//! reader.rs    Reader: bytes being read; nothing in them can make it panic or take more memory than Limits allow
//! resolve.rs   the same at a place of a plan: promotions, unions;  steps.rs  the fields of a record
//! blocks.rs    arrays and maps
//! skip.rs      passing over what a reader does not want
//! fault.rs     what can be wrong with bytes;  path.rs  where it is
//! logical.rs   logical types;  values.rs  Rust's own
//! ```

mod blocks;
mod encoder;
mod fault;
mod logical;
mod path;
mod reader;
mod resolve;
mod skip;
mod steps;
mod values;

#[doc(hidden)]
pub use blocks::boxed;
pub use encoder::{EncodeError, Encoder};
pub use fault::{DecodeError, Fault};
#[doc(hidden)]
pub use logical::{AsFixed, converted, default_value, unknown_symbol};
pub(crate) use path::{locate, name};
pub use reader::{Limits, Reader};
pub use resolve::{At, Symbol};
pub use steps::Step;
pub(crate) use values::nested;

/// Writes itself in Avro's binary encoding.
pub trait Encode {
    /// Adds the bytes of this value. What cannot be written is told with [`Encoder::fail`].
    fn write(&self, out: &mut Encoder);
}

impl<T: Encode> Encode for Box<T> {
    fn write(&self, out: &mut Encoder) {
        T::write(self, out);
    }
}

/// Reads itself from Avro's binary encoding, as written with its own schema or with another one that there is a plan for.
///
/// `'a` is how long the bytes live, for types that point into them.
///
/// Whoever writes this by hand hands the place on to what reads the value: the reader's `_at` methods, or another type. A
/// record asks it for its steps:
///
/// ```
/// use ottla::codec::{At, Decode, DecodeError, Reader};
///
/// struct Point {
///     x: i32,
///     name: String,
/// }
///
/// impl<'a> Decode<'a> for Point {
///     const MIN_BYTES: usize = 2;
///
///     fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
///         // One for each field, in the order of the type's own schema, and one for the end.
///         let [x, name, end] = *from.record(at)?;
///         let at = from.next(x)?;
///         let x = from.int_at(at)?;
///         let at = from.next(name)?;
///         let name = from.string_at(at)?;
///         from.end(end)?;
///         Ok(Self { x, name })
///     }
/// }
/// # use ottla::codec::{Encode, Encoder};
/// # use ottla::schema::{Mode, parse};
/// # use ottla::{Descriptor, Event};
/// # impl Encode for Point {
/// #     fn write(&self, out: &mut Encoder) {
/// #         out.int(self.x);
/// #         out.string(&self.name);
/// #     }
/// # }
/// # impl Event for Point {
/// #     const FULL_NAME: &'static str = "Point";
/// #     fn descriptor() -> &'static Descriptor {
/// #         static DESCRIPTOR: Descriptor = Descriptor::new("Point", r#"{"type":"record","name":"Point","fields":[
/// #             {"name":"x","type":"int"},{"name":"name","type":"string"}]}"#, 0, &[]);
/// #         &DESCRIPTOR
/// #     }
/// # }
/// # let point = Point::decode(b"\x02\x02a").unwrap();
/// # assert!(point.x == 1 && point.name == "a");
/// # let plan = Point::plan(parse(r#"{"type":"record","name":"Point","fields":[
/// #     {"name":"gone","type":"long"},{"name":"name","type":"string"},{"name":"x","type":"int"}]}"#, Mode::Strict).unwrap()).unwrap();
/// # let point = Point::decode_resolved(b"\x0e\x02a\x02", &plan).unwrap();
/// # assert!(point.x == 1 && point.name == "a");
/// ```
///
/// After an error, nothing more can be read with the same reader.
pub trait Decode<'a>: Sized {
    /// The fewest bytes that a value takes: so a count of items can be seen to be a lie before room is made for them.
    const MIN_BYTES: usize;

    /// Reads a value at a place of the reader's plan: [`At::DIRECT`] if there is none. An error tells the place in the message
    /// only once it has passed through [`Event::decode`](crate::Event::decode).
    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError>;
}
