//! What is told where the schema of the file reads what the version wrote.

use ottla_formats::avro::{Incompatibility, IncompatibilityKind as K, Kind, Record, Schema, Slot, TypeId};

use super::case::{Case, field};
use super::renamed::renamed;
use super::snippet::{SNIPPET, list_json, type_json};
use super::suggest::{
    any_of, default_of, enum_default, is_logical, readers_of, type_to_keep, union_of_both, with_branch,
};
use super::tell::{New, Told, enumeration, full_name, lacking, other, size};
use super::unfold::written;
use super::words::{list, names, quoted, type_words};

pub(super) fn tell(case: &Case<'_>, found: &Incompatibility) -> Told {
    match found.kind() {
        K::NameMismatch => name(case, found),
        K::FixedSizeMismatch => fixed_size(case, found),
        K::MissingEnumSymbols => symbols(case, found),
        K::ReaderFieldMissingDefaultValue => no_default(case, found),
        K::TypeMismatch => ty(case, found),
        K::MissingUnionBranch => branch(case, found),
        K::AmbiguousField => ambiguous(case, found),
        _ => other(case, found),
    }
}

fn name(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (new, label) = (case.candidate(), case.label);
    let (is, was) = (full_name(new, sides.new.ty), full_name(case.old, sides.old.ty));
    let word = new.kind(sides.new.ty).word();
    let message = match sides.new.slot {
        Slot::Root => {
            format!("the {word} is called {is}, {label} wrote {was}, and no alias says that it is the same")
        }
        slot => format!(
            "{} is {word} {is}, {label} wrote {} {was}, and no alias says that they are the same",
            case.type_of(slot),
            case.old.kind(sides.old.ty).word(),
        ),
    };
    let fix = match alias(is, was) {
        // Those that read with the version do not see the alias, and the level asks for them as well.
        _ if case.is_full() => format!("keep the name {was}"),
        Some(alias) => format!("if it is the same under a new name, give {is} {alias}; if not, keep {was}"),
        None => {
            format!("keep the name {was}: no alias of a type with a namespace stands for a name without one")
        }
    };
    let spot = if case.located.is_definition(sides.new.slot, sides.new.ty) {
        case.located.member(sides.new.ty, "name")
    } else {
        case.located.slot(sides.new.slot)
    };
    Told { spot, message, old: Some(quoted(was)), new: New::Spot, fix }
}

/// The alias of a type for a name that was written. One without a namespace stands for a name in the namespace of its type.
fn alias(is: &str, was: &str) -> Option<String> {
    (was.contains('.') || !is.contains('.')).then(|| format!("\"aliases\": [{}]", quoted(was)))
}

fn fixed_size(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (is, was) = (size(case.candidate(), sides.new.ty), size(case.old, sides.old.ty));
    let message =
        format!("{} has {is} bytes, {} wrote {was}", type_words(case.candidate(), sides.new.ty), case.label);
    let fix = format!(
        "keep \"size\": {was}; another size takes a fixed of another name, in a new field with a default"
    );
    let spot = case.located.member(sides.new.ty, "size");
    Told { spot, message, old: Some(was.to_string()), new: New::Spot, fix }
}

fn symbols(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (new, old) = (enumeration(case.candidate(), sides.new.ty), enumeration(case.old, sides.old.ty));
    let (Some(new), Some(old)) = (new, old) else { return other(case, found) };
    let lacks: Vec<&str> = lacking(old, new).into_iter().map(|(_, symbol)| symbol).collect();
    let lacks = names(lacks.iter().copied());
    let message =
        format!("enum {} lacks {lacks}, which {} wrote, and has no default", new.name.simple(), case.label);
    let fix = match enum_default(new) {
        Some(default) => {
            format!("put {lacks} back, or say which symbol is read in its place, as in {default}")
        }
        None => format!("put {lacks} back"),
    };
    let spot = case.located.member(sides.new.ty, "symbols");
    let was = list_json(old.symbols.iter().map(String::as_str));
    Told { spot, message, old: Some(was), new: New::Spot, fix }
}

fn no_default(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let Some(at) = found.part() else { return other(case, found) };
    lacks_default(case, (sides.new.ty, at), Some(sides.old.ty))
}

/// A field of the file without a default, and the record of the version that has no such field.
fn lacks_default(case: &Case<'_>, (record, at): (TypeId, u32), written: Option<TypeId>) -> Told {
    let of = written.map_or("".into(), |written| of_another(case, record, written));
    let message = format!(
        "{} has no default, and {} does not write it{of}",
        field(case.candidate(), record, at),
        case.label
    );
    let spot = case.located.field(record, at);
    let fix = default_fix(case, record, at, written).unwrap_or_else(|| "give it a default".to_owned());
    Told { spot, message, old: None, new: New::Spot, fix }
}

/// The name of the record of the version, if it is another one.
pub(super) fn of_another(case: &Case<'_>, new: TypeId, old: TypeId) -> String {
    let names = (case.candidate().kind(new).name(), case.old.kind(old).name());
    match names {
        (Some(is), Some(was)) if is.simple() != was.simple() => format!(" in {}", was.simple()),
        _ => String::new(),
    }
}

