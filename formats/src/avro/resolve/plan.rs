//! The instructions to read what a writer wrote into the reader's shape.

use std::ops::Range;

use super::TypeId;
use super::matching::Promotion;

/// The index of a [`Node`] in its [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// The index of a [`Skip`] in its [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SkipId(pub(super) u32);

/// How to read a writer's bytes into the reader's shape: a graph of nodes, one for each pair of types that meet.
///
/// A decoder begins at [`root`](Self::root) and does what each node says. Everything that names, aliases and defaults
/// decide is decided: nodes hold positions only. Recursive types come back to the same node, so a decoder limits its depth.
///
/// Where [`is_direct`](Self::is_direct) answers `true`, the bytes are also the reader's own encoding, and the decoder of the
/// reader's type can take them as they are.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) root: NodeId,
    pub(super) nodes: Box<[Stored]>,
    pub(super) direct: Box<[bool]>,
    pub(super) steps: Box<[Step]>,
    pub(super) defaults: Box<[StoredDefault]>,
    pub(super) default_bytes: Box<[u8]>,
    pub(super) branches: Box<[NodeId]>,
    pub(super) symbols: Box<[u32]>,
    pub(super) skips: Box<[StoredSkip]>,
    pub(super) skip_lists: Box<[SkipId]>,
}

/// What to read at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node<'p> {
    /// Nothing.
    Null,
    /// A `boolean`.
    Boolean,
    /// An `int`.
    Int,
    /// A `long`.
    Long,
    /// A `float`.
    Float,
    /// A `double`.
    Double,
    /// `bytes`.
    Bytes,
    /// A `string`.
    String,
    /// The writer's type, converted to the reader's.
    Promote(Promotion),
    /// So many bytes.
    Fixed(usize),
    /// The position of a symbol; the table holds the reader's position for each of the writer's.
    Enum(&'p [u32]),
    /// Blocks of items.
    Array(NodeId),
    /// Blocks of keys and values.
    Map(NodeId),
    /// A record: the steps in the writer's order, then the fields that the writer has not.
    ///
    /// Each field of the reader is in one step or one default.
    Record {
        /// What to do with each of the writer's fields.
        steps: &'p [Step],
        /// The fields that take their default.
        defaults: Defaults<'p>,
    },
    /// The position of a branch, then what the branch's node says.
    WriterUnion(&'p [NodeId]),
    /// Nothing is read to choose: what `node` reads is a value of this branch of the reader's union.
    ReaderUnion {
        /// The position of the reader's branch.
        branch: u32,
        /// What to read.
        node: NodeId,
    },
}

/// What to do with one field of the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Read it into the reader's field at this position.
    Read {
        /// The position of the reader's field.
        field: u32,
        /// How to read it.
        node: NodeId,
    },
    /// The reader has no such field.
    Skip(SkipId),
}

/// The reader's fields that a writer has not, with their defaults.
#[derive(Debug, Clone, Copy)]
pub struct Defaults<'p> {
    entries: &'p [StoredDefault],
    bytes: &'p [u8],
}

/// A field of the reader that takes its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultField<'p> {
    /// The position of the reader's field.
    pub field: u32,
    /// The value, encoded as the field's type.
    pub bytes: &'p [u8],
}

/// What to pass over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip<'p> {
    /// Nothing.
    Nothing,
    /// One variable-length number: `int`, `long`, the position of a symbol.
    Varint,
    /// So many bytes.
    Bytes(usize),
    /// A length and so many bytes.
    Prefixed,
    /// Blocks of items; a block with a negative count says how many bytes it has.
    Array(SkipId),
    /// Blocks of keys (a length and so many bytes) and values; likewise.
    Map(SkipId),
    /// The position of a branch, and the branch.
    Union(&'p [SkipId]),
    /// One after the other.
    Record(&'p [SkipId]),
}

/// A [`Node`] with ranges instead of slices.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Promote(Promotion),
    Fixed(usize),
    Enum { table: Range<u32>, reader: TypeId },
    Array(NodeId),
    Map(NodeId),
    Record { steps: Range<u32>, defaults: Range<u32> },
    WriterUnion(Range<u32>),
    ReaderUnion { branch: u32, node: NodeId },
}

