//! How serializers and deserializers are set up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::deserializer::Deserializer;
use super::fetch::Source;
use super::prepare::{ReferenceSubject, Setup};
use super::serializer::Serializer;
use super::written_as::{Framing, Register};
use crate::client::Client;
use crate::codec::Limits;
use crate::events::{Events, ReadOptions};
use crate::schema::Schema;
use crate::subject::{Naming, Topic};

/// Settings of a [`Serializer`] that is to be built.
pub struct SerializerBuilder<T: Events> {
    topic: Topic,
    naming: Naming,
    register: Register,
    normalize: bool,
    framing: Framing,
    reference_subject: ReferenceSubject,
    ty: PhantomData<fn(&T)>,
}

impl<T: Events> SerializerBuilder<T> {
    pub(super) fn new(topic: Topic) -> Self {
        Self {
            topic,
            naming: Naming::default(),
            register: Register::default(),
            normalize: false,
            framing: Framing::default(),
            reference_subject: Arc::new(str::to_owned),
            ty: PhantomData,
        }
    }

    /// How the subject gets its name: from the topic.
    #[must_use]
    pub fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// Where the id of the schema comes from: [`Register::Never`], the subject has to hold the schema.
    #[must_use]
    pub fn register(mut self, register: Register) -> Self {
        self.register = register;
        self
    }

    /// Does the registry normalise schemas when it registers them and looks them up, so that the order of their attributes does
    /// not count? Not unless it is set here, or in the registry.
    #[must_use]
    pub fn normalize(mut self, normalize: bool) -> Self {
        self.normalize = normalize;
        self
    }

    /// Where messages name their schema: its id, in the payload.
    #[must_use]
    pub fn framing(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// Names the subject of a schema that the type's schema refers to, by its full name: that name itself, as Confluent's
    /// tools do.
    #[must_use]
    pub fn reference_subjects(mut self, name: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.reference_subject = Arc::new(name);
        self
    }

    /// The serializer. Nothing is sent yet.
    pub fn build(self, client: &Client) -> Serializer<T> {
        let Self { topic, naming, register, normalize, framing, reference_subject, ty: _ } = self;
        let client = client.clone();
        Serializer::with_setup(Setup {
            client,
            topic,
            naming,
            register,
            normalize,
            framing,
            reference_subject,
        })
    }
}

/// Settings of a [`Deserializer`] that is to be built.
#[derive(Debug)]
pub struct DeserializerBuilder<T: Events> {
    topic: Topic,
    subject: Option<Box<str>>,
    known: Vec<Arc<Schema>>,
    options: ReadOptions,
    most: usize,
    heaviest: usize,
    missing_ttl: Duration,
    ty: PhantomData<fn() -> T>,
}

impl<T: Events> DeserializerBuilder<T> {
    pub(super) fn new(topic: Topic) -> Self {
        Self {
            topic,
            subject: None,
            known: Vec::new(),
            options: ReadOptions { limits: Limits::default(), is_whole: false },
            most: 1_000,
            heaviest: 16 << 20,
            missing_ttl: Duration::from_secs(5),
            ty: PhantomData,
        }
    }

    /// A subject that holds the schemas, or a context such as `:.staging:`: ids are looked up there. Without it, they are of
    /// the default context, or of that in the client's URL.
    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// A schema that messages may name by its fingerprint (single-object encoding). Those of the types are known.
    #[must_use]
    pub fn known(mut self, schema: impl Into<Arc<Schema>>) -> Self {
        self.known.push(schema.into());
        self
    }

    /// How much of anything reading one event may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// Are bytes after the event an error? They are passed over otherwise, as in Java (`avro.fail.on.trailing.data`). Where no
    /// producer is known to leave some behind, better refuse them: most often they mean that the message is not what its
    /// schema says.
    #[must_use]
    pub fn refuse_trailing_bytes(mut self, refuse: bool) -> Self {
        self.options.is_whole = refuse;
        self
    }

    /// How many schemas are kept with how to read what was written with them, and how many bytes of their texts: 1,000 and
    /// 16 MiB. Those that were not used lately go first.
    #[must_use]
    pub fn cache(mut self, schemas: usize, bytes: usize) -> Self {
        self.most = schemas;
        self.heaviest = bytes;
        self
    }

    /// How long it is remembered that the registry does not have a schema: 5 s. It may be registered meanwhile. The client
    /// remembers it for a while as well ([`client::Builder::missing_ttl`](crate::client::Builder::missing_ttl)).
    #[must_use]
    pub fn missing_ttl(mut self, ttl: Duration) -> Self {
        self.missing_ttl = ttl;
        self
    }

    /// The deserializer. Nothing is sent yet.
    pub fn build(self, client: &Client) -> Deserializer<T> {
        let Self { topic, subject, known, options, most, heaviest, missing_ttl, ty: _ } = self;
        let source = Source { client: client.clone(), topic, subject, known };
        Deserializer::with_source(source, options, (most, heaviest), missing_ttl)
    }
}

impl<T: Events> fmt::Debug for SerializerBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SerializerBuilder")
            .field("topic", &self.topic)
            .field("naming", &self.naming)
            .field("register", &self.register)
            .field("normalize", &self.normalize)
            .field("framing", &self.framing)
            .finish_non_exhaustive()
    }
}
