//! What a schema refers to.

use ottla::client::{Deletion, Error, MAX_REFERENCE_DEPTH, Reference, ReferenceError, Schema};
use ottla::testing::Registry;
use serde_json::json;

use crate::scripted::{Scripted, answer};

/// A record with a field of each type that it refers to.
fn record(name: &str, references: &[(&str, &str, i32)]) -> Schema {
    let fields: Vec<_> = references
        .iter()
        .enumerate()
        .map(|(i, (ty, ..))| json!({"name": format!("f{i}"), "type": ty}))
        .collect();
    let text = json!({"type": "record", "name": name, "fields": fields}).to_string();
    Schema::avro(text).with_references(references.iter().map(|(n, s, v)| Reference::new(*n, *s, *v)))
}

#[tokio::test]
async fn each_comes_once_and_after_what_it_refers_to() {
    let registry = Registry::new();
    registry.add(":.c:country", &record("Country", &[]));
    registry.add(":.c:city", &record("City", &[("Country", "country", 1)]));
    registry.add(":.c:address", &record("Address", &[("City", "city", 1), ("Country", ":.c:country", 1)]));
    registry.add("plain", &record("Plain", &[]));
    let client = registry.client();
    let references = [("Address", "address", -1), ("City", "city", 1), ("Plain", ":.:plain", 1)];
    let customer = record("Customer", &references);
    let found = client.resolve_references(&customer, Some(":.c:customer")).await.expect("references");
    let subjects: Vec<_> = found.iter().map(|schema| schema.subject.as_str()).collect();
    assert_eq!(subjects, [":.c:country", ":.c:city", ":.c:address", "plain"]);
    assert_eq!(registry.requests("GET /subjects/{subject}/versions/{version}"), 4, "each is asked for once");
    assert!(client.resolve_references(&record("Alone", &[]), None).await.expect("nothing").is_empty());
}

#[tokio::test]
async fn deleted_ones_are_found_and_missing_ones_are_told() {
    let registry = Registry::new();
    registry.add("country", &record("Country", &[]));
    let client = registry.client();
    client.delete_subject("country", Deletion::Soft).await.expect("a deletion");
    let city = record("City", &[("Country", "country", 1)]);
    assert_eq!(client.resolve_references(&city, None).await.expect("references").len(), 1);
    let lost = record("City", &[("Country", "country", 2)]);
    let error = client.resolve_references(&lost, None).await.expect_err("no such version");
    assert_eq!(
        (error.error_code(), error.refusal().and_then(|r| r.asked.subject.as_deref())),
        (Some(40402), Some("country"))
    );
}

/// Version n of every subject refers to what `next` says.
fn made(next: impl Fn(i32) -> Vec<(String, i32)> + Send + Sync + 'static) -> std::sync::Arc<Scripted> {
    Scripted::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let mut segments = path.split('/').skip(2);
        let (subject, version) = (segments.next().unwrap_or_default(), segments.nth(1).unwrap_or_default());
        let version: i32 = version.parse().expect("a version");
        let references: Vec<_> = next(version)
            .into_iter()
            .map(|(s, v)| json!({"name": "N", "subject": s, "version": v}))
            .collect();
        let body = json!({"subject": subject, "version": version, "id": 1, "schema": "\"int\"", "references": references});
        answer(200, &body.to_string())
    })
}

#[tokio::test]
async fn circles_and_depths_end() {
    let start = Schema::avro("\"int\"").with_references([Reference::new("N", "s", 1)]);
    // 1 -> 2 -> 3 -> 1
    let circle = made(|n| vec![("s".to_owned(), n % 3 + 1)]);
    let error = circle.client().resolve_references(&start, None).await.expect_err("a circle");
    assert!(
        matches!(&error, Error::References(ReferenceError::Cycle { subject, version: 1 }) if subject == "s"),
        "{error}"
    );
    assert_eq!(circle.asked().len(), 3);

    let endless = made(|n| vec![("s".to_owned(), n + 1)]);
    let error = endless.client().resolve_references(&start, None).await.expect_err("too deep");
    assert!(matches!(error, Error::References(ReferenceError::TooDeep)), "{error}");
    assert_eq!(endless.asked().len(), MAX_REFERENCE_DEPTH + 1);

    // As deep as may be, and wide: each version refers to all later ones.
    let last = i32::try_from(MAX_REFERENCE_DEPTH).expect("a small number");
    let wide = made(move |n| (n + 1..=last).map(|v| ("s".to_owned(), v)).collect());
    let found = wide.client().resolve_references(&start, None).await.expect("references");
    let versions: Vec<_> = found.iter().map(|schema| schema.version).collect();
    assert_eq!(versions, (1..=last).rev().collect::<Vec<_>>());
}
