//! Types and fields that do not say what they are for.

use ottla_formats::avro::Kind;

use super::linted::Linted;
use crate::rule::MISSING_DOC;

/// Named types and fields without a doc, or with an empty one.
pub(super) fn missing(linted: &mut Linted<'_>) {
    if !linted.is_on(&MISSING_DOC) {
        return;
    }
    let fix = |what: &str| format!("add \"doc\": \"...\" and say what the {what} is for");
    for ty in linted.types.clone() {
        let kind = linted.schema.kind(ty);
        let doc = match kind {
            Kind::Record(record) => record.doc.as_deref(),
            Kind::Enum(of) => of.doc.as_deref(),
            Kind::Fixed(fixed) => fixed.doc.as_deref(),
            _ => continue,
        };
        if let Some(name) = kind.name().filter(|_| is_missing(doc)) {
            let spot = linted.located.member(ty, "name");
            let message = format!("{} {} has no doc", kind.word(), name.simple());
            linted.tell(&MISSING_DOC, spot, message, fix(kind.word()));
        }
    }
    for field in linted.fields() {
        if is_missing(field.field.doc.as_deref()) {
            let spot = linted.spot(field, "name");
            linted.tell(&MISSING_DOC, spot, format!("{} has no doc", field.label()), fix("field"));
        }
    }
}

fn is_missing(doc: Option<&str>) -> bool {
    doc.is_none_or(|doc| doc.trim().is_empty())
}
