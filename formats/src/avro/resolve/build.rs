//! Makes the plan of a compatible pair.
//!
//! The pairs of types are worked off from a list, so no schema can overflow the stack. Named pairs are made once; that
//! is where recursive types come back to their node.

use std::ops::Range;

use thiserror::Error;

use super::super::default::DefaultError;
use super::super::schema::{Enum, Kind, Record, Schema};
use super::COMPARISON_LIMIT;
use super::TypeId;
use super::choose::Chooser;
use super::default::Encoder;
use super::direct::direct;
use super::matching::{FieldMatch, Positions, Shape, enum_default, is_named, names_match};
use super::memo::Memo;
use super::path::{PathId, Paths, Token};
use super::plan::{NodeId, Plan, Step, Stored, StoredDefault};
use super::skip::Skips;

/// So many nodes, steps, table entries and so on does a plan have at most.
const PLAN_LIMIT: usize = 1 << 20;

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The schemas are not compatible: see the incompatibilities of the resolution.
    #[error("the reader's schema cannot read what the writer's schema wrote")]
    Incompatible,
    /// A field that the writer has not has a default that is no value of its type.
    #[error("the default of the reader's field '{field}' at {location}: {reason}")]
    Default {
        /// The field's name.
        field: String,
        /// Where it is in the reader's schema.
        location: String,
        /// What is wrong with the default.
        reason: DefaultError,
    },
    /// Two fields of the reader, the second by an alias, stand for one field of the writer.
    #[error(
        "the reader's field '{field}' at {location} has an alias of a field that another field reads, and no default"
    )]
    FieldTaken {
        /// The name of the second field.
        field: String,
        /// Where it is in the reader's schema.
        location: String,
    },
    /// Two types meet that cannot be read. The compatibility rules let recursive types through that contradict
    /// themselves inside a union.
    #[error("the reader's type at {location} cannot read the writer's")]
    Unreadable {
        /// Where it is in the reader's schema.
        location: String,
    },
    /// The plan would have too many parts.
    #[error("the plan needs more than {PLAN_LIMIT} parts")]
    TooLarge,
}

pub(super) fn build(writer: &Schema, reader: &Schema) -> Result<Plan, PlanError> {
    let mut builder = Builder::new(writer, reader);
    let root = builder.node(writer.root(), reader.root(), PathId::ROOT)?;
    while let Some(task) = builder.open.pop() {
        builder.fill(&task)?;
    }
    Ok(builder.finish(root))
}

/// A node whose content is still to be made.
struct Task {
    node: NodeId,
    writer: TypeId,
    reader: TypeId,
    path: PathId,
}

struct Builder<'a> {
    writer: &'a Schema,
    reader: &'a Schema,
    nodes: Vec<Stored>,
    known: Memo<NodeId>,
    open: Vec<Task>,
    steps: Vec<Step>,
    defaults: Vec<StoredDefault>,
    encoder: Encoder<'a>,
    branches: Vec<NodeId>,
    symbols: Vec<u32>,
    skips: Skips<'a>,
    writer_fields: Positions<'a>,
    reader_symbols: Positions<'a>,
    chooser: Chooser<'a>,
    paths: Paths,
}

impl<'a> Builder<'a> {
    fn new(writer: &'a Schema, reader: &'a Schema) -> Self {
        Self {
            writer,
            reader,
            nodes: Vec::new(),
            known: Memo::new(),
            open: Vec::new(),
            steps: Vec::new(),
            defaults: Vec::new(),
            encoder: Encoder::new(reader),
            branches: Vec::new(),
            symbols: Vec::new(),
            skips: Skips::new(writer),
            writer_fields: Positions::new(),
            reader_symbols: Positions::new(),
            chooser: Chooser::new(writer, reader, COMPARISON_LIMIT),
            paths: Paths::default(),
        }
    }

