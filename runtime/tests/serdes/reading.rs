//! From messages to events.

use ottla::client::Schema;
use ottla::framing::{self, SchemaRef};
use ottla::serdes::{Decoded, DeserializeError, Deserializer, Framing, Register, Serializer};
use ottla::testing::Registry;
use ottla::{Event, Unreadable};

use crate::{created, deserializer, other, topic, traced, v1, v2};

const BY_ID: &str = "GET /schemas/ids/{id}";

#[derive(Event, Debug, PartialEq)]
struct Bytes(Vec<u8>);

fn decoded<T: std::fmt::Debug>(decoded: Result<Decoded<T>, DeserializeError>) -> T {
    match decoded {
        Ok(Decoded::Event(event)) => event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_what_is_unknown_is_waited_for() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let deserializer = deserializer::<v1::OrderCreated>(&registry);
    let unknown = deserializer.decode(Some(&payload), ()).expect("a message");
    let Decoded::Unknown(schema) = unknown else { panic!("{unknown:?}") };
    assert_eq!((schema, registry.requests(BY_ID)), (SchemaRef::Id(1), 0));
    deserializer.fetch(schema).await.expect("a schema");
    assert_eq!(decoded(deserializer.decode(Some(&payload), ())), created());
    for _ in 0..3 {
        deserializer.fetch(schema).await.expect("a schema");
        let read = deserializer.clone().deserialize(Some(&payload), ()).await;
        assert_eq!(read.expect("an event"), Some(created()));
    }
    assert_eq!(registry.requests(BY_ID), 1);
}

#[tokio::test]
async fn tombstones_need_no_schema() {
    let registry = Registry::new();
    let deserializer = deserializer::<v1::OrderCreated>(&registry);
    let headers = [("__value_schema_id", b"nonsense".to_vec())];
    assert!(matches!(deserializer.decode(None, &headers), Ok(Decoded::Tombstone)));
    assert_eq!(deserializer.deserialize(None, ()).await.expect("a tombstone"), None);
    assert!(deserializer.message(None, ()).await.expect("a tombstone").is_none());
    assert_eq!(registry.all_requests(), 0);
}

#[tokio::test]
async fn older_and_newer_versions_are_read() {
    let registry = Registry::new();
    let old = crate::message(&registry, &created()).await;
    let with_currency = v2::OrderCreated::new("o-2", 2.0).with_currency("USD");
    let new = crate::message(&registry, &with_currency).await;
    assert_ne!(old[..5], new[..5]);

    let reads_v1 = deserializer::<v1::OrderCreated>(&registry);
    let reads_v2 = deserializer::<v2::OrderCreated>(&registry);
    let read = async |payload: &[u8]| {
        let v1 = reads_v1.deserialize(Some(payload), ()).await.expect("an event");
        let v2 = reads_v2.deserialize(Some(payload), ()).await.expect("an event");
        (v1.expect("an event"), v2.expect("an event"))
    };
    let default = v2::OrderCreated::new("o-1", 12.5);
    assert_eq!(default.currency, "EUR");
    assert_eq!(read(&old).await, (created(), default));
    assert_eq!(read(&new).await, (v1::OrderCreated::new("o-2", 2.0), with_currency));
}

/// The logical type is ignored, so that there is text in the field.
#[tokio::test]
async fn defaults_that_are_no_values_of_logical_types() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let read = deserializer::<traced::OrderCreated>(&registry).deserialize(Some(&payload), ()).await;
    let event = traced::OrderCreated::new("o-1", 12.5);
    assert_eq!(event.trace, String::new());
    assert_eq!(read.expect("an event"), Some(event));
}

#[tokio::test]
async fn all_incompatibilities_are_told_and_remembered() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let deserializer = deserializer::<other::OrderCreated>(&registry);
    let error = deserializer.deserialize(Some(&payload), ()).await.expect_err("incompatible");
    assert_eq!(
        error.to_string(),
        "value of topic orders: schema id 1 (com.example.events.OrderCreated) of subject orders-value version 1: \
         com.example.events.OrderCreated: the reader cannot read what the writer wrote: \
         /fields/1/type: reader type: LONG not compatible with writer type: DOUBLE; /fields/2: customerId"
    );
    let DeserializeError::Unreadable { origin, error } = error else { panic!("{error}") };
    assert_eq!((origin.schema, origin.subject.as_deref()), (SchemaRef::Id(1), Some("orders-value")));
    assert!(matches!(&*error, Unreadable::Plan { .. }));

    let again = deserializer.decode(Some(&payload), ()).expect_err("incompatible");
    assert!(matches!(again, DeserializeError::Unreadable { .. }));
    assert!(deserializer.fetch(SchemaRef::Id(1)).await.is_err());
    assert_eq!(registry.requests(BY_ID), 1);
}

#[tokio::test]
async fn bytes_that_are_not_what_the_schema_says() {
    let registry = Registry::new();
    let payload = crate::message(&registry, &created()).await;
    let deserializer = deserializer::<v1::OrderCreated>(&registry);
    let cut = deserializer.deserialize(Some(&payload[..8]), ()).await.expect_err("half an event");
    assert_eq!(
        cut.to_string(),
        "value of topic orders: schema id 1 (com.example.events.OrderCreated) of subject orders-value version 1: \
         com.example.events.OrderCreated.orderId at byte 0: the bytes end too early"
    );
    let longer = [&payload[..], b"more"].concat();
    assert_eq!(decoded(deserializer.decode(Some(&longer), ())), created());
    let strict = Deserializer::<v1::OrderCreated>::builder(topic()).refuse_trailing_bytes(true);
    let error = strict.build(&registry.client()).deserialize(Some(&longer), ()).await.expect_err("too long");
    assert!(error.to_string().ends_with("at byte 12: bytes are left after the value"), "{error}");

    let error = deserializer.decode(Some(b"{}"), ()).expect_err("JSON");
    assert!(
        error.to_string().starts_with("value of topic orders: the payload begins with 7b 7d and looks like")
    );
}

