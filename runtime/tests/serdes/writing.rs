//! Where ids come from, and what is written.

use ottla::client::{Schema, SchemaId};
use ottla::serdes::{Framing, Register, SerializeError, Serializer};
use ottla::subject::{Naming, SubjectError, Topic};
use ottla::testing::{Fault, Registry};
use ottla::{Event, framing};

use crate::by_hand::{Disordered, Unwritable};
use crate::{created, topic, v1, v2};

const V1: &str = include_str!("schemas/order_created_v1.avsc");
const REGISTER: &str = "POST /subjects/{subject}/versions";
const LOOK_UP: &str = "POST /subjects/{subject}";

fn built(registry: &Registry, register: Register) -> Serializer<v1::OrderCreated> {
    Serializer::builder(topic()).register(register).build(&registry.client())
}

async fn refused(registry: &Registry, register: Register) -> SerializeError {
    built(registry, register).prepare().await.expect_err("a refusal")
}

/// The event as the body of a message.
fn body(event: &impl Event) -> Vec<u8> {
    let mut body = Vec::new();
    event.encode(&mut body).expect("an event");
    body
}

#[tokio::test]
async fn nothing_is_registered_unless_it_is_asked_for() {
    let registry = Registry::new();
    let error = Serializer::<v1::OrderCreated>::new(&registry.client(), topic()).prepare().await;
    let error = error.expect_err("nobody registered it");
    assert!(matches!(&error, SerializeError::NotRegistered { subject, .. } if subject == "orders-value"));
    let text = error.to_string();
    assert!(
        text.starts_with(
            "value of topic orders: subject orders-value does not hold the schema of \
             com.example.events.OrderCreated: it has to be registered first (POST /subjects/orders-value: "
        ),
        "{text}"
    );
    assert_eq!(registry.requests(REGISTER), 0);

    let id = registry.add("orders-value", &Schema::avro(V1));
    let serializer = built(&registry, Register::Never);
    serializer.prepare().await.expect("it is registered now");
    assert_eq!(serializer.written_as().map(|types| types[0].id), Some(id));
}

#[tokio::test]
async fn what_is_missing_is_registered_once() {
    let registry = Registry::new();
    let serializer = built(&registry, Register::IfMissing);
    assert!(serializer.written_as().is_none());
    let mut buffer = b"before".to_vec();
    let error = serializer.encode(&created(), &mut buffer).expect_err("it is not prepared");
    assert_eq!(error.to_string(), "value of topic orders: the serializer is not prepared");
    assert_eq!((buffer.as_slice(), registry.all_requests()), (&b"before"[..], 0));

    serializer.serialize(&created(), &mut buffer).await.expect("it prepares itself");
    let id = serializer.written_as().expect("it is prepared")[0].id;
    let expected = [b"before".as_slice(), &framing::id_bytes(id.0), &body(&created())].concat();
    assert_eq!(buffer, expected);
    for _ in 0..3 {
        serializer.prepare().await.expect("it is prepared");
        serializer.clone().serialize(&created(), &mut buffer).await.expect("it is prepared");
    }
    assert_eq!(registry.all_requests(), 1);

    let again = built(&registry, Register::IfMissing);
    again.prepare().await.expect("a registry");
    assert_eq!(again.written_as(), serializer.written_as());
    assert_eq!(registry.client().versions("orders-value").await.expect("a subject"), [1]);
}

#[tokio::test]
async fn what_is_incompatible_is_refused_by_the_registry() {
    let registry = Registry::new();
    crate::serializer::<v1::OrderCreated>(&registry.client()).await;
    let other = Serializer::<crate::other::OrderCreated>::builder(topic()).register(Register::IfMissing);
    let error = other.build(&registry.client()).prepare().await.expect_err("incompatible");
    assert!(error.registry_error().is_some_and(|error| error.is_incompatible()), "{error}");
    assert!(error.to_string().contains("com.example.events.OrderCreated in subject orders-value"), "{error}");
}

#[tokio::test]
async fn failures_are_forgotten() {
    let registry = Registry::new();
    let serializer = built(&registry, Register::IfMissing);
    registry.fail_next(1, Fault::Status(401));
    let error = serializer.prepare().await.expect_err("a fault");
    assert!(error.registry_error().is_some_and(|error| error.is_unauthorized()), "{error}");
    serializer.prepare().await.expect("the fault is over");
}

