//! What comes back, from registries new and old, and what is said when it is no answer.

use ottla::client::{
    Change, ConfigUpdate, Error, Level, Metadata, Mode, Response, RuleMode, Schema, SchemaId, SchemaType,
    Scope,
};
use ottla::testing::Registry;
use serde_json::Value;

use crate::record;
use crate::scripted::{Scripted, answer};

#[tokio::test]
async fn old_registries_answer_with_less() {
    let client = Scripted::new(|_| answer(200, r#"{"id":1}"#)).client();
    let registered = client.register("s", &record("a")).await.expect("an id");
    assert_eq!((registered.id, registered.version, registered.guid), (SchemaId(1), None, None));
    let client = Scripted::new(|_| answer(200, r#"{"schema":"\"int\""}"#)).client();
    let stored = client.schema_by_id(SchemaId(1), None).await.expect("a schema");
    assert_eq!((&stored.schema, &stored.subject, stored.guid), (&Schema::avro("\"int\""), &None, None));
    let version = r#"{"subject":"s","version":2,"id":3,"schema":"syntax","schemaType":"PROTOBUF"}"#;
    let client = Scripted::new(move |_| answer(200, version)).client();
    let latest = client.latest("s").await.expect("a version");
    assert_eq!(
        (latest.version, latest.id, &latest.schema.schema_type),
        (2, SchemaId(3), &SchemaType::Protobuf)
    );
}

#[tokio::test]
async fn newer_registries_answer_with_more() {
    let body = r#"{"subject":"s","version":1,"id":1,"guid":"no guid","schemaType":"THRIFT","schema":"x","references":null,
        "metadata":{"properties":{"a":"b"},"tags":null,"later":[1]},"ruleSet":{"domainRules":[{"name":"r","mode":"SOMETIMES",
        "kind":null,"later":{}}]},"schemaTags":null,"ts":1,"deleted":false,"later":{"deep":[null]}}"#;
    let client = Scripted::new(move |_| answer(200, body)).client();
    let latest = client.latest("s").await.expect("a version");
    assert_eq!(latest.schema.schema_type, SchemaType::Other("THRIFT".into()));
    let rules = latest.schema.rule_set.as_ref().expect("rules");
    assert_eq!(rules.domain_rules[0].mode, RuleMode::Other("SOMETIMES".into()));
    let metadata = latest.schema.metadata.as_ref().expect("metadata");
    assert_eq!((metadata.properties["a"].as_str(), latest.guid, latest.deleted), ("b", None, Some(false)));
    // What is not known goes back as it came.
    let again: Schema =
        serde_json::from_value(serde_json::to_value(&latest.schema).expect("JSON")).expect("a schema");
    assert_eq!(again, latest.schema);
}

#[tokio::test]
async fn requests_hold_what_is_needed_and_no_more() {
    let registry = Scripted::new(|_| answer(200, r#"{"id":1}"#));
    let client = registry.client();
    client.register("s", &Schema::avro("\"int\"")).await.expect("an id");
    let metadata = Metadata { properties: [("k".to_owned(), "v".to_owned())].into(), ..Metadata::default() };
    let schema = Schema::new(SchemaType::Json, "{}").with_metadata(metadata);
    client.register(":.c:a/b", &schema).await.expect("an id");
    let asked = registry.asked();
    let body = |n: usize| -> Value {
        serde_json::from_slice(asked[n].body.as_deref().expect("a body")).expect("JSON")
    };
    assert_eq!(body(0), serde_json::json!({"schema": "\"int\""}));
    let expected =
        serde_json::json!({"schema": "{}", "schemaType": "JSON", "metadata": {"properties": {"k": "v"}}});
    assert_eq!((body(1), asked[1].target.as_str()), (expected, "/subjects/%3A.c%3Aa%2Fb/versions"));
    let media = "application/vnd.schemaregistry.v1+json";
    assert_eq!(asked[0].header("Content-Type"), Some(media));
    assert!(asked[0].header("Accept").is_some_and(|accept| accept.starts_with(media)));

    let update = ConfigUpdate {
        compatibility: Level::FullTransitive.into(),
        normalize: Change::Clear,
        alias: "other".to_owned().into(),
        ..ConfigUpdate::default()
    };
    let text = serde_json::to_value(&update).expect("JSON");
    assert_eq!(
        text,
        serde_json::json!({"compatibility": "FULL_TRANSITIVE", "normalize": null, "alias": "other"})
    );
}

#[tokio::test]
async fn refusals_say_what_was_asked() {
    let registry = Registry::named("here");
    let client = registry.client();
    let error = client.version(":.c:s", 3).await.expect_err("no subject");
    let expected = "GET /subjects/%3A.c%3As/versions/3: here says 404 (40401): Subject ':.c:s' not found.";
    assert_eq!(error.to_string(), expected);
    let refusal = error.refusal().expect("a refusal");
    assert_eq!((refusal.asked.subject.as_deref(), refusal.tries), (Some(":.c:s"), 1));
    let error = client.schema_by_id(SchemaId(9), Some("s")).await.expect_err("no schema");
    assert_eq!(error.refusal().expect("a refusal").asked.id, Some(SchemaId(9)));

    registry.add("s", &record("a"));
    let error = client.register("s", &record("b")).await.expect_err("incompatible");
    assert!(error.is_incompatible() && !error.is_not_found() && !error.is_temporary(), "{error}");
    assert!(error.to_string().contains("READER_FIELD_MISSING_DEFAULT_VALUE"), "{error}");
    let error = client.register("s", &Schema::avro("nonsense")).await.expect_err("no schema");
    assert!(error.is_invalid_schema(), "{error}");
    let older = Scripted::new(|_| answer(409, r#"{"error_code":409,"message":"x"}"#)).client();
    assert!(older.register("s", &record("b")).await.expect_err("incompatible").is_incompatible());
}

#[tokio::test]
async fn what_is_no_answer_is_shown_shortened() {
    let page = format!("<html>\n  <body>{}</body></html>", "x".repeat(100_000));
    let client = Scripted::new(move |_| answer(404, &page)).client();
    let error = client.latest("s").await.expect_err("a page");
    assert_eq!((error.error_code(), error.status()), (Some(404), Some(404)));
    assert!(!error.is_not_found(), "the registry did not say so");
    assert!(error.to_string().len() < 400 && error.to_string().contains("<html> <body>xxx"), "{error}");

    let client = Scripted::new(|_| answer(200, "<html>sign in</html>")).client();
    let error = client.latest("s").await.expect_err("a page");
    assert!(matches!(error, Error::Unexpected(_)) && error.status() == Some(200), "{error}");
    assert!(error.to_string().ends_with("<html>sign in</html>"), "{error}");

    let client = Scripted::new(|_| {
        let headers = vec![("location".to_owned(), "https://elsewhere/?token=x".to_owned())];
        Ok(Response { status: 307, headers, ..Response::default() })
    });
    let error = client.client().latest("s").await.expect_err("a redirect");
    assert!(error.to_string().contains("it redirects to https://elsewhere/"), "{error}");
    assert_eq!(client.asked().len(), 1);
}

#[tokio::test]
async fn settings_are_read_under_either_name() {
    for body in
        [r#"{"compatibilityLevel":"FULL","normalize":true}"#, r#"{"compatibility":"FULL","normalize":true}"#]
    {
        let client = Scripted::new(move |_| answer(200, body)).client();
        let config = client.config("s").await.expect("a configuration");
        assert_eq!((config.compatibility_level, config.normalize), (Some(Level::Full), Some(true)));
    }
    let registry = Registry::new();
    let client = registry.client();
    assert_eq!(client.config("s").await.expect_err("none").error_code(), Some(40408));
    assert_eq!(
        client.effective_config("s").await.expect("the default").compatibility_level,
        Some(Level::Backward)
    );
    let update = ConfigUpdate { compatibility: Level::None.into(), ..ConfigUpdate::default() };
    client.update_config(Scope::Global, &update).await.expect("a change");
    assert_eq!(client.effective_config("s").await.expect("a level").compatibility_level, Some(Level::None));
    assert_eq!(
        client.delete_config(Scope::Global).await.expect("what it was").compatibility_level,
        Some(Level::None)
    );
    client.set_mode("s", Mode::ReadOnly, false).await.expect("a change");
    assert_eq!(client.register("s", &record("a")).await.expect_err("read-only").error_code(), Some(42205));
    assert_eq!(client.delete_mode("s", false).await.expect("what it was"), Mode::ReadOnly);
    assert_eq!(client.effective_mode("s").await.expect("the default"), Mode::ReadWrite);
}
