//! What is asked of a registry, and what is made of its answers.

mod double;

use ottla_formats::avro::{Mode, Schema, parse_with};
use serde_json::json;

use self::double::{Double, record, reply, text};
use super::*;
use crate::cli::baseline::{Answer, Past, Wanted};

fn schema(fields: &str) -> Schema {
    parse_with(&record(fields), Mode::Register, &[]).expect("a schema")
}

fn wanted<'a>(schema: &'a Schema, level: Option<Level>) -> Wanted<'a> {
    Wanted { subject: "orders", schema, level }
}

fn one(double: &Double, level: Option<Level>) -> Answer {
    let schema = schema("a b");
    look(double.client(), &[wanted(&schema, level)]).pop().expect("an answer")
}

fn past(double: &Double, level: Option<Level>) -> Past {
    match one(double, level) {
        Answer::Known(past) => past,
        other => panic!("{other:?}"),
    }
}

fn refused(double: &Double) -> String {
    match one(double, None) {
        Answer::NotCompared(words) => words,
        other => panic!("{other:?}"),
    }
}

fn labels(versions: &[Released]) -> Vec<&str> {
    versions.iter().map(|released| &*released.label).collect()
}

fn orders() -> Double {
    Double::new("BACKWARD_TRANSITIVE", [(1, record("a")), (2, record("a b")), (4, record("a b c"))])
}

#[test]
fn all_versions_are_fetched_for_transitive_levels_and_the_latest_for_others() {
    let double = orders();
    let found = past(&double, None);
    assert_eq!(found.level, Level::BackwardTransitive);
    assert_eq!(labels(&found.versions), ["version 4", "version 2", "version 1"]);
    assert_eq!(found.versions[2].schema.to_text(), record("a"));
    let verdict = found.verdict.expect("its own verdict");
    assert!(
        verdict.is_compatible && verdict.versions.is_empty() && verdict.level == Level::BackwardTransitive
    );

    let double = orders().level("FORWARD");
    assert_eq!(labels(&past(&double, None).versions), ["version 4"]);
    assert!(!double.seen().iter().any(|line| line.contains("/versions/1")), "{:?}", double.seen());
    assert!(past(&orders().level("NONE"), None).versions.is_empty());
}

#[test]
fn the_level_of_the_project_comes_first_and_the_registry_s_own_verdict_is_about_its_own() {
    let found = past(&orders(), Some(Level::Full));
    assert_eq!((found.level, labels(&found.versions)), (Level::Full, vec!["version 4"]));
    let verdict = found.verdict.expect("its own verdict");
    assert_eq!(verdict.level, Level::BackwardTransitive);
    assert_eq!(labels(&verdict.versions), ["version 4", "version 2", "version 1"]);

    let found = past(&orders().level("FULL"), Some(Level::ForwardTransitive));
    assert_eq!(found.versions.len(), 3);
    let verdict = found.verdict.expect("its own verdict");
    assert_eq!((verdict.level, verdict.versions.len()), (Level::Full, 0), "those of the project are enough");
}

#[test]
fn a_subject_that_is_not_there_is_told_apart() {
    let double = orders().answer("GET /subjects/orders/versions", reply(404, 40401, "Subject not found."));
    assert!(matches!(one(&double, None), Answer::Unknown));
    for (status, code) in [(404, 404), (404, 40402), (404, 40499), (410, 40401), (500, 50001)] {
        let double = orders().answer("GET /subjects/orders/versions", reply(status, code, "?"));
        match one(&double, None) {
            Answer::NotCompared(words) => assert!(words.contains(&status.to_string()), "{words}"),
            other => panic!("{status} {code}: {other:?}"),
        }
    }
}

