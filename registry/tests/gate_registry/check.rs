//! `ottla check` against a registry that is there.

use serde_json::{Value, json};

use crate::fake::{Act, Fake, Subject, ok, refusal};
use crate::folder::{Ended, Folder, record};
use crate::served::Served;

const ID: (&str, &str) = ("id", "\"string\"");

fn check(folder: &Folder, served: &Served, more: &[&str]) -> Ended {
    let against = served.baseline();
    folder.run(&[&["check", "--against", &against, "--format", "json"], more].concat())
}

/// How it ended, and what became of each file.
fn outcome(ended: &Ended) -> (i32, Vec<String>) {
    let checks = ended.json()["checks"].as_array().unwrap().clone();
    (ended.code, checks.iter().map(|check| check["outcome"].as_str().unwrap().to_owned()).collect())
}

fn is(ended: &Ended, code: i32, outcomes: &[&str]) -> Value {
    assert_eq!(outcome(ended), (code, outcomes.iter().map(|o| (*o).to_owned()).collect()), "{ended:#?}");
    ended.json()
}

#[test]
fn an_unknown_subject_is_no_pass_unless_it_may_be_new() {
    let served = Served::start();
    served.register("orders-value", &record("Order", &[ID]));
    let folder = Folder::with(&[
        ("order.avsc", &record("Order", &[ID])),
        ("ottla.toml", "[[subjects]]\nfiles = \"order.avsc\"\nsubject = \"order-value\"\n"),
    ]);
    let verdict = is(&check(&folder, &served, &[]), 3, &["not-compared"]);
    let reason = verdict["checks"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("no subject order-value") && reason.contains("--allow-new"), "{reason}");
    is(&check(&folder, &served, &["--allow-new"]), 0, &["new"]);
    is(&check(&folder, &served, &["--require-existing"]), 3, &["not-compared"]);
    folder.write("ottla.toml", "[[subjects]]\nfiles = \"order.avsc\"\ntopic = \"orders\"\n");
    is(&check(&folder, &served, &[]), 0, &["unchanged"]);
}

#[test]
fn a_transitive_level_looks_at_all_versions() {
    let served = Served::start();
    served.level(Some("com.example.Order"), "NONE");
    served.register("com.example.Order", &record("Order", &[ID, ("total", "\"string\"")]));
    served.register("com.example.Order", &record("Order", &[ID]));
    served.register("com.example.Order", &record("Order", &[ID, ("x", "\"int\", \"default\": 0")]));
    let folder =
        Folder::with(&[("order.avsc", &record("Order", &[ID, ("total", "\"int\", \"default\": 0")]))]);

    served.level(Some("com.example.Order"), "BACKWARD");
    is(&check(&folder, &served, &[]), 0, &["compatible"]);
    served.level(Some("com.example.Order"), "BACKWARD_TRANSITIVE");
    let verdict = is(&check(&folder, &served, &[]), 1, &["incompatible"]);
    assert_eq!(verdict["checks"][0]["compared"], json!(["version 3", "version 2", "version 1"]));
    let finding = &verdict["findings"][0];
    assert_eq!(
        (&finding["rule"], &finding["version"]),
        (&json!("AVRO-TYPE"), &json!("version 1")),
        "{finding:#}"
    );
    assert_eq!(finding["place"]["pointer"], "/fields/1/type");
    assert_eq!(verdict["findings"].as_array().unwrap().len(), 1, "the registry says the same: {verdict:#}");
}

