//! How two schemas differ, in words: a table of pairs, and what holds for all of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ottla_formats::avro::{Mode, Schema, parse, parse_with};
use ottla_formats::json;
use ottla_gate::diff::{Change, ChangeKind, Sign, diff};

const CHANGES: &str = include_str!("diff/changes.txt");

/// Pairs of schemas that the compatibility of the registry is tested with.
const CORPORA: [&str; 2] = [
    include_str!("../../formats/tests/data/compat.jsonl"),
    include_str!("../../formats/tests/data/avro-compat.jsonl"),
];

struct Case {
    name: String,
    old: Schema,
    new: Schema,
    expected: Vec<String>,
}

fn cases() -> Vec<Case> {
    let blocks = CHANGES.split("\n= ").skip(1);
    blocks
        .map(|block| {
            let line = |sign| block.lines().find_map(|line| line.strip_prefix(sign)).expect("a schema");
            let expected = block.lines().filter_map(|line| line.strip_prefix("    "));
            Case {
                name: block.lines().next().unwrap_or_default().to_owned(),
                old: schema(line("- ")),
                new: schema(line("+ ")),
                expected: expected.map(str::to_owned).collect(),
            }
        })
        .collect()
}

fn schema(text: &str) -> Schema {
    let fields = match (text.strip_prefix("type "), text.strip_prefix("fields ")) {
        (Some(ty), _) => format!(r#"{{"name":"f","type":{ty}}}"#),
        (_, Some(fields)) => fields.to_owned(),
        _ => return parsed(text),
    };
    parsed(&format!(r#"{{"type":"record","name":"com.example.Order","fields":[{fields}]}}"#))
}

fn parsed(text: &str) -> Schema {
    parse(text, Mode::Strict).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn differences_in_words() {
    let (mut wrong, mut kinds) = (String::new(), BTreeSet::new());
    for Case { name, old, new, expected } in cases() {
        let changes = diff(&old, &new);
        kinds.extend(changes.iter().map(|change| change.kind.name()));
        let found = lines(&changes);
        if found != expected {
            let _ = writeln!(wrong, "{name}:\n    {}", found.join("\n    "));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let missing: Vec<&str> =
        ChangeKind::ALL.iter().map(|kind| kind.name()).filter(|kind| !kinds.contains(kind)).collect();
    assert_eq!(missing, ["more"], "every kind is shown");
}

/// Schemas differ if the registry would not take one for the other; each schema is itself.
#[test]
fn what_is_equivalent_does_not_differ() {
    let cases = cases().into_iter().map(|case| (case.old, case.new));
    let mut pairs = 0;
    for (old, new) in corpus().into_iter().chain(cases) {
        let changes = diff(&old, &new);
        let counted = changes.iter().filter(|change| change.kind != ChangeKind::ErrorChanged).count();
        assert_eq!(counted == 0, old.equivalent(&new), "{}\n{}\n{changes:#?}", old.to_text(), new.to_text());
        for same in [&old, &new] {
            assert_eq!(diff(same, same), [], "{}", same.to_text());
        }
        pairs += 1;
    }
    assert!(pairs > 400, "{pairs} pairs");
}

/// What is added in one direction is removed in the other.
#[test]
fn the_other_direction_is_the_reverse() {
    let count = |changes: &[Change], sign| changes.iter().filter(|change| change.kind.sign() == sign).count();
    let cases = cases().into_iter().map(|case| (case.old, case.new));
    for (old, new) in corpus().into_iter().chain(cases) {
        let (there, back) = (diff(&old, &new), diff(&new, &old));
        let (old, new) = (old.to_text(), new.to_text());
        for (sign, reverse) in
            [(Sign::Added, Sign::Removed), (Sign::Removed, Sign::Added), (Sign::Changed, Sign::Changed)]
        {
            let context = format!("{old}\n{new}\n{:#?}\n{:#?}", lines(&there), lines(&back));
            assert_eq!(count(&there, sign), count(&back, reverse), "{context}");
        }
    }
}

fn corpus() -> Vec<(Schema, Schema)> {
    let lines = CORPORA.iter().flat_map(|corpus| corpus.lines());
    let pair = |line| {
        let (value, _) = json::parse(line).expect("a line of JSON");
        let schema = |key| {
            let value = value.get(key)?;
            let text = value.as_str().map_or_else(|| value.to_text(), str::to_owned);
            parse(&text, Mode::Lookup).ok()
        };
        Some((schema("writer")?, schema("reader")?))
    };
    lines.filter_map(pair).collect()
}

#[test]
fn what_is_told_names_the_place_and_both_values() {
    let (old, new) = (schema(r#"type ["null","int"]"#), schema(r#"type ["null","long"]"#));
    let changes = diff(&old, &new);
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.kind.name(), change.kind.sign().name()), ("type-changed", "changed"));
    assert_eq!(change.path, "Order.f");
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("int"), Some("long")));
}

#[test]
fn identifiers_are_unique() {
    let names: BTreeSet<&str> = ChangeKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), ChangeKind::ALL.len());
}

/// A schema whose texts each refer to the one before.
fn chain(texts: impl IntoIterator<Item = String>) -> Schema {
    let mut texts = texts.into_iter();
    let first = parsed(&texts.next().expect("a text"));
    texts.fold(first, |before, text| parse_with(&text, Mode::Strict, &[&before]).expect("a schema"))
}

/// Referenced schemas nest more deeply than any text: neither stack nor time runs out.
#[test]
fn deep_schemas() {
    const LEVELS: usize = 6_000;
    const IN_A_TEXT: usize = 60;
    let deep = |ty: &str| {
        chain((0..LEVELS).step_by(IN_A_TEXT).map(|from| {
            let inner = from.checked_sub(1).map_or_else(|| ty.to_owned(), |before| format!("R{before}"));
            (from..from + IN_A_TEXT).fold(format!("\"{inner}\""), |inner, at| {
                format!(r#"{{"type":"record","name":"R{at}","fields":[{{"name":"f","type":{inner}}}]}}"#)
            })
        }))
    };
    let changes = diff(&deep("int"), &deep("long"));
    let [change] = changes.as_slice() else { panic!("{} changes", changes.len()) };
    let path = format!("R5999...{}", ".f".repeat(24));
    assert_eq!(change.words, format!("field {path}: type int -> long"));
}

/// Very many differences are told apart, but not in all of them.
#[test]
fn many_differences() {
    let record = |ty: &str| {
        let fields: Vec<String> =
            (0..12_000).map(|n| format!(r#"{{"name":"f{n}","type":"{ty}"}}"#)).collect();
        schema(&format!("fields {}", fields.join(",")))
    };
    let changes = diff(&record("int"), &record("long"));
    assert_eq!(changes.len(), 10_001);
    assert_eq!(changes.last().map(|change| change.kind), Some(ChangeKind::More));
}

/// Every old type may be every new one, by its aliases: work ends nevertheless.
#[test]
fn many_aliases() {
    const TYPES: usize = 200;
    let level = |prefix: &str, at: usize, aliases: &str| {
        // Each has fields of all types before it, in an order of its own.
        let fields = (0..at).map(|n| format!(r#"{{"name":"f{n}","type":"{prefix}{}"}}"#, (n + at) % at));
        let fields: Vec<String> = fields.collect();
        let fields = fields.join(",");
        format!(r#"{{"type":"record","name":"{prefix}{at}","aliases":[{aliases}],"fields":[{fields}]}}"#)
    };
    let names: Vec<String> = (0..TYPES).map(|n| format!("\"A{n}\"")).collect();
    let old = chain((0..TYPES).map(|at| level("A", at, "")));
    let new = chain((0..TYPES).map(|at| level("B", at, &names.join(","))));
    let started = std::time::Instant::now();
    let changes = diff(&old, &new);
    assert_eq!(changes.last().map(|change| change.kind), Some(ChangeKind::More), "{}", changes.len());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