#[tokio::test]
async fn the_latest_version_has_to_be_what_the_type_writes() {
    let registry = Registry::new();
    let error = refused(&registry, Register::UseLatest).await;
    assert!(error.registry_error().is_some_and(|error| error.is_not_found()), "{error}");

    let documented = V1.replacen("\"fields\"", "\"doc\": \"An order.\", \"fields\"", 1);
    let id = registry.add("orders-value", &Schema::avro(documented.as_str()));
    let serializer = built(&registry, Register::UseLatest);
    serializer.prepare().await.expect("docs are not for writers");
    assert_eq!(serializer.written_as().map(|types| types[0].id), Some(id));

    let newer = registry.add("orders-value", &Schema::avro(v2::OrderCreated::descriptor().text()));
    let error = refused(&registry, Register::UseLatest).await;
    assert_eq!(
        error.to_string(),
        format!(
            "value of topic orders: schema id {newer} in subject orders-value is not the schema of \
             com.example.events.OrderCreated: /: fields orderId, totalAmount in the type, fields orderId, totalAmount, \
             currency in the registry"
        )
    );
    let ids = built(&registry, Register::UseId(id));
    ids.prepare().await.expect("the id of the earlier one");
    assert_eq!(ids.written_as().map(|types| types[0].id), Some(id));
    let error = refused(&registry, Register::UseId(newer)).await;
    assert!(matches!(&error, SerializeError::OtherSchema { id, .. } if *id == newer), "{error}");
    let error = refused(&registry, Register::UseId(SchemaId(99))).await;
    assert!(error.registry_error().is_some_and(|error| error.is_not_found()), "{error}");
    assert_eq!(registry.requests(REGISTER), 0);
}

/// Bytes of one unit under the id of another would be read as other times.
#[tokio::test]
async fn another_logical_type_is_another_schema() {
    #[derive(ottla::Event, Debug)]
    struct At(ottla::logical::TimestampMillis);

    let registry = Registry::new();
    registry.add("orders-value", &Schema::avro(r#"{"type":"long","logicalType":"timestamp-micros"}"#));
    let serializer =
        Serializer::<At>::builder(topic()).register(Register::UseLatest).build(&registry.client());
    let error = serializer.prepare().await.expect_err("other units");
    assert!(error.to_string().contains("timestamp-micros"), "{error}");
}

#[tokio::test]
async fn schemas_are_normalized_if_it_is_asked_for() {
    for (normalize, expected) in [(true, r#""aa":2,"zz":1"#), (false, r#""zz":1,"aa":2"#)] {
        let registry = Registry::new();
        let builder = Serializer::<Disordered>::builder(topic()).normalize(normalize);
        let serializer = builder.register(Register::IfMissing).build(&registry.client());
        serializer.prepare().await.expect("a registry");
        let text = registry.client().latest("orders-value").await.expect("a subject").schema.text.clone();
        assert!(text.contains(expected), "{text}");
        let found = Serializer::<Disordered>::builder(topic()).normalize(normalize).build(&registry.client());
        found.prepare().await.expect("it is registered");
        assert_eq!(registry.requests(LOOK_UP), 1);
    }
}

#[tokio::test]
async fn guids_stand_in_payloads_or_headers() {
    let registry = Registry::new();
    let guid = |framing| {
        let builder = Serializer::<v1::OrderCreated>::builder(Topic::key("orders"));
        builder.register(Register::IfMissing).framing(framing).build(&registry.client())
    };
    let in_payload = guid(Framing::Guid);
    let mut buffer = Vec::new();
    assert_eq!(in_payload.serialize(&created(), &mut buffer).await.expect("a message"), None);
    let guid_of_v1 = in_payload.written_as().expect("it is prepared")[0].guid.expect("a GUID");
    assert_eq!(buffer, [&framing::guid_bytes(guid_of_v1)[..], &body(&created())].concat());

    let in_header = guid(Framing::GuidHeader);
    buffer.clear();
    let header = in_header.serialize(&created(), &mut buffer).await.expect("a message").expect("a header");
    assert_eq!((header.name, header.value), ("__key_schema_id", &framing::guid_bytes(guid_of_v1)[..]));
    assert_eq!(buffer, body(&created()));
}

#[tokio::test]
async fn subjects() {
    let registry = Registry::new();
    let subject = async |naming| {
        let builder = Serializer::<v1::OrderCreated>::builder(topic()).naming(naming);
        let serializer = builder.register(Register::IfMissing).build(&registry.client());
        serializer.prepare().await.expect("a registry");
        serializer.written_as().expect("it is prepared")[0].subject.clone()
    };
    assert_eq!(subject(Naming::TopicName).await, "orders-value");
    assert_eq!(subject(Naming::RecordName).await, "com.example.events.OrderCreated");
    assert_eq!(subject(Naming::TopicRecordName).await, "orders-com.example.events.OrderCreated");

    let builder = Serializer::<crate::shared::Currency>::builder(topic()).naming(Naming::RecordName);
    let error = builder.build(&registry.client()).prepare().await.expect_err("an enum");
    assert!(
        matches!(&error, SerializeError::Subject(SubjectError::NotARecord { kind: "enum", .. })),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "value of topic orders: RecordNameStrategy is for records only, and com.example.shared.Currency is of kind enum"
    );
}

#[tokio::test]
async fn what_cannot_be_written_leaves_the_buffer_alone() {
    let registry = Registry::new();
    let serializer = crate::serializer::<Unwritable>(&registry.client()).await;
    let mut buffer = b"before".to_vec();
    let error = serializer.encode(&Unwritable, &mut buffer).expect_err("nobody can write it");
    assert_eq!(error.to_string(), "value of topic orders: n.Unwritable: nobody can write this");
    assert_eq!(buffer, b"before");
}
