//! What is told where the version reads what the schema of the file writes.
//!
//! Defaults and aliases of the file are of no use here: they are the reader's, and the reader is the version.

use ottla_formats::avro::{Field, Incompatibility, IncompatibilityKind as K, Kind, Slot, TypeId};

use super::backward::{of_another, record_of};
use super::case::{Case, field};
use super::renamed::renamed;
use super::snippet::{SNIPPET, field_json, list_json, type_json};
use super::suggest::{any_of, default_of, enum_default, is_logical, read_by, type_to_keep};
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
    let (is, was) = (full_name(case.candidate(), sides.new.ty), full_name(case.old, sides.old.ty));
    let word = case.candidate().kind(sides.new.ty).word();
    let expects = format!("but a consumer on {} expects {was}", case.label);
    let message = match sides.new.slot {
        Slot::Root => format!("the {word} is called {is}, {expects}"),
        slot => format!("{} is {word} {is}, {expects}", case.type_of(slot)),
    };
    let fix = format!(
        "keep the name {was}: aliases of this file are of no use to those who read with {}",
        case.label
    );
    let spot = if case.located.is_definition(sides.new.slot, sides.new.ty) {
        case.located.member(sides.new.ty, "name")
    } else {
        case.located.slot(sides.new.slot)
    };
    Told { spot, message, old: Some(quoted(was)), new: New::Spot, fix }
}

fn fixed_size(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (is, was) = (size(case.candidate(), sides.new.ty), size(case.old, sides.old.ty));
    let words = type_words(case.candidate(), sides.new.ty);
    let message = format!("{words} has {is} bytes, but a consumer on {} expects {was}", case.label);
    let fix = format!("keep \"size\": {was}; another size takes a fixed of another name, in a new field");
    let spot = case.located.member(sides.new.ty, "size");
    Told { spot, message, old: Some(was.to_string()), new: New::Spot, fix }
}

fn symbols(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (new, old) = (enumeration(case.candidate(), sides.new.ty), enumeration(case.old, sides.old.ty));
    let (Some(new), Some(old)) = (new, old) else { return other(case, found) };
    let unknown = lacking(new, old);
    let symbols: Vec<&str> = unknown.iter().map(|(_, symbol)| *symbol).collect();
    let words = names(symbols.iter().copied());
    let message = format!(
        "enum {} has {words}, which a consumer on {} does not know and has no default for",
        new.name.simple(),
        case.label
    );
    let fix = if case.level.is_transitive() {
        format!(
            "take {words} out: with {} {} counts as long as it exists, so new symbols take a new field",
            case.level, case.label
        )
    } else {
        let default = enum_default(old).unwrap_or_else(|| "\"default\": …".to_owned());
        format!(
            "take {words} out; to add symbols later, first give the enum a default ({default}), and let all consumers go \
             over to that"
        )
    };
    let spot = match unknown.as_slice() {
        [(at, _)] => case.located.symbol(sides.new.ty, *at),
        _ => case.located.member(sides.new.ty, "symbols"),
    };
    let was = list_json(old.symbols.iter().map(String::as_str));
    Told { spot, message, old: Some(was), new: New::Spot, fix }
}

fn no_default(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let Some(at) = found.part() else { return other(case, found) };
    is_gone(case, sides.new.ty, (sides.old.ty, at)).unwrap_or_else(|| other(case, found))
}

/// A field of the version's record that the record of the file has not.
fn is_gone(case: &Case<'_>, record: TypeId, (old, at): (TypeId, u32)) -> Option<Told> {
    let (was, is) = (record_of(case.old, old)?, record_of(case.candidate(), record)?);
    let gone = was.fields.get(at as usize)?;
    let of =
        if record == case.candidate().root() { String::new() } else { format!(" of {}", is.name.simple()) };
    let name = quoted(&gone.name);
    let message = format!(
        "field {name}{of} is gone, but a consumer on {} has no default for it{}",
        case.label,
        of_another(case, record, old)
    );
    let of_no_use = || {
        format!(
            "keep the name {name}: aliases of this file are of no use to those who read with {}",
            case.label
        )
    };
    let has_alias = |f: &&Field| f.aliases.contains(&gone.name);
    let fix = match (
        is.fields.iter().find(has_alias),
        renamed(case, (case.old, was, gone), (case.candidate(), is)),
    ) {
        (Some(_), _) => of_no_use(),
        (None, Some(now)) => {
            format!("if it is {} now, {}; if not, {}", quoted(now), of_no_use(), keep(case, gone))
        }
        (None, None) => keep(case, gone),
    };
    let spot = case.located.ty(record);
    Some(Told { spot, message, old: Some(field_json(case.old, gone)), new: New::Nothing, fix })
}

