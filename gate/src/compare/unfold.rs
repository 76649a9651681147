//! Why a branch of a union does not read what it is for.
//!
//! The comparison of two schemas says that no branch of a union reads a type, and no more. Mostly there is a branch of the
//! same name, and something within it is wrong: that is what people have to be told.

use std::borrow::Cow;
use std::collections::HashSet;

use ottla_formats::avro::resolve::LISTED_LIMIT;
use ottla_formats::avro::{Incompatibility, IncompatibilityKind, Kind, Schema, Slot, TypeId, resolve_types};

use super::case::Case;

/// So many branches are looked into for a version and direction, with so many steps each.
const BRANCHES: usize = 256;
const STEPS: u64 = 50_000;

/// Incompatibilities, with those within the branch in the place of those of a union. Also says whether that is all.
pub(super) fn unfold<'i>(
    case: &Case<'_>,
    found: &'i [Incompatibility],
) -> (Vec<Cow<'i, Incompatibility>>, bool) {
    let mut unfolded = Vec::with_capacity(found.len());
    let mut met = HashSet::new();
    let mut open: Vec<Cow<'i, Incompatibility>> = found.iter().rev().map(Cow::Borrowed).collect();
    while let Some(next) = open.pop() {
        if unfolded.len() >= LISTED_LIMIT {
            return (unfolded, false);
        }
        let Some((written, branch)) = meant(case, &next) else {
            unfolded.push(next);
            continue;
        };
        if met.contains(&(written.0, branch.0)) {
            continue;
        }
        let within = match met.len() < BRANCHES {
            true => resolve_types(case.writer(), written, case.reader(), branch, STEPS),
            false => Vec::new(),
        };
        if within.is_empty() || within.iter().any(|i| i.kind() == IncompatibilityKind::LimitExceeded) {
            unfolded.push(next);
            continue;
        }
        met.insert((written.0, branch.0));
        open.extend(within.into_iter().rev().map(Cow::Owned));
    }
    if unfolded.is_empty() {
        unfolded.extend(found.iter().map(Cow::Borrowed));
    }
    (unfolded, true)
}

/// The written type that a union is said not to read, and the branch that is for it.
fn meant(case: &Case<'_>, found: &Incompatibility) -> Option<((TypeId, Slot), (TypeId, Slot))> {
    if found.kind() != IncompatibilityKind::MissingUnionBranch {
        return None;
    }
    let (writer, reader) = (case.writer().0, case.reader().0);
    let written = written(writer, found);
    let Kind::Union(branches) = reader.kind(found.reader_type()) else { return None };
    let mut slots = (0..).zip(branches);
    let (at, branch) = slots.find(|(_, branch)| are_meant(writer.kind(written.0), reader.kind(**branch)))?;
    Some((written, (*branch, Slot::Branch(found.reader_type(), at))))
}

/// The type that was written: a branch of the writer's union, or its type.
pub(super) fn written(writer: &Schema, found: &Incompatibility) -> (TypeId, Slot) {
    let whole = found.writer_type();
    let branch = match (writer.kind(whole), found.part()) {
        (Kind::Union(branches), Some(at)) => branches.get(at as usize).map(|ty| (*ty, at)),
        _ => None,
    };
    match branch {
        Some((ty, at)) => (ty, Slot::Branch(whole, at)),
        None => (whole, found.writer_slot()),
    }
}

/// Is a branch meant to read a type?
fn are_meant(written: &Kind, branch: &Kind) -> bool {
    match (written.name(), branch.name()) {
        (Some(name), Some(expected)) => {
            written.word() == branch.word()
                && (name.simple() == expected.simple() || branch.aliases().contains(name))
        }
        (None, None) => {
            matches!((written, branch), (Kind::Array(_), Kind::Array(_)) | (Kind::Map(_), Kind::Map(_)))
        }
        _ => false,
    }
}