    fn finish(self, root: NodeId) -> Plan {
        let direct = direct(&self.nodes, &self.steps, &self.branches, &self.symbols);
        Plan {
            root,
            nodes: self.nodes.into(),
            direct: direct.into(),
            steps: self.steps.into(),
            defaults: self.defaults.into(),
            default_bytes: self.encoder.bytes.into(),
            branches: self.branches.into(),
            symbols: self.symbols.into(),
            skips: self.skips.all.into(),
            skip_lists: self.skips.lists.into(),
        }
    }

    /// The node of a pair; its content follows.
    fn node(&mut self, writer: TypeId, reader: TypeId, path: PathId) -> Result<NodeId, PlanError> {
        let (wk, rk) = (self.writer.kind(writer), self.reader.kind(reader));
        let named = is_named(wk) || is_named(rk);
        if named && let Some(node) = self.known.get(reader, writer) {
            return Ok(*node);
        }
        let node = NodeId(limited(self.nodes.len())?);
        match primitive(wk, rk) {
            Some(stored) => self.nodes.push(stored),
            None => {
                self.nodes.push(Stored::Null);
                self.open.push(Task { node, writer, reader, path });
            }
        }
        if named {
            self.known.insert(reader, writer, node);
        }
        Ok(node)
    }

    fn child(
        &mut self,
        writer: TypeId,
        reader: TypeId,
        path: PathId,
        token: Token,
    ) -> Result<NodeId, PlanError> {
        let path = self.paths.child(path, token);
        self.node(writer, reader, path)
    }

    fn fill(&mut self, task: &Task) -> Result<(), PlanError> {
        let (wk, rk) = (self.writer.kind(task.writer), self.reader.kind(task.reader));
        if names_match(wk, rk) == Some(false) {
            return Err(self.unreadable(task.path));
        }
        let stored = match (wk, rk) {
            (Kind::Union(branches), _) => {
                let mut nodes = Vec::with_capacity(branches.len());
                for (at, branch) in branches.iter().enumerate() {
                    nodes.push(self.child(*branch, task.reader, task.path, Token::Branch(limited(at)?))?);
                }
                Stored::WriterUnion(append(&mut self.branches, nodes)?)
            }
            (_, Kind::Union(branches)) => {
                let chosen = self.chooser.choose(task.writer, branches)?;
                let branch = chosen.ok_or_else(|| self.unreadable(task.path))?;
                let node =
                    self.child(task.writer, branches[branch], task.path, Token::Branch(limited(branch)?))?;
                Stored::ReaderUnion { branch: limited(branch)?, node }
            }
            (Kind::Array(w), Kind::Array(r)) => Stored::Array(self.child(*w, *r, task.path, Token::Items)?),
            (Kind::Map(w), Kind::Map(r)) => Stored::Map(self.child(*w, *r, task.path, Token::Values)?),
            (Kind::Fixed(w), Kind::Fixed(r)) if w.size == r.size => Stored::Fixed(w.size),
            (Kind::Enum(w), Kind::Enum(r)) => self.symbol_table(w, r, task)?,
            (Kind::Record(w), Kind::Record(r)) => self.record(w, r, task)?,
            _ => return Err(self.unreadable(task.path)),
        };
        self.nodes[task.node.index()] = stored;
        Ok(())
    }

    fn unreadable(&self, path: PathId) -> PlanError {
        PlanError::Unreadable { location: self.paths.render(path) }
    }

    fn symbol_table(&mut self, w: &'a Enum, r: &'a Enum, task: &Task) -> Result<Stored, PlanError> {
        let default = enum_default(r);
        let mut table = Vec::with_capacity(w.symbols.len());
        for (at, symbol) in w.symbols.iter().enumerate() {
            let found = self.reader_symbols.symbol(task.reader, r, symbol, at).or(default);
            table.push(limited(found.ok_or_else(|| self.unreadable(task.path))?)?);
        }
        Ok(Stored::Enum { table: append(&mut self.symbols, table)?, reader: task.reader })
    }