fn keep(case: &Case<'_>, gone: &Field) -> String {
    let now = format!("keep the field {}", quoted(&gone.name));
    if case.level.is_transitive() {
        return format!("{now}: with {} {} counts as long as it exists", case.level, case.label);
    }
    let default = default_of(case.old, gone.ty, &type_json(case.old, gone.ty, SNIPPET));
    format!(
        "{now}; to remove it later, first give it a default ({default}), and let all consumers go over to that"
    )
}

fn ty(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    // The default of an enum was taken for that of its field, and the enum compared with the record.
    if let (Slot::Absent(record), Slot::Field(old, at)) = (sides.new.slot, sides.old.slot)
        && let Some(told) = is_gone(case, record, (old, at))
    {
        return told;
    }
    let (is, was) = (type_words(case.candidate(), sides.new.ty), type_words(case.old, sides.old.ty));
    let is_branch = matches!(sides.new.slot, Slot::Branch(..));
    let what = if is_branch {
        format!("{} may be {is}", case.holder(sides.new.slot))
    } else {
        format!("{} is {is}", case.type_of(sides.new.slot))
    };
    let message = format!("{what}, but a consumer on {} expects {was}", case.label);
    let keep = match read_by(case.old.kind(sides.old.ty)) {
        _ if is_branch => format!("take the branch {is} out"),
        [] => format!("keep {}", type_to_keep(case.old, sides.old.ty)),
        // A decimal is more than its bytes, and a date more than its number.
        _ if is_logical(case.old, sides.old.ty) => {
            format!("keep {}", type_to_keep(case.old, sides.old.ty))
        }
        written => format!("keep {was} (or write {}, which it reads as well)", any_of(written)),
    };
    let fix = format!("{keep}{}", in_another_field(case, sides.new.slot, sides.new.ty));
    let spot = case.located.slot(sides.new.slot);
    let old = Some(type_json(case.old, sides.old.ty, SNIPPET));
    Told { spot, message, old, new: New::Spot, fix }
}

/// What to do with values that the version does not read.
fn in_another_field(case: &Case<'_>, slot: Slot, ty: TypeId) -> &'static str {
    match (case.is_in_field(slot), case.candidate().kind(ty)) {
        (false, _) => "",
        (true, Kind::Null) => "; what may be missing takes another field",
        (true, _) => "; what is of another type takes another field",
    }
}

fn branch(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (lacks, slot) = written(case.candidate(), found);
    let words = type_words(case.candidate(), lacks);
    let reads = format!("but a consumer on {} reads {} only", case.label, type_words(case.old, sides.old.ty));
    let is_branch =
        matches!(case.candidate().kind(sides.new.ty), Kind::Union(_)) || matches!(slot, Slot::Branch(..));
    let (message, keep) = if is_branch {
        (format!("{} may be {words}, {reads}", case.holder(slot)), format!("take the branch {words} out"))
    } else {
        let keep = format!("keep {}", type_to_keep(case.old, sides.old.ty));
        (format!("{} is {words}, {reads}", case.type_of(slot)), keep)
    };
    let fix = format!("{keep}{}", in_another_field(case, slot, lacks));
    let old = Some(type_json(case.old, sides.old.ty, SNIPPET));
    Told { spot: case.located.slot(slot), message, old, new: New::Spot, fix }
}

fn ambiguous(case: &Case<'_>, found: &Incompatibility) -> Told {
    let sides = case.sides(found);
    let (Some(at), Some(new)) = (found.part(), record_of(case.candidate(), sides.new.ty)) else {
        return other(case, found);
    };
    let Some(of) = record_of(case.old, sides.old.ty).and_then(|r| r.fields.get(at as usize)) else {
        return other(case, found);
    };
    let is_meant = |name: &str| of.name == name || of.aliases.iter().any(|alias| alias == name);
    let meant = || (0..).zip(&new.fields).filter(|(_, f)| is_meant(&f.name));
    let shown: Vec<String> = meant().map(|(_, f)| quoted(&f.name)).collect();
    let count = shown.len();
    let shown = list(shown, count, "and");
    let message = format!(
        "the fields {shown} are one to a consumer on {}, by the name and aliases of its {}",
        case.label,
        field(case.old, sides.old.ty, at)
    );
    let spot = match meant().last() {
        Some((last, _)) => case.located.field(sides.new.ty, last),
        None => case.located.ty(sides.new.ty),
    };
    let fix = format!("write only one of {shown}: give the others names that {} does not know", case.label);
    Told { spot, message, old: Some(field_json(case.old, of)), new: New::Spot, fix }
}
