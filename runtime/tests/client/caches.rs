//! What is kept, and asked for once by many who want it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use ottla::client::{Client, Deletion, Guid, SchemaId};
use ottla::testing::{Fault, Registry};
use tokio::time::{advance, sleep};

use crate::record;

const BY_ID: &str = "GET /schemas/ids/{id}";
const BY_GUID: &str = "GET /schemas/guids/{guid}";
const LATEST: &str = "GET /subjects/{subject}/versions/{version}";
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn schemas_are_kept_for_good() {
    let registry = Registry::new();
    let id = registry.add("s", &record("a"));
    let client = registry.client();
    let first = client.schema_by_id(id, None).await.expect("a schema");
    let guid = first.guid.expect("a content hash");
    advance(1_000_000 * SECOND).await;
    let again = client.clone().schema_by_id(id, None).await.expect("a schema");
    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(registry.requests(BY_ID), 1);
    for _ in 0..2 {
        assert_eq!(client.schema_by_guid(guid).await.expect("a schema").schema, first.schema);
    }
    assert_eq!(registry.requests(BY_GUID), 1);
    // Ids are of a context: with a subject it may be another schema.
    client.schema_by_id(id, Some("s")).await.expect("a schema");
    assert_eq!(registry.requests(BY_ID), 2);
}

