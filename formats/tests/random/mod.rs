//! Random schemas and values, made of bytes: fewer and smaller bytes make simpler ones, so failures shrink well.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::collections::HashSet;

use ottla_formats::avro::{Kind, Schema, TypeId};

use crate::decoder::Value;

/// Choices that follow from bytes; when those are used up, always the first.
pub struct Choices<'b>(pub &'b [u8]);

impl Choices<'_> {
    /// One of so many.
    pub fn of(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % count
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.of(count) == count - 1
    }
}

/// Which namespaces the types of a schema are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespaces {
    /// None has one.
    None,
    /// All have one.
    All,
    /// Some have none, also within others.
    Mixed,
}

/// A schema of many kinds of types. Every one can be registered.
pub fn schema(bytes: &[u8], namespaces: Namespaces) -> String {
    let mut maker = Maker {
        choices: Choices(bytes),
        namespaces,
        used: HashSet::new(),
        known: Vec::new(),
        missing: Vec::new(),
        parts: 0,
    };
    let enclosing = (namespaces == Namespaces::All).then_some("com.example");
    let Part { text, .. } = maker.part(0, enclosing);
    if maker.missing.is_empty() {
        return text;
    }
    // Names that were used are defined at the end.
    let definitions: String = (0..).zip(&maker.missing).map(|(at, name)| definition(at, name)).collect();
    let root = if enclosing.is_some() { "com.example.Root" } else { "Root" };
    format!(r#"{{"type":"record","name":"{root}","fields":[{{"name":"x","type":{text}}}{definitions}]}}"#)
}

fn definition(at: usize, name: &str) -> String {
    format!(r#",{{"name":"p{at}","type":{{"type":"fixed","name":"{name}","size":{at}}}}}"#)
}

struct Maker<'b> {
    choices: Choices<'b>,
    namespaces: Namespaces,
    used: HashSet<String>,
    /// The full names of types that are complete.
    known: Vec<String>,
    /// Full names that are used and not defined.
    missing: Vec<String>,
    parts: usize,
}

/// A schema, what a union calls it, and a default value of it.
struct Part {
    text: String,
    branch: String,
    default: Option<String>,
}

const PRIMITIVES: [(&str, &str); 8] = [
    ("int", "7"),
    ("string", r#""é\"\n""#),
    ("long", "-9007199254740993"),
    ("null", "null"),
    ("boolean", "true"),
    ("float", "1.5"),
    ("double", "1e30"),
    ("bytes", r#""\u00ff""#),
];

impl Maker<'_> {
    fn part(&mut self, depth: usize, enclosing: Option<&str>) -> Part {
        self.parts += 1;
        let kind = match depth {
            // The outermost type has something inside, if there are any bytes.
            0 if !self.choices.0.is_empty() => [8, 8, 8, 8, 10, 10, 12, 13][self.choices.of(8)],
            0..5 if self.parts < 60 => self.choices.of(17),
            _ => self.choices.of(8),
        };
        match kind {
            at @ 0..8 => self.primitive(PRIMITIVES[at]),
            8 | 9 => self.record(depth, enclosing),
            10 | 11 => self.union(depth, enclosing),
            12 => self.holder(depth, enclosing, "array", "items", "[]"),
            13 => self.holder(depth, enclosing, "map", "values", "{}"),
            14 => self.enumeration(enclosing),
            15 => self.fixed(enclosing),
            _ => self.reference(enclosing),
        }
    }

    fn primitive(&mut self, (word, default): (&str, &str)) -> Part {
        let text = match self.choices.of(5) {
            0..3 => format!("\"{word}\""),
            3 => format!(r#"{{"type":"{word}"}}"#),
            _ => format!(r#"{{"type":"{word}"{}}}"#, self.attributes()),
        };
        Part { text, branch: word.to_owned(), default: Some(default.to_owned()) }
    }

    fn holder(
        &mut self,
        depth: usize,
        enclosing: Option<&str>,
        word: &str,
        key: &str,
        default: &str,
    ) -> Part {
        let inner = self.part(depth + 1, enclosing).text;
        let text = format!(r#"{{"type":"{word}","{key}":{inner}{}}}"#, self.attributes());
        Part { text, branch: word.to_owned(), default: Some(default.to_owned()) }
    }

    fn union(&mut self, depth: usize, enclosing: Option<&str>) -> Part {
        let mut branches: Vec<Part> = Vec::new();
        for _ in 0..=self.choices.of(4) {
            let before = (self.known.len(), self.missing.len());
            let part = self.part(depth + 1, enclosing);
            if part.branch == "union" || branches.iter().any(|b| b.branch == part.branch) {
                // Not taken, nor the names that are defined and used in it.
                self.known.truncate(before.0);
                self.missing.truncate(before.1);
            } else {
                branches.push(part);
            }
        }
        let default = branches.first().and_then(|b| b.default.clone());
        let texts: Vec<&str> = branches.iter().map(|b| b.text.as_str()).collect();
        Part { text: format!("[{}]", texts.join(",")), branch: "union".to_owned(), default }
    }

    fn record(&mut self, depth: usize, enclosing: Option<&str>) -> Part {
        let (full, head) = self.named(enclosing);
        let namespace = full.rsplit_once('.').map(|(namespace, _)| namespace.to_owned());
        let refers_to_itself = full.contains('.') || enclosing.is_none();
        let mut has_defaults = true;
        let mut fields = Vec::new();
        for at in 0..1 + self.choices.of(6) {
            let part = if refers_to_itself && self.choices.one_in(12) {
                Part {
                    text: format!(r#"["null","{full}"]"#),
                    branch: "union".to_owned(),
                    default: Some("null".to_owned()),
                }
            } else {
                self.part(depth + 1, namespace.as_deref())
            };
            let default = part.default.filter(|_| self.choices.one_in(2));
            has_defaults &= default.is_some();
            fields.push(self.field(at, &part.text, default.as_deref()));
        }
        let word = if self.choices.one_in(9) { "error" } else { "record" };
        let text =
            format!(r#"{{"type":"{word}",{head},"fields":[{}]{}}}"#, fields.join(","), self.attributes());
        self.known.push(full.clone());
        Part { text, branch: full, default: has_defaults.then(|| "{}".to_owned()) }
    }

    fn field(&mut self, at: usize, ty: &str, default: Option<&str>) -> String {
        let default = default.map(|d| format!(r#","default":{d}"#)).unwrap_or_default();
        let extra = match self.choices.of(8) {
            5 => r#","doc":"Ein \"Feld\".""#.to_owned(),
            6 => format!(r#","aliases":["old{}","older{}"]"#, self.parts, self.parts),
            7 => {
                format!(r#","order":"{}"{}"#, ["ignore", "descending"][self.choices.of(2)], self.attributes())
            }
            _ => String::new(),
        };
        format!(r#"{{"name":"f{at}","type":{ty}{default}{extra}}}"#)
    }

    fn enumeration(&mut self, enclosing: Option<&str>) -> Part {
        let (full, head) = self.named(enclosing);
        let count = 1 + self.choices.of(4);
        let symbols: Vec<String> = (0..count).map(|at| format!("\"S{at}\"")).collect();
        let default = if self.choices.one_in(3) { r#","default":"S0""# } else { "" };
        let text = format!(
            r#"{{"type":"enum",{head},"symbols":[{}]{default}{}}}"#,
            symbols.join(","),
            self.attributes()
        );
        self.known.push(full.clone());
        Part { text, branch: full, default: Some(r#""S0""#.to_owned()) }
    }

    fn fixed(&mut self, enclosing: Option<&str>) -> Part {
        let (full, head) = self.named(enclosing);
        let size = self.choices.of(5);
        let text = format!(r#"{{"type":"fixed",{head},"size":{size}{}}}"#, self.attributes());
        self.known.push(full.clone());
        Part { text, branch: full, default: Some(format!("\"{}\"", "x".repeat(size))) }
    }

    /// A type that is known, or one that will be.
    fn reference(&mut self, enclosing: Option<&str>) -> Part {
        let at = self.choices.of(self.known.len() + 1);
        let full = match self.known.get(at) {
            Some(full) => full.clone(),
            None if self.namespaces == Namespaces::Mixed && enclosing.is_some() => {
                return self.primitive(PRIMITIVES[0]);
            }
            None => {
                let (full, _) = self.named(enclosing);
                self.missing.push(full.clone());
                full
            }
        };
        Part { text: format!("\"{full}\""), branch: full, default: None }
    }

    /// A new full name, and how it is written.
    fn named(&mut self, enclosing: Option<&str>) -> (String, String) {
        let namespace = match self.namespaces {
            Namespaces::None => None,
            Namespaces::All => Some(["com.example", "b", "b.c"][self.choices.of(3)]),
            Namespaces::Mixed => [None, Some("a"), Some("b.c")][self.choices.of(3)],
        };
        // Without a namespace they have names of their own: there are no words for them where others have the same.
        let letters = if namespace.is_none() { ["X", "Y", "Z"] } else { ["A", "B", "C"] };
        let mut simple = letters[self.choices.of(3)].to_owned();
        let full = |simple: &str| namespace.map_or(simple.to_owned(), |n| format!("{n}.{simple}"));
        while !self.used.insert(full(&simple)) {
            simple = format!("N{}", self.used.len());
        }
        let full = full(&simple);
        let alias = if self.choices.one_in(6) {
            format!(r#","aliases":["Old{simple}","x.Old{simple}"]"#)
        } else {
            String::new()
        };
        let doc = if self.choices.one_in(7) { r#","doc":"""# } else { "" };
        let head = match namespace {
            None if enclosing.is_some() => format!(r#""name":"{simple}","namespace":"""#),
            Some(namespace) if self.choices.one_in(2) => {
                format!(r#""name":"{simple}","namespace":"{namespace}""#)
            }
            _ => format!(r#""name":"{full}""#),
        };
        (full, head + &alias + doc)
    }

    fn attributes(&mut self) -> String {
        match self.choices.of(8) {
            4 => r#","logicalType":"decimal","scale":2,"precision":9"#.to_owned(),
            5 => r#","connect.name":"a/b~c","b":{"z":[1,null,{"y":1.50}],"a":1e300}"#.to_owned(),
            6 => r#","confluent:tags":["PII","A"]"#.to_owned(),
            7 => r#","n":12345678901234567890,"m":-0.0,"\u0001\\":"\u2028""#.to_owned(),
            _ => String::new(),
        }
    }
}

/// A value of a type, which suits its logical type; none if every value that is tried is too deep.
pub fn value(schema: &Schema, ty: TypeId, choices: &mut Choices<'_>, depth: usize) -> Option<Value> {
    if depth > 12 {
        return None;
    }
    let mut inner = |ty: TypeId| value(schema, ty, choices, depth + 1);
    Some(match schema.kind(ty) {
        Kind::Array(item) => {
            let items = [(); 3].map(|()| inner(*item));
            Value::Array(items.into_iter().take(choices.of(4)).flatten().collect())
        }
        Kind::Map(item) => {
            let entries = ["", "key", "é"].map(|key| Some((key.to_owned(), inner(*item)?)));
            Value::Map(entries.into_iter().take(choices.of(4)).flatten().collect())
        }
        Kind::Record(record) => {
            Value::Record(record.fields.iter().map(|f| inner(f.ty)).collect::<Option<_>>()?)
        }
        Kind::Union(branches) => {
            let at = choices.of(branches.len().max(1));
            let chosen = *branches.get(at)?;
            Value::Union(at as u32, Box::new(value(schema, chosen, choices, depth + 1)?))
        }
        leaf => {
            let logical = schema.ty(ty).attribute("logicalType").and_then(|word| word.as_str());
            leaf_value(leaf, logical.unwrap_or_default(), choices)
        }
    })
}

fn leaf_value(kind: &Kind, logical: &str, choices: &mut Choices<'_>) -> Value {
    let n = choices.of(200);
    // The last few are the ends of what a type has.
    let end = n.checked_sub(190);
    // One digit is what every decimal has.
    let digit = (n % 19) as i8 - 9;
    match (kind, logical) {
        (Kind::Boolean, _) => Value::Boolean(n > 0),
        (Kind::Int, _) => Value::Int(end.map_or(n as i32 - 100, |n| i32::MAX.wrapping_add(n as i32 % 3))),
        (Kind::Long, _) => match end {
            None => Value::Long(n as i64 * 1_000_000_007),
            Some(n) => Value::Long(i64::MAX.wrapping_add(n as i64 % 3)),
        },
        (Kind::Float, _) => {
            Value::Float(end.map_or(n as f32 / 3.0, |n| [f32::MIN, f32::INFINITY, -0.0][n % 3]))
        }
        (Kind::Double, _) => {
            Value::Double(end.map_or(n as f64 / 3.0, |n| [f64::MAX, f64::NEG_INFINITY, -0.0][n % 3]))
        }
        (Kind::Bytes, "decimal") => Value::Bytes(vec![digit as u8]),
        // A number and its scale.
        (Kind::Bytes, "big-decimal") => Value::Bytes(vec![2, n as u8, 4]),
        (Kind::Bytes, _) => Value::Bytes(vec![b'x'; n % 4]),
        (Kind::String, "uuid") => Value::String(format!("00000000-0000-0000-0000-0000000000{n:02x}")),
        (Kind::String, _) => Value::String("é".repeat(end.map_or(n % 4, |n| 60 + n))),
        // A small number in as many bytes as there are.
        (Kind::Fixed(fixed), "decimal") => {
            let mut bytes = vec![if digit < 0 { 0xff } else { 0 }; fixed.size];
            bytes.last_mut().into_iter().for_each(|last| *last = digit as u8);
            Value::Bytes(bytes)
        }
        (Kind::Fixed(fixed), _) => Value::Bytes(vec![n as u8; fixed.size]),
        (Kind::Enum(enumeration), _) => Value::Enum((n % enumeration.symbols.len()) as u32),
        _ => Value::Null,
    }
}
