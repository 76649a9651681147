//! A registry, our client of it, and Python's: who writes what the other one reads.

use std::collections::BTreeMap;
use std::fmt::Debug;

use ottla::client::{Client, Schema, Version};
use ottla::framing::Side;
use ottla::serdes::{DeserializeError, Deserializer, Register, Serializer, SerializerBuilder};
use ottla::subject::Topic;
use ottla::{Descriptor, Event, Events};
use ottla_clients::outcome::skip;
use ottla_clients::registry::Registry;
use serde_json::{Value, json};

use crate::python::{Python, bytes, hex};

/// All of a test. Nothing of it is shared with other tests.
pub struct World {
    pub client: Client,
    pub python: Python,
    _registry: Registry,
}

/// What would be a record in Kafka.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub topic: Topic,
    pub payload: Vec<u8>,
    pub headers: Vec<(String, Vec<u8>)>,
}

impl World {
    /// Nothing if there is no Python to be had, and this is not CI.
    pub fn start() -> Option<Self> {
        let registry = Registry::start();
        match Python::start(registry.url()) {
            Ok(python) => Some(Self { client: client(&registry), python, _registry: registry }),
            Err(problem) => {
                skip(&problem);
                None
            }
        }
    }

    /// We write, and register what is missing.
    pub async fn write<T: Events>(&self, topic: &Topic, event: &T) -> Message {
        self.write_with(registering(topic), event).await
    }

    /// We write.
    pub async fn write_with<T: Events>(&self, builder: SerializerBuilder<T>, event: &T) -> Message {
        let serializer = builder.build(&self.client);
        let mut payload = Vec::new();
        let header = serializer.serialize(event, &mut payload).await.expect("a message");
        let headers = header.iter().map(|header| (header.name.to_owned(), header.value.to_owned())).collect();
        Message { topic: serializer.topic().clone(), payload, headers }
    }

    /// We read.
    pub async fn read<T: Events>(&self, message: &Message) -> T {
        self.try_read(message).await.expect("an event")
    }

    /// We read, or not.
    pub async fn try_read<T: Events>(&self, message: &Message) -> Result<T, DeserializeError> {
        let deserializer = Deserializer::builder(message.topic.clone()).refuse_trailing_bytes(true);
        let event =
            deserializer.build(&self.client).deserialize(Some(&message.payload), &message.headers).await;
        event.map(|event| event.expect("no tombstone"))
    }

    /// Python's `AvroDeserializer` reads, with the writer's schema.
    pub fn python_reads(&self, message: &Message) -> Value {
        self.python_reads_as(message, None).expect("a value")
    }

    /// Python's `AvroDeserializer` reads, with a schema of the reader.
    pub fn python_reads_as(&self, message: &Message, reader: Option<&Schema>) -> Result<Value, String> {
        let headers: Vec<_> = message.headers.iter().map(|(name, value)| (name, hex(value))).collect();
        self.python.ask(json!({
            "do": "read",
            "topic": message.topic.name(),
            "side": side(&message.topic),
            "payload": hex(&message.payload),
            "headers": headers,
            "reader": reader.map(schema_json),
        }))
    }

    /// Python's `AvroSerializer` writes. `more` may have `conf`, which are its settings, and `header`: is the schema named in a
    /// header?
    pub fn python_writes(
        &self,
        topic: &Topic,
        schema: Option<&Schema>,
        value: &Value,
        more: Value,
    ) -> Message {
        let mut request = json!({
            "do": "write",
            "topic": topic.name(),
            "side": side(topic),
            "schema": schema.map(schema_json),
            "value": value,
            "conf": {},
        });
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answer = self.python.ask(request).expect("a message");
        let headers = answer["headers"].as_array().expect("a list").iter();
        let headers = headers.map(|pair| (pair[0].as_str().expect("a name").to_owned(), bytes(&pair[1])));
        Message { topic: topic.clone(), payload: bytes(&answer["payload"]), headers: headers.collect() }
    }

