//! What a comparison has found.
//!
//! The findings of a pair are those of its parts, one after the other, so a list may hold another list many times.

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
    pub(super) path: PathId,
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
