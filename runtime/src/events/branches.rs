//! Unions of writers, branch by branch.

use ottla_formats::avro::{self, Kind, Mode, TypeId};

use super::{Unreadable, WriterSchema};
use crate::codec::{DecodeError, Fault, Reader};

/// How to read each branch of a writer's union, or why it cannot be read.
#[derive(Debug)]
pub(super) struct Branches<R>(Box<[Result<R, Unreadable>]>);

impl<R> Branches<R> {
    /// Nothing if it is no union.
    pub(super) fn new(
        writer: &WriterSchema,
        reading: impl Fn(&WriterSchema) -> Result<R, Unreadable>,
    ) -> Option<Self> {
        let Kind::Union(branches) = writer.schema.kind(writer.schema.root()) else { return None };
        Some(Self(branches.iter().map(|branch| reading(&branch_of(writer, *branch)?)).collect()))
    }

    /// Can any of them be read?
    pub(super) fn any(&self) -> bool {
        self.0.iter().any(Result::is_ok)
    }

    /// Why one cannot be read; the first of which that is so.
    pub(super) fn first_error(&self) -> Option<&Unreadable> {
        self.0.iter().find_map(|branch| branch.as_ref().err())
    }

    /// How to read the branch that a message has, and what is in it.
    pub(super) fn select<'r, 'b>(&'r self, body: &'b [u8]) -> Result<(&'r R, &'b [u8]), DecodeError> {
        let mut reader = Reader::new(body);
        let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let position = reader.branch(count).map_err(|fault| failed(fault, None))?;
        match &self.0[position as usize] {
            Ok(reading) => Ok((reading, reader.rest())),
            Err(error) => Err(failed(Fault::Branch, Some(error.to_string()))),
        }
    }
}

#[cold]
fn failed(fault: Fault, detail: Option<String>) -> DecodeError {
    DecodeError::new(fault, detail, "union".to_owned(), 0)
}

/// A branch as a schema of its own.
fn branch_of(writer: &WriterSchema, branch: TypeId) -> Result<WriterSchema, Unreadable> {
    let text = writer.schema.type_to_text(branch);
    match avro::parse(&text, Mode::Lookup) {
        Ok(schema) => Ok(WriterSchema { schema: schema.into(), reference: writer.reference }),
        Err(error) => Err(Unreadable::Branch(error)),
    }
}
