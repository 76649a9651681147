//! A plan as decoders run it: what is common is answered without looking anything up.

use std::sync::Arc;

use ottla_formats::avro::resolve::{self, Node, NodeId, Plan, Promotion, Skip, SkipId};
use ottla_formats::avro::{Kind, Schema};

use super::open;
use crate::codec::Symbol;

/// A plan as decoders run it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) root: u32,
    ops: Box<[Op]>,
    steps: Box<[Step]>,
    others: Box<[Other]>,
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
    start: u32,
    end: u32,
}

/// What to do for one field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The position of the reader's field.
    pub(crate) field: u32,
    /// How to read it, or from [`Program::OTHER`] on, what else to do.
    pub(crate) node: u32,
}

/// What else there is to do than to read a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Other {
    Pass(Pass),
    Default(Span),
}

/// What to pass over.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pass {
    Varint,
    Bytes(u32),
    Prefixed,
    Other(SkipId),
}

impl Step {
    /// Is there something else to do than to read a field?
    #[inline]
    pub(crate) fn is_other(self) -> bool {
        self.node >= Program::OTHER && self.node != Program::DIRECT
    }
}

impl Span {
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
        let Lists { steps, others, branches, symbols, unknown, defaults } = lists;
        Self {
            root: node(&plan, plan.root()),
            ops,
            steps: steps.into(),
            others: others.into(),
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

    #[inline]
    pub(crate) fn steps(&self, span: Span) -> &[Step] {
        span.of(&self.steps)
    }

    pub(crate) fn other(&self, step: Step) -> Other {
        self.others[(step.node - Self::OTHER) as usize]
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

fn node(plan: &Plan, id: NodeId) -> u32 {
    if plan.is_direct(id) { Program::DIRECT } else { index(id.index()) }
}

/// Plans have less than 2^21 nodes and parts of them.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(Program::DIRECT)
}

/// The lists of a program, as they grow.
#[derive(Default)]
struct Lists {
    steps: Vec<Step>,
    others: Vec<Other>,
    branches: Vec<u32>,
    symbols: Vec<u32>,
    unknown: Vec<Box<str>>,
    defaults: Vec<u8>,
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
                let start = index(self.steps.len());
                for step in steps {
                    self.read_or_pass(plan, step);
                }
                for default in defaults.iter() {
                    let bytes = add(&mut self.defaults, default.bytes.iter().copied());
                    self.other(default.field, Other::Default(bytes));
                }
                Op::Record(Span { start, end: index(self.steps.len()) })
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

    fn read_or_pass(&mut self, plan: &Plan, step: &resolve::Step) {
        match *step {
            resolve::Step::Read { field, node: id } => self.steps.push(Step { field, node: node(plan, id) }),
            resolve::Step::Skip(id) => {
                let pass = match plan.skip(id) {
                    Skip::Nothing => return,
                    Skip::Varint => Pass::Varint,
                    Skip::Bytes(size) => u32::try_from(size).map_or(Pass::Other(id), Pass::Bytes),
                    Skip::Prefixed => Pass::Prefixed,
                    _ => Pass::Other(id),
                };
                self.other(0, Other::Pass(pass));
            }
        }
    }

    fn other(&mut self, field: u32, other: Other) {
        self.steps.push(Step { field, node: Program::OTHER + index(self.others.len()) });
        self.others.push(other);
    }
}

fn add<T>(all: &mut Vec<T>, list: impl Iterator<Item = T>) -> Span {
    let start = index(all.len());
    all.extend(list);
    Span { start, end: index(all.len()) }
}
