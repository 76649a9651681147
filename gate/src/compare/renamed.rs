//! Fields that are perhaps there under another name.

use std::collections::HashSet;

use ottla_formats::avro::{Field, Record, Schema};

use super::case::Case;
use crate::source::nearest;

/// How many fields are looked at: a record that lost more was not renamed.
const MOST: usize = 64;

/// How many are looked at for a version, all its records together: each field that is missing takes a look at all others.
pub(super) const LOOKS: usize = 200_000;

/// The name of a field of `others` that may be the same under another name: of the same type, and nobody else's. Of several
/// the one with the most similar name.
pub(super) fn renamed<'a>(
    case: &Case<'_>,
    (schema, record, field): (&Schema, &Record, &Field),
    (other_schema, others): (&Schema, &'a Record),
) -> Option<&'a str> {
    let looks = record.fields.len() + others.fields.len();
    case.looks.set(case.looks.get().checked_sub(looks)?);
    // A field that either side knows, by a name or an alias, is the same there.
    let known: HashSet<&str> = record.fields.iter().flat_map(all_names).collect();
    let free: Vec<&Field> =
        others.fields.iter().filter(|f| all_names(f).all(|name| !known.contains(name))).collect();
    if free.len() > MOST {
        return None;
    }
    let is_same = |other: &&&Field| schema.same_but_within(field.ty, other_schema, other.ty);
    let same: Vec<&str> = free.iter().filter(is_same).map(|f| f.name.as_str()).collect();
    match same.as_slice() {
        [one] => Some(one),
        many => nearest(&field.name, many),
    }
}

fn all_names(field: &Field) -> impl Iterator<Item = &str> {
    std::iter::once(field.name.as_str()).chain(field.aliases.iter().map(String::as_str))
}
