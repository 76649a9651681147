//! `ottla register`, and what it would do.

use serde_json::{Value, json};

use crate::fake::{Act, Fake, Subject, ok, refusal};
use crate::folder::{Ended, Folder, record, run};
use crate::served::Served;

const ID: (&str, &str) = ("id", "\"string\"");
const TOTAL: (&str, &str) = ("total", "\"com.example.Money\"");
const AMOUNT: (&str, &str) = ("amount", "\"long\"");

/// Two files, of which the first by name refers to the second.
fn folder() -> Folder {
    Folder::with(&[
        ("schemas/a_order.avsc", &record("Order", &[ID, TOTAL])),
        ("schemas/money.avsc", &record("Money", &[AMOUNT])),
        (
            "ottla.toml",
            "[[subjects]]\nfiles = \"schemas/a_order.avsc\"\ntopic = \"orders\"\nlevel = \"FULL_TRANSITIVE\"\n",
        ),
    ])
}

fn register(folder: &Folder, url: &str, more: &[&str]) -> Ended {
    folder.run(&[&["register", "--registry", url], more].concat())
}

/// The subjects and what became of them: `orders-value new 1`.
fn rows(ended: &Ended) -> Vec<String> {
    let rows = ended.json()["schemas"].as_array().unwrap().clone();
    let row =
        |row: &Value| format!("{} {} {}", row["subject"], row["status"], row["version"]).replace('"', "");
    rows.iter().map(row).collect()
}

#[test]
fn the_set_is_registered_in_the_order_of_references_and_a_second_run_changes_nothing() {
    let (served, folder) = (Served::start(), folder());
    let would = register(&folder, served.url(), &["--dry-run", "--format", "json"]);
    assert_eq!(rows(&would), ["com.example.Money would-be-new 1", "orders-value would-be-new 1"]);
    assert_eq!(served.get("/subjects"), json!([]), "a dry run changes nothing");

    let first = register(&folder, served.url(), &[]);
    assert_eq!(first.code, 0, "{first:#?}");
    let lines: Vec<&str> = first.out.lines().collect();
    assert_eq!(lines[0], "set level        orders-value: BACKWARD -> FULL_TRANSITIVE");
    assert!(
        lines[1].starts_with("new              schemas/money.avsc: com.example.Money version 1, id 1, guid "),
        "{first:#?}"
    );
    assert!(
        lines[2].starts_with("new              schemas/a_order.avsc: orders-value version 1, id 2, guid "),
        "{first:#?}"
    );
    let stored = served.get("/subjects/orders-value/versions/1");
    let reference = json!([{"name": "com.example.Money", "subject": "com.example.Money", "version": 1}]);
    assert_eq!(stored["references"], reference);
    assert_eq!(served.get("/config/orders-value")["compatibilityLevel"], "FULL_TRANSITIVE");

    let before = served.everything();
    let second = register(&folder, served.url(), &["--format", "json"]);
    assert_eq!(rows(&second), ["com.example.Money unchanged 1", "orders-value unchanged 1"]);
    assert_eq!((second.code, &second.json()["levels"]), (0, &json!([])));
    let would = register(&folder, served.url(), &["--dry-run", "--format", "json"]);
    assert_eq!(rows(&would), ["com.example.Money unchanged 1", "orders-value unchanged 1"]);
    assert_eq!(served.everything(), before);
}

