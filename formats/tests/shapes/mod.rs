//! Schemas of any depth and width.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::fmt::Write as _;

/// `inner` within so many levels of `before` and `after`.
pub fn nested(levels: usize, before: &str, inner: &str, after: &str) -> String {
    [&before.repeat(levels), inner, &after.repeat(levels)].concat()
}

/// Texts that are made of a number each, with commas between them.
pub fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..count {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{}", item(at));
    }
    text
}

pub fn arrays(levels: usize) -> String {
    nested(levels, r#"{"type":"array","items":"#, r#""int""#, "}")
}

pub fn maps(levels: usize) -> String {
    nested(levels, r#"{"type":"map","values":"#, r#""int""#, "}")
}

/// Arrays of unions of arrays.
pub fn unions(levels: usize) -> String {
    nested(levels, r#"["null",{"type":"array","items":"#, r#""int""#, "}]")
}

/// Records of different names within each other.
pub fn records(levels: usize) -> String {
    let heads =
        (0..levels).map(|at| format!(r#"{{"type":"record","name":"R{at}","fields":[{{"name":"f","type":"#));
    heads.collect::<String>() + r#""int""# + &"}]}".repeat(levels)
}

/// A record with fields whose types and attributes are made of a number.
pub fn record(name: &str, fields: usize, rest: impl Fn(usize) -> String) -> String {
    let fields = list(fields, |at| format!(r#"{{"name":"f{at}",{}}}"#, rest(at)));
    format!(r#"{{"type":"record","name":"{name}","fields":[{fields}]}}"#)
}

/// A record with one field of some type and default.
pub fn with_default(ty: &str, default: &str) -> String {
    record("D", 1, |_| format!(r#""type":{ty},"default":{default}"#))
}

/// A flat union of records, each of which uses the next before it is defined.
pub fn chain(length: usize) -> String {
    let links = list(length, |at| {
        format!(r#"{{"type":"record","name":"R{at}","fields":[{{"name":"f","type":"R{}"}}]}}"#, at + 1)
    });
    format!(r#"[{links},{{"type":"fixed","name":"R{length}","size":1}}]"#)
}

/// A union of records of different names. With aliases, each record of one `side` could be any of the other.
pub fn union_of_records(branches: usize, side: &str, aliases: &str) -> String {
    let branches = list(branches, |at| {
        format!(r#"{{"type":"record","name":"{side}{at}","aliases":[{aliases}],"fields":[]}}"#)
    });
    format!("[{branches}]")
}
