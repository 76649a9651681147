//! A plan as decoders run it: what is common is answered without looking anything up.

use std::sync::Arc;

use ottla_formats::avro::resolve::{Node, NodeId, Plan, Promotion, SkipId};
use ottla_formats::avro::{Kind, Schema};

use super::open;
use crate::codec::Symbol;

/// A plan as decoders run it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) root: u32,
    ops: Box<[Op]>,
    /// For each record how to read its fields, in the reader's order, and what to do at the end: a node, or from
    /// [`OTHER`](Self::OTHER) on, what else to do.
    steps: Box<[u32]>,
    others: Box<[Other]>,
    passes: Box<[Pass]>,
    branches: Box<[u32]>,
    symbols: Box<[u32]>,
    /// The names of symbols that the reader has not and wants to keep.
    unknown: Box<[Box<str>]>,
    defaults: Box<[u8]>,
    plan: Plan,
    writer: Arc<Schema>,
}

/// What to do at one place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Op {
    /// What the reader's own type does.
    Direct,
    Promote(Promotion),
    Enum(Span),
    /// The items of an array or the values of a map.
    Items(u32),
    Record(Span),
    WriterUnion(Span),
    ReaderUnion {
        branch: u32,
        node: u32,
    },
}

/// A part of one of the lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What else there is to do than to read a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Other {
    /// To pass over some of the writer's fields before it, or before the end.
    Pass { passes: Span, node: u32 },
    /// The bytes of a default.
    Default(Span),
    /// To go to the writer's field at a position, or behind the last; all of its fields can be passed over.
    Jump { at: u32, fields: Span, node: u32 },
}

/// What to pass over.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pass {
    Varint,
    Bytes(u32),
    Prefixed,
    Skip(SkipId),
    /// What is to be read later.
    Node(NodeId),
}

impl Span {
    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    fn of<T>(self, all: &[T]) -> &[T] {
        &all[self.start as usize..self.end as usize]
    }
}

impl Program {
    /// The node of everything that is read as the reader's own type.
    pub(crate) const DIRECT: u32 = u32::MAX;

    /// Nodes from here on are something else than reading, all but [`DIRECT`](Self::DIRECT), which is the last.
    pub(crate) const OTHER: u32 = 1 << 31;

    /// Symbols from here on are unknown ones.
    const UNKNOWN: u32 = 1 << 31;

    pub(crate) fn new(plan: Plan, reader: &Schema, writer: Arc<Schema>) -> Self {
        let mut lists = Lists::default();
        let ops = plan.ids().map(|id| lists.op(&plan, reader, id)).collect();
        let Lists { steps, others, passes, branches, symbols, unknown, defaults } = lists;
        Self {
            root: node(&plan, plan.root()),
            ops,
            steps: steps.into(),
            others: others.into(),
            passes: passes.into(),
            branches: branches.into(),
            symbols: symbols.into(),
            unknown: unknown.into(),
            defaults: defaults.into(),
            plan,
            writer,
        }
    }

    pub(crate) fn writer(&self) -> &Schema {
        &self.writer
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    #[inline]
    pub(crate) fn op(&self, node: usize) -> Op {
        self.ops.get(node).copied().unwrap_or(Op::Direct)
    }

    /// The steps of a record, if the node is one.
    #[inline]
    pub(crate) fn steps_at(&self, node: usize) -> Option<&[u32]> {
        match self.ops.get(node) {
            Some(Op::Record(span)) => Some(self.steps(*span)),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn steps(&self, span: Span) -> &[u32] {
        span.of(&self.steps)
    }

    /// Is there something else to do than to read a field?
    #[inline]
    pub(crate) fn is_other(step: u32) -> bool {
        step >= Self::OTHER && step != Self::DIRECT
    }

    #[inline]
    pub(crate) fn other(&self, step: u32) -> Other {
        self.others[(step - Self::OTHER) as usize]
    }

    #[inline]
    pub(crate) fn passes(&self, span: Span) -> &[Pass] {
        span.of(&self.passes)
    }

    #[inline]
    pub(crate) fn branches(&self, span: Span) -> &[u32] {
        span.of(&self.branches)
    }

    #[inline]
    pub(crate) fn symbols(&self, span: Span) -> &[u32] {
        span.of(&self.symbols)
    }

    #[inline]
    pub(crate) fn default(&self, span: Span) -> &[u8] {
        span.of(&self.defaults)
    }

    #[inline]
    pub(crate) fn symbol(&self, entry: u32) -> Symbol<'_> {
        match entry.checked_sub(Self::UNKNOWN) {
            None => Symbol::Known(entry),
            Some(at) => Symbol::Unknown(&self.unknown[at as usize]),
        }
    }
}

pub(super) fn node(plan: &Plan, id: NodeId) -> u32 {
    if plan.is_direct(id) { Program::DIRECT } else { index(id.index()) }
}

/// Plans have less than 2^21 nodes and parts of them.
pub(super) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(Program::DIRECT)
}

/// The lists of a program, as they grow.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) steps: Vec<u32>,
    pub(super) others: Vec<Other>,
    pub(super) passes: Vec<Pass>,
    branches: Vec<u32>,
    symbols: Vec<u32>,
    unknown: Vec<Box<str>>,
    pub(super) defaults: Vec<u8>,
}

impl Lists {
    fn op(&mut self, plan: &Plan, reader: &Schema, id: NodeId) -> Op {
        if plan.is_direct(id) {
            return Op::Direct;
        }
        match plan.node(id) {
            Node::Promote(promotion) => Op::Promote(promotion),
            Node::Enum(table) => {
                let symbols = plan.reader_enum(id).map(|ty| reader.kind(ty));
                self.table(table, symbols)
            }
            Node::Array(item) | Node::Map(item) => Op::Items(node(plan, item)),
            Node::WriterUnion(branches) => {
                Op::WriterUnion(add(&mut self.branches, branches.iter().map(|b| node(plan, *b))))
            }
            Node::ReaderUnion { branch, node: of } => Op::ReaderUnion { branch, node: node(plan, of) },
            Node::Record { steps, defaults } => {
                let defaults: Vec<_> = defaults.iter().collect();
                self.record(plan, steps, &defaults)
            }
            _ => Op::Direct,
        }
    }
}

impl Lists {
    /// The reader's position of each of the writer's symbols, or the name of one that the reader has not.
    fn table(&mut self, table: &[u32], of: Option<&Kind>) -> Op {
        let symbols = match of {
            Some(Kind::Enum(of)) => of.symbols.as_slice(),
            _ => &[],
        };
        let known = index(open::known(symbols));
        let entries: Vec<u32> = table
            .iter()
            .map(|position| match symbols.get(*position as usize) {
                Some(name) if *position >= known => {
                    self.unknown.push(name.as_str().into());
                    Program::UNKNOWN + index(self.unknown.len() - 1)
                }
                _ => *position,
            })
            .collect();
        Op::Enum(add(&mut self.symbols, entries.into_iter()))
    }
}

pub(super) fn add<T>(all: &mut Vec<T>, list: impl Iterator<Item = T>) -> Span {
    let start = index(all.len());
    all.extend(list);
    Span { start, end: index(all.len()) }
}
