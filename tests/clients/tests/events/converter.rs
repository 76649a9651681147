//! Rust's `schema_registry_converter`, which has `apache-avro` encode and decode.

use std::fmt::Debug;

use apache_avro::types::Value;
use ottla::Event;
use ottla::client::Client;
use ottla::logical::Decimal;
use ottla::serdes::{Deserializer, Register, Serializer};
use ottla::subject::Topic;
use ottla_clients::registry::Registry;
use ottla_clients::tls;
use schema_registry_converter::avro_common::get_supplied_schema;
use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::schema_registry::SrSettings;
use schema_registry_converter::schema_registry_common::SubjectNameStrategy;

use crate::money::{Currency, Money};
use crate::shop::Category;
use crate::world::{self, map};
use crate::{v1, v2};

struct Pair {
    registry: Registry,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Pair {
    fn start() -> Self {
        tls::choose_provider();
        let registry = Registry::start();
        let client = world::client(&registry);
        Self { registry, client, runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn settings(&self) -> SrSettings {
        SrSettings::new_builder(self.registry.url().to_owned()).no_proxy().build().unwrap()
    }

    fn write<T: Event>(&self, topic: &str, event: &T) -> Vec<u8> {
        let builder = Serializer::builder(Topic::value(topic)).register(Register::IfMissing);
        let serializer = builder.build(&self.client);
        let mut payload = Vec::new();
        self.runtime.block_on(serializer.serialize(event, &mut payload)).unwrap();
        payload
    }

    fn read<T: Event>(&self, topic: &str, payload: &[u8]) -> T {
        let deserializer = Deserializer::new(&self.client, Topic::value(topic));
        self.runtime.block_on(deserializer.deserialize(Some(payload), ())).unwrap().unwrap()
    }

    /// It reads what we write, and writes the same.
    fn both_ways<T: Event + Debug + PartialEq>(&self, topic: &str, event: &T) -> Value {
        let ours = self.write(topic, event);
        let value = AvroDecoder::new(self.settings()).decode(Some(&ours)).unwrap().value;
        let Value::Record(fields) = value.clone() else { panic!("{value:?}") };
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let latest = SubjectNameStrategy::TopicNameStrategy(topic.to_owned(), false);
        let theirs = AvroEncoder::new(self.settings()).encode(fields, &latest).unwrap();
        assert_eq!(theirs, ours, "{}", T::FULL_NAME);
        assert_eq!(self.read::<T>(topic, &theirs), *event);
        value
    }
}

#[test]
fn messages_go_both_ways() {
    let pair = Pair::start();
    let order = v1::OrderCreated::new("o-1", 3, 2.5, v1::Channel::Shop).with_note("by hand");
    let field = |name: &str, value| (name.to_owned(), value);
    let note = Value::Union(1, Box::new(Value::String("by hand".to_owned())));
    let expected = Value::Record(vec![
        field("orderId", Value::String("o-1".to_owned())),
        field("quantity", Value::Int(3)),
        field("total", Value::Float(2.5)),
        field("channel", Value::Enum(1, "SHOP".to_owned())),
        field("note", note),
    ]);
    assert_eq!(pair.both_ways("orders", &order), expected);

    let leaf = |name: &str| Category::new(name, vec![], map([]));
    let related = map([("paper", Some(leaf("stationery"))), ("none", None)]);
    let books = Category::new("books", vec![leaf("atlases")], related);
    let read = AvroDecoder::new(pair.settings()).decode(Some(&pair.write("categories", &books))).unwrap();
    assert!(format!("{:?}", read.value).contains("stationery"), "{:?}", read.value);
    pair.both_ways("categories", &leaf("maps").with_successor(Box::new(leaf("globes"))));
    // It finds types of the same namespace only, by their short names.
    pair.both_ways("prices", &Money::new(Decimal::new(12_995).unwrap(), Currency::Chf));
}

#[test]
fn structs_of_serde_become_events_of_every_version() {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        order_id: &'static str,
        quantity: i32,
        total: f32,
        channel: Channel,
        note: Option<&'static str>,
    }

    #[derive(serde::Serialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum Channel {
        Shop,
    }

    let pair = Pair::start();
    let schema = apache_avro::Schema::parse_str(v1::OrderCreated::descriptor().text()).unwrap();
    let supplied = get_supplied_schema(&schema);
    let strategy = SubjectNameStrategy::TopicNameStrategyWithSchema("orders".to_owned(), false, supplied);
    let order = Order { order_id: "o-1", quantity: 3, total: 2.5, channel: Channel::Shop, note: None };
    let message = AvroEncoder::new(pair.settings()).encode_struct(order, &strategy).unwrap();
    let expected = v1::OrderCreated::new("o-1", 3, 2.5, v1::Channel::Shop);
    assert_eq!(pair.read::<v1::OrderCreated>("orders", &message), expected);
    let expected = v2::OrderCreated::new(2.5, v2::Channel::Shop, 3, "o-1");
    assert_eq!(pair.read::<v2::OrderCreated>("orders", &message), expected);
}
