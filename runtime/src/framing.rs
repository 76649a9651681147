//! How a message says which schema it was written with.
//!
//! | the payload begins with | then | who writes it |
//! |---|---|---|
//! | `00` | schema id, 4 bytes, highest first | every Kafka serializer, unless told otherwise |
//! | `01` | GUID, 16 bytes | |
//! | `c3 01` | fingerprint, 8 bytes, lowest first | Avro's single-object encoding |
//! | the body itself | | who puts the id or GUID, with its `00` or `01`, into the record header [`Side::header`] |
//!
//! Headers count before payloads, as in Confluent's Java deserializer: with the header, the payload is the body, whatever it
//! begins with. What follows the id or GUID within a header is passed over.
//!
//! ```
//! use ottla::framing::{self, SchemaRef, Side};
//!
//! let mut payload = Vec::new();
//! framing::write_id(&mut payload, 7);
//! payload.extend_from_slice(b"the body");
//!
//! let frame = framing::parse(&payload, Side::Value, ())?;
//! assert_eq!((frame.schema, frame.body), (SchemaRef::Id(7), &b"the body"[..]));
//!
//! let error = framing::parse(br#"{"order":1}"#, Side::Value, ()).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "the payload begins with 7b 22 6f 72 64 65 72 22 3a 31 7d and looks like JSON: \
//!      neither a schema id (00), a GUID (01) nor a single object (c3 01)"
//! );
//! # Ok::<(), framing::FramingError>(())
//! ```
//!
//! No Kafka client is needed: whatever finds a header by its name will do ([`Headers`]).

mod error;
mod headers;
mod looks;

pub use error::{FramingError, Place, Problem};
pub use headers::Headers;
pub use looks::Looks;
pub use ottla_formats::Guid;

use std::fmt;

/// What comes before a schema id.
pub const MAGIC_ID: u8 = 0;

/// What comes before a GUID.
pub const MAGIC_GUID: u8 = 1;

/// What single-object encoding begins with (Avro specification, "Single-object encoding").
pub const MAGIC_OBJECT: [u8; 2] = [0xc3, 0x01];

/// A message: the schema that it was written with, and what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The schema.
    pub schema: SchemaRef,
    /// The bytes that the schema describes.
    pub body: &'a [u8],
}

/// By what a message names the schema that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SchemaRef {
    /// A schema id, of a registry and a context. It is 2,147,483,647 at most.
    Id(u32),
    /// A content hash.
    Guid(Guid),
    /// CRC-64-AVRO of the Parsing Canonical Form.
    Fingerprint(u64),
}

/// The key or the value of a record: each has a schema of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Side {
    /// The key.
    Key,
    /// The value.
    #[default]
    Value,
}

/// Finds out which schema a payload was written with.
///
/// # Errors
/// If it does not say, or half of it is missing.
#[inline]
pub fn parse<'a, 'h>(
    payload: &'a [u8],
    side: Side,
    headers: impl Headers<'h>,
) -> Result<Frame<'a>, FramingError> {
    match headers.find_last(side.header()) {
        None => parse_payload(payload),
        Some(value) => Ok(Frame { schema: parse_header(value, side)?, body: payload }),
    }
}

/// The same without headers.
///
/// # Errors
/// As [`parse`].
#[inline]
pub fn parse_payload(payload: &[u8]) -> Result<Frame<'_>, FramingError> {
    if let Some((schema, body)) = id_or_guid(payload) {
        return Ok(Frame { schema, body });
    }
    let object = payload.strip_prefix(&MAGIC_OBJECT).and_then(<[u8]>::split_first_chunk);
    match object {
        Some((fingerprint, body)) => {
            Ok(Frame { schema: SchemaRef::Fingerprint(u64::from_le_bytes(*fingerprint)), body })
        }
        None => Err(FramingError::new(Place::Payload, payload)),
    }
}

fn parse_header(value: &[u8], side: Side) -> Result<SchemaRef, FramingError> {
    match id_or_guid(value) {
        Some((schema, _)) => Ok(schema),
        None => Err(FramingError::new(Place::Header(side), value)),
    }
}

#[inline]
fn id_or_guid(bytes: &[u8]) -> Option<(SchemaRef, &[u8])> {
    match bytes {
        [MAGIC_ID, rest @ ..] => {
            let (id, rest) = rest.split_first_chunk()?;
            let id = u32::from_be_bytes(*id);
            (id <= i32::MAX as u32).then_some((SchemaRef::Id(id), rest))
        }
        [MAGIC_GUID, rest @ ..] => {
            let (guid, rest) = rest.split_first_chunk()?;
            Some((SchemaRef::Guid(Guid(*guid)), rest))
        }
        _ => None,
    }
}

/// Appends what says that the rest was written with the schema of this id.
#[inline]
pub fn write_id(out: &mut Vec<u8>, id: u32) {
    out.extend_from_slice(&id_bytes(id));
}

/// Appends what says that the rest was written with the schema of this content hash.
#[inline]
pub fn write_guid(out: &mut Vec<u8>, guid: Guid) {
    out.extend_from_slice(&guid_bytes(guid));
}

/// Appends what says that the rest was written with the schema of this fingerprint: single-object encoding, which needs no
/// registry.
#[inline]
pub fn write_fingerprint(out: &mut Vec<u8>, fingerprint: u64) {
    out.extend_from_slice(&MAGIC_OBJECT);
    out.extend_from_slice(&fingerprint.to_le_bytes());
}

/// What stands before a payload, or in a header, for a schema id.
#[inline]
pub const fn id_bytes(id: u32) -> [u8; 5] {
    let [a, b, c, d] = id.to_be_bytes();
    [MAGIC_ID, a, b, c, d]
}

/// What stands before a payload, or in a header, for a content hash.
#[inline]
pub fn guid_bytes(guid: Guid) -> [u8; 17] {
    let mut bytes = [MAGIC_GUID; 17];
    bytes[1..].copy_from_slice(&guid.0);
    bytes
}

impl Side {
    /// The name of the record header that may hold the schema's id or GUID.
    #[inline]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Key => "__key_schema_id",
            Self::Value => "__value_schema_id",
        }
    }

    /// `key` or `value`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Value => "value",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for SchemaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "schema id {id}"),
            Self::Guid(guid) => write!(f, "schema {guid}"),
            Self::Fingerprint(fingerprint) => write!(f, "schema with fingerprint {fingerprint:016x}"),
        }
    }
}