fn default_fix(case: &Case<'_>, record: TypeId, at: u32, written: Option<TypeId>) -> Option<String> {
    let new = record_of(case.candidate(), record)?;
    let field = new.fields.get(at as usize)?;
    let json = case.located.text(case.located.slot(Slot::Field(record, at)));
    let default = default_of(case.candidate(), field.ty, json);
    let old = written.and_then(|written| record_of(case.old, written));
    let was = old.and_then(|old| renamed(case, (case.candidate(), new, field), (case.old, old)));
    let is_whole = default.starts_with("\"default\"");
    Some(match (was, is_whole) {
        (Some(was), _) if case.is_full() => {
            format!(
                "if it is the field {} under a new name, keep that name; if it is new: {default}",
                quoted(was)
            )
        }
        (Some(was), _) => format!(
            "if it is the field {} under a new name: \"aliases\": [{}]; if it is new: {default}",
            quoted(was),
            quoted(was)
        ),
        (None, true) => format!("give it a default: {default}"),
        (None, false) => format!("make it optional: {default}, or give it another default"),
    })
}

fn ty(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    // The default of an enum was taken for that of its field, and the enum compared with the record.
    if let (Slot::Field(record, at), Slot::Absent(written)) = (sides.new.slot, sides.old.slot) {
        let mut told = lacks_default(case, (record, at), Some(written));
        told.message.push_str(": the default of an enum is for symbols that it does not know");
        return told;
    }
    let was = match sides.old.slot {
        Slot::Branch(union, _) => union,
        _ => sides.old.ty,
    };
    let message = format!(
        "{} is {}, {} wrote {}",
        case.type_of(sides.new.slot),
        type_words(case.candidate(), sides.new.ty),
        case.label,
        type_words(case.old, was)
    );
    let old = Some(type_json(case.old, was, SNIPPET));
    let spot = case.located.slot(sides.new.slot);
    Told { spot, message, old, new: New::Spot, fix: type_fix(case, found, was) }
}

fn type_fix(case: &Case<'_>, found: &Incompatibility, was: TypeId) -> String {
    let new = case.sides(found).new;
    let (kind, is) = (case.old.kind(was), case.candidate().kind(new.ty));
    let keep = format!("keep {}", type_to_keep(case.old, was));
    let in_field = case.is_in_field(new.slot);
    if case.is_full() {
        let other =
            if in_field { "; what is of another type takes another field, with a default" } else { "" };
        return format!("{keep}{other}");
    }
    let mut ways = vec![match readers_of(kind) {
        [] => keep,
        // A decimal is more than its bytes, and a date more than its number.
        _ if is_logical(case.old, was) => keep,
        readers => format!("{keep} (or {}, which can read it)", any_of(readers)),
    }];
    let has_it = |branch: &TypeId| case.old.kind(*branch).word() == is.word();
    let holds = matches!(kind, Kind::Union(branches) if branches.iter().any(has_it));
    if !holds && !readers_of(is).contains(&kind.word()) {
        ways.extend(union_of_both(case, was, new).map(|union| format!("read both with the union {union}")));
    }
    if in_field {
        ways.push("leave the field as it was and add another one with a default".to_owned());
    }
    ways.join(", or ")
}

fn branch(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (lacks, _) = written(case.old, found);
    let words = type_words(case.old, lacks);
    let holder = match case.holder(sides.new.slot) {
        whole if whole == "the schema" => "the union".to_owned(),
        holder => format!("the union of {holder}"),
    };
    let message = format!("{holder} has no branch that reads {words}, which {} wrote", case.label);
    let add = match with_branch(case, sides.new.ty, lacks) {
        Some(union) => format!("add a branch: {union}"),
        None => format!("add {words} to the union"),
    };
    let fix = match renamed_branch(case, sides.new.ty, lacks) {
        Some(renamed) => format!("{renamed}; if not, {add}"),
        None => add,
    };
    let spot = case.located.slot(sides.new.slot);
    Told { spot, message, old: Some(type_json(case.old, lacks, SNIPPET)), new: New::Spot, fix }
}

/// What to do if a branch is there under a new name: if there is one such branch that only the file has.
fn renamed_branch(case: &Case<'_>, union: TypeId, lacks: TypeId) -> Option<String> {
    let Kind::Union(branches) = case.candidate().kind(union) else { return None };
    let was = case.old.kind(lacks).name()?;
    let mut new = branches.iter().filter_map(|branch| {
        let kind = case.candidate().kind(*branch);
        let name = kind.name()?;
        (kind.word() == case.old.kind(lacks).word() && case.old.named(name.full()).is_none()).then_some(name)
    });
    let (Some(name), None) = (new.next(), new.next()) else { return None };
    if case.is_full() {
        return Some(format!("if {} is it under a new name, keep the name {}", name.full(), was.full()));
    }
    let alias = alias(name.full(), was.full())?;
    Some(format!("if {} is it under a new name, give it {alias}", name.full()))
}

fn ambiguous(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (Some(at), Some(old)) = (found.part(), record_of(case.old, sides.old.ty)) else {
        return other(case, found);
    };
    let Some(of) = record_of(case.candidate(), sides.new.ty).and_then(|r| r.fields.get(at as usize)) else {
        return other(case, found);
    };
    let is_meant = |name: &str| of.name == name || of.aliases.iter().any(|alias| alias == name);
    let meant: Vec<String> =
        old.fields.iter().filter(|f| is_meant(&f.name)).map(|f| quoted(&f.name)).collect();
    let count = meant.len();
    let message = format!(
        "{} stands by its name and aliases for several fields that {} wrote: {}",
        field(case.candidate(), sides.new.ty, at),
        case.label,
        list(meant, count, "and")
    );
    let fix = "take aliases out until it stands for one of them".to_owned();
    let spot = case.located.field(sides.new.ty, at);
    Told { spot, message, old: None, new: New::Spot, fix }
}

/// The record at an index.
pub(super) fn record_of(schema: &Schema, ty: TypeId) -> Option<&Record> {
    match schema.kind(ty) {
        Kind::Record(of) => Some(of),
        _ => None,
    }
}
