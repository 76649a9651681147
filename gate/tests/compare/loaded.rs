//! No file is lost: each is a source, has an error, or waits for others.

use std::collections::BTreeSet;

use ottla_formats::avro::Mode;
use ottla_gate::source::{Loaded, Text, load_texts};

use crate::sources::{File, load};

fn record(name: &str, fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, ty)| format!(r#"{{"name": "{name}", "type": {ty}}}"#)).collect();
    format!(r#"{{"type": "record", "name": "{name}", "fields": [{}]}}"#, fields.join(", "))
}

/// What became of each file, in a line; and that something became of it.
fn became(loaded: &Loaded, files: &[&str]) -> String {
    let sources = loaded.sources.iter().map(|source| format!("{}: is a source", source.file.found.shown));
    let errors =
        loaded.errors.iter().map(|error| error.to_string().lines().next().unwrap_or_default().to_owned());
    let waiting = loaded.waiting.iter().map(|waiting| format!("{}: {waiting}", waiting.file));
    let mut lines: Vec<String> = sources.chain(errors).chain(waiting).collect();
    lines.sort();
    let told: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(told, files.iter().copied().collect(), "{lines:?}");
    lines.join("\n")
}

fn check(files: &[File<'_>], mode: Mode, expected: &[&str]) {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(became(&load(files, mode), &names), expected.join("\n"));
}

#[test]
fn files_that_wait() {
    let money = record("x.Money", &[("units", "\"long\"")]);
    let order = record("x.Order", &[("price", "\"Money\""), ("at", "\"Address\"")]);
    let customer = record("x.Customer", &[("order", "\"Order\"")]);
    let other = record("x.Other", &[("a", "\"int\"")]);
    check(
        &[
            ("money.avsc", &money.replace("\"long\"", "\"long")),
            ("address.avsc", &record("x.Address", &[("street", "\"strin\"")])),
            ("order.avsc", &order),
            ("customer.avsc", &customer),
            ("other.avsc", &other),
        ],
        Mode::Register,
        &[
            "address.avsc: it uses strin, which no file defines that could be read",
            "customer.avsc: it uses x.Order, and order.avsc could not be read as a schema",
            "money.avsc:1:84: Unexpected end-of-input (at /fields/0/type)",
            "order.avsc: it uses x.Address (and 1 more), and address.avsc could not be read as a schema",
            "other.avsc: is a source",
        ],
    );
    // All could be read, so that the name is known to be wrong.
    check(
        &[
            ("money.avsc", &money),
            ("address.avsc", &record("x.Address", &[("street", "\"strin\"")])),
            ("order.avsc", &order),
        ],
        Mode::Register,
        &[
            "address.avsc:1:79: no type x.strin is defined (at /fields/0/type)",
            "money.avsc: is a source",
            "order.avsc: it uses x.Address, and address.avsc could not be read as a schema",
        ],
    );
}

#[test]
fn files_that_refer_to_each_other() {
    check(
        &[
            ("a.avsc", &record("A", &[("b", "\"B\"")])),
            ("b.avsc", &record("B", &[("a", "\"A\"")])),
            ("c.avsc", &record("C", &[("b", "\"B\"")])),
        ],
        Mode::Lookup,
        &[
            "a.avsc:1:66: files refer to each other: a.avsc -> b.avsc -> a.avsc (at /fields/0/type)",
            "b.avsc: it uses A, and a.avsc could not be read as a schema",
            "c.avsc: it uses B, and b.avsc could not be read as a schema",
        ],
    );
}

/// What is used under one name is one type: the second of two would be read as the first.
#[test]
fn one_name_and_two_types() {
    let money = |ty: &str| record("Money", &[("units", ty)]);
    let line = record("Line", &[("price", &money("\"long\""))]);
    let order = record("Order", &[("line", "\"Line\""), ("paid", "\"Money\"")]);
    let files = |money: &str, order: &str, mode: Mode, expected: &[&str]| {
        check(&[("line.avsc", &line), ("money.avsc", money), ("order.avsc", order)], mode, expected);
    };
    let conflict = "order.avsc:1:107: this uses two types that are called Money: line.avsc:1:73 defines it, and \
         money.avsc:1:1 in another way (at /fields/1/type)";
    let fine = ["line.avsc: is a source", "money.avsc: is a source", "order.avsc: is a source"];
    files(&money("\"string\""), &order, Mode::Register, &[fine[0], fine[1], conflict]);
    // What was released was read in this way, and is what it is.
    files(&money("\"string\""), &order, Mode::Lookup, &fine);
    files(&money("\"long\""), &order, Mode::Register, &fine);
    // Words make no other type.
    let with_doc = money("\"long\"").replace("\"fields\"", "\"doc\": \"x\", \"fields\"");
    files(&with_doc, &order, Mode::Register, &fine);
    // Who uses one of them only is not concerned.
    files(&money("\"string\""), &record("Order", &[("line", "\"Line\"")]), Mode::Register, &fine);
}

#[test]
fn what_is_no_text() {
    let text = |name: &str, content: Result<Vec<u8>, String>| Text { name: name.to_owned(), content };
    let int = || Ok(b"\"int\"".to_vec());
    let texts = || {
        vec![
            text("away.avsc", Err("it is a link that leads out of the repository".to_owned())),
            text("bom.avsc", Ok(b"\xef\xbb\xbf\"int\"".to_vec())),
            text("latin.avsc", Ok(b"\n\"\xe9\"".to_vec())),
            text("wide.avsc", Ok(b"\xff\xfe\"\0".to_vec())),
            text("fine.avsc", int()),
            text("none.avsc", Ok(Vec::new())),
        ]
    };
    let names = ["away.avsc", "bom.avsc", "latin.avsc", "wide.avsc", "fine.avsc", "none.avsc"];
    let expected = |bom: &'static str| {
        [
            "away.avsc: it is a link that leads out of the repository",
            bom,
            "fine.avsc: is a source",
            "latin.avsc:2:2: byte 0xe9 is no UTF-8",
            "none.avsc:1:1: Cannot parse <null> schema",
            "wide.avsc: the file is UTF-16",
        ]
        .join("\n")
    };
    let refused = "bom.avsc:1:1: the file begins with a byte order mark";
    assert_eq!(became(&load_texts(texts(), Mode::Register), &names), expected(refused));
    assert_eq!(became(&load_texts(texts(), Mode::Lookup), &names), expected("bom.avsc: is a source"));
}