#[test]
fn the_registry_s_level_counts_unless_the_project_has_one() {
    let served = Served::start();
    served.register("com.example.Order", &record("Order", &[ID, ("a", "\"int\"")]));
    let folder = Folder::with(&[("order.avsc", &record("Order", &[ID]))]);
    let level = |ended: &Ended| ended.json()["checks"][0]["level"].as_str().unwrap().to_owned();

    let ended = check(&folder, &served, &[]);
    is(&ended, 0, &["compatible"]);
    assert_eq!(level(&ended), "BACKWARD");
    served.level(None, "FORWARD");
    let ended = check(&folder, &served, &[]);
    is(&ended, 1, &["incompatible"]);
    assert_eq!(level(&ended), "FORWARD");
    served.level(Some("com.example.Order"), "FULL_TRANSITIVE");
    assert_eq!(level(&check(&folder, &served, &[])), "FULL_TRANSITIVE");
    folder.write("ottla.toml", "level = \"BACKWARD\"\n");
    let ended = check(&folder, &served, &[]);
    // The registry would refuse it all the same, which is nothing to find out only when it is registered.
    let findings = is(&ended, 0, &["compatible"])["findings"].as_array().unwrap().clone();
    assert_eq!(level(&ended), "BACKWARD");
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(
        (&findings[0]["rule"], &findings[0]["severity"]),
        (&json!("REGISTRY-DISAGREES"), &json!("warning"))
    );
    let message = findings[0]["message"].as_str().unwrap();
    assert!(message.contains("FULL_TRANSITIVE") && message.contains("BACKWARD is asked for"), "{message}");
    is(&check(&folder, &served, &["--fail-on", "warning"]), 1, &["compatible"]);
    served.level(Some("com.example.Order"), "NONE");
    assert_eq!(check(&folder, &served, &[]).json()["findings"], json!([]), "the registry asks for less");
    folder.write("ottla.toml", "");
    is(&check(&folder, &served, &[]), 0, &["unchecked"]);
}