#[test]
fn a_change_reaches_those_that_refer_to_it() {
    let (served, folder) = (Served::start(), folder());
    assert_eq!(register(&folder, served.url(), &[]).code, 0);
    let currency = ("currency", "\"string\", \"default\": \"EUR\"");
    folder.write("schemas/money.avsc", &record("Money", &[AMOUNT, currency]));
    let would = register(&folder, served.url(), &["--dry-run", "--format", "json"]);
    assert_eq!(rows(&would), ["com.example.Money would-be-new 2", "orders-value would-be-new 2"]);
    assert_eq!(would.code, 0);
    let done = register(&folder, served.url(), &["--format", "json"]);
    assert_eq!(rows(&done), ["com.example.Money new 2", "orders-value new 2"]);
    assert_eq!(served.get("/subjects/orders-value/versions/2")["references"][0]["version"], 2);
    assert_eq!(done.json()["schemas"][1]["references"][0]["version"], 2);

    // Back to the first version, which the registry knows as such.
    folder.write("schemas/money.avsc", &record("Money", &[AMOUNT]));
    let before = served.everything();
    let back = register(&folder, served.url(), &[]);
    assert_eq!(back.out.matches("version 1,").count(), 2, "{back:#?}");
    assert_eq!(back.out.matches("(version 2 is the latest)").count(), 2, "{back:#?}");
    assert_eq!(served.everything(), before);
}

#[test]
fn what_may_not_follow_is_refused_with_its_place_and_nothing_more_is_done() {
    let (served, folder) = (Served::start(), folder());
    assert_eq!(register(&folder, served.url(), &[]).code, 0);
    folder.write("schemas/money.avsc", &record("Money", &[AMOUNT, ("currency", "\"string\"")]));
    let before = served.everything();
    let would = register(&folder, served.url(), &["--dry-run"]);
    assert_eq!(would.code, 1, "{would:#?}");
    assert_eq!(would.out.matches("would be refused ").count(), 2, "{would:#?}");
    let place = "schemas/money.avsc:7:5: error[AVRO-READER-FIELD-NO-DEFAULT]: field \"currency\" ";
    assert_eq!(would.err.matches(place).count(), 2, "of each of the two: {would:#?}");

    let done = register(&folder, served.url(), &[]);
    assert_eq!((done.code, done.out.as_str()), (1, ""), "{done:#?}");
    assert!(done.err.contains(place), "{done:#?}");
    assert!(
        done.err.contains("ottla: schemas/money.avsc (com.example.Money): it may not follow"),
        "{done:#?}"
    );
    assert!(done.err.ends_with("ottla: what comes after it was not looked at\n"), "{done:#?}");
    let json = register(&folder, served.url(), &["--format", "json"]).json();
    assert_eq!((&json["failure"]["exit"], &json["failure"]["findings"][0]["line"]), (&json!(1), &json!(7)));
    assert_eq!(served.everything(), before);
}

#[test]
fn what_was_done_before_a_failure_is_said() {
    let (served, folder) = (Served::start(), folder());
    assert_eq!(register(&folder, served.url(), &[]).code, 0);
    // The type may follow under the level of its own subject, but not under that of the one that uses it.
    folder.write("schemas/money.avsc", &record("Money", &[("amount", "\"double\"")]));
    let would = register(&folder, served.url(), &["--dry-run", "--format", "json"]);
    assert_eq!(rows(&would), ["com.example.Money would-be-new 2", "orders-value would-be-refused null"]);
    let done = register(&folder, served.url(), &[]);
    assert_eq!(done.code, 1, "{done:#?}");
    assert!(
        done.out.starts_with("new              schemas/money.avsc: com.example.Money version 2, id 3"),
        "{done:#?}"
    );
    assert!(done.err.contains("ottla: schemas/a_order.avsc (orders-value): it may not follow"), "{done:#?}");
    assert_eq!(served.get("/subjects/orders-value/versions"), json!([1]));
}

#[test]
fn a_level_is_set_before_what_it_is_to_judge() {
    let (served, folder) = (Served::start(), folder());
    assert_eq!(register(&folder, served.url(), &[]).code, 0);
    served.level(Some("orders-value"), "NONE");
    folder.write("schemas/a_order.avsc", &record("Order", &[ID, TOTAL, ("x", "\"int\"")]));
    // Under the level that holds now it would pass.
    let would = register(&folder, served.url(), &["--dry-run"]);
    assert_eq!(would.code, 1, "{would:#?}");
    assert!(would.out.contains("would set level  orders-value: NONE -> FULL_TRANSITIVE"), "{would:#?}");
    assert!(would.err.contains("FULL_TRANSITIVE"), "{would:#?}");
    assert_eq!(served.get("/config/orders-value")["compatibilityLevel"], "NONE", "a dry run changes nothing");
    assert_eq!(register(&folder, served.url(), &[]).code, 1);
    assert_eq!(served.get("/config/orders-value")["compatibilityLevel"], "FULL_TRANSITIVE");
    assert_eq!(served.get("/subjects/orders-value/versions"), json!([1]));
}

