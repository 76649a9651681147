//! Schemas that refer to many, deeply, or in ways that multiply.

use std::time::{Duration, Instant};

use ottla_tests::http::{Answer, Client};
use serde_json::{Value, json};

use crate::registry::{self, shortened};
use crate::shape::{assert_refused, error};

fn record(name: &str, types: &[String]) -> String {
    let fields: Vec<Value> =
        types.iter().enumerate().map(|(at, ty)| json!({"name": format!("f{at}"), "type": ty})).collect();
    json!({"type": "record", "name": name, "fields": fields}).to_string()
}

/// Registers a record with a field of each of the types, which are subjects of the same names.
fn register(client: &mut Client, name: &str, types: &[String]) -> Answer {
    let references: Vec<Value> =
        types.iter().map(|ty| json!({"name": ty, "subject": ty, "version": 1})).collect();
    let body = json!({"schema": record(name, types), "references": references});
    client.post(&format!("/subjects/{name}/versions"), &body).unwrap()
}

/// Each of a level refers to all of the level below: written out they would be 4^n, but each type is written once.
#[test]
fn diamonds_do_not_multiply() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    let mut below: Vec<String> = Vec::new();
    let mut sizes = Vec::new();
    for level in 0..6 {
        let names: Vec<String> = (0..4).map(|at| format!("L{level}_{at}")).collect();
        for name in &names {
            let answer = register(&mut client, name, &below);
            assert_eq!(answer.status, 200, "{name}: {}", shortened(&answer.text()));
        }
        let inlined = client.get(&format!("/subjects/{}/versions/1?format=resolved", names[0])).unwrap();
        sizes.push(inlined.body.len());
        below = names;
    }
    println!("{sizes:?}");
    let most = sizes.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap();
    assert!(most < 3000, "{sizes:?}");
}

/// A diamond that would be huge, were it written out as often as it is referred to, is read in bounded time.
#[test]
fn bombs_do_not_go_off() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    let mut below: Vec<String> = Vec::new();
    let started = Instant::now();
    for level in 0..12 {
        let names: Vec<String> = (0..9).map(|at| format!("B{level}_{at}")).collect();
        for name in &names {
            let answer = register(&mut client, name, &below);
            assert_eq!(answer.status, 200, "{name}: {}", shortened(&answer.text()));
        }
        below = names;
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    let top = &below[0];
    for target in
        ["versions/latest?format=resolved", "versions/latest", "versions/latest/schema?format=resolved"]
    {
        let answer = client.get(&format!("/subjects/{top}/{target}")).unwrap();
        assert!(answer.status == 200 && answer.body.len() < 1 << 20, "{}", answer.body.len());
    }
    assert!(registry::memory(&server) < 500, "{} MB", registry::memory(&server));
}

/// How far a chain may lead does not depend on what was read before: what is taken can be read after a restart.
#[test]
fn chains_end_where_they_can_still_be_read() {
    let _alone = registry::alone();
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("chain.db").display());
    let serve = ottla_tests::server::Serve::new(env!("CARGO_BIN_EXE_ottla"), &database);
    let mut server = serve.start().unwrap();
    let mut client = server.client();
    let mut below: Vec<String> = Vec::new();
    let mut taken = 0;
    loop {
        let name = format!("C{taken}");
        let answer = register(&mut client, &name, &below);
        if answer.status != 200 {
            let (code, message) = error(&answer);
            assert_eq!((answer.status, code), (422, 42201), "{message}");
            assert!(message.contains("more than 100 levels"), "{}", &message[message.len() - 120..]);
            break;
        }
        taken += 1;
        below = vec![name];
    }
    assert_eq!(taken, 101);
    server.terminate();
    let server = serve.start().unwrap();
    let mut client = server.client();
    let last = client.get("/subjects/C100/versions/1?format=resolved").unwrap();
    assert_eq!(last.status, 200, "{}", shortened(&last.text()));
    let more = json!({"schema": record("C100", &["C99".to_owned(), "C99".to_owned()]),
        "references": [{"name": "C99", "subject": "C99", "version": 1}]});
    let answer = client.post("/compatibility/subjects/C100/versions/latest?verbose=true", &more).unwrap();
    assert_eq!(answer.json()["messages"][0].as_str().map(|m| m.contains("READER_FIELD_MISSING")), Some(true));
}

#[test]
fn many_references() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    assert_eq!(registry::register(&mut client, "x", "\"int\"").status, 200);
    let many = |count: usize, subject: &str| {
        let references: Vec<Value> = (0..count)
            .map(|at| json!({"name": format!("n{at}"), "subject": subject, "version": 1}))
            .collect();
        json!({"schema": "\"int\"", "references": references})
    };
    let answer = client.post("/subjects/many/versions", &many(9_000, "x")).unwrap();
    assert_eq!(answer.status, 200, "{}", shortened(&answer.text()));
    let by = client.get("/subjects/x/versions/1/referencedby").unwrap();
    assert_eq!(by.text(), format!("[{}]", answer.json()["id"]));
    let too_many = "references reach more than 10000 schemas";
    let nobody = "No schema reference found for subject \"nobody\" and version 1";
    // Few, each of which refers to many; those are counted once.
    let answer = client.post("/subjects/few/versions", &many(500, "many")).unwrap();
    assert_eq!(answer.status, 200, "{}", shortened(&answer.text()));
    for (body, detail) in
        [(many(50_000, "x"), too_many), (many(50_000, "nobody"), nobody), (many(2_000, "many"), too_many)]
    {
        let started = Instant::now();
        let answer = client.post("/subjects/more/versions", &body).unwrap();
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        let (code, message) = error(&answer);
        assert_eq!((answer.status, code), (422, 42201));
        assert!(message[message.len() - 120..].contains(detail), "{}", &message[message.len() - 200..]);
    }
    assert!(registry::memory(&server) < 500, "{} MB", registry::memory(&server));
}

#[test]
fn references_that_lead_nowhere_or_back() {
    let _alone = registry::alone();
    let server = registry::start(&[]);
    let mut client = server.client();
    assert_eq!(register(&mut client, "A", &[]).status, 200);
    // Under another version of itself, and of what refers to it: these are no loops, for versions do not change.
    for (name, types) in [("B", ["A"]), ("A2", ["B"])] {
        let types = types.map(str::to_owned);
        assert_eq!(register(&mut client, name, &types).status, 200);
    }
    let to = |subject: &str, version: i64| {
        let references = json!([{"name": "B", "subject": subject, "version": version}]);
        json!({"schema": record("A", &["B".to_owned()]), "references": references})
    };
    let answer = client.post("/subjects/A/versions", &to("B", 1)).unwrap();
    assert!(matches!(answer.status, 200 | 409 | 422), "{}", answer.text());
    for (subject, version) in
        [("A", 7), ("nobody", 1), ("B", 0), ("B", -2), ("B", i64::from(i32::MIN)), ("nobody", -1)]
    {
        let answer = client.post("/subjects/A/versions", &to(subject, version)).unwrap();
        assert_refused(
            &answer,
            422,
            42201,
            "Invalid schema of type AVRO, details: Invalid schema {subject=A,…",
        );
    }
    // Two types of one name by different references: the first counts, or it is refused, but nothing breaks.
    let twice = json!({
        "schema": "\"A\"",
        "references": [{"name": "A", "subject": "A", "version": 1}, {"name": "A", "subject": "B", "version": 1}],
    });
    let answer = client.post("/subjects/twice/versions", &twice).unwrap();
    assert!(matches!(answer.status, 200 | 422), "{}", answer.text());
}