#[test]
fn types_that_are_referred_to_take_part_here_and_there() {
    let served = Served::start();
    let money = record("Money", &[("amount", "\"long\"")]);
    let order = record("Order", &[ID, ("total", "\"com.example.Money\"")]);
    served.register("com.example.Money", &money);
    let reference = json!([{"name": "com.example.Money", "subject": "com.example.Money", "version": 1}]);
    served.register_with("com.example.Order", &order, reference);
    let folder = Folder::with(&[("a/order.avsc", &order), ("b/money.avsc", &money)]);
    is(&check(&folder, &served, &[]), 0, &["unchanged", "unchanged"]);

    folder.write("b/money.avsc", &record("Money", &[("amount", "\"int\"")]));
    let verdict = is(&check(&folder, &served, &[]), 1, &["incompatible", "incompatible"]);
    let findings = verdict["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "none is a disagreement: {findings:#?}");
    for finding in findings {
        assert_eq!(finding["place"]["file"], "b/money.avsc");
    }
    folder.write("b/money.avsc", &record("Money", &[("amount", "\"double\"")]));
    is(&check(&folder, &served, &[]), 0, &["compatible", "compatible"]);
}

#[test]
fn a_registry_that_says_something_else_is_told() {
    let folder = Folder::with(&[("order.avsc", &record("Order", &[ID, ("a", "\"int\"")]))]);
    let versions = vec![record("Order", &[ID])];
    let check = |fake: &Fake| {
        let against = format!("registry:{}", fake.url());
        folder.run(&["check", "--against", &against, "--format", "json"])
    };
    let rules = |verdict: &Value| -> Vec<String> {
        let findings = verdict["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    // It says yes to everything.
    let fake = Fake::new(Subject { name: "com.example.Order", level: "BACKWARD", versions }, |_, _| None);
    let verdict = is(&check(&fake), 1, &["incompatible"]);
    let mut found = rules(&verdict);
    found.sort();
    assert_eq!(found, ["AVRO-READER-FIELD-NO-DEFAULT", "REGISTRY-DISAGREES"]);

    // It says no to everything.
    let versions = vec![record("Order", &[ID, ("a", "\"int\""), ("b", "\"int\"")])];
    let no = |call: &str, _: usize| {
        let no = json!({"is_compatible": false, "messages": ["{errorType:'BECAUSE'}"]});
        call.starts_with("POST /compat").then(|| ok(no))
    };
    let fake = Fake::new(Subject { name: "com.example.Order", level: "BACKWARD", versions }, no);
    let verdict = is(&check(&fake), 1, &["compatible"]);
    assert_eq!(rules(&verdict), ["REGISTRY-DISAGREES"]);
    assert!(verdict["findings"][0]["message"].as_str().unwrap().contains("BECAUSE"));
}

/// As Karapace and Redpanda do: no call for all versions, and 404 where Confluent says that all is well.
#[test]
fn registries_that_know_only_single_versions_are_asked_about_each() {
    let old = record("Order", &[ID, ("a", "\"string\"")]);
    let new = record("Order", &[ID]);
    let folder = Folder::with(&[("order.avsc", &record("Order", &[ID, ("a", "\"int\", \"default\": 1")]))]);
    let script = |call: &str, _: usize| {
        let path = call
            .split('?')
            .next()?
            .strip_prefix("POST /compatibility/subjects/com.example.Order/versions")?;
        Some(match path {
            "" => Act::Answer(404, "text/plain", "404: Not Found".to_owned()),
            "/1" => ok(json!({"is_compatible": false, "messages": ["{errorType:'TYPE_MISMATCH'}"]})),
            "/2" => ok(json!({"is_compatible": true})),
            _ => refusal(404, 40402, "Version not found."),
        })
    };
    let subject = || Subject {
        name: "com.example.Order",
        level: "BACKWARD_TRANSITIVE",
        versions: vec![old.clone(), new.clone()],
    };
    let fake = Fake::new(subject(), script);
    let ended = folder.run(&["check", "--against", &format!("registry:{}", fake.url()), "--format", "json"]);
    let verdict = is(&ended, 1, &["incompatible"]);
    assert_eq!(verdict["findings"].as_array().unwrap().len(), 1, "both say the same: {verdict:#}");
    let asked = fake.seen().iter().filter(|call| call.starts_with("POST /compat")).count();
    assert_eq!(asked, 3, "{:?}", fake.seen());

    // A registry that says of a subject that it knows nothing is believed, and is no pass.
    let fake = Fake::new(subject(), |call, _| {
        call.contains("Order").then(|| refusal(404, 40401, "Subject not found."))
    });
    let ended = folder.run(&["check", "--against", &format!("registry:{}", fake.url()), "--format", "json"]);
    is(&ended, 3, &["not-compared"]);
}

#[test]
fn a_schema_of_another_format_is_not_compared() {
    let folder = Folder::with(&[("order.avsc", &record("Order", &[ID]))]);
    let proto = |call: &str, _: usize| {
        let body = json!({"subject": "com.example.Order", "version": 1, "id": 1, "schemaType": "PROTOBUF",
            "schema": "syntax = \"proto3\";"});
        call.ends_with("/versions/latest").then(|| ok(body))
    };
    let versions = vec![record("Order", &[ID])];
    let fake = Fake::new(Subject { name: "com.example.Order", level: "BACKWARD", versions }, proto);
    let ended = folder.run(&["check", "--against", &format!("registry:{}", fake.url()), "--format", "json"]);
    let verdict = is(&ended, 3, &["not-compared"]);
    assert!(verdict["checks"][0]["reason"].as_str().unwrap().contains("PROTOBUF"));
}

#[test]
fn versions_of_another_compatibility_group_take_no_part_here_and_there() {
    let served = Served::start();
    let mut client = served.0.client();
    let config = json!({"compatibility": "BACKWARD_TRANSITIVE", "compatibilityGroup": "major"});
    assert_eq!(client.put("/config/com.example.Order", &config).unwrap().status, 200);
    let versions = [("1", record("Order", &[ID, ("total", "\"string\"")])), ("2", record("Order", &[ID]))];
    for (major, text) in versions {
        let body = json!({"schema": text, "metadata": {"properties": {"major": major}}});
        let answer = client.post("/subjects/com.example.Order/versions", &body).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let folder = Folder::with(&[("o.avsc", &record("Order", &[ID, ("total", "\"int\", \"default\": 0")]))]);
    let verdict = is(&check(&folder, &served, &[]), 0, &["compatible"]);
    assert_eq!(verdict["checks"][0]["compared"], json!(["version 2"]));
    folder.ends(0, &["register", "--registry", served.url(), "--dry-run"]);
    folder.ends(0, &["register", "--registry", served.url()]);

    assert_eq!(
        client.put("/config/com.example.Order", &json!({"compatibilityGroup": ""})).unwrap().status,
        200
    );
    // What breaks a version of the other group is released already.
    let verdict = is(&check(&folder, &served, &[]), 0, &["unchanged"]);
    assert_eq!(verdict["findings"][0]["version"], "version 1", "{verdict:#}");
    assert_eq!(verdict["findings"].as_array().unwrap().len(), 1, "{verdict:#}");
}
