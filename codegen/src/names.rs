//! Names in Rust for names in Avro.
//!
//! A name goes three ways: its letters are made such as Rust takes, its words are put together in Rust's manner, and
//! what is a keyword is written in another way. Where two names have become one, numbers keep them apart.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// The manners of putting words together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `OrderCreated`: types and variants.
    Camel,
    /// `order_created`: fields and modules.
    Snake,
}

impl Case {
    /// The words of an Avro name in this manner. It may be a keyword.
    pub(crate) fn convert(self, avro: &str) -> String {
        let letters = with_rust_letters(avro);
        let name = match self {
            Self::Camel => letters.to_upper_camel_case(),
            Self::Snake => letters.to_snake_case(),
        };
        // A variable without a letter makes the linter ask for a better name.
        let no_letter = name.chars().all(|c| c.is_ascii_digit() || c == '_');
        match (self, name.chars().next()) {
            (Self::Camel, None) => "Underscore".to_owned(),
            (Self::Snake, None) => "underscore".to_owned(),
            (Self::Snake, Some(_)) if no_letter => format!("n{name}"),
            (_, Some(c)) if c.is_ascii_digit() => format!("_{name}"),
            (_, Some(_)) => name,
        }
    }

    fn numbered(self, name: &str, number: usize) -> String {
        let joins = self == Self::Snake || name.ends_with(|c: char| c.is_ascii_digit());
        if joins { format!("{name}_{number}") } else { format!("{name}{number}") }
    }
}

/// Writes letters that Avro allows, and Rust does not or not without a warning, as their numbers.
fn with_rust_letters(avro: &str) -> String {
    avro.chars().fold(String::with_capacity(avro.len()), |mut text, c| {
        if c.is_ascii_alphanumeric() || c == '_' || is_rust_letter(c) {
            text.push(c);
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "u{:x}", u32::from(c));
        }
        text
    })
}

/// Letters in everyday use, that are one character in every normal form in both cases.
fn is_rust_letter(c: char) -> bool {
    match c {
        // Multiplied, divided.
        '\u{d7}' | '\u{f7}' => false,
        // Letters that are two, or have one form only.
        '\u{132}' | '\u{133}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}' => false,
        // Latin.
        '\u{c0}'..='\u{17e}' => true,
        // Greek.
        '\u{386}' | '\u{388}'..='\u{38a}' | '\u{38c}' | '\u{38e}' | '\u{38f}' => true,
        '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3af}' | '\u{3b1}'..='\u{3ce}' => true,
        // Cyrillic.
        '\u{400}'..='\u{45f}' => true,
        // Kana, Chinese characters, Hangul.
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' => true,
        '\u{4e00}'..='\u{9fef}' | '\u{ac00}'..='\u{d7a3}' => true,
        _ => false,
    }
}

/// Words that are no names in some edition, unless they are written as `r#type`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot be written in that way.
const NEVER: [&str; 4] = ["self", "super", "crate", "Self"];

/// A name as it is written.
pub(crate) fn written(name: &str) -> String {
    if NEVER.contains(&name) {
        format!("{name}_")
    } else if KEYWORDS.binary_search(&name).is_ok() {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// The name of a module. Those of Rust's own types would hide them from what is in the module.
pub(crate) fn module(avro: &str) -> String {
    let name = Case::Snake.convert(avro);
    match name.as_str() {
        "bool" | "char" | "str" | "usize" | "isize" | "f16" | "f32" | "f64" | "f128" | "u8" | "u16"
        | "u32" | "u64" | "u128" | "i8" | "i16" | "i32" | "i64" | "i128" => format!("{name}_"),
        _ => name,
    }
}

/// A name that is asked for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// In Avro. Who is written like that in Rust as well keeps it.
    pub(crate) avro: &'a str,
    /// In Rust, but for keywords.
    pub(crate) name: String,
}

/// Names that have to differ from each other.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// As they are written.
    taken: HashSet<String>,
    /// The last number that was put to a name.
    numbers: HashMap<String, usize>,
}

