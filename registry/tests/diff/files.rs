//! Two files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{CHANGES, NEW, OLD, diff, folder};

/// Compares with a file, which is written anew if it is another text.
#[track_caller]
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff").join(name);
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known != text {
        fs::write(&path, text).expect("a file");
        panic!("{name} was another text, and is written anew: look at what has changed");
    }
}

/// All of it, as people read it.
#[test]
fn text() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", NEW)]);
    let ended = diff(folder.path(), &["old.avsc", "new.avsc"]);
    ended.tells(&CHANGES);
    golden("text.txt", &ended.out);
}

/// All of it, as programs read it.
#[test]
fn json() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", NEW)]);
    let ended = diff(folder.path(), &["--format", "json", "old.avsc", "new.avsc"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    golden("document.json", &ended.out);
    let document: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(document["changes"].as_array().map(Vec::len), Some(CHANGES.len()));
    assert_eq!(document["rollout"]["order"], "never");
}

#[test]
fn the_order_of_going_over() {
    let record = |fields: &str| format!(r#"{{"type":"record","name":"A","fields":[{fields}]}}"#);
    let plain = record(r#"{"name":"a","type":"int"}"#);
    for (new, backward, forward, rollout) in [
        (plain.clone(), "yes", "yes", "in any order"),
        (
            record(r#"{"name":"a","type":"int"},{"name":"b","type":"int","default":0}"#),
            "yes",
            "yes",
            "in any order",
        ),
        (record(r#"{"name":"a","type":"long"}"#), "yes", "no", "consumers first"),
        (record(r#"{"name":"a","type":"int"},{"name":"b","type":"int"}"#), "no", "yes", "producers first"),
        (record(r#"{"name":"a","type":"string"}"#), "no", "no", "no order is safe"),
    ] {
        let folder = folder(&[("old.avsc", &plain), ("new.avsc", &new)]);
        let out = diff(folder.path(), &["old.avsc", "new.avsc"]).out;
        assert!(out.contains(&format!("old one wrote (BACKWARD): {backward}\n")), "{out}");
        assert!(out.contains(&format!("new one writes (FORWARD): {forward}\n")), "{out}");
        let last = out.lines().last().unwrap_or_default();
        assert!(last.starts_with("rollout: ") && last.contains(rollout), "{out}");
    }
}

#[test]
fn what_makes_no_difference() {
    let other = r#"{ // an order
        "fields": [ {"type": {"type": "string"}, "name": "id"}, {"name": "total", "type": "int"},
            {"name": "status", "type": {"symbols": ["NEW", "PAID"], "name": "com.example.Status", "type": "enum"}} ],
        "name": "com.example.OrderCreated", "type": "record" }"#;
    let folder = folder(&[("old.avsc", OLD), ("same.avsc", OLD), ("other.avsc", other), ("new.avsc", NEW)]);
    for (name, code) in [("same.avsc", 0), ("old.avsc", 0), ("other.avsc", 0), ("new.avsc", 1)] {
        let ended = diff(folder.path(), &["--exit-code", "old.avsc", name]);
        assert_eq!(ended.code, Some(code), "{name}: {}", ended.out);
        assert_eq!(ended.out.contains("no difference that counts\n"), code == 0, "{}", ended.out);
        assert_eq!(diff(folder.path(), &["old.avsc", name]).code, Some(0), "{name}");
        let json = diff(folder.path(), &["--exit-code", "old.avsc", name, "--format", "json"]);
        assert_eq!(json.code, Some(code), "{name}");
        assert_eq!(json.out.contains("\"same\": true"), code == 0, "{}", json.out);
    }
}

/// Types of other files are those of the project, also in a folder below its root.
#[test]
fn references() {
    let order = |ty: &str| {
        format!(r#"{{"type":"record","name":"com.example.Order","fields":[{{"name":"sum","type":"{ty}"}}]}}"#)
    };
    let money = |ty: &str| {
        format!(
            r#"{{"type":"record","name":"com.example.Money","fields":[{{"name":"cents","type":"{ty}"}}]}}"#
        )
    };
    let folder = folder(&[
        ("ottla.toml", "exclude = [\"old/**\"]\n"),
        ("schemas/order.avsc", &order("Money")),
        ("schemas/money.avsc", &money("long")),
        (
            "old/order.avsc",
            r#"{"type":"record","name":"com.example.Order","fields":[{"name":"sum","type":{"type":"record","name":"Money","fields":[{"name":"cents","type":"int"}]}}]}"#,
        ),
        ("old/lost.avsc", &order("Mony")),
    ]);
    let expected = ["~ field Order.sum.cents: type int -> long"];
    diff(folder.path(), &["old/order.avsc", "schemas/order.avsc"]).tells(&expected);
    diff(&folder.path().join("schemas"), &["../old/order.avsc", "order.avsc"]).tells(&expected);
    let ended = diff(folder.path(), &["old/lost.avsc", "schemas/order.avsc"]);
    ended.fails(3, "old/lost.avsc:1:76: no type com.example.Mony is defined");
    ended.fails(3, "did you mean com.example.Money");
}

/// What is no record has no subject, and differs nevertheless.
#[test]
fn schemas_without_a_name() {
    let folder = folder(&[("a.avsc", r#"["null","int"]"#), ("b.avsc", r#"["null","long","string"]"#)]);
    let ended = diff(folder.path(), &["a.avsc", "b.avsc"]);
    ended.tells(&[
        "+ branch long of the schema",
        "+ branch string of the schema",
        "- branch int of the schema",
    ]);
}

#[test]
fn a_file_that_is_there_comes_first() {
    let folder = folder(&[("orders-value:1", OLD), ("HEAD:x.avsc", NEW), ("lock:a:1", OLD)]);
    diff(folder.path(), &["orders-value:1", "HEAD:x.avsc"]).tells(&CHANGES);
    diff(folder.path(), &["lock:a:1", "file:HEAD:x.avsc"]).tells(&CHANGES);
    diff(folder.path(), &["registry:orders-value:1", "HEAD:x.avsc"]).fails(2, "--registry");
}

#[test]
fn what_is_no_schema_or_no_file() {
    let folder = folder(&[
        ("good.avsc", OLD),
        (
            "bad.avsc",
            "{\"type\":\"record\",\n \"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"Nowhere\"}]}",
        ),
        ("worse.avsc", "{\n"),
        ("folder/x.avsc", OLD),
    ]);
    for (arguments, code, words) in [
        (
            ["good.avsc", "gone.avsc"],
            2,
            "gone.avsc: no such file; expected a file, SUBJECT:VERSION or REF:PATH",
        ),
        (["file:gone.avsc", "good.avsc"], 2, "gone.avsc: no such file"),
        (["good.avsc", "folder"], 2, "folder: no such file"),
        (["good.avsc", "orders-value:1"], 2, "orders-value:1 is no file, but a version of a registry"),
        (["good.avsc", "registry:orders-value"], 2, "expected registry:SUBJECT:VERSION"),
        (["good.avsc", "lock:orders-value:1"], 2, "there is no lock file ottla.lock"),
        // What it refers to may be in the file that cannot be read.
        (["bad.avsc", "good.avsc"], 3, "worse.avsc:2:1: "),
        (["good.avsc", "worse.avsc"], 3, "worse.avsc:2:1: "),
    ] {
        diff(folder.path(), &arguments).fails(code, words);
    }
    // Both are told, and what the command line does wrong weighs more.
    let ended = diff(folder.path(), &["worse.avsc", "gone.avsc"]);
    ended.fails(2, "worse.avsc:2:1: ");
    ended.fails(2, "gone.avsc: no such file");
    std::fs::remove_file(folder.path().join("worse.avsc")).expect("a file");
    diff(folder.path(), &["bad.avsc", "good.avsc"]).fails(3, "bad.avsc:2:42: no type Nowhere is defined");
    diff(folder.path(), &["good.avsc"]).fails(2, "<B>");
    diff(folder.path(), &["good.avsc", "good.avsc", "--format", "yaml"])
        .fails(2, "possible values: text, json");
}

/// What a schema says is shown, not sent to the terminal.
#[test]
fn hostile_texts() {
    let old = r#"{"type":"record","name":"A","doc":"x","fields":[]}"#;
    let new = "{\"type\":\"record\",\"name\":\"A\",\"doc\":\"\\u001b[2Jx\\u202e\",\"fields\":[]}";
    let folder = folder(&[("old.avsc", old), ("new.avsc", new)]);
    let out = diff(folder.path(), &["old.avsc", "new.avsc"]).out;
    assert!(out.contains(r"~ doc of record A: "), "{out}");
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out:?}");
}
