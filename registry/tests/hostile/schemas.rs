//! Texts that are deep, wide, long or repetitive: refused or taken, in bounded time and memory.

use std::time::{Duration, Instant};

use ottla_tests::http::{Answer, Client};
use serde_json::{Value, json};

use crate::registry::{self, register, registered, shortened};
use crate::shape::{assert_refused, error};

/// No request of these takes longer, even unoptimised on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let outcome = work();
    println!("{what}: {:?}", started.elapsed());
    assert!(started.elapsed() < PATIENCE, "{what} took {:?}", started.elapsed());
    outcome
}

/// The refusal of a text ends with what is wrong.
#[track_caller]
fn assert_invalid(answer: &Answer, detail: &str) {
    let (code, message) = error(answer);
    let end: String = message.chars().rev().take(300).collect::<String>().chars().rev().collect();
    assert_eq!((answer.status, code), (422, 42201), "{end}");
    assert!(end.contains(detail), "{end}");
}

#[test]
fn deep_texts() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    let array =
        |levels: usize| "{\"type\":\"array\",\"items\":".repeat(levels) + "\"int\"" + &"}".repeat(levels);
    assert_eq!(register(&mut client, "s", &array(190)).status, 200);
    let deep = "exceeds the maximum allowed (200)";
    for (what, text) in [
        ("250 arrays", array(250)),
        ("100,000 arrays", array(100_000)),
        ("arrays without an end", "{\"type\":\"array\",\"items\":".repeat(100_000)),
        ("100,000 brackets", "[".repeat(100_000)),
        ("100,000 braces", "{\"a\":".repeat(100_000)),
        (
            "a deep default",
            format!(
                "{{\"type\":\"record\",\"name\":\"R\",\"fields\":[{{\"name\":\"f\",\"type\":\"int\",\"default\":{}{}}}]}}",
                "[".repeat(50_000),
                "]".repeat(50_000)
            ),
        ),
        (
            "a deep attribute",
            format!("{{\"type\":\"int\",\"x\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000)),
        ),
    ] {
        timed(what, || assert_invalid(&register(&mut client, "s", &text), deep));
        let body = json!({ "schema": text });
        let checked = client.post("/compatibility/subjects/s/versions", &body).unwrap();
        assert_invalid(&checked, deep);
        let looked_up = client.post("/subjects/s", &body).unwrap();
        assert_invalid(&looked_up, deep);
    }
    // Deep by names rather than by brackets.
    let fields = |at: usize| json!([{"name": "f", "type": if at == 0 { json!("int") } else { json!(format!("R{}", at - 1)) }}]);
    let records: Vec<Value> = (0..20_000)
        .map(|at| json!({"type": "record", "name": format!("R{at}"), "fields": fields(at)}))
        .collect();
    timed("20,000 records in a row", || registered(&mut client, "chain", &json!(records)));
    let level = client.put("/config/chain", &json!({"compatibility": "FULL_TRANSITIVE"})).unwrap();
    assert_eq!(level.status, 200);
    let records: Vec<Value> = records.into_iter().chain([json!("null")]).collect();
    let answer =
        timed("compared with one more", || register(&mut client, "chain", &json!(records).to_string()));
    assert!(matches!(answer.status, 200 | 409), "{}", shortened(&answer.text()));
    assert!(registry::memory(&server) < 500, "{} MB", registry::memory(&server));
}

#[test]
fn wide_texts() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    let fixed = |at: usize| json!({"type": "fixed", "name": format!("F{at}"), "size": 1});
    let union: Vec<Value> = (0..50_000).map(fixed).collect();
    timed("a union of 50,000", || registered(&mut client, "union", &json!(union)));
    let field = |at: usize, ty: &str| json!({"name": format!("f{at}"), "type": ty});
    let record = |ty: &str| {
        let fields: Vec<Value> = (0..30_000).map(|at| field(at, ty)).collect();
        json!({"type": "record", "name": "R", "fields": fields})
    };
    timed("30,000 fields", || registered(&mut client, "record", &record("int")));
    timed("30,000 promotions", || registered(&mut client, "record", &record("long")));
    let broken =
        timed("30,000 mismatches", || register(&mut client, "record", &record("string").to_string()));
    assert_refused(&broken, 409, 40901, "Schema being registered is incompatible with an earlier schema…");
    assert!(broken.body.len() < 16 << 20, "{}", broken.body.len());
    let symbols: Vec<String> = (0..100_000).map(|at| format!("S{at}")).collect();
    let symbols = json!({"type": "enum", "name": "E", "symbols": symbols});
    timed("100,000 symbols", || registered(&mut client, "symbols", &symbols));
    let same = json!(vec!["int"; 100_000]).to_string();
    timed("the same 100,000 times", || {
        assert_invalid(&register(&mut client, "union", &same), "Duplicate in union:int");
    });
    let many: Vec<Value> = (0..210_000).map(|_| json!({"type": "array", "items": "int"})).collect();
    let many = json!({"type": "map", "values": many}).to_string();
    timed("420,000 types", || {
        assert_invalid(&register(&mut client, "union", &many), "");
    });
    assert!(registry::memory(&server) < 700, "{} MB", registry::memory(&server));
}

