//! Rust's `schema_registry_converter` against the registry.
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

use std::collections::HashMap;
use std::error::Error as _;

use apache_avro::types::Value;
use ottla_clients::registry::Registry;
use ottla_clients::tls;
use schema_registry_converter::avro_common::get_supplied_schema;
use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::schema_registry::{
    SrSettings, get_all_subjects, get_all_versions, get_schema_by_guid, get_schema_by_id,
    get_schema_by_subject, is_compatible_schema, post_schema,
};
use schema_registry_converter::error::SRCError;
use schema_registry_converter::schema_registry_common::{
    RawError, SchemaType, SubjectNameStrategy, SuppliedReference, SuppliedSchema,
};

const HEARTBEAT: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"long"}]}"#;
const WIDER: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"long"},{"name":"source","type":"string","default":"-"}]}"#;
const BROKEN: &str = r#"{"type":"record","name":"Heartbeat","namespace":"org.example","fields":[{"name":"beat","type":"string"}]}"#;

fn settings(registry: &Registry) -> SrSettings {
    tls::choose_provider();
    SrSettings::new_builder(registry.url().to_owned()).no_proxy().build().unwrap()
}

fn schema(text: &str) -> SuppliedSchema {
    SuppliedSchema::new(Some("org.example.Heartbeat".to_owned()), SchemaType::Avro, text.to_owned())
}

fn topic_with(topic: &str, text: &str) -> SubjectNameStrategy {
    SubjectNameStrategy::TopicNameStrategyWithSchema(topic.to_owned(), false, schema(text))
}

/// The code that the registry refused with; `SRCError` carries it as its source.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, SRCError>, code: u32, text: &str) {
    let error = result.unwrap_err();
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(refusal) = inner.downcast_ref::<RawError>() {
            assert_eq!(refusal.error_code, code, "{error}");
            assert!(refusal.message.contains(text), "{error}");
            return;
        }
        source = inner.source();
    }
    panic!("not refused by the registry: {error}");
}

#[test]
fn messages_go_round() {
    let registry = Registry::start();
    let names = ["org.example.Heartbeat", "beats-org.example.Heartbeat", "beats-key", "beats-value"];
    let (topic, record) = (|| "beats".to_owned(), || "org.example.Heartbeat".to_owned());
    let writers = [
        SubjectNameStrategy::RecordNameStrategyWithSchema(schema(HEARTBEAT)),
        SubjectNameStrategy::TopicRecordNameStrategyWithSchema(topic(), schema(HEARTBEAT)),
        SubjectNameStrategy::TopicNameStrategyWithSchema(topic(), true, schema(HEARTBEAT)),
        SubjectNameStrategy::TopicNameStrategyWithSchema(topic(), false, schema(HEARTBEAT)),
    ];
    // These register nothing: they take the latest version.
    let latest = [
        SubjectNameStrategy::RecordNameStrategy(record()),
        SubjectNameStrategy::TopicRecordNameStrategy(topic(), record()),
        SubjectNameStrategy::TopicNameStrategy(topic(), true),
        SubjectNameStrategy::TopicNameStrategy(topic(), false),
    ];
    let decoder = AvroDecoder::new(settings(&registry));
    for strategy in writers.iter().chain(&latest) {
        let encoder = AvroEncoder::new(settings(&registry));
        let message = encoder.encode(vec![("beat", Value::Long(3))], strategy).unwrap();
        assert_eq!(message, [0, 0, 0, 0, 1, 6], "{strategy:?}");
        let decoded = decoder.decode_with_schema(Some(&message)).unwrap().unwrap();
        assert_eq!(decoded.value, Value::Record(vec![("beat".to_owned(), Value::Long(3))]));
        assert_eq!((decoded.schema.id, decoded.schema.raw.as_str()), (1, HEARTBEAT));
    }
    let mut subjects = get_all_subjects(&settings(&registry)).unwrap();
    subjects.sort();
    let mut expected = names.map(str::to_owned);
    expected.sort();
    assert_eq!(subjects, expected);
}

#[test]
fn structs_and_bare_types_go_round() {
    #[derive(serde::Serialize)]
    struct Heartbeat {
        beat: i64,
    }

    let registry = Registry::start();
    let encoder = AvroEncoder::new(settings(&registry));
    let message = encoder.encode_struct(Heartbeat { beat: -1 }, &topic_with("structs", HEARTBEAT)).unwrap();
    assert_eq!(message[5..], [1]);
    let key = get_supplied_schema(&apache_avro::Schema::String);
    let key = SubjectNameStrategy::TopicNameStrategyWithSchema("structs".to_owned(), true, key);
    let message = encoder.encode_struct("k1", &key).unwrap();
    let decoded = AvroDecoder::new(settings(&registry)).decode(Some(&message)).unwrap();
    assert_eq!(decoded.value, Value::String("k1".to_owned()));
}

