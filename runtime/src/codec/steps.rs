//! The fields of a record, one after the other in the reader's order, whatever the writer's is.

use super::At;
use super::fault::Fault;
use super::reader::Reader;
use crate::plan::program::{Other, Pass, Program, Span};

/// What to do to read a field of a record, or at its end: to read it at a place of the plan, or something else before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(u32);

impl Step {
    /// To read it as it was written, and nothing before.
    pub(crate) const DIRECT: Self = Self::node(Program::DIRECT);

    /// To go on with the message behind a default, and read as it was written: the first of the others.
    pub(crate) const BACK: Self = Self::other(0);

    /// Steps from here on are something else.
    const OTHER: u32 = 1 << 31;

    /// To read it at a place of the plan.
    pub(crate) const fn node(node: u32) -> Self {
        Self(node)
    }

    /// What is at a position of the list of what else there is to do.
    pub(crate) const fn other(at: u32) -> Self {
        Self(Self::OTHER | at)
    }

    #[inline]
    pub(super) fn is_direct(self) -> bool {
        self == Self::DIRECT
    }

    /// The position in that list, if it is one.
    #[inline]
    pub(crate) fn as_other(self) -> Option<usize> {
        (self.0 >= Self::OTHER).then_some((self.0 & !Self::OTHER) as usize)
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

#[derive(Debug)]
struct Jumbled {
    /// Where its fields begin in the list of all.
    first: usize,
    /// The field of those that was read last.
    last: usize,
}

impl<'a> Reader<'a> {
    /// How to read the next field of a record. What the reader does not want is passed over; a default is read like any other
    /// value.
    #[doc(hidden)]
    #[inline]
    pub fn next(&mut self, step: Step) -> Result<At, Fault> {
        if step.0 < Step::OTHER { Ok(At::node(step.0)) } else { self.other(step) }
    }

    /// Ends a record: passes over what stands behind the last field.
    #[doc(hidden)]
    #[inline]
    pub fn end(&mut self, step: Step) -> Result<(), Fault> {
        let nothing = step.is_direct() || step == Step::BACK && self.is_message();
        if nothing { Ok(()) } else { self.other(step).map(drop) }
    }

    #[inline(never)]
    fn other(&mut self, step: Step) -> Result<At, Fault> {
        self.end_default();
        let program = self.program.ok_or(Fault::Plan)?;
        match program.other(step).ok_or(Fault::Plan)? {
            Other::Default { bytes, .. } => {
                let bytes = program.default(bytes);
                self.count_default(bytes.len())?;
                self.begin_default(bytes);
                Ok(At::DIRECT)
            }
            other => self.go(program, other),
        }
    }

    /// If the next field of a record, which has to be a `string`, is a default: its text. The field is as good as read.
    #[inline]
    pub(super) fn default_text(&mut self, step: Step) -> Result<Option<&'a str>, Fault> {
        if let Some(program) = self.program
            && let Some(Other::Default { text: Some(text), .. }) = program.other(step)
        {
            let text = program.text(text);
            self.end_default();
            self.count_default(text.len())?;
            return Ok(Some(text));
        }
        Ok(None)
    }

    /// A default is no part of the message, and comes again with every item.
    #[inline]
    fn count_default(&mut self, bytes: usize) -> Result<(), Fault> {
        self.memory = self.memory.checked_sub(bytes).ok_or(Fault::Memory)?;
        Ok(())
    }

    /// Goes to another place of the message.
    #[inline(never)]
    fn go(&mut self, program: &Program, other: Other) -> Result<At, Fault> {
        Ok(At::node(match other {
            Other::Pass { passes, node } => {
                program.passes(passes).iter().try_for_each(|pass| self.pass(program, *pass))?;
                node
            }
            Other::Jump { at, fields, node } => {
                self.jump(program, at as usize, fields)?;
                node
            }
            Other::EndOfJumps { at, fields } => {
                self.jump(program, at as usize, fields)?;
                self.end_jumps();
                Program::DIRECT
            }
            Other::Default { .. } => return Err(Fault::Plan),
        }))
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
            jumps.starts.truncate(record.first);
        }
    }

    /// Goes to a field of the writer, or behind the last.
    fn jump(&mut self, program: &Program, at: usize, fields: Span) -> Result<(), Fault> {
        let fields = program.passes(fields);
        // It is put back at the end: fields that are passed over do not jump.
        let mut jumps = self.jumps.take().ok_or(Fault::Plan)?;
        let record = jumps.records.last_mut().ok_or(Fault::Plan)?;
        let known = jumps.starts.len() - record.first;
        // The last may be the furthest: the next one begins where it ended.
        if known == 0 || record.last + 1 == known {
            jumps.starts.push(self.rest);
        }
        while jumps.starts.len() - record.first <= at {
            let field = jumps.starts.len() - record.first - 1;
            self.rest = jumps.starts[record.first + field];
            self.pass(program, fields[field])?;
            jumps.starts.push(self.rest);
        }
        self.rest = jumps.starts[record.first + at];
        record.last = at;
        self.jumps = Some(jumps);
        Ok(())
    }
}
