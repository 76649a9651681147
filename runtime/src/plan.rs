//! How a type reads what was written with another schema.

mod fields;
mod open;
pub(crate) mod program;

use std::marker::PhantomData;
use std::sync::Arc;

use ottla_formats::avro::resolve::{self, Incompatibility};
use ottla_formats::avro::{ParseError, Reader, Schema, Writer, resolve as compare};
use thiserror::Error;

use crate::event::Event;
use program::Program;

/// How a type reads what was written with another schema. It is made once for a writer's schema and used for every
/// message.
///
/// What may differ, and how, is in the Avro specification, "Schema Resolution": numbers grow, fields are renamed by
/// aliases, reordered, left out, and filled with defaults, symbols fall back to the enum's default, unions gain
/// and lose branches. The answers are those of Apache Avro Java.
pub struct Plan<T: ?Sized> {
    program: Program,
    ty: PhantomData<fn() -> T>,
}

/// Why a type cannot read what was written with another schema.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The schemas are incompatible. All reasons are listed.
    #[error("{}", list(.0))]
    Incompatible(Vec<Incompatibility>),
    /// They are compatible, and no plan can be made all the same.
    #[error("{0}")]
    Plan(#[from] resolve::PlanError),
    /// The type's own schema cannot be read.
    #[error("the reader's schema: {0}")]
    Reader(ParseError),
}

fn list(reasons: &[Incompatibility]) -> String {
    let reasons: Vec<String> = reasons.iter().map(|r| format!("{}: {}", r.location(), r.message())).collect();
    format!("the reader cannot read what the writer wrote: {}", reasons.join("; "))
}

impl<T: Event> Plan<T> {
    /// Compares the schema that bytes were written with to that of the type.
    pub fn new(writer: impl Into<Arc<Schema>>) -> Result<Self, PlanError> {
        let writer = writer.into();
        let reader = T::descriptor().schema().map_err(|e| PlanError::Reader(e.clone()))?;
        let opened = open::opened(reader, &writer, T::descriptor().open_enums());
        let reader = opened.as_ref().unwrap_or(reader);
        let resolution = compare(Writer(&writer), Reader(reader));
        if !resolution.is_compatible() {
            return Err(PlanError::Incompatible(resolution.into_incompatibilities()));
        }
        let plan = resolution.plan()?;
        Ok(Self { program: Program::new(plan, reader, writer), ty: PhantomData })
    }
}

impl<T: ?Sized> Plan<T> {
    /// The schema that the bytes were written with.
    pub fn writer(&self) -> &Schema {
        self.program.writer()
    }

    /// Does the writer write exactly what the type writes?
    pub fn is_direct(&self) -> bool {
        self.program.root().is_direct()
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }
}

impl<T: ?Sized> std::fmt::Debug for Plan<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("type", &std::any::type_name::<T>()).finish_non_exhaustive()
    }
}