    fn record(&mut self, w: &'a Record, r: &'a Record, task: &Task) -> Result<Stored, PlanError> {
        let targets = self.targets(w, r, task)?;
        let mut steps = Vec::with_capacity(w.fields.len());
        let mut read = vec![false; r.fields.len()];
        for (field, target) in w.fields.iter().zip(targets) {
            steps.push(match target {
                Some(at) => {
                    read[at] = true;
                    let token = Token::FieldType(limited(at)?);
                    Step::Read {
                        field: limited(at)?,
                        node: self.child(field.ty, r.fields[at].ty, task.path, token)?,
                    }
                }
                None => Step::Skip(self.skips.of(field.ty)?),
            });
        }
        let mut defaults = Vec::new();
        for (at, field) in r.fields.iter().enumerate().filter(|(at, _)| !read[*at]) {
            let at = limited(at)?;
            let location = |paths: &mut Paths| {
                let path = paths.child(task.path, Token::Field(at));
                paths.render(path)
            };
            let Some(default) = &field.default else {
                return Err(PlanError::FieldTaken {
                    field: field.name.clone(),
                    location: location(&mut self.paths),
                });
            };
            let start = limited(self.encoder.bytes.len())?;
            if let Err(reason) = self.encoder.encode(field.ty, default) {
                return Err(PlanError::Default {
                    field: field.name.clone(),
                    location: location(&mut self.paths),
                    reason,
                });
            }
            let bytes = start..limited_to(self.encoder.bytes.len(), usize::MAX)?;
            defaults.push(StoredDefault { field: at, bytes });
        }
        Ok(Stored::Record {
            steps: append(&mut self.steps, steps)?,
            defaults: append(&mut self.defaults, defaults)?,
        })
    }

    /// For each of the writer's fields, the position of the reader's. If two of the reader's fields stand for one of the
    /// writer's, the one that has its name reads it, or the first.
    fn targets(
        &mut self,
        w: &'a Record,
        r: &'a Record,
        task: &Task,
    ) -> Result<Vec<Option<usize>>, PlanError> {
        let mut targets: Vec<Option<usize>> = vec![None; w.fields.len()];
        for (at, field) in r.fields.iter().enumerate() {
            match self.writer_fields.writer_field(task.writer, w, field, at) {
                FieldMatch::One(found) => {
                    let taken = targets[found].is_some();
                    if !taken || w.fields[found].name == field.name {
                        targets[found] = Some(at);
                    }
                }
                FieldMatch::None => {}
                FieldMatch::Many => return Err(self.unreadable(task.path)),
            }
        }
        Ok(targets)
    }
}

/// The node of a pair with nothing inside.
fn primitive(writer: &Kind, reader: &Kind) -> Option<Stored> {
    match Shape::of(writer, reader) {
        Shape::Promoted(promotion) => Some(Stored::Promote(promotion)),
        Shape::Same => match reader {
            Kind::Null => Some(Stored::Null),
            Kind::Boolean => Some(Stored::Boolean),
            Kind::Int => Some(Stored::Int),
            Kind::Long => Some(Stored::Long),
            Kind::Float => Some(Stored::Float),
            Kind::Double => Some(Stored::Double),
            Kind::Bytes => Some(Stored::Bytes),
            Kind::String => Some(Stored::String),
            _ => None,
        },
        _ => None,
    }
}

/// Adds a list to the store of all lists of its kind.
pub(super) fn append<T>(all: &mut Vec<T>, list: Vec<T>) -> Result<Range<u32>, PlanError> {
    let start = limited(all.len())?;
    all.extend(list);
    Ok(start..limited(all.len())?)
}

pub(super) fn limited(at: usize) -> Result<u32, PlanError> {
    limited_to(at, PLAN_LIMIT)
}

fn limited_to(at: usize, limit: usize) -> Result<u32, PlanError> {
    u32::try_from(at).ok().filter(|_| at <= limit).ok_or(PlanError::TooLarge)
}
