//! Passing over what a reader does not want.

use ottla_formats::avro::resolve::{Node, NodeId, Plan, Promotion, Skip, SkipId, Step};

use super::fault::Fault;
use super::reader::Reader;

impl Reader<'_> {
    /// Passes over one value of the writer's.
    pub(super) fn skip(&mut self, plan: &Plan, id: SkipId) -> Result<(), Fault> {
        match plan.skip(id) {
            Skip::Nothing => Ok(()),
            Skip::Varint => self.long().map(drop),
            Skip::Bytes(size) => self.take(size).map(drop),
            Skip::Prefixed => self.bytes().map(drop),
            Skip::Array(item) => self.skip_blocks(false, |from| from.skip_within(plan, item)),
            Skip::Map(value) => self.skip_blocks(true, |from| from.skip_within(plan, value)),
            Skip::Union(branches) => {
                let branch = self.branch(u32::try_from(branches.len()).unwrap_or(u32::MAX))?;
                self.skip_within(plan, branches[branch as usize])
            }
            Skip::Record(fields) => fields.iter().try_for_each(|field| self.skip_within(plan, *field)),
        }
    }

    fn skip_within(&mut self, plan: &Plan, id: SkipId) -> Result<(), Fault> {
        self.enter()?;
        self.skip(plan, id)?;
        self.leave();
        Ok(())
    }

    /// Passes over one value that is to be read later. What would make another place of the message seem wrong is looked at
    /// at once.
    pub(super) fn skip_node(&mut self, plan: &Plan, id: NodeId) -> Result<(), Fault> {
        match plan.node(id) {
            Node::Null => Ok(()),
            Node::Boolean => self.boolean().map(drop),
            Node::Int | Node::Long | Node::Enum(_) => self.long().map(drop),
            Node::Float => self.take(4).map(drop),
            Node::Double => self.take(8).map(drop),
            Node::Bytes | Node::String => self.bytes().map(drop),
            Node::Fixed(size) => self.take(size).map(drop),
            Node::Promote(promotion) => self.skip_promoted(promotion),
            Node::Array(item) => self.skip_blocks(false, |from| from.skip_node_within(plan, item)),
            Node::Map(value) => self.skip_blocks(true, |from| from.skip_node_within(plan, value)),
            Node::WriterUnion(branches) => {
                let branch = self.branch(u32::try_from(branches.len()).unwrap_or(u32::MAX))?;
                self.skip_node_within(plan, branches[branch as usize])
            }
            // Nothing of it is written.
            Node::ReaderUnion { node, .. } => self.skip_node_within(plan, node),
            Node::Record { steps, .. } => steps.iter().try_for_each(|step| match *step {
                Step::Read { node, .. } => self.skip_node_within(plan, node),
                Step::Skip(id) => self.skip_within(plan, id),
            }),
        }
    }

    fn skip_promoted(&mut self, promotion: Promotion) -> Result<(), Fault> {
        match promotion {
            Promotion::FloatToDouble => self.take(4).map(drop),
            Promotion::StringToBytes | Promotion::BytesToString => self.bytes().map(drop),
            Promotion::IntToLong
            | Promotion::IntToFloat
            | Promotion::IntToDouble
            | Promotion::LongToFloat
            | Promotion::LongToDouble => self.long().map(drop),
        }
    }

    fn skip_node_within(&mut self, plan: &Plan, id: NodeId) -> Result<(), Fault> {
        self.enter()?;
        self.skip_node(plan, id)?;
        self.leave();
        Ok(())
    }

    fn skip_blocks(
        &mut self,
        keyed: bool,
        mut skip: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            let before = self.rest;
            // The writer says how many bytes a block has if its count is negative.
            match self.long()? {
                0 => return Ok(()),
                count if count < 0 => {
                    let size = self.length()?;
                    if self.take(size).is_err() {
                        return self.back(before, Fault::End);
                    }
                }
                _ => {
                    self.rest = before;
                    let Some(count) = self.block(usize::from(keyed), 0)? else { return Ok(()) };
                    for _ in 0..count {
                        if keyed {
                            self.bytes()?;
                        }
                        skip(self)?;
                    }
                }
            }
        }
    }
}