#[test]
fn references_are_registered_and_resolved() {
    let registry = Registry::start();
    // This client finds types of its own namespace only, by their short names.
    let country = r#"{"type":"record","name":"Country","namespace":"org.example","fields":[{"name":"code","type":"string"}]}"#;
    let address = r#"{"type":"record","name":"Address","namespace":"org.example","fields":[{"name":"country","type":"Country"}]}"#;
    let customer = r#"{"type":"record","name":"Customer","namespace":"org.example","fields":[{"name":"address","type":"Address"}]}"#;
    let reference = |name: &str, text: &str| {
        SuppliedReference::new(format!("org.example.{name}"), format!("org.example.{name}"), text.to_owned())
    };
    let address = reference("Address", address).with_references(vec![reference("Country", country)]);
    let customer = schema(customer).with_references(vec![address]);
    let strategy = SubjectNameStrategy::TopicNameStrategyWithSchema("customers".to_owned(), false, customer);
    let record = |name: &str, value| Value::Record(vec![(name.to_owned(), value)]);
    let value = record("country", record("code", Value::String("CH".to_owned())));
    let encoder = AvroEncoder::new(settings(&registry));
    let message = encoder.encode(vec![("address", value.clone())], &strategy).unwrap();
    let decoded = AvroDecoder::new(settings(&registry)).decode(Some(&message)).unwrap();
    assert_eq!(decoded.value, record("address", value));

    let latest = SubjectNameStrategy::TopicNameStrategy("customers".to_owned(), false);
    let registered = get_schema_by_subject(&settings(&registry), &latest).unwrap();
    let references = registered.references.iter().map(|r| (r.name.as_str(), r.subject.as_str(), r.version));
    assert_eq!(references.collect::<Vec<_>>(), [("org.example.Address", "org.example.Address", 1)]);
}

#[test]
fn a_guid_in_a_header_tells_the_schema() {
    let registry = Registry::start();
    let encoder = AvroEncoder::new(settings(&registry));
    let strategy = topic_with("headers", HEARTBEAT);
    let values = vec![("beat", Value::Long(3))];
    let (message, header) = encoder.encode_with_header_id(values, &strategy, false).unwrap();
    assert_eq!((message.as_slice(), header.name), ([6].as_slice(), "__value_schema_id"));
    let decoder = AvroDecoder::new(settings(&registry));
    let decoded = decoder.decode_with_header_id(Some(&header.value), Some(&message)).unwrap();
    assert_eq!(decoded.value, Value::Record(vec![("beat".to_owned(), Value::Long(3))]));

    let guid = get_schema_by_id(1, &settings(&registry)).unwrap().guid.unwrap();
    assert_eq!(get_schema_by_guid(&guid, &settings(&registry)).unwrap().schema, HEARTBEAT);
}

#[test]
fn versions_evolve_as_the_level_allows() {
    let registry = Registry::start();
    let settings = settings(&registry);
    let post = |text| post_schema(&settings, "beats-value".to_owned(), schema(text));
    let compatible = |text| is_compatible_schema(&settings, "beats-value".to_owned(), schema(text));
    assert!(compatible(HEARTBEAT).unwrap(), "nothing to compare with");
    assert_eq!(post(HEARTBEAT).unwrap().id, 1);
    assert!(compatible(WIDER).unwrap());
    assert!(!compatible(BROKEN).unwrap());
    refused(post(BROKEN), 40901, "TYPE_MISMATCH");
    assert_eq!(post(WIDER).unwrap().id, 2);
    assert_eq!(post(HEARTBEAT).unwrap().id, 1);
    assert_eq!(get_all_versions(&settings, "beats-value".to_owned()).unwrap(), [1, 2]);

    // What was written with the first version is still read with it.
    let decoded = AvroDecoder::new(settings.clone()).decode(Some(&[0, 0, 0, 0, 1, 6])).unwrap();
    assert_eq!(decoded.value, Value::Record(vec![("beat".to_owned(), Value::Long(3))]));
}

#[test]
fn metadata_comes_back() {
    let registry = Registry::start();
    let settings = settings(&registry);
    let properties = HashMap::from([("owner".to_owned(), "stock".to_owned())]);
    let tags = HashMap::from([("**.beat".to_owned(), vec!["PII".to_owned()])]);
    let supplied = schema(HEARTBEAT).with_properties(properties.clone()).with_tags(tags.clone());
    let posted = post_schema(&settings, "metadata-value".to_owned(), supplied).unwrap();
    let found = get_schema_by_id(posted.id, &settings).unwrap();
    assert_eq!((found.properties, found.tags), (Some(properties), Some(tags)));
    assert_eq!((found.subject.as_deref(), found.version), (Some("metadata-value"), Some(1)));
    assert_eq!(found.guid, posted.guid);
}

#[test]
fn refusals_keep_their_codes() {
    let registry = Registry::start();
    let settings = settings(&registry);
    refused(get_schema_by_id(9, &settings), 40403, "Schema 9 not found");
    refused(get_all_versions(&settings, "nothing".to_owned()), 40401, "Subject 'nothing' not found.");
    let latest = SubjectNameStrategy::TopicNameStrategy("nothing".to_owned(), false);
    refused(get_schema_by_subject(&settings, &latest), 40401, "Subject 'nothing-value' not found.");
    let invalid = schema(r#"{"type":"record","name":"Heartbeat"}"#);
    refused(post_schema(&settings, "invalid".to_owned(), invalid), 42201, "Record has no fields");
    refused(AvroDecoder::new(settings).decode(Some(&[0, 0, 0, 0, 9, 6])), 40403, "Schema 9 not found");
}
