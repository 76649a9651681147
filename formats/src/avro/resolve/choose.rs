//! Which branch of a reader's union takes a value that was written without a union, or as one branch of the writer's.

use super::super::schema::{Kind, Schema};
use super::TypeId;
use super::build::PlanError;
use super::compare::{Comparison, Verdict};
use super::findings::Slots;
use super::matching::{Shape, has_alias, names_match};

/// Chooses branches as Apache Avro Java's reader does.
pub(super) struct Chooser<'a> {
    writer: &'a Schema,
    reader: &'a Schema,
    comparison: Comparison<'a>,
    budget: u64,
}

impl<'a> Chooser<'a> {
    pub(super) fn new(writer: &'a Schema, reader: &'a Schema, budget: u64) -> Self {
        Self { writer, reader, comparison: Comparison::new(writer, reader, budget), budget }
    }

    /// The position of the branch: the first of the writer's own type, else the first that promotes it.
    ///
    /// Of named types the one of the same full name comes first, then one with an alias of that name, then the last
    /// of the same simple name; and only those count that can read the writer's.
    pub(super) fn choose(&mut self, writer: TypeId, branches: &[TypeId]) -> Result<Option<usize>, PlanError> {
        let wk = self.writer.kind(writer);
        self.spend(branches.len())?;
        let Some(name) = wk.name() else {
            let shapes = || branches.iter().map(|b| Shape::of(wk, self.reader.kind(*b)));
            let same = shapes().position(|s| matches!(s, Shape::Same | Shape::Array | Shape::Map));
            return Ok(same.or_else(|| shapes().position(|s| matches!(s, Shape::Promoted(_)))));
        };
        let mut candidates: Vec<(Rank, usize)> = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            let rk = self.reader.kind(*branch);
            self.spend(rk.aliases().len())?;
            if !same_kind(wk, rk) || names_match(wk, rk) != Some(true) {
                continue;
            }
            let rank = if rk.name() == Some(name) {
                Rank::FullName
            } else if has_alias(rk, name) {
                Rank::Alias
            } else {
                Rank::SimpleName(std::cmp::Reverse(at))
            };
            candidates.push((rank, at));
        }
        candidates.sort_unstable();
        let [_, _, ..] = candidates.as_slice() else {
            return Ok(candidates.first().map(|(_, at)| *at));
        };
        for (_, at) in &candidates {
            match self.comparison.compare(writer, branches[*at], Slots::ROOTS) {
                Ok(Verdict::Fits | Verdict::Open) => return Ok(Some(*at)),
                Ok(Verdict::Breaks(_)) => {}
                Err(_) => return Err(PlanError::TooLarge),
            }
        }
        Ok(None)
    }

    fn spend(&mut self, work: usize) -> Result<(), PlanError> {
        self.budget = self.budget.checked_sub(work as u64).ok_or(PlanError::TooLarge)?;
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    FullName,
    Alias,
    SimpleName(std::cmp::Reverse<usize>),
}

fn same_kind(writer: &Kind, reader: &Kind) -> bool {
    matches!(Shape::of(writer, reader), Shape::Record | Shape::Enum | Shape::Fixed)
}
