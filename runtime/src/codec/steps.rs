//! The fields of a record, one after the other in the reader's order, whatever the writer's is.

use super::At;
use super::fault::Fault;
use super::reader::Reader;
use crate::plan::program::{Detour, Pass, Program, Span};

/// What to do to read a field of a record, or at its end: nothing before, or a detour to what the writer wrote elsewhere or
/// not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(u32);

impl Step {
    /// To read it as it was written, and nothing before.
    pub(crate) const DIRECT: Self = Self::node(Program::DIRECT);

    /// To go on with the message behind a default, and read as it was written: the first of the detours.
    pub(crate) const BACK: Self = Self::detour(0);

    /// Steps from here on are detours.
    const DETOUR: u32 = 1 << 31;

    /// To read it at a place of the plan.
    pub(crate) const fn node(node: u32) -> Self {
        Self(node)
    }

    /// To make the detour at a position of the program's list.
    pub(crate) const fn detour(at: u32) -> Self {
        Self(Self::DETOUR | at)
    }

    #[inline]
    pub(super) fn is_direct(self) -> bool {
        self == Self::DIRECT
    }

    /// The position of the detour, if it is one.
    #[inline]
    pub(crate) fn as_detour(self) -> Option<usize> {
        (self.0 >= Self::DETOUR).then_some((self.0 & !Self::DETOUR) as usize)
    }
}

/// Where the fields begin of records that have them in another order with the writer. What stands before a field that comes
/// first is passed over and read later.
#[derive(Debug, Default)]
pub(super) struct Jumps<'a> {
    /// The records that are being read, each within the one before.
    records: Vec<Jumbled>,
    /// Where their fields begin, as far as that is known: one record after the other.
    starts: Vec<&'a [u8]>,
}

/// How much memory the beginning of a field takes, as long as its record is read.
const START: usize = size_of::<&[u8]>();

#[derive(Debug)]
struct Jumbled {
    /// Where its fields begin in the list of all.
    first: usize,
    /// The field of those that was read last.
    last: usize,
}

impl<'a> Reader<'a> {
    /// How to read the next field of a record. What the writer wrote before it and the reader has not is passed over; a default
    /// is read like any other value.
    #[inline]
    pub fn next(&mut self, step: Step) -> Result<At, Fault> {
        if step.0 < Step::DETOUR { Ok(At::node(step.0)) } else { self.detour(step) }
    }

    /// Ends a record, with the last step: passes over what the writer wrote behind the last field.
    #[inline]
    pub fn end(&mut self, step: Step) -> Result<(), Fault> {
        let nothing = step.is_direct() || step == Step::BACK && self.is_message();
        if nothing { Ok(()) } else { self.detour(step).map(drop) }
    }

    #[inline(never)]
    fn detour(&mut self, step: Step) -> Result<At, Fault> {
        self.end_default();
        let program = self.program.ok_or(Fault::Plan)?;
        Ok(At::node(match program.detour(step).ok_or(Fault::Plan)? {
            Detour::Default { bytes, .. } => {
                let bytes = program.default(bytes);
                self.count_default(bytes.len())?;
                self.begin_default(bytes);
                Program::DIRECT
            }
            Detour::Pass { passes, node } => {
                program.passes(passes).iter().try_for_each(|pass| self.pass(program, *pass))?;
                node
            }
            Detour::Jump { at, fields, node } => {
                self.jump(program, at as usize, fields)?;
                node
            }
            Detour::EndOfJumps { at, fields } => {
                self.jump(program, at as usize, fields)?;
                self.end_jumps();
                Program::DIRECT
            }
        }))
    }

    /// If the next field of a record is a default: its text. The field is as good as read.
    ///
    /// Only for fields that are a `string`: the bytes of other defaults may look like one.
    #[inline]
    pub(super) fn default_text(&mut self, step: Step) -> Result<Option<&'a str>, Fault> {
        if let Some(program) = self.program
            && let Some(Detour::Default { bytes, text: Some(text) }) = program.detour(step)
        {
            self.end_default();
            self.count_default(bytes.len())?;
            return Ok(Some(program.text(text)));
        }
        Ok(None)
    }

    /// A default is no part of the message, and comes again with every item.
    #[inline]
    fn count_default(&mut self, bytes: usize) -> Result<(), Fault> {
        self.memory = self.memory.checked_sub(bytes).ok_or(Fault::Memory)?;
        Ok(())
    }

    #[inline]
    fn pass(&mut self, program: &Program, pass: Pass) -> Result<(), Fault> {
        match pass {
            Pass::Varint => self.long().map(drop),
            Pass::Bytes(size) => self.take(size as usize).map(drop),
            Pass::Prefixed => self.bytes().map(drop),
            Pass::Skip(id) => self.skip(program.plan(), id),
            Pass::Node(id) => self.skip_node(program.plan(), id),
        }
    }

    /// Begins a record whose fields have another order.
    pub(super) fn begin_jumps(&mut self) {
        let jumps = self.jumps.get_or_insert_default();
        jumps.records.push(Jumbled { first: jumps.starts.len(), last: 0 });
    }

    fn end_jumps(&mut self) {
        if let Some(jumps) = &mut self.jumps
            && let Some(record) = jumps.records.pop()
        {
            self.memory += START * (jumps.starts.len() - record.first);
            jumps.starts.truncate(record.first);
        }
    }

    /// Goes to a field of the writer, or behind the last.
    #[inline(never)]
    fn jump(&mut self, program: &Program, at: usize, fields: Span) -> Result<(), Fault> {
        let fields = program.passes(fields);
        // They are put back at the end: what is passed over does not jump.
        let mut jumps = self.jumps.take().ok_or(Fault::Plan)?;
        let record = jumps.records.last_mut().ok_or(Fault::Plan)?;
        let first = record.first;
        let known = jumps.starts.len() - first;
        // The last may be the furthest: the next one begins where it ended.
        let is_new = known == 0 || record.last + 1 == known;
        record.last = at;
        if is_new {
            self.keep_start(&mut jumps)?;
        }
        while jumps.starts.len() - first <= at {
            let field = jumps.starts.len() - first - 1;
            self.rest = jumps.starts[first + field];
            self.pass(program, fields[field])?;
            self.keep_start(&mut jumps)?;
        }
        self.rest = jumps.starts[first + at];
        self.jumps = Some(jumps);
        Ok(())
    }

    /// Here the next field begins of which that is not known.
    fn keep_start(&mut self, jumps: &mut Jumps<'a>) -> Result<(), Fault> {
        self.memory = self.memory.checked_sub(START).ok_or(Fault::Memory)?;
        jumps.starts.push(self.rest);
        Ok(())
    }
}
