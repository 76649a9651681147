//! The fields of a record, one after the other in the reader's order, whatever the writer's is.

use super::fault::Fault;
use super::reader::Reader;
use super::resolve::At;
use crate::plan::program::{Other, Pass, Program, Span};

/// How to read the fields of a record, in the order in which its type has them.
#[derive(Debug)]
pub struct Steps<'a> {
    program: &'a Program,
    rest: std::slice::Iter<'a, u32>,
    /// Where the writer's fields begin, as far as that is known, if they have another order. What stands before a field that
    /// comes first is passed over and read later.
    starts: Vec<&'a [u8]>,
    /// The field of those that was read last.
    last: usize,
}

impl<'a> Steps<'a> {
    #[inline]
    pub(super) fn new(program: &'a Program, steps: &'a [u32]) -> Self {
        Self { program, rest: steps.iter(), starts: Vec::new(), last: 0 }
    }

    /// Is the next field read as it was written, and nothing before it? Then it is the next no longer.
    #[inline]
    pub(super) fn is_direct(&mut self) -> bool {
        let is_direct = self.rest.as_slice().first() == Some(&Program::DIRECT);
        if is_direct {
            self.rest.next();
        }
        is_direct
    }

    /// How to read the next field. What the reader does not want is passed over; a default is read like any other value.
    #[inline(never)]
    pub fn next(&mut self, from: &mut Reader<'a>) -> Result<At<'a>, Fault> {
        match self.rest.next() {
            Some(node) if !Program::is_other(*node) => Ok(At { program: self.program, node: *node as usize }),
            Some(step) => self.other(*step, from),
            None => Err(Fault::Plan),
        }
    }

    /// Passes over what stands behind the last field.
    #[inline(never)]
    pub fn end(mut self, from: &mut Reader<'a>) -> Result<(), Fault> {
        from.end_default();
        if self.rest.as_slice() == [Program::DIRECT] { Ok(()) } else { self.end_other(from) }
    }

    #[inline(never)]
    fn end_other(&mut self, from: &mut Reader<'a>) -> Result<(), Fault> {
        match self.rest.as_slice() {
            [step] if Program::is_other(*step) => self.other(*step, from).map(drop),
            _ => Err(Fault::Plan),
        }
    }

    fn other(&mut self, step: u32, from: &mut Reader<'a>) -> Result<At<'a>, Fault> {
        from.end_default();
        let node = match self.program.other(step) {
            Other::Pass { passes, node } => {
                self.pass(passes, from)?;
                node
            }
            Other::Default(bytes) => {
                let bytes = self.program.default(bytes);
                // It is no part of the message, and comes again with every item.
                from.memory = from.memory.checked_sub(bytes.len()).ok_or(Fault::Memory)?;
                from.begin_default(bytes);
                Program::DIRECT
            }
            Other::Jump { at, fields, node } => {
                self.jump(at as usize, fields, from)?;
                node
            }
        };
        Ok(At { program: self.program, node: node as usize })
    }

    #[inline(never)]
    fn pass(&mut self, passes: Span, from: &mut Reader<'a>) -> Result<(), Fault> {
        self.program.passes(passes).iter().try_for_each(|pass| from.pass(self.program, *pass))
    }

    /// Goes to a field of the writer.
    #[inline(never)]
    fn jump(&mut self, at: usize, fields: Span, from: &mut Reader<'a>) -> Result<(), Fault> {
        // The last may be the furthest: the next one begins where it ended.
        if self.starts.is_empty() || self.last + 1 == self.starts.len() {
            self.starts.push(from.rest);
        }
        let fields = self.program.passes(fields);
        while self.starts.len() <= at {
            let field = self.starts.len() - 1;
            from.rest = self.starts[field];
            from.pass(self.program, fields[field])?;
            self.starts.push(from.rest);
        }
        from.rest = self.starts[at];
        self.last = at;
        Ok(())
    }
}

impl<'a> Reader<'a> {
    #[inline]
    fn pass(&mut self, program: &'a Program, pass: Pass) -> Result<(), Fault> {
        match pass {
            Pass::Varint => self.long().map(drop),
            Pass::Bytes(size) => self.take(size as usize).map(drop),
            Pass::Prefixed => self.bytes().map(drop),
            Pass::Skip(id) => self.skip(program.plan(), id),
            Pass::Node(id) => self.skip_node(program.plan(), id),
        }
    }
}
