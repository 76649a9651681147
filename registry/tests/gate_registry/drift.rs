//! `ottla drift`.

use serde_json::{Value, json};

use crate::fake::{Act, Fake, Subject, ok, refusal};
use crate::folder::{Ended, Folder, record};
use crate::served::Served;

const ID: (&str, &str) = ("id", "\"string\"");

fn drift(folder: &Folder, url: &str, more: &[&str]) -> Ended {
    folder.run(&[&["drift", "--registry", url], more].concat())
}

fn states(ended: &Ended) -> Vec<String> {
    let files = ended.json()["files"].as_array().unwrap().clone();
    files.iter().map(|file: &Value| file["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_file_is_told_how_it_stands_to_its_subject() {
    let served = Served::start();
    served.register("com.example.Same", &record("Same", &[ID]));
    served.register("com.example.Older", &record("Older", &[ID]));
    served.register("com.example.Older", &record("Older", &[ID, ("x", "\"int\", \"default\": 0")]));
    served.register("com.example.Differs", &record("Differs", &[ID, ("a", "\"int\"")]));
    served.register("com.example.Stranger", &record("Stranger", &[ID]));
    let folder = Folder::with(&[
        ("d.avsc", &record("Differs", &[ID, ("b", "\"int\"")])),
        ("n.avsc", &record("New", &[ID])),
        ("o.avsc", &record("Older", &[ID])),
        ("s.avsc", &record("Same", &[ID])),
    ]);
    let told = drift(&folder, served.url(), &["--all"]);
    assert_eq!(told.code, 1, "{told:#?}");
    assert_eq!(
        told.out.lines().collect::<Vec<_>>(),
        [
            "differs        d.avsc: com.example.Differs, from version 1:",
            "  + field Differs.b: int (no default)",
            "  - field Differs.a: int (no default)",
            "not registered n.avsc: com.example.New",
            "older          o.avsc: com.example.Older version 1; the latest is version 2",
            "same           s.avsc: com.example.Same version 1",
            "no file        com.example.Stranger",
        ],
        "{told:#?}"
    );
    let json = drift(&folder, served.url(), &["--all", "--format", "json"]);
    assert_eq!(states(&json), ["differs", "not-registered", "older", "same"]);
    let json = json.json();
    assert_eq!(json["subjectsWithoutFile"], json!(["com.example.Stranger"]));
    assert_eq!(json["files"][0]["changes"][0]["kind"], "field-added");
    assert_eq!((&json["differs"], &json["complete"]), (&json!(true), &json!(true)));

    let one = drift(&folder, served.url(), &["s.avsc"]);
    assert_eq!((one.code, one.out.as_str()), (0, "same           s.avsc: com.example.Same version 1\n"));
}

#[test]
fn blanks_and_the_order_of_attributes_are_no_difference() {
    let served = Served::start();
    served.register(
        "A",
        r#"{"type":"record","name":"A","fields":[{"name":"f","type":"int","doc":"d"}],"z":1,"b":2}"#,
    );
    let folder = Folder::with(&[(
        "a.avsc",
        "// A comment.\n{\"b\": 2, \"z\": 1,\r\n \"fields\": [ {\"doc\": \"d\", \"type\": {\"type\": \"int\"}, \"name\": \"f\"} ],\n \
         \"name\": \"A\", \"type\": \"record\"}",
    )]);
    let told = drift(&folder, served.url(), &[]);
    assert_eq!((told.code, told.out.as_str()), (0, "same           a.avsc: A version 1\n"), "{told:#?}");
    folder.write(
        "a.avsc",
        r#"{"type":"record","name":"A","fields":[{"name":"f","type":"int","doc":"e"}],"z":1,"b":2}"#,
    );
    assert_eq!(drift(&folder, served.url(), &[]).code, 1, "a doc is for people");
}

#[test]
fn what_is_referred_to_is_a_part() {
    let served = Served::start();
    served.register("com.example.Money", &record("Money", &[("amount", "\"long\"")]));
    let order = record("Order", &[ID, ("total", "\"com.example.Money\"")]);
    let reference = json!([{"name": "com.example.Money", "subject": "com.example.Money", "version": 1}]);
    served.register_with("com.example.Order", &order, reference);
    let folder = Folder::with(&[("a.avsc", &order), ("m.avsc", &record("Money", &[("amount", "\"long\"")]))]);
    assert_eq!(drift(&folder, served.url(), &[]).code, 0);
    folder.write("m.avsc", &record("Money", &[("amount", "\"double\"")]));
    let told = drift(&folder, served.url(), &["--format", "json"]);
    assert_eq!((told.code, states(&told)), (1, vec!["differs".to_owned(); 2]), "{told:#?}");
}

#[test]
fn levels_that_differ_are_told() {
    let served = Served::start();
    served.register("com.example.Order", &record("Order", &[ID]));
    let folder = Folder::with(&[("o.avsc", &record("Order", &[ID])), ("ottla.toml", "level = \"FULL\"\n")]);
    let told = drift(&folder, served.url(), &[]);
    assert_eq!(told.code, 1, "{told:#?}");
    let line = "level differs  o.avsc: com.example.Order is to be FULL, and is BACKWARD\n";
    assert!(told.out.ends_with(line), "{told:#?}");
    let json = drift(&folder, served.url(), &["--format", "json"]).json();
    assert_eq!(json["files"][0]["level"], json!({"expected": "FULL", "actual": "BACKWARD"}));
    served.level(None, "FULL");
    assert_eq!(drift(&folder, served.url(), &[]).code, 0);
}

#[test]
fn what_could_not_be_compared_is_said() {
    /// The request after those about the level, the versions and the latest one.
    const LIST: usize = 3;
    let order = record("Order", &[ID]);
    let folder = Folder::with(&[("order.avsc", &order), ("ottla.toml", "level = \"BACKWARD\"\n")]);
    let subject = || Subject { name: "com.example.Order", level: "BACKWARD", versions: vec![order.clone()] };
    for act in [
        Act::Die,
        Act::Close,
        Act::Hang,
        Act::Labelled("text/html"),
        ok("{}"),
        ok("[]"),
        refusal(500, 50001, "oh"),
    ] {
        for number in 0..=LIST {
            let broken = act.clone();
            let script = move |_: &str, before: usize| (before >= number).then(|| broken.clone());
            let fake = Fake::new(subject(), script);
            let ended = drift(&folder, &fake.url(), &["--all", "--registry-timeout", "100ms"]);
            if number == LIST && ended.code == 0 {
                assert_eq!(format!("{act:?}"), format!("{:?}", ok("[]")), "a list of nothing is one");
                continue;
            }
            assert_eq!(ended.code, 3, "{act:?} after {number}: {ended:#?}");
            let is_said = match number {
                LIST => ended.err.contains("ottla: the subjects of the registry: "),
                _ => ended.out.starts_with("NOT COMPARED   order.avsc: com.example.Order: "),
            };
            assert!(is_said, "{act:?} after {number}: {ended:#?}");
        }
    }
    let other = |call: &str, _: usize| {
        let body = json!({"subject": "com.example.Order", "version": 1, "id": 1, "schemaType": "JSON", "schema": "{}"});
        call.ends_with("/latest").then(|| ok(body))
    };
    let fake = Fake::new(subject(), other);
    let ended = drift(&folder, &fake.url(), &[]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(ended.out.contains("version 1 is JSON, not AVRO"), "{ended:#?}");
}
