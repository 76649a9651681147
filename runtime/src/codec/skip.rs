//! Passing over what a reader does not want.

use ottla_formats::avro::resolve::{Plan, Skip, SkipId};

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
            Skip::Array(item) => self.skip_blocks(plan, item, false),
            Skip::Map(value) => self.skip_blocks(plan, value, true),
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

    fn skip_blocks(&mut self, plan: &Plan, item: SkipId, keyed: bool) -> Result<(), Fault> {
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
                        self.skip_within(plan, item)?;
                    }
                }
            }
        }
    }
}
