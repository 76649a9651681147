//! Types that are something else than in the version before, though their bytes are read as if they were the same.
//!
//! ```text
//! lint/logical/meaning.rs  what the logical type of a type says
//! lint/logical/place.rs    what the place of a type is called
//! ```

mod meaning;
mod place;

use std::collections::HashSet;

use ottla_formats::avro::{Schema, Slot};

use super::beside::{Pair, pairs};
use super::linted::Linted;
use crate::rule::LOGICAL_TYPE_CHANGED;
use meaning::{Logical, differs, words};
use place::label;

/// What becomes of it: nobody gets an error.
const CONSEQUENCE: &str =
    "what is written as one is read as the other without an error: resolution does not look at logical types";

/// How much of the old type is shown, in characters.
const SHOWN_TYPE: usize = 240;

/// Types that are the same or promoted, with another logical type, or decimals with another scale or fewer digits.
pub(super) fn changed(linted: &mut Linted<'_>, previous: &Schema) {
    if !linted.is_on(&LOGICAL_TYPE_CHANGED) {
        return;
    }
    let (mut told, mut changes) = (HashSet::new(), Vec::new());
    let (schema, file) = (linted.schema, linted.located.root().source);
    pairs(previous, schema, |pair| {
        if differs(Logical::of(previous.ty(pair.old)), Logical::of(schema.ty(pair.new))) {
            let is_named = schema.kind(pair.new).name().is_some();
            let spot = if is_named { linted.located.ty(pair.new) } else { linted.located.slot(pair.slot) };
            // What another file defines is told there.
            if spot.source == file && told.insert(spot) {
                changes.push((pair, spot));
            }
        }
    });
    for (pair, spot) in changes {
        let (old, new) = (previous.ty(pair.old), schema.ty(pair.new));
        let message = format!("{} is {}, and was {}", label(linted, &pair), words(new), words(old));
        let fix = fix(linted, &pair, Logical::of(old).is_none());
        if let Some(finding) = linted.tell(&LOGICAL_TYPE_CHANGED, spot, message, fix) {
            finding.consequence = Some(CONSEQUENCE.to_owned());
            finding.old = Some(previous.type_to_short_text(pair.old, SHOWN_TYPE));
        }
    }
}

fn fix(linted: &Linted<'_>, pair: &Pair, was_plain: bool) -> String {
    let kind = linted.schema.kind(pair.new);
    let mended = match (kind.name(), linted.located.owners().way(pair.slot).0) {
        (Some(name), Slot::Field(..)) => {
            format!(
                "leave {} {} as it was, and add a type and a field of new names",
                kind.word(),
                name.simple()
            )
        }
        (None, Slot::Field(record, at)) => {
            let ty = linted.json(linted.located.field_member(record, at, "type"));
            let ty = ty.map_or_else(|| "new type".to_owned(), |json| format!("type {json}"));
            format!("leave the field as it was, and add one of a new name with the {ty}")
        }
        _ => "leave it as it was, and take a new subject for the other".to_owned(),
    };
    if was_plain {
        return format!(
            "if all that was written is that already, nothing changes but what it is called; otherwise {mended}"
        );
    }
    mended
}