impl Scope {
    /// Gives names, which are not written yet: first to those that are spelled so in Avro, then in their order.
    pub(crate) fn assign(&mut self, case: Case, wanted: &[Wanted<'_>]) -> Vec<String> {
        let texts: Vec<String> = wanted.iter().map(|w| written(&w.name)).collect();
        let exact: Vec<bool> = wanted
            .iter()
            .zip(&texts)
            .map(|(w, text)| w.avro == text && self.taken.insert(text.clone()))
            .collect();
        let asked: HashSet<&str> = texts.iter().map(String::as_str).collect();
        let given = wanted.iter().zip(&texts).zip(exact).map(|((w, text), exact)| {
            if exact || self.taken.insert(text.clone()) {
                return w.name.clone();
            }
            self.numbered(case, &w.name, &asked)
        });
        given.collect()
    }

    fn numbered(&mut self, case: Case, name: &str, asked: &HashSet<&str>) -> String {
        let mut number = self.numbers.get(name).copied().unwrap_or(1);
        loop {
            number += 1;
            let next = case.numbered(name, number);
            let text = written(&next);
            if !asked.contains(text.as_str()) && self.taken.insert(text) {
                self.numbers.insert(name.to_owned(), number);
                return next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(case: Case, avro: &[&str]) -> Vec<String> {
        let wanted: Vec<Wanted<'_>> =
            avro.iter().map(|avro| Wanted { avro, name: case.convert(avro) }).collect();
        Scope::default().assign(case, &wanted).iter().map(|name| written(name)).collect()
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn fields() {
        let avro =
            ["orderId", "order_id", "OrderID", "ORDER_ID_2", "type", "Type", "self", "Self", "_", "__", "_1"];
        let rust = [
            "order_id_3",
            "order_id",
            "order_id_4",
            "order_id_2",
            "r#type",
            "type_2",
            "self_",
            "self_2",
            "underscore",
            "underscore_2",
            "n1",
        ];
        assert_eq!(names(Case::Snake, &avro), rust);
        assert_eq!(
            names(Case::Snake, &["self_", "self", "match", "r#x"]),
            ["self_", "self_2", "r#match", "ru23x"]
        );
    }

    #[test]
    fn types() {
        let avro =
            ["foo_bar", "FooBar", "FOO_BAR", "FooBar2", "V1", "v1", "Self", "self", "HTTPError", "Option"];
        let rust = [
            "FooBar3",
            "FooBar",
            "FooBar4",
            "FooBar2",
            "V1",
            "V1_2",
            "Self_",
            "Self2",
            "HttpError",
            "Option",
        ];
        assert_eq!(names(Case::Camel, &avro), rust);
        assert_eq!(names(Case::Camel, &["_", "__", "_1", "1"]), ["Underscore", "Underscore2", "_1", "_1_2"]);
    }

    #[test]
    fn letters() {
        let avro = ["größe", "имя", "値", "aʰ", "ªb", "ſ", "٣"];
        assert_eq!(names(Case::Snake, &avro), ["größe", "имя", "値", "au2b0", "uaab", "u17f", "u663"]);
        assert_eq!(names(Case::Camel, &["größe", "имя"]), ["Größe", "Имя"]);
    }

    #[test]
    fn many_names_become_one() {
        let avro: Vec<String> =
            (1..20_000).map(|n| format!("{}a", "_".repeat(n % 200) + &"_".repeat(n / 200))).collect();
        let avro: Vec<&str> = avro.iter().map(String::as_str).collect();
        let names = names(Case::Snake, &avro);
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(names.last().map(String::as_str), Some("a_19999"));
    }

    #[test]
    fn modules() {
        for (avro, rust) in
            [("orderEvents", "order_events"), ("str", "str_"), ("i32", "i32_"), ("com", "com")]
        {
            assert_eq!(module(avro), rust);
        }
    }
}