#[derive(Debug, Clone)]
pub(super) struct StoredDefault {
    pub(super) field: u32,
    pub(super) bytes: Range<u32>,
}

/// A [`Skip`] with ranges instead of slices.
#[derive(Debug, Clone)]
pub(super) enum StoredSkip {
    Nothing,
    Varint,
    Bytes(usize),
    Prefixed,
    Array(SkipId),
    Map(SkipId),
    Union(Range<u32>),
    Record(Range<u32>),
}

impl NodeId {
    /// The position among the nodes of the plan, from 0 to [`Plan::len`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl SkipId {
    /// The position among the skips of the plan.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Plan {
    /// Where to begin.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// How many nodes there are.
    #[allow(clippy::len_without_is_empty, reason = "there is a root always")]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        // Positions are numbers of 32 bits.
        (0..self.nodes.len()).map(|at| NodeId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// What to do at a node of this plan.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        match &self.nodes[id.index()] {
            Stored::Null => Node::Null,
            Stored::Boolean => Node::Boolean,
            Stored::Int => Node::Int,
            Stored::Long => Node::Long,
            Stored::Float => Node::Float,
            Stored::Double => Node::Double,
            Stored::Bytes => Node::Bytes,
            Stored::String => Node::String,
            Stored::Promote(p) => Node::Promote(*p),
            Stored::Fixed(size) => Node::Fixed(*size),
            Stored::Enum { table, .. } => Node::Enum(part(&self.symbols, table)),
            Stored::Array(item) => Node::Array(*item),
            Stored::Map(value) => Node::Map(*value),
            Stored::Record { steps, defaults } => Node::Record {
                steps: part(&self.steps, steps),
                defaults: Defaults { entries: part(&self.defaults, defaults), bytes: &self.default_bytes },
            },
            Stored::WriterUnion(branches) => Node::WriterUnion(part(&self.branches, branches)),
            Stored::ReaderUnion { branch, node } => Node::ReaderUnion { branch: *branch, node: *node },
        }
    }

    /// Are the bytes at this node the reader's own encoding as well?
    ///
    /// So it is if both schemas agree there, but for names, docs, and symbols, branches and defaults that the reader has
    /// in addition, at the end.
    pub fn is_direct(&self, id: NodeId) -> bool {
        self.direct[id.index()]
    }

    /// The reader's enum that a node is about, if it is about one.
    pub fn reader_enum(&self, id: NodeId) -> Option<TypeId> {
        match &self.nodes[id.index()] {
            Stored::Enum { reader, .. } => Some(*reader),
            _ => None,
        }
    }

    /// What to pass over.
    pub fn skip(&self, id: SkipId) -> Skip<'_> {
        match &self.skips[id.index()] {
            StoredSkip::Nothing => Skip::Nothing,
            StoredSkip::Varint => Skip::Varint,
            StoredSkip::Bytes(size) => Skip::Bytes(*size),
            StoredSkip::Prefixed => Skip::Prefixed,
            StoredSkip::Array(item) => Skip::Array(*item),
            StoredSkip::Map(value) => Skip::Map(*value),
            StoredSkip::Union(branches) => Skip::Union(part(&self.skip_lists, branches)),
            StoredSkip::Record(fields) => Skip::Record(part(&self.skip_lists, fields)),
        }
    }
}

impl<'p> Defaults<'p> {
    /// The fields, in the reader's order.
    pub fn iter(&self) -> impl Iterator<Item = DefaultField<'p>> + use<'p> {
        let bytes = self.bytes;
        self.entries
            .iter()
            .map(move |entry| DefaultField { field: entry.field, bytes: part(bytes, &entry.bytes) })
    }

    /// How many fields take their default.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Does every field of the reader come from the writer?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl PartialEq for Defaults<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(a, b)| a == b)
    }
}

fn part<'p, T>(all: &'p [T], range: &Range<u32>) -> &'p [T] {
    &all[range.start as usize..range.end as usize]
}