#[tokio::test(start_paused = true)]
async fn many_who_want_the_same_make_one_request() {
    let registry = Registry::new();
    let id = registry.add("s", &record("a"));
    registry.delay(SECOND);
    let client = registry.client();
    let all = join_all((0..100).map(|_| client.schema_by_id(id, None))).await;
    assert!(all.iter().all(|schema| schema.as_ref().is_ok_and(|s| s.version == Some(1))));
    assert_eq!(registry.requests(BY_ID), 1);

    // Failures are shared too, and not kept.
    let client = registry.client();
    registry.forget_requests();
    registry.fail_next(100, Fault::Status(500));
    let all = join_all((0..100).map(|_| client.schema_by_id(id, None))).await;
    assert!(all.iter().all(|schema| schema.as_ref().is_err_and(|e| e.status() == Some(500))));
    assert_eq!(registry.requests(BY_ID), 3, "the tries of one");
    client.schema_by_id(id, None).await.expect_err("asked for anew");
    assert_eq!(registry.requests(BY_ID), 6);
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_may_go_away() {
    let registry = Registry::new();
    let id = registry.add("s", &record("a"));
    registry.delay(10 * SECOND);
    let client =
        Client::over([registry.transport()]).request_timeout(60 * SECOND).deadline(60 * SECOND).build();
    let client = client.expect("a client");
    let ask = |client: Client| tokio::spawn(async move { client.schema_by_id(id, None).await });
    let first = ask(client.clone());
    sleep(SECOND).await;
    let others: Vec<_> = (0..3).map(|_| ask(client.clone())).collect();
    sleep(SECOND).await;
    first.abort();
    for other in others {
        other.await.expect("no panic").expect("a schema");
    }
    assert_eq!(registry.requests(BY_ID), 1, "the others carried on with the same request");

    // When all go away, so does the request, and the next one asks anew.
    let other = registry.add("t", &record("b"));
    let alone = {
        let client = client.clone();
        tokio::spawn(async move { client.schema_by_id(other, None).await })
    };
    sleep(SECOND).await;
    alone.abort();
    sleep(60 * SECOND).await;
    client.schema_by_id(other, None).await.expect("a schema");
    assert_eq!(registry.requests(BY_ID), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_remembered_for_a_short_while() {
    let registry = Registry::new();
    let client = registry.client();
    let (id, guid) = (SchemaId(7), Guid([7; 16]));
    for _ in 0..10 {
        let error = client.schema_by_id(id, None).await.expect_err("no schema");
        assert_eq!(error.error_code(), Some(40403));
        assert!(client.schema_by_guid(guid).await.expect_err("no schema").is_not_found());
        advance(SECOND / 20).await;
    }
    assert_eq!((registry.requests(BY_ID), registry.requests(BY_GUID)), (1, 1));
    advance(SECOND / 2).await;
    client.schema_by_id(id, None).await.expect_err("no schema");
    assert_eq!(registry.requests(BY_ID), 2);

    let client = Client::over([registry.transport()]).missing_ttl(Duration::ZERO).build().expect("a client");
    for _ in 0..3 {
        client.schema_by_id(id, None).await.expect_err("no schema");
    }
    assert_eq!(registry.requests(BY_ID), 5);
}

#[tokio::test(start_paused = true)]
async fn what_this_client_registers_is_no_longer_missing() {
    let registry = Registry::new();
    let client = registry.client();
    client.schema_by_id(SchemaId(1), None).await.expect_err("nothing yet");
    let registered = client.register("s", &record("a")).await.expect("a registration");
    assert_eq!(registered.id, SchemaId(1));
    client.schema_by_id(registered.id, None).await.expect("found at once");
}

#[tokio::test]
async fn what_is_kept_is_bounded() {
    let registry = Registry::new();
    let ids: Vec<SchemaId> =
        (0..5).map(|n| registry.add(&format!("s{n}"), &record(&format!("f{n}")))).collect();
    let ask_all = async |client: &Client| {
        for &id in &ids {
            client.schema_by_id(id, None).await.expect("a schema");
        }
    };
    let builder = || Client::over([registry.transport()]);
    // By entries: five do not fit into four, and the one that is needed next is always gone.
    for (client, expected) in [
        (builder().cache(5, usize::MAX).build(), 5),
        (builder().cache(4, usize::MAX).build(), 10),
        (builder().cache(0, usize::MAX).build(), 10),
        (builder().cache(5, 5 * 1000).build(), 5),
        // By bytes: each takes more than 256.
        (builder().cache(5, 4 * 256).build(), 10),
        (builder().cache(5, 100).build(), 10),
    ] {
        let client = client.expect("a client");
        registry.forget_requests();
        ask_all(&client).await;
        ask_all(&client).await;
        assert_eq!(registry.requests(BY_ID), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_latest_version_is_kept_where_that_is_asked_for() {
    let registry = Registry::new();
    registry.add("s", &record("a"));
    let client = registry.client();
    for n in 1..=3 {
        assert_eq!(client.latest("s").await.expect("a version").version, 1);
        assert_eq!(registry.requests(LATEST), n);
    }
    let client = Client::over([registry.transport()]).latest_ttl(60 * SECOND).build().expect("a client");
    registry.forget_requests();
    for _ in 0..3 {
        assert_eq!(client.latest("s").await.expect("a version").version, 1);
    }
    assert_eq!(registry.requests(LATEST), 1);
    // What others do is seen when the time is up, what this client does at once.
    registry.add("s", &optional("b"));
    assert_eq!(client.latest("s").await.expect("a version").version, 1);
    advance(60 * SECOND).await;
    assert_eq!(client.latest("s").await.expect("a version").version, 2);
    client.delete_version("s", 2, Deletion::Soft).await.expect("a deletion");
    assert_eq!(client.latest("s").await.expect("a version").version, 1);
    client.register("s", &optional("c")).await.expect("a registration");
    assert_eq!(client.latest("s").await.expect("a version").version, 3);
    client.delete_subject("s", Deletion::Soft).await.expect("a deletion");
    assert_eq!(client.latest("s").await.expect_err("no version").error_code(), Some(40401));
}

fn optional(field: &str) -> ottla::client::Schema {
    let text = format!(
        r#"{{"type":"record","name":"R","fields":[{{"name":"a","type":"string"}},{{"name":"{field}","type":"int","default":0}}]}}"#
    );
    ottla::client::Schema::avro(text)
}
