//! A plan as decoders run it: what is common is answered without looking anything up.

use std::sync::Arc;

use ottla_formats::avro::resolve::{Node, NodeId, Plan, Promotion, SkipId};
use ottla_formats::avro::{Kind, Schema};

use super::open;
use crate::codec::{At, Step, Symbol};

/// A plan as decoders run it.
#[derive(Debug)]
pub(crate) struct Program {
    root: u32,
    ops: Box<[Op]>,
    /// For each record how to read its fields, in the reader's order, and what to do at the end.
    steps: Box<[Step]>,
    detours: Box<[Detour]>,
    passes: Box<[Pass]>,
    branches: Box<[u32]>,
    symbols: Box<[u32]>,
    /// The names of symbols that the reader has not and wants to keep.
    unknown: Box<[Box<str>]>,
    defaults: Box<[u8]>,
    /// Defaults that can be a `string`: they are known to be UTF-8.
    texts: Box<[Box<str>]>,
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
    /// A record whose fields the writer has in the reader's order, apart from some that the reader has not.
    Record(Span),
    /// One whose fields have another order.
    Jumbled(Span),
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

/// What there is to do before a field is read, or at the end of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Detour {
    /// To pass over some of the writer's fields before it, or before the end.
    Pass { passes: Span, node: u32 },
    /// To read a default from its bytes, which are no part of the message. `text`: the position of the text that they are if
    /// the field is a `string`. Bytes of other types may look like one; for them nobody asks.
    Default { bytes: Span, text: Option<u32> },
    /// To go to the writer's field at a position; all of its fields can be passed over.
    Jump { at: u32, fields: Span, node: u32 },
    /// To go behind the last.
    EndOfJumps { at: u32, fields: Span },
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

    #[inline]
    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    fn of<T>(self, all: &[T]) -> &[T] {
        &all[self.start as usize..self.end as usize]
    }
}

impl Program {
    /// The node of everything that is read as the reader's own type.
    pub(crate) const DIRECT: u32 = 0;

    /// Symbols from here on are unknown ones.
    const UNKNOWN: u32 = 1 << 31;

    pub(crate) fn new(plan: Plan, reader: &Schema, writer: Arc<Schema>) -> Self {
        let mut lists = Lists::default();
        // This is what `Step::BACK` stands for.
        lists.detours.push(Detour::Pass { passes: Span { start: 0, end: 0 }, node: Self::DIRECT });
        let nodes = plan.ids().map(|id| lists.op(&plan, reader, id));
        let ops = std::iter::once(Op::Direct).chain(nodes).collect();
        let Lists { steps, detours, passes, branches, symbols, unknown, defaults, texts } = lists;
        Self {
            root: node(&plan, plan.root()),
            ops,
            steps: steps.into(),
            detours: detours.into(),
            passes: passes.into(),
            branches: branches.into(),
            symbols: symbols.into(),
            unknown: unknown.into(),
            defaults: defaults.into(),
            texts: texts.into(),
            plan,
            writer,
        }
    }

    /// Where the value itself is.
    #[inline]
    pub(crate) fn root(&self) -> At {
        At::node(self.root)
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

    #[inline]
    pub(crate) fn steps(&self, span: Span) -> &[Step] {
        span.of(&self.steps)
    }

    /// The detour that a step is, if it is one.
    #[inline]
    pub(crate) fn detour(&self, step: Step) -> Option<Detour> {
        self.detours.get(step.as_detour()?).copied()
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
    pub(crate) fn text(&self, at: u32) -> &str {
        &self.texts[at as usize]
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
    if plan.is_direct(id) { Program::DIRECT } else { 1 + index(id.index()) }
}

/// Plans have less than 2^21 nodes and parts of them.
pub(super) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The lists of a program, as they grow.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) steps: Vec<Step>,
    pub(super) detours: Vec<Detour>,
    pub(super) passes: Vec<Pass>,
    branches: Vec<u32>,
    symbols: Vec<u32>,
    unknown: Vec<Box<str>>,
    pub(super) defaults: Vec<u8>,
    pub(super) texts: Vec<Box<str>>,
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