#[tokio::test]
async fn guids_in_payloads_and_headers() {
    let registry = Registry::new();
    let deserializer = deserializer::<v2::OrderCreated>(&registry);
    for framing in [Framing::Guid, Framing::GuidHeader] {
        let builder = Serializer::<v1::OrderCreated>::builder(topic()).register(Register::IfMissing);
        let serializer = builder.framing(framing).build(&registry.client());
        let mut payload = Vec::new();
        let header = serializer.serialize(&created(), &mut payload).await.expect("a message");
        let headers: Vec<(&str, &[u8])> = header.iter().map(|h| (h.name, h.value)).collect();
        let read = deserializer.deserialize(Some(&payload), &headers).await.expect("an event");
        assert_eq!(read.map(|event| event.order_id), Some("o-1".to_owned()));
    }
    assert_eq!(registry.requests("GET /schemas/guids/{guid}"), 1);
}

#[tokio::test]
async fn fingerprints_need_no_registry() {
    let registry = Registry::new();
    let v1 = v1::OrderCreated::descriptor();
    let mut payload = Vec::new();
    framing::write_fingerprint(&mut payload, v1.fingerprint());
    created().encode(&mut payload).expect("an event");
    let own = deserializer::<v1::OrderCreated>(&registry);
    assert_eq!(own.deserialize(Some(&payload), ()).await.expect("its own"), Some(created()));

    let strange = deserializer::<v2::OrderCreated>(&registry);
    let error = strange.deserialize(Some(&payload), ()).await.expect_err("nobody told it");
    assert!(matches!(error, DeserializeError::UnknownFingerprint { .. }), "{error}");
    let told =
        Deserializer::<v2::OrderCreated>::builder(topic()).known(v1.schema().expect("a schema").clone());
    let read = told.build(&registry.client()).deserialize(Some(&payload), ()).await.expect("it was told");
    assert_eq!(read, Some(v2::OrderCreated::new("o-1", 12.5)));
    assert_eq!(registry.all_requests(), 0);
}

/// Java's serializers write them without it, but it is part of Avro's encoding.
#[tokio::test]
async fn bytes_alone_have_their_length_in_single_objects_only() {
    let registry = Registry::new();
    let bytes = Bytes(vec![4, 1, 2]);
    let with_id = crate::message(&registry, &bytes).await;
    assert_eq!(with_id[5..], [4, 1, 2]);
    let mut object = Vec::new();
    framing::write_fingerprint(&mut object, Bytes::descriptor().fingerprint());
    bytes.encode(&mut object).expect("bytes");
    assert_eq!(object[10..], [6, 4, 1, 2]);
    let deserializer = deserializer::<Bytes>(&registry);
    for payload in [with_id, object] {
        let read = deserializer.deserialize(Some(&payload), ()).await.expect("bytes");
        assert_eq!(read.as_ref(), Some(&bytes));
        let message = deserializer.message(Some(&payload), ()).await.expect("bytes").expect("a message");
        assert_eq!(message.decode().expect("bytes"), bytes);
    }
}

#[tokio::test]
async fn ids_of_another_context() {
    let registry = Registry::new();
    let id = registry.add(":.staging:orders-value", &Schema::avro(v1::OrderCreated::descriptor().text()));
    let mut payload = framing::id_bytes(id.0).to_vec();
    created().encode(&mut payload).expect("an event");
    let elsewhere = deserializer::<v1::OrderCreated>(&registry);
    assert!(matches!(elsewhere.fetch(SchemaRef::Id(id.0)).await, Err(DeserializeError::Missing { .. })));
    let builder = Deserializer::<v1::OrderCreated>::builder(topic()).subject(":.staging:");
    let read = builder.build(&registry.client()).deserialize(Some(&payload), ()).await.expect("an event");
    assert_eq!(read, Some(created()));
}

#[tokio::test]
async fn schemas_that_were_not_used_lately_are_forgotten() {
    let registry = Registry::new();
    let builder = Deserializer::<v1::OrderCreated>::builder(topic()).cache(2, usize::MAX);
    let deserializer = builder.build(&registry.client());
    let version = |number: u32| {
        let text = v1::OrderCreated::descriptor().text();
        let doc = format!("\"doc\": \"{number}\", \"fields\"");
        registry.add("orders-value", &Schema::avro(text.replacen("\"fields\"", &doc, 1).as_str()))
    };
    let payloads: Vec<Vec<u8>> = (1..=4)
        .map(|number| {
            let mut payload = framing::id_bytes(version(number).0).to_vec();
            created().encode(&mut payload).expect("an event");
            payload
        })
        .collect();
    let known = |at: usize| matches!(deserializer.decode(Some(&payloads[at]), ()), Ok(Decoded::Event(_)));
    for payload in &payloads {
        deserializer.deserialize(Some(payload), ()).await.expect("an event");
        known(0);
    }
    assert_eq!([0, 1, 2, 3].map(known), [true, false, false, true]);
    assert!(format!("{deserializer:?}").contains("schemas: 2"), "{deserializer:?}");
}
