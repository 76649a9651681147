//! Defaults that are missing, or that some readers refuse.

use ottla_formats::avro::{Kind, TypeId};

use super::linted::{FieldAt, Linted, quoted};
use crate::rule::{DEFAULT_NOT_IN_FIRST_BRANCH, ENUM_WITHOUT_DEFAULT, OPTIONAL_FIELD_WITHOUT_DEFAULT};

/// Symbols that say that something is not known.
const UNKNOWN: [&str; 8] =
    ["UNKNOWN", "UNSPECIFIED", "UNRECOGNIZED", "UNDEFINED", "OTHER", "NONE", "NOT_SET", "DEFAULT"];

/// Enums without a default.
pub(super) fn of_enums(linted: &mut Linted<'_>) {
    for ty in linted.types.clone() {
        let Kind::Enum(of) = linted.schema.kind(ty) else { continue };
        if of.default.is_some() {
            continue;
        }
        // Generated enums often begin the names of their symbols with that of the enum.
        let says_unknown = |symbol: &&String| {
            let upper = symbol.to_ascii_uppercase();
            UNKNOWN.iter().any(|word| upper == *word || upper.ends_with(&format!("_{word}")))
        };
        let fix = match of.symbols.iter().find(says_unknown) {
            Some(symbol) => format!("add \"default\": {}", quoted(symbol)),
            None => "add a symbol for what is not known, and name it as the default, as in \"default\": \"UNKNOWN\": \
                     first to consumers, who could not read it otherwise"
                .to_owned(),
        };
        let message =
            format!("enum {} has no default for symbols that a reader does not know", of.name.simple());
        let spot = linted.located.member(ty, "symbols");
        linted.tell(&ENUM_WITHOUT_DEFAULT, spot, message, fix);
    }
}

/// Optional fields without a default, and defaults of another branch than the first.
pub(super) fn of_fields(linted: &mut Linted<'_>) {
    for field in linted.fields() {
        let Kind::Union(branches) = linted.schema.kind(field.field.ty) else { continue };
        match &field.field.default {
            None => optional(linted, field, branches),
            Some(_) => of_another_branch(linted, field, branches),
        }
    }
}

fn optional(linted: &mut Linted<'_>, field: FieldAt<'_>, branches: &[TypeId]) {
    if !linted.is_on(&OPTIONAL_FIELD_WITHOUT_DEFAULT) {
        return;
    }
    let Some(null) = branches.iter().position(|b| matches!(linted.schema.kind(*b), Kind::Null)) else {
        return;
    };
    let default = "add \"default\": null";
    let fix = match (null, with_first(linted, field, null)) {
        (0, _) => default.to_owned(),
        (_, Some(ty)) => format!("{default}, and put null first: \"type\": {ty}"),
        (_, None) => format!("{default}, and put null first in the type's union"),
    };
    let message = format!("{} may be null, and has no default", field.label());
    let spot = linted.located.field(field.record, field.at);
    linted.tell(&OPTIONAL_FIELD_WITHOUT_DEFAULT, spot, message, fix);
}

fn of_another_branch(linted: &mut Linted<'_>, field: FieldAt<'_>, branches: &[TypeId]) {
    let (schema, Some(default)) = (linted.schema, &field.field.default) else { return };
    if !linted.is_on(&DEFAULT_NOT_IN_FIRST_BRANCH) {
        return;
    }
    let fits = |branch: &TypeId| schema.encode_default(*branch, default).is_ok();
    // A default of no branch at all is refused elsewhere, or a matter of texts that are no bytes.
    let Some(at) = branches.iter().position(fits).filter(|at| *at > 0) else { return };
    let branch = schema.kind(branches[at]);
    let branch = branch.name().map_or_else(|| branch.word(), |name| name.simple());
    let fix = match with_first(linted, field, at) {
        Some(ty) => format!("put the branch of the default first: \"type\": {ty}"),
        None => format!("put {branch} first in the type's union"),
    };
    let message = format!("the default of {} is of {branch}, which is not the first branch", field.label());
    let spot = linted.spot(field, "default");
    linted.tell(&DEFAULT_NOT_IN_FIRST_BRANCH, spot, message, fix);
}

/// The field's union with another branch first, as JSON, if that is short.
fn with_first(linted: &Linted<'_>, field: FieldAt<'_>, first: usize) -> Option<String> {
    let Kind::Union(branches) = linted.schema.kind(field.field.ty) else { return None };
    let ty = linted.spot(field, "type");
    // The union may stand within an object; then its branches are elsewhere.
    if !linted.located.text(ty).starts_with('[') {
        return None;
    }
    let count = u32::try_from(branches.len()).ok()?;
    let json = |at| linted.json(linted.located.element(ty, at));
    let mut texts = (0..count).map(json).collect::<Option<Vec<String>>>()?;
    let branch = texts.remove(first);
    texts.insert(0, branch);
    let text = format!("[{}]", texts.join(", "));
    (text.len() <= 240).then_some(text)
}
