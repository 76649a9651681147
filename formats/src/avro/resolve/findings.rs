//! What a comparison has found.
//!
//! The findings of a pair are those of its parts, one after the other, so a list may hold another list many times.

use super::super::slot::Slot;
use super::TypeId;
use super::path::{PathId, Paths};

/// Everything that was found, reported or not.
#[derive(Default)]
pub(super) struct Findings {
    single: Vec<Found>,
    /// Ends of the lists in `listed`.
    lists: Vec<usize>,
    listed: Vec<Finding>,
    pub(super) paths: Paths,
}

/// One incompatibility, before its texts are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) what: What,
    pub(super) reader: TypeId,
    pub(super) writer: TypeId,
    pub(super) slots: Slots,
    pub(super) path: PathId,
}

/// Where the types of a pair stand in their schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slots {
    pub(super) reader: Slot,
    pub(super) writer: Slot,
}

/// What was found.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Name,
    Size,
    Symbols,
    /// The reader's field at this position has no default.
    NoDefault(u32),
    Type,
    /// No branch reads the writer's type, or this branch of the writer's union.
    NoBranch(Option<u32>),
    /// The reader's field at this position stands for several of the writer's.
    Ambiguous(u32),
}

/// One or many of [`Findings`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Finding {
    One(u32),
    List(u32),
    /// Found where nothing is reported and nothing can be met again.
    Unrecorded,
}

impl Slots {
    /// The two schemas themselves.
    pub(super) const ROOTS: Self = Self { reader: Slot::Root, writer: Slot::Root };
}

impl Findings {
    pub(super) fn add(&mut self, found: Found) -> Finding {
        self.single.push(found);
        Finding::One(index(self.single.len() - 1))
    }

    /// Several findings as one.
    pub(super) fn list(&mut self, findings: &[Finding]) -> Finding {
        self.listed.extend_from_slice(findings);
        self.lists.push(self.listed.len());
        Finding::List(index(self.lists.len() - 1))
    }

    /// The findings of a pair as one. What is about the pair itself comes first and by itself, so that it can be told
    /// apart where the pair is met again.
    pub(super) fn of_pair(&mut self, reader: TypeId, writer: TypeId, findings: &[Finding]) -> Finding {
        match findings {
            [own, _, _, ..] if self.about(*own, reader, writer).is_some() => {
                let rest = self.list(&findings[1..]);
                self.list(&[*own, rest])
            }
            many => self.list(many),
        }
    }

    /// The finding of a pair that is met again in other places: located as it was, but about those places if it is about
    /// the pair itself.
    pub(super) fn again(
        &mut self,
        finding: Finding,
        (reader, writer): (TypeId, TypeId),
        slots: Slots,
    ) -> Finding {
        let (own, rest) = match finding {
            Finding::List(list) => match self.members(list) {
                [own, rest] => (*own, Some(*rest)),
                _ => return finding,
            },
            own => (own, None),
        };
        let Some(found) = self.about(own, reader, writer).filter(|found| found.slots != slots) else {
            return finding;
        };
        let own = self.add(Found { slots, ..found });
        rest.map_or(own, |rest| self.list(&[own, rest]))
    }

    /// A finding, if it is about that pair and depends on the places of its types.
    fn about(&self, finding: Finding, reader: TypeId, writer: TypeId) -> Option<Found> {
        let Finding::One(at) = finding else { return None };
        let found = self.single.get(at as usize)?;
        let is_own = (found.reader, found.writer) == (reader, writer)
            && matches!(found.what, What::Name | What::Type | What::NoBranch(None));
        is_own.then_some(*found)
    }

    fn members(&self, list: u32) -> &[Finding] {
        let list = list as usize;
        let from = if list == 0 { 0 } else { self.lists[list - 1] };
        &self.listed[from..self.lists[list]]
    }

    /// Calls `each` with the single findings of `finding`, in order, until it answers `false`.
    ///
    /// Every list has two members at least, so the way to the next single finding is short on average.
    pub(super) fn for_each(&self, finding: Finding, mut each: impl FnMut(&Found) -> bool) {
        let mut open = vec![finding];
        while let Some(finding) = open.pop() {
            match finding {
                Finding::One(at) => {
                    if !each(&self.single[at as usize]) {
                        return;
                    }
                }
                Finding::List(list) => open.extend(self.members(list).iter().rev()),
                Finding::Unrecorded => {}
            }
        }
    }
}

/// Work budgets keep all numbers far below 2^32.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
