//! Schema resolution: can a reader's schema read what a writer's schema wrote, and how.
//!
//! One comparison gives both answers. A registry asks that there be no [`incompatibilities`](Resolution::incompatibilities);
//! a consumer runs the [`plan`](Resolution::plan).
//!
//! ```
//! # use ottla_formats::avro::{self, Mode, Reader, Writer};
//! # fn main() -> Result<(), avro::ParseError> {
//! let writer = avro::parse(r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}"#, Mode::Strict)?;
//! let reader = avro::parse(r#"{"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}"#, Mode::Strict)?;
//!
//! let resolution = avro::resolve(Writer(&writer), Reader(&reader));
//! let [found] = resolution.incompatibilities() else { unreachable!() };
//! assert_eq!(found.location(), "/fields/1");
//! assert_eq!(found.rule(), "AVRO-READER-FIELD-NO-DEFAULT");
//! # Ok(())
//! # }
//! ```
//!
//! The answers, their order and their locations are those of Apache Avro Java's `SchemaCompatibility`. In two ways it is
//! kinder: a field whose alias repeats its own name is no contradiction, and a comparison that would need millions of
//! steps is refused.

mod build;
mod choose;
mod compare;
mod default;
mod direct;
mod findings;
mod incompatibility;
mod matching;
mod memo;
mod path;
mod plan;
mod report;
mod skip;

pub use super::default::DefaultError;
pub use build::PlanError;
pub use incompatibility::{Incompatibility, IncompatibilityKind};
pub use matching::Promotion;
pub use plan::{DefaultField, Node, NodeId, Plan, Skip, SkipId, Step};

use super::schema::{Schema, TypeId};
use super::slot::Slot;
use compare::{Comparison, Verdict};
use findings::Slots;

/// So many pairs of types, aliases and symbols are compared at most.
///
/// Two unions of a thousand different records each need about half a million pairs, a fifth of a second and 60 MB; two
/// schemas of a megabyte that are made to be slow would need thousands of millions.
pub const COMPARISON_LIMIT: u64 = 1_000_000;

/// So many incompatibilities are listed at most; a last one says that there are more.
///
/// A record that is used in many places repeats what is found in it, so a list can grow as a power of the schema's size.
pub const LISTED_LIMIT: usize = 10_000;

/// The length of all locations and messages at which no more incompatibilities are listed.
const TEXT_LIMIT: usize = 4 << 20;

/// The schema that the bytes were written with.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a>(pub &'a Schema);

/// The schema that the program expects.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a Schema);

/// How a reader's schema stands to a writer's.
#[derive(Debug)]
pub struct Resolution<'a> {
    writer: Writer<'a>,
    reader: Reader<'a>,
    incompatibilities: Vec<Incompatibility>,
}

/// Compares a reader's schema with a writer's.
pub fn resolve<'a>(writer: Writer<'a>, reader: Reader<'a>) -> Resolution<'a> {
    let incompatibilities =
        compare(writer, reader, (writer.0.root(), reader.0.root()), Slots::ROOTS, COMPARISON_LIMIT);
    Resolution { writer, reader, incompatibilities }
}

/// Compares a type of a reader's schema with one of a writer's, in so many steps at most. Locations start at them.
///
/// That tells why a branch of a reader's union does not read what it is for: the comparison of the schemas says only that
/// no branch does.
pub fn resolve_types(
    writer: Writer<'_>,
    (writer_type, writer_slot): (TypeId, Slot),
    reader: Reader<'_>,
    (reader_type, reader_slot): (TypeId, Slot),
    steps: u64,
) -> Vec<Incompatibility> {
    let at = Slots { reader: reader_slot, writer: writer_slot };
    compare(writer, reader, (writer_type, reader_type), at, steps.min(COMPARISON_LIMIT))
}

fn compare(
    writer: Writer<'_>,
    reader: Reader<'_>,
    (writer_type, reader_type): (TypeId, TypeId),
    at: Slots,
    steps: u64,
) -> Vec<Incompatibility> {
    let mut comparison = Comparison::new(writer.0, reader.0, steps);
    match comparison.compare(writer_type, reader_type, at) {
        Ok(Verdict::Fits | Verdict::Open) => Vec::new(),
        Ok(Verdict::Breaks(finding)) => report::report(writer.0, reader.0, &comparison.findings, finding),
        Err(stop) => vec![report::refusal(writer.0, reader.0, &comparison.findings, &stop)],
    }
}

impl<'a> Resolution<'a> {
    /// All reasons why the reader cannot read what the writer wrote; none if it can.
    pub fn incompatibilities(&self) -> &[Incompatibility] {
        &self.incompatibilities
    }

    /// The same, to keep.
    pub fn into_incompatibilities(self) -> Vec<Incompatibility> {
        self.incompatibilities
    }

    /// Can the reader read what the writer wrote?
    pub fn is_compatible(&self) -> bool {
        self.incompatibilities.is_empty()
    }

    /// The writer's schema.
    pub fn writer(&self) -> Writer<'a> {
        self.writer
    }

    /// The reader's schema.
    pub fn reader(&self) -> Reader<'a> {
        self.reader
    }

    /// The instructions to read what the writer wrote into the reader's shape.
    ///
    /// It is made when it is asked for, and can fail for compatible schemas: a default may be no value of its type,
    /// which no comparison looks at.
    pub fn plan(&self) -> Result<Plan, PlanError> {
        if self.is_compatible() {
            build::build(self.writer.0, self.reader.0)
        } else {
            Err(PlanError::Incompatible)
        }
    }
}