    /// One side writes, the other reads, and both write the same bytes; then the other way round, on another topic.
    pub async fn both_ways<T: Event + Debug + PartialEq>(&self, topic: &Topic, event: &T, value: &Value) {
        let ours = self.write(topic, event).await;
        assert_eq!(self.python_reads(&ours), *value, "{}: Python reads ours", T::FULL_NAME);
        let registered = self.latest(topic).await;
        let theirs = self.python_writes(topic, Some(&registered), value, json!({}));
        assert_eq!(theirs, ours, "{}: Python writes the same", T::FULL_NAME);
        assert_eq!(self.read::<T>(&theirs).await, *event, "{}: we read Python's", T::FULL_NAME);

        let other = format!("{}-of-python", topic.name());
        let other = if topic.side() == Side::Key { Topic::key(other) } else { Topic::value(other) };
        let own = schema::<T>().with_references(registered.references);
        let theirs = self.python_writes(&other, Some(&own), value, json!({}));
        assert_eq!(self.read::<T>(&theirs).await, *event, "{}: Python comes first", T::FULL_NAME);
        // It is ours to the letter, so it need not be registered, and is the latest.
        for register in [Register::Never, Register::UseLatest] {
            let builder = Serializer::builder(other.clone()).register(register);
            assert_eq!(self.write_with(builder, event).await, theirs, "{register:?}");
        }
        let theirs = self.python_writes(&other, None, value, json!({ "conf": latest() }));
        assert_eq!(self.read::<T>(&theirs).await, *event, "{}: Python takes the latest", T::FULL_NAME);
    }

    /// fastavro alone, without a registry: it reads the event that we encode, and writes the same bytes.
    pub fn fastavro_agrees<T: Event>(&self, event: &T, value: &Value) {
        let schemas = texts(T::descriptor());
        let mut body = Vec::new();
        event.encode(&mut body).expect("bytes");
        let request = json!({ "do": "read_body", "schemas": schemas, "body": hex(&body) });
        assert_eq!(self.python.ask(request).as_ref(), Ok(value), "{}", T::FULL_NAME);
        assert_eq!(hex(&self.python.body(&schemas, value)), hex(&body), "{}", T::FULL_NAME);
    }

    /// The latest schema under a topic's own subject.
    pub async fn latest(&self, topic: &Topic) -> Schema {
        let subject = format!("{}-{}", topic.name(), topic.side());
        self.client.version(&subject, Version::Latest).await.expect("a version").schema
    }
}

/// Our client of a registry.
pub fn client(registry: &Registry) -> Client {
    Client::builder([registry.url()]).no_proxy().build().expect("a client")
}

/// How our serializer is set up that registers what is missing.
pub fn registering<T: Events>(topic: &Topic) -> SerializerBuilder<T> {
    Serializer::builder(topic.clone()).register(Register::IfMissing)
}

/// The schema of an event without references, as it is registered.
pub fn schema<T: Event>() -> Schema {
    Schema::avro(T::descriptor().text())
}

/// Python's settings to take the latest version.
pub fn latest() -> Value {
    json!({ "auto.register.schemas": false, "use.latest.version": true })
}

/// The text of a schema, after those that it refers to.
pub fn texts(descriptor: &'static Descriptor) -> Vec<&'static str> {
    let mut texts = Vec::new();
    for reference in descriptor.references() {
        for text in self::texts((reference.descriptor)()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts.push(descriptor.text());
    texts
}

/// A map, which is sorted.
pub fn map<V, const N: usize>(entries: [(&str, V); N]) -> BTreeMap<String, V> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn side(topic: &Topic) -> String {
    topic.side().to_string()
}

fn schema_json(schema: &Schema) -> Value {
    let references = schema.references.iter();
    let references: Vec<_> = references.map(|r| json!([r.name, r.subject, r.version])).collect();
    json!({ "text": &*schema.text, "references": references })
}
