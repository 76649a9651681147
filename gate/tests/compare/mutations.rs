//! Schemas that are changed at random: nothing panics, and the places are places.

use std::fmt::Write as _;

use ottla_formats::avro::{Kind, Mode};
use ottla_formats::compatibility::{Level, check_version};
use ottla_formats::json::{self, Value};
use ottla_gate::compare::Released;
use ottla_gate::finding::Finding;
use ottla_gate::located::Located;
use ottla_gate::source::Source;

use crate::places::check_place;
use crate::sources::{File, compared, load};

/// Numbers that look random and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn of(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// A set of two files: the second uses what the first defines.
struct Maker<'d> {
    dice: &'d mut Dice,
    names: usize,
    known: Vec<String>,
}

impl Maker<'_> {
    fn ty(&mut self, depth: usize) -> String {
        match self.dice.of(if depth > 3 { 8 } else { 15 }) {
            0..=5 => format!("\"{}\"", PRIMITIVES[self.dice.of(8)]),
            6 | 7 if !self.known.is_empty() => format!("\"{}\"", self.known[self.dice.of(self.known.len())]),
            6 | 7 => "\"int\"".to_owned(),
            8 => format!(r#"{{"type": "array", "items": {}}}"#, self.ty(depth + 1)),
            9 => format!(r#"{{"type": "map", "values": {}}}"#, self.ty(depth + 1)),
            10 | 11 => {
                let branches = [
                    self.ty(depth + 5),
                    format!("{{\"type\": \"map\", \"values\": {}}}", self.ty(depth + 1)),
                ];
                format!("[{}]", branches.join(", "))
            }
            12 => self.leaf("enum"),
            13 => self.leaf("fixed"),
            _ => self.record(depth + 1),
        }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("N{}", self.names)
    }

    fn leaf(&mut self, word: &str) -> String {
        let name = self.name();
        let rest = match word {
            "fixed" => format!("\"size\": {}", self.dice.of(4)),
            _ => {
                let symbols: Vec<String> = (0..=self.dice.of(3)).map(|at| format!("\"S{at}\"")).collect();
                let default = if self.dice.of(3) == 0 { ", \"default\": \"S0\"" } else { "" };
                format!("\"symbols\": [{}]{default}", symbols.join(", "))
            }
        };
        self.known.push(name.clone());
        format!(r#"{{"type": "{word}", "name": "{name}", {rest}}}"#)
    }

    fn record(&mut self, depth: usize) -> String {
        let name = self.name();
        self.known.push(name.clone());
        let mut fields = String::new();
        for at in 0..=self.dice.of(4) {
            let ty = self.ty(depth + 1);
            let default = if ty == "\"int\"" && self.dice.of(2) == 0 { ", \"default\": 1" } else { "" };
            let alias = if self.dice.of(6) == 0 { ", \"aliases\": [\"f1\"]" } else { "" };
            let comma = if at == 0 { "" } else { ",\n" };
            let _ = write!(fields, r#"{comma}{{"name": "f{at}", "type": {ty}{default}{alias}}}"#);
        }
        format!(r#"{{"type": "record", "name": "{name}", "fields": [{fields}]}}"#)
    }
}

/// A text with one value or member changed, or another of the same kind put in its place.
fn mutated(text: &str, dice: &mut Dice) -> String {
    let words = [
        ("\"int\"", "\"string\""),
        ("\"string\"", "\"long\""),
        ("\"S1\"", "\"T1\""),
        (", \"default\": 1", ""),
        ("\"size\": 1", "\"size\": 2"),
        ("\"f0\"", "\"g0\""),
        ("\"f1\"", "\"g1\""),
        ("\"N2\"", "\"M2\""),
        ("\"items\": ", "\"items\": /* é */ "),
        ("\"map\", \"values\"", "\"array\", \"items\""),
        ("\"enum\"", "\"enum\" "),
        ("\"long\"", "[\"null\", \"long\"]"),
        ("[\"null\", ", "["),
        ("\"double\"", "{\"type\": \"double\", \"x\": [1, {}]}"),
        ("\n", "\r\n\t"),
    ];
    let (from, to) = words[dice.of(words.len())];
    let count = text.matches(from).count();
    if count == 0 {
        return text.to_owned();
    }
    let (at, _) = text.match_indices(from).nth(dice.of(count)).expect("one of them");
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

#[test]
fn mutations() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut compared_pairs, mut broken, mut elsewhere) = (0, 0, 0);
    for _ in 0..1_500 {
        let mut maker = Maker { dice: &mut dice, names: 0, known: Vec::new() };
        let first = maker.record(0);
        let second = maker.record(0);
        let old = [first.clone(), second.clone()];
        let mut new = [first, second];
        for _ in 0..=dice.of(4) {
            let at = dice.of(2);
            new[at] = mutated(&new[at], &mut dice);
        }
        if let Some((is_broken, is_elsewhere)) = check(&old, &new) {
            compared_pairs += 1;
            broken += usize::from(is_broken);
            elsewhere += usize::from(is_elsewhere);
        }
    }
    assert!(compared_pairs > 500 && broken > 200 && elsewhere > 50, "{compared_pairs} {broken} {elsewhere}");
}

/// The sources of two files, and the index of the second, if it is a schema.
fn second([a, b]: &[String; 2]) -> Option<(Vec<Source>, usize)> {
    let sources = load(&[("a.avsc", a), ("b.avsc", b)], Mode::Lookup).sources;
    let at = sources.iter().position(|source| source.file.found.shown == "b.avsc")?;
    Some((sources, at))
}

/// Compares the second files, and says whether something breaks, and whether something in the other file does.
fn check(old: &[String; 2], new: &[String; 2]) -> Option<(bool, bool)> {
    let (before, old_at) = second(old)?;
    let (now, at) = second(new)?;
    check_located(&now, at, new);
    let history = [Released { label: "1a2b3c4".to_owned(), schema: before[old_at].schema.clone().into() }];
    let found = compared(&now, at, &history, Level::FullTransitive);
    let verdict =
        check_version(Level::FullTransitive, &now[at].schema.clone().into(), (), &history[0].schema);
    assert_eq!(found.findings.is_empty(), verdict.is_none(), "{new:?}");
    let texts: [File<'_>; 2] = [("a.avsc", &new[0]), ("b.avsc", &new[1])];
    for finding in &found.findings {
        check_place(finding.place.as_ref().expect("a place"), &texts);
        assert!(finding.fix.as_deref().is_some_and(|fix| !fix.is_empty()));
        for json in [&finding.old, &finding.new].into_iter().flatten().filter(|json| !json.ends_with('…')) {
            assert!(json::parse(json).is_ok_and(|(value, _)| !matches!(value, Value::Null)), "{json}");
        }
    }
    let in_a = |finding: &Finding| finding.place.as_ref().is_some_and(|p| p.file == "a.avsc");
    Some((!found.findings.is_empty(), found.findings.iter().any(in_a)))
}

/// Every type stands where it is said to: the text there is of its kind and name.
fn check_located(sources: &[Source], at: usize, [a, b]: &[String; 2]) {
    let located = Located::new(sources, at);
    let schema = located.schema();
    for (slot, ty) in schema.ids().flat_map(|id| schema.slots(id)) {
        let spot = located.slot(slot);
        check_place(&located.place(spot), &[("a.avsc", a), ("b.avsc", b)]);
        check_kind(located.text(spot), schema.kind(ty), true);
        check_kind(located.text(located.ty(ty)), schema.kind(ty), false);
    }
}

/// Is a text that of a type? A name may stand for one that is defined elsewhere.
fn check_kind(text: &str, kind: &Kind, may_be_name: bool) {
    let (value, _) = json::parse(text).expect("JSON");
    let name = kind.name().map(|name| name.simple());
    match &value {
        Value::Array(_) => assert_eq!(kind.word(), "union", "{text}"),
        Value::String(word) => {
            assert!(may_be_name || name.is_none(), "{text} is no definition");
            assert_eq!(word, name.unwrap_or(kind.word()));
        }
        _ => {
            assert_eq!(value.get("type").and_then(Value::as_str), Some(kind.word()), "{text}");
            assert_eq!(value.get("name").and_then(Value::as_str), name, "{text}");
        }
    }
}