/// Unions of records that are each other's aliases: every pair would have to be compared.
#[test]
fn texts_that_are_hard_to_compare() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    assert_eq!(client.put("/config", &json!({"compatibility": "FULL_TRANSITIVE"})).unwrap().status, 200);
    let record = |at: usize, ty: &str| {
        let aliases: Vec<String> =
            (0..300).filter(|other| *other != at).map(|other| format!("R{other}")).collect();
        let all: Vec<String> = (0..at).map(|other| format!("R{other}")).collect();
        let fields = json!([{"name": "a", "type": all}, {"name": "b", "type": ty}]);
        json!({"type": "record", "name": format!("R{at}"), "aliases": aliases, "fields": fields})
    };
    let union = |ty: &str| json!((0..300).map(|at| record(at, ty)).collect::<Vec<_>>());
    timed("300 records", || registered(&mut client, "s", &union("int")));
    let answer = timed("compared", || register(&mut client, "s", &union("string").to_string()));
    assert!(matches!(answer.status, 409 | 422), "{}", shortened(&answer.text()));
    let body = json!({ "schema": union("string").to_string() });
    let checked = timed("compared at length", || {
        client.post("/compatibility/subjects/s/versions?verbose=true", &body).unwrap()
    });
    assert!(checked.body.len() < 32 << 20, "{}", checked.body.len());
    // Meanwhile, and after, others are answered.
    assert_eq!(client.get("/subjects").unwrap().text(), "[\"s\"]");
}

#[test]
fn long_texts() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    // As long as the default limit of a body allows.
    let doc = |bytes: usize| json!({"type": "record", "name": "R", "doc": "d".repeat(bytes), "fields": []});
    timed("8 MiB", || registered(&mut client, "s", &doc(8 << 20)));
    let text = client.get("/subjects/s/versions/1/schema").unwrap();
    assert_eq!(text.body.len(), doc(8 << 20).to_string().len());
    let answer = timed("16 MiB", || register(&mut client, "s", &doc(16 << 20).to_string()));
    assert_refused(&answer, 413, 413, "Request body is larger than 16777216 bytes");
    timed("8 MiB of nonsense", || {
        assert_invalid(&register(&mut client, "s", &"x".repeat(8 << 20)), "(JSON String");
    });
    timed("4 MiB of backslashes", || {
        assert_invalid(&register(&mut client, "s", &"\\".repeat(4 << 20)), "(JSON String");
    });
    timed("a long number", || {
        let text = format!("{{\"type\":\"fixed\",\"name\":\"F\",\"size\":{}}}", "9".repeat(1_000_000));
        assert_eq!(register(&mut client, "s", &text).status, 422);
    });
    timed("a long name", || {
        let answer = register(
            &mut client,
            "name",
            &format!("{{\"type\":\"fixed\",\"name\":\"{}\",\"size\":1}}", "F".repeat(1 << 20)),
        );
        assert!(matches!(answer.status, 200 | 422), "{}", shortened(&answer.text()));
    });
    assert!(registry::memory(&server) < 500, "{} MB", registry::memory(&server));
}

#[test]
fn what_is_not_a_schema() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    for text in [
        "\0",
        "\"\0\"",
        "\"in\0t\"",
        "{\"type\":\"\\u0000\"}",
        "\u{FEFF}",
        "nul",
        "[]]",
        "\"int\" \"int\"",
        "{\"type\":[]}",
        "{\"type\":{\"type\":{\"type\":{}}}}",
        "{\"type\":\"record\"}",
        "{\"type\":\"record\",\"name\":\"\",\"fields\":[]}",
        "{\"type\":\"record\",\"name\":\"a b\",\"fields\":[]}",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":-1}",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":1e400}",
        "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[1]}",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":\"R2\"}]}",
        "\"\u{1f600}\"",
    ] {
        let answer = register(&mut client, "s", text);
        assert_refused(
            &answer,
            422,
            42201,
            "Invalid schema of type AVRO, details: Invalid schema {subject=s,…",
        );
    }
    for kind in ["avro", "", "JSONX", "\0", "AVRO "] {
        let body = json!({"schema": "\"int\"", "schemaType": kind});
        let answer = client.post("/subjects/s/versions", &body).unwrap();
        assert_refused(&answer, 422, 42201, &format!("Invalid schema type {kind}"));
    }
    large_settings(&mut client);
    assert_eq!(client.get("/subjects?deleted=true").unwrap().text(), "[\"m\"]");
}

/// Metadata and rules have no limit of their own but that of the body.
fn large_settings(client: &mut Client) {
    let properties: Value =
        (0..20_000).map(|at| (format!("k{at}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    let tags: Value =
        (0..5_000).map(|at| (format!("p{at}"), json!(["a", "b"]))).collect::<serde_json::Map<_, _>>().into();
    let rules: Vec<Value> = (0..2_000)
        .map(|at| json!({"name": format!("r{at}"), "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}))
        .collect();
    let body = json!({
        "schema": "\"int\"",
        "metadata": {"properties": properties, "tags": tags, "sensitive": ["k1"]},
        "ruleSet": {"domainRules": rules},
    });
    let answer = timed("large metadata and rules", || client.post("/subjects/m/versions", &body).unwrap());
    assert_eq!(answer.status, 200, "{}", shortened(&answer.text()));
    let again = timed("found again", || client.post("/subjects/m", &body).unwrap());
    assert_eq!(again.json()["version"], 1, "{}", shortened(&again.text()));
}
