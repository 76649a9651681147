//! Types that have another name than in the version before, and nothing that says so.

use std::collections::HashSet;

use ottla_formats::avro::{Kind, Name, Schema, TypeId};

use super::linted::{Linted, quoted};
use crate::diff::{alike, named};
use crate::rule::RENAMED_WITHOUT_ALIAS;

/// So many pairs of types are looked at.
const MAX_PAIRS: usize = 100_000;

/// Types that are gone, and new ones of the file that look like them: the same name in another namespace, or at least half
/// of the fields or symbols. A type that is named as an alias is known to be renamed.
pub(super) fn without_alias(linted: &mut Linted<'_>, previous: &Schema) {
    if !linted.is_on(&RENAMED_WITHOUT_ALIAS) {
        return;
    }
    let schema = linted.schema;
    let known: HashSet<&str> = names(schema).chain(aliases(schema)).collect();
    let before: HashSet<&str> = names(previous).collect();
    let is_in = |names: &HashSet<&str>, schema: &Schema, ty: TypeId| {
        schema.kind(ty).name().is_some_and(|name| names.contains(name.full()))
    };
    let gone = named(previous).into_iter().filter(|ty| !is_in(&known, previous, *ty));
    let mut come: Vec<TypeId> =
        linted.types.iter().copied().filter(|ty| !is_in(&before, schema, *ty)).collect();
    let mut pairs = 0;
    for old in gone {
        pairs += come.len();
        if pairs > MAX_PAIRS {
            return;
        }
        let old = previous.kind(old);
        let same_name = come.iter().position(|new| is_same_simple_name(old, schema.kind(*new)));
        let place = same_name.or_else(|| come.iter().position(|new| alike(old, schema.kind(*new))));
        if let Some(place) = place {
            tell(linted, old, come.remove(place));
        }
    }
}

fn tell(linted: &mut Linted<'_>, old: &Kind, ty: TypeId) {
    let new = linted.schema.kind(ty);
    let (Some(before), Some(after)) = (old.name(), new.name()) else { return };
    let message =
        format!("{} {after} looks like {before} under a new name, and has no alias for it", new.word());
    let aliases: Vec<String> = new.aliases().iter().chain([before]).map(|name| quoted(name.full())).collect();
    let fix = format!("add \"aliases\": [{}], or keep the name", aliases.join(", "));
    let spot = linted.located.member(ty, "name");
    linted.tell(&RENAMED_WITHOUT_ALIAS, spot, message, fix);
}

fn is_same_simple_name(a: &Kind, b: &Kind) -> bool {
    let simple = |kind: &'_ Kind| kind.name().map(|name| name.simple().to_owned());
    std::mem::discriminant(a) == std::mem::discriminant(b) && simple(a) == simple(b)
}

fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    named(schema).into_iter().filter_map(|ty| schema.kind(ty).name()).map(Name::full)
}

fn aliases(schema: &Schema) -> impl Iterator<Item = &str> {
    named(schema).into_iter().flat_map(|ty| schema.kind(ty).aliases()).map(Name::full)
}
