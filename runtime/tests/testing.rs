//! The registry for tests: what it offers besides the registry's own calls, and what it says it does not know.
#![cfg(feature = "testing")]

use std::time::Duration;

use ottla::client::{
    AssociationFilter, ConfigUpdate, Error, Level, Mode, RegisterOptions, Schema, SchemaId, Scope, TagsUpdate,
};
use ottla::testing::{Fault, Registry};
use tokio::time::Instant;

fn int() -> Schema {
    Schema::avro("\"int\"")
}

#[tokio::test]
async fn clones_are_the_same_registry_and_others_are_not() {
    let registry = Registry::new();
    assert_eq!(registry.clone().add("s", &int()), SchemaId(1));
    assert_eq!(registry.add("t", &int()), SchemaId(1), "the same content has the same id");
    assert_eq!(registry.client().subjects().await.expect("a list"), ["s", "t"]);
    assert!(Registry::new().client().subjects().await.expect("a list").is_empty());
}

#[tokio::test(start_paused = true)]
async fn requests_are_counted_delayed_and_fail() {
    let registry = Registry::new();
    let client = registry.client();
    registry.delay(Duration::from_secs(2));
    let started = Instant::now();
    client.subjects().await.expect("a list");
    assert_eq!(started.elapsed().as_secs(), 2);
    registry.delay(Duration::ZERO);

    // Those for one route leave the others alone; those for all come in the order in which they were asked for.
    registry.fail_next_at("GET /contexts", 1, Fault::Status(418));
    registry.fail_next(1, Fault::Status(403));
    registry.fail_next(1, Fault::Status(404));
    assert_eq!(client.subjects().await.expect_err("the first").status(), Some(403));
    assert_eq!(client.contexts(None, Default::default()).await.expect_err("its own").status(), Some(418));
    assert_eq!(client.subjects().await.expect_err("the second").status(), Some(404));
    client.subjects().await.expect("no more");
    client.associations_of_topic("-", "t", &AssociationFilter::default()).await.expect_err("no such route");
    let counts: Vec<_> = registry.requests_by_route().into_iter().collect();
    assert_eq!(counts, [("GET /contexts", 1), ("GET /subjects", 4), ("other", 1)]);
    assert_eq!((registry.all_requests(), registry.requests("GET /subjects")), (6, 4));
    registry.forget_requests();
    assert_eq!((registry.all_requests(), registry.requests("GET /subjects")), (0, 0));
}

/// An answer that is lost is not a request that did not take place.
#[tokio::test(start_paused = true)]
async fn what_is_lost_took_place() {
    for (fault, took_place) in [(Fault::Lost, true), (Fault::Connection, false), (Fault::Hang, false)] {
        let registry = Registry::new();
        registry.fail_next(3, fault);
        registry.client().register("s", &int()).await.expect_err("three failures");
        assert_eq!(
            registry.client().subjects().await.expect("a list").len(),
            usize::from(took_place),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn what_it_does_not_know_it_says() {
    let registry = Registry::new();
    registry.add("s", &int());
    let client = registry.client();
    let not_known = |result: Result<(), Error>| {
        let error = result.expect_err("not known");
        assert_eq!(error.status(), Some(501), "{error}");
        assert!(error.to_string().contains("the test registry does not know"), "{error}");
    };
    let alias = ConfigUpdate {
        alias: "t".to_owned().into(),
        compatibility: Level::Full.into(),
        ..Default::default()
    };
    not_known(client.update_config("s", &alias).await.map(drop));
    assert_eq!(client.config("s").await.expect_err("nothing is set").error_code(), Some(40408));
    not_known(client.set_mode(Scope::Global, Mode::Import, true).await);
    let tags = RegisterOptions { propagate_tags: true, ..RegisterOptions::default() };
    not_known(client.register_with("s", &int(), &tags).await.map(drop));
    let error = client.update_tags("s", 1, &TagsUpdate::default()).await.expect_err("no such route");
    assert_eq!((error.status(), error.is_not_found()), (Some(404), false));
}

#[test]
#[should_panic(expected = "there is no route \"GET /schema/ids/{id}\"")]
fn a_route_that_is_misspelt_is_a_mistake_of_the_test() {
    Registry::new().requests("GET /schema/ids/{id}");
}

#[test]
#[should_panic(expected = "READER_FIELD_MISSING_DEFAULT_VALUE")]
fn a_schema_that_is_refused_is_a_mistake_of_the_test() {
    let record = |field: &str| {
        Schema::avro(format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"{field}","type":"int"}}]}}"#
        ))
    };
    let registry = Registry::new();
    registry.add("s", &record("a"));
    registry.add("s", &record("b"));
}