#[test]
fn a_file_that_was_asked_for_brings_what_it_refers_to() {
    let (served, folder) = (Served::start(), folder());
    folder.write("schemas/other.avsc", &record("Other", &[ID]));
    let done = register(&folder, served.url(), &["schemas/a_order.avsc", "--format", "json"]);
    assert_eq!(rows(&done), ["com.example.Money new 1", "orders-value new 1"]);
    folder.write("schemas/money.avsc", &record("Money", &[("amount", "\"double\"")]));
    let done = register(&folder, served.url(), &["schemas/money.avsc", "--format", "json"]);
    assert_eq!(rows(&done), ["com.example.Money new 2"], "who uses it was not asked for");
}

#[test]
fn texts_that_differ_in_the_order_of_attributes_are_one_when_normalised() {
    let served = Served::start();
    let folder = Folder::with(&[("a.avsc", r#"{"type":"record","name":"A","fields":[],"z":1,"b":2}"#)]);
    assert_eq!(register(&folder, served.url(), &["--normalize"]).code, 0);
    folder.write("a.avsc", "{\"b\": 2,\n \"z\": 1, \"name\": \"A\", \"fields\": [], \"type\": \"record\"}\n");
    let again = register(&folder, served.url(), &["--normalize", "--format", "json"]);
    assert_eq!(rows(&again), ["A unchanged 1"]);
    assert_eq!(served.get("/subjects/A/versions"), json!([1]));
}

#[test]
fn contexts_and_several_subjects_of_one_file() {
    let (served, folder) = (Served::start(), folder());
    folder.write(
        "ottla.toml",
        "[[subjects]]\nfiles = \"schemas/a_order.avsc\"\nsubject = \":.sales:orders\"\n\
         [[subjects]]\nfiles = \"schemas/a_order.avsc\"\nsubject = \"orders\"\n",
    );
    let done = register(&folder, served.url(), &["--format", "json"]);
    assert_eq!(rows(&done), ["com.example.Money new 1", ":.sales:orders new 1", "orders new 1"], "{done:#?}");
    let again = register(&folder, served.url(), &["--format", "json"]);
    let unchanged = ["com.example.Money unchanged 1", ":.sales:orders unchanged 1", "orders unchanged 1"];
    assert_eq!(rows(&again), unchanged, "{again:#?}");
    let stored = served.get("/subjects/%3A.sales%3Aorders/versions/1");
    assert_eq!(stored["references"][0]["subject"], ":.:com.example.Money");
    assert_eq!(folder.run(&["drift", "--registry", served.url(), "--all"]).code, 0);
}

#[test]
fn a_subject_that_may_not_be_written_is_told_before_and_after() {
    let (served, folder) = (Served::start(), folder());
    served.0.client().put("/mode/com.example.Money", &json!({"mode": "READONLY"})).unwrap();
    let would = register(&folder, served.url(), &["--dry-run"]);
    assert_eq!(would.code, 1, "{would:#?}");
    assert!(would.out.contains("its mode is READONLY"), "{would:#?}");
    let done = register(&folder, served.url(), &[]);
    assert_eq!(done.code, 3, "{done:#?}");
    assert!(done.err.contains("read-only"), "{done:#?}");
}

#[test]
fn what_is_wrong_with_files_is_found_before_anything_is_done() {
    let (served, folder) = (Served::start(), folder());
    folder.write("schemas/broken.avsc", "{\"type\": \"recor\"}");
    let done = register(&folder, served.url(), &[]);
    assert_eq!((done.code, done.out.as_str()), (1, ""), "{done:#?}");
    assert!(done.err.starts_with("schemas/broken.avsc:1:"), "{done:#?}");
    assert_eq!(served.get("/subjects"), json!([]));

    let empty = Folder::with(&[("ottla.toml", "")]);
    for command in ["register", "drift"] {
        let ended = empty.run(&[command, "--registry", served.url()]);
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.err.contains("no schema files"), "{ended:#?}");
        let ended = folder.run(&[command]);
        assert_eq!(ended.code, 1, "{ended:#?}");
    }
    std::fs::remove_file(folder.path().join("schemas/broken.avsc")).unwrap();
    let ended = folder.run(&["register"]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("--registry URL"), "{ended:#?}");
}

/// Its answer to a registration has the id alone, as that of older registries.
#[test]
fn registries_that_tell_little_are_enough() {
    let money = record("Money", &[AMOUNT]);
    let folder = Folder::with(&[("money.avsc", &money)]);
    let subject = Subject { name: "com.example.Money", level: "BACKWARD", versions: vec![money.clone()] };
    let registered = std::sync::atomic::AtomicBool::new(false);
    let fake = Fake::new(subject, move |call, _| {
        use std::sync::atomic::Ordering::SeqCst;
        match call {
            "POST /subjects/com.example.Money" if registered.load(SeqCst) => {
                Some(ok(json!({"subject": "com.example.Money", "version": 3, "id": 9, "schema": money})))
            }
            "POST /subjects/com.example.Money" => Some(refusal(404, 40403, "Schema not found")),
            "POST /subjects/com.example.Money/versions" => {
                registered.store(true, SeqCst);
                Some(ok(json!({"id": 9})))
            }
            _ => None,
        }
    });
    let done = register(&folder, &fake.url(), &[]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, "new              money.avsc: com.example.Money version 3, id 9\n")
    );
}

#[test]
fn a_registry_that_goes_away_or_talks_nonsense_ends_it() {
    let order = record("Order", &[ID]);
    let folder = Folder::with(&[("order.avsc", &order), ("ottla.toml", "level = \"FULL\"\n")]);
    for more in [&[][..], &["--dry-run"]] {
        for act in [
            Act::Die,
            Act::Close,
            Act::Hang,
            Act::Labelled("text/html"),
            ok("{}"),
            ok("[]"),
            refusal(500, 50001, "oh"),
        ] {
            for number in 0..4 {
                let subject =
                    Subject { name: "com.example.Order", level: "BACKWARD", versions: vec![order.clone()] };
                let broken = act.clone();
                let fake = Fake::new(subject, move |_, before| (before >= number).then(|| broken.clone()));
                let mut command = folder.command(&["register", "--registry", &fake.url()]);
                let ended = run(command.args(["--registry-timeout", "100ms"]).args(more));
                assert_eq!(ended.code, 3, "{act:?} after {number}: {ended:#?}");
                assert!(ended.err.contains("ottla: order.avsc (com.example.Order): "), "{ended:#?}");
            }
        }
    }
}

/// Registries that are asked for a subject look into other contexts as well: what is there is not here.
#[test]
fn what_another_context_holds_is_not_registered() {
    let served = Served::start();
    let order = record("Order", &[ID]);
    served.register("%3A.sales%3Acom.example.Order", &order);
    let folder = Folder::with(&[("order.avsc", &order)]);
    let drift = folder.run(&["drift", "--registry", served.url()]);
    assert_eq!((drift.code, drift.out.as_str()), (1, "not registered order.avsc: com.example.Order\n"));
    folder.ends(3, &["check", "--against", &served.baseline()]);
    let done = register(&folder, served.url(), &["--format", "json"]);
    assert_eq!(rows(&done), ["com.example.Order new 1"], "{done:#?}");
    assert_eq!(served.get("/subjects"), json!([":.sales:com.example.Order", "com.example.Order"]));
}