#[test]
fn a_registry_without_default_to_global_is_asked_for_the_level_of_all() {
    let double = orders()
        .answer("GET /config/orders?defaultToGlobal=true", reply(404, 40408, "no config"))
        .answer("GET /config?defaultToGlobal=true", text(r#"{"compatibilityLevel":"FULL"}"#));
    assert_eq!(past(&double, None).level, Level::Full);
}

#[test]
fn versions_of_another_group_are_passed_over() {
    let of = |group: &str| json!({"properties": {"major": group}});
    let double = orders()
        .config(json!({"compatibilityLevel": "BACKWARD", "compatibilityGroup": "major"}))
        .metadata(1, of("1"))
        .metadata(2, of("2"))
        .metadata(4, of("2"));
    // A file brings no metadata: it gets those of the latest version.
    assert_eq!(labels(&past(&double, Some(Level::FullTransitive)).versions), ["version 4", "version 2"]);
    assert!(double.bodies().iter().any(|body| body.contains(r#""major":"2""#)), "{:?}", double.bodies());
    let double = double.config(json!({
        "compatibilityLevel": "BACKWARD", "compatibilityGroup": "major", "overrideMetadata": of("1"),
    }));
    assert_eq!(labels(&past(&double, None).versions), ["version 1"]);
    let double = double.config(json!({
        "compatibilityLevel": "BACKWARD", "compatibilityGroup": "major", "overrideMetadata": of("3"),
    }));
    assert!(past(&double, None).versions.is_empty(), "the first of its group");
}

#[test]
fn what_versions_refer_to_is_fetched_once() {
    let money = r#"{"type":"record","name":"Money","fields":[]}"#;
    let order = r#"{"type":"record","name":"Order","fields":[{"name":"a","type":"Money"}]}"#;
    let double =
        Double::new("FULL_TRANSITIVE", [(1, order.to_owned()), (2, order.replace("\"a\"", "\"b\""))])
            .refers(json!([{"name": "Money", "subject": "money", "version": 7}]))
            .answer(
                "GET /subjects/money/versions/7?deleted=true",
                text(&json!({"subject": "money", "version": 7, "id": 9, "schema": money}).to_string()),
            );
    let found = past(&double, None);
    assert!(found.versions[1].schema.to_inlined_text().contains("Money\",\"fields\":[]"));
    let fetched = double.seen().iter().filter(|line| line.contains("/subjects/money/")).count();
    assert_eq!(fetched, 1, "{:?}", double.seen());
}

#[test]
fn registries_without_the_call_are_asked_about_each_version() {
    let all = "POST /compatibility/subjects/orders/versions?verbose=true";
    for gone in [reply(404, 404, "HTTP 404 Not Found"), (405, "<html>no</html>".to_owned(), "text/html")] {
        let double = orders().answer(all, gone);
        let verdict = past(&double, None).verdict.expect("its own verdict");
        assert!(verdict.is_compatible);
        let asked =
            |number: i32| format!("POST /compatibility/subjects/orders/versions/{number}?verbose=true");
        for number in [1, 2, 4] {
            assert!(double.seen().contains(&asked(number)), "{:?}", double.seen());
        }
        let no = r#"{"is_compatible":false,"messages":["{errorType:'X'}"]}"#;
        let verdict = past(&double.answer(&asked(1), text(no)), None).verdict.expect("its own verdict");
        assert_eq!((verdict.is_compatible, verdict.messages), (false, vec!["{errorType:'X'}".to_owned()]));
    }
    // A version that is gone meanwhile is no such registry.
    let words = refused(&orders().answer(all, reply(404, 40401, "Subject not found.")));
    assert!(words.contains("40401"), "{words}");
}

#[test]
fn a_schema_that_the_registry_does_not_take_is_not_called_incompatible() {
    let call = "POST /compatibility/subjects/orders/versions";
    let double = orders()
        .answer(&format!("{call}?verbose=true"), text(r#"{"is_compatible":false,"messages":["bad name"]}"#))
        .answer(call, reply(422, 42201, "Invalid schema: bad name"));
    let verdict = past(&double, None).verdict.expect("its own verdict");
    assert!(!verdict.is_compatible);
    assert!(verdict.messages[0].contains("valid") && verdict.messages[0].contains("bad name"), "{verdict:?}");
}

#[test]
fn nonsense_is_never_a_pass() {
    let html = |status| (status, "<html>Welcome</html>".to_owned(), "text/html");
    let calls = [
        "GET /subjects/orders/versions",
        "GET /config/orders?defaultToGlobal=true",
        "GET /subjects/orders/versions/latest",
        "GET /subjects/orders/versions/2",
        "POST /compatibility/subjects/orders/versions?verbose=true",
    ];
    for call in calls {
        for answer in [
            html(200),
            html(500),
            html(404),
            html(302),
            (204, String::new(), "application/json"),
            (200, String::new(), "application/json"),
            (200, "null".to_owned(), "application/json"),
            (200, "{}".to_owned(), "application/json"),
            (200, "[]".to_owned(), "application/json"),
            (200, "\"BACKWARD\"".to_owned(), "application/json"),
            (
                200,
                "{\"compatibilityLevel\":\"SIDEWARD\",\"is_compatible\":\"yes\"".to_owned(),
                "application/json",
            ),
            (200, "[0]".to_owned(), "application/json"),
            (200, "\u{0}\u{1}".to_owned(), "application/json"),
            (401, "{}".to_owned(), "application/json"),
        ] {
            if answer.0 == 404 && call.starts_with("POST") {
                // That is a registry without the call.
                continue;
            }
            let words = refused(&orders().answer(call, answer.clone()));
            assert!(words.len() > 20 && !words.contains('\n'), "{call} {answer:?}: {words}");
        }
    }
}

#[test]
fn what_does_not_fit_together_is_said() {
    let version = |number: i32, text: &str| {
        json!({"subject": "orders", "version": number, "id": 1, "schema": text}).to_string()
    };
    let latest = "GET /subjects/orders/versions/latest";
    let second = "GET /subjects/orders/versions/2";
    let other =
        json!({"subject": ":.other:orders", "version": 4, "id": 1, "schema": record("a")}).to_string();
    let proto = json!({"subject": "orders", "version": 2, "id": 1, "schemaType": "PROTOBUF", "schema": "x"});
    let refers = json!({"subject": "orders", "version": 2, "id": 1, "schema": record("a"),
        "references": [{"name": "M", "subject": "money", "version": 1}]});
    for (call, body, expected) in [
        (latest, version(5, &record("a")), "the latest version of orders is 5"),
        (latest, other, ":.other:orders"),
        (second, version(1, &record("a")), "version 2 of orders is version 1"),
        (second, version(2, "{\"type\":\"recor\"}"), "version 2 of orders cannot be read"),
        (second, version(2, ""), "cannot be read"),
        (second, proto.to_string(), "is PROTOBUF"),
        (second, refers.to_string(), "money"),
        ("GET /subjects/orders/versions", "[-1,2]".to_owned(), "version -1"),
        ("GET /subjects/orders/versions", "[1,2,3]".to_owned(), "is not the last one"),
    ] {
        let words = refused(&orders().answer(call, text(&body)));
        assert!(words.contains(expected), "{call}: {words}");
    }
}

#[test]
fn nobody_is_asked_a_thousand_times_where_nobody_is() {
    let double = orders().away();
    let schema = schema("a");
    let all = vec![wanted(&schema, None); 1000];
    let answers = look(double.client(), &all);
    assert_eq!(answers.len(), 1000);
    for answer in answers {
        let Answer::NotCompared(words) = answer else { panic!("{answer:?}") };
        assert!(words.contains("double: no connection: on purpose; is it running"), "{words}");
        assert_eq!(words.matches("on purpose").count(), 1, "each try says the same: {words}");
    }
    assert!(double.seen().len() <= 2 * AT_ONCE, "{}", double.seen().len());
}
