//! The texts of what a comparison found.

use std::collections::HashSet;

use super::super::schema::{Enum, Kind, Schema};
use super::compare::Stop;
use super::findings::{Finding, Findings, Found, Slots, What};
use super::incompatibility::{Incompatibility, IncompatibilityKind};
use super::matching::enum_default;
use super::{COMPARISON_LIMIT, LISTED_LIMIT, TEXT_LIMIT, TypeId};

/// Makes the incompatibilities of a verdict, with bounds on their number and on the work and text of all.
pub(super) fn report(
    writer: &Schema,
    reader: &Schema,
    findings: &Findings,
    verdict: Finding,
) -> Vec<Incompatibility> {
    let mut reported = Vec::new();
    let mut text = 0_usize;
    findings.for_each(verdict, |found| {
        let full = reported.len() >= LISTED_LIMIT || text > TEXT_LIMIT;
        if full {
            reported.push(limit(
                writer,
                reader,
                "there are more incompatibilities than can be listed".to_owned(),
            ));
        } else {
            let incompatibility = describe(writer, reader, findings, found);
            text +=
                incompatibility.location.len() + incompatibility.message.len() + work(writer, reader, found);
            reported.push(incompatibility);
        }
        !full
    });
    reported
}

/// The one incompatibility of a comparison that came to no end.
pub(super) fn refusal(writer: &Schema, reader: &Schema, findings: &Findings, stop: &Stop) -> Incompatibility {
    match stop {
        Stop::TooMuch => limit(
            writer,
            reader,
            format!("the schemas are too intricate: comparing them needs more than {COMPARISON_LIMIT} steps"),
        ),
        Stop::Ambiguous(found) => describe(writer, reader, findings, found),
    }
}

fn limit(writer: &Schema, reader: &Schema, message: String) -> Incompatibility {
    Incompatibility {
        kind: IncompatibilityKind::LimitExceeded,
        location: "/".to_owned(),
        message,
        reader: reader.root(),
        writer: writer.root(),
        slots: Slots::ROOTS,
        part: None,
    }
}

fn describe(writer: &Schema, reader: &Schema, findings: &Findings, found: &Found) -> Incompatibility {
    use IncompatibilityKind as K;
    let (rk, wk) = (reader.kind(found.reader), writer.kind(found.writer));
    let (kind, message) = match found.what {
        What::Name => {
            (K::NameMismatch, format!("expected: {}", wk.name().map(|n| n.full()).unwrap_or_default()))
        }
        What::Size => (K::FixedSizeMismatch, format!("expected: {}, found: {}", size(wk), size(rk))),
        What::Symbols => (K::MissingEnumSymbols, missing_symbols(wk, rk)),
        What::NoDefault(at) => (K::ReaderFieldMissingDefaultValue, field_name(rk, at).to_owned()),
        What::Type => (
            K::TypeMismatch,
            format!("reader type: {} not compatible with writer type: {}", word(rk), word(wk)),
        ),
        What::NoBranch(branch) => {
            let lacking = match (wk, branch) {
                (Kind::Union(branches), Some(at)) => {
                    branches.get(at as usize).map_or(wk, |b| writer.kind(*b))
                }
                _ => wk,
            };
            (K::MissingUnionBranch, format!("reader union lacking writer type: {}", word(lacking)))
        }
        What::Ambiguous(at) => (K::AmbiguousField, ambiguous(writer, reader, found.writer, rk, at)),
    };
    Incompatibility {
        kind,
        location: findings.paths.render(found.path),
        message,
        reader: found.reader,
        writer: found.writer,
        slots: found.slots,
        part: match found.what {
            What::NoDefault(at) | What::Ambiguous(at) => Some(at),
            What::NoBranch(branch) => branch,
            What::Name | What::Size | What::Symbols | What::Type => None,
        },
    }
}

/// The kind of a type in the checker's words.
fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "NULL",
        Kind::Boolean => "BOOLEAN",
        Kind::Int => "INT",
        Kind::Long => "LONG",
        Kind::Float => "FLOAT",
        Kind::Double => "DOUBLE",
        Kind::Bytes => "BYTES",
        Kind::String => "STRING",
        Kind::Array(_) => "ARRAY",
        Kind::Map(_) => "MAP",
        Kind::Union(_) => "UNION",
        Kind::Record(_) => "RECORD",
        Kind::Enum(_) => "ENUM",
        Kind::Fixed(_) => "FIXED",
    }
}

fn size(kind: &Kind) -> usize {
    match kind {
        Kind::Fixed(f) => f.size,
        _ => 0,
    }
}

fn field_name(kind: &Kind, at: u32) -> &str {
    match kind {
        Kind::Record(r) => r.fields.get(at as usize).map_or("", |f| &f.name),
        _ => "",
    }
}

/// Making a text costs more than its length if symbols are compared for it.
fn work(writer: &Schema, reader: &Schema, found: &Found) -> usize {
    match (found.what, writer.kind(found.writer), reader.kind(found.reader)) {
        (What::Symbols, Kind::Enum(w), Kind::Enum(r)) => w.symbols.len() + r.symbols.len(),
        _ => 0,
    }
}

/// The writer's symbols that the reader lacks, sorted: `[A, B]`.
fn missing_symbols(writer: &Kind, reader: &Kind) -> String {
    let (Kind::Enum(w), Kind::Enum(r)) = (writer, reader) else { return "[]".to_owned() };
    debug_assert!(enum_default(r).is_none());
    let mut missing = lacking(w, r);
    missing.sort_unstable();
    missing.dedup();
    format!("[{}]", missing.join(", "))
}

fn lacking<'w>(writer: &'w Enum, reader: &Enum) -> Vec<&'w str> {
    let known: HashSet<&str> = reader.symbols.iter().map(String::as_str).collect();
    writer.symbols.iter().map(String::as_str).filter(|s| !known.contains(s)).collect()
}

/// The text of the exception that Java's checker throws.
fn ambiguous(writer: &Schema, reader: &Schema, record: TypeId, reader_record: &Kind, at: u32) -> String {
    let ty = match reader_record {
        Kind::Record(r) => r.fields.get(at as usize).map_or("", |f| word(reader.kind(f.ty))),
        _ => "",
    };
    format!(
        "Reader record field {} type:{ty} pos:{at} matches multiple fields in writer record schema {}",
        field_name(reader_record, at),
        writer.type_to_text(record)
    )
}
