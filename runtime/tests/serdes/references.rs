//! Schemas that refer to others.

use ottla::client::{Reference, Schema};
use ottla::serdes::{Register, SerializeError, Serializer};
use ottla::testing::Registry;
use ottla::{Descriptor, Event, framing};

use crate::events::OrderPriced;
use crate::shared::{Currency, Money};
use crate::{deserializer, topic};

const REGISTER: &str = "POST /subjects/{subject}/versions";

fn priced() -> OrderPriced {
    OrderPriced::new("o-1", Money::new(1_250, Currency::Usd), Currency::Eur)
}

#[tokio::test]
async fn what_a_schema_refers_to_is_registered_first() {
    let registry = Registry::new();
    let client = registry.client();
    let payload = crate::message(&registry, &priced()).await;
    assert_eq!(registry.requests(REGISTER), 3, "each once, though the currency is referred to twice");
    let subjects = client.subjects().await.expect("a registry");
    assert_eq!(subjects, ["com.example.shared.Currency", "com.example.shared.Money", "orders-value"]);
    let registered = client.latest("orders-value").await.expect("a subject");
    let mut references = registered.schema.references.clone();
    references.sort_by(|a, b| a.name.cmp(&b.name));
    let by_name = |name: &str| Reference::new(name, name, 1);
    assert_eq!(references, [by_name("com.example.shared.Currency"), by_name("com.example.shared.Money")]);

    let read = deserializer::<OrderPriced>(&registry).deserialize(Some(&payload), ()).await;
    assert_eq!(read.expect("an event"), Some(priced()));
    crate::message(&registry, &priced()).await;
    assert_eq!(client.versions("com.example.shared.Money").await.expect("a subject"), [1]);
}

#[tokio::test]
async fn their_subjects_can_have_other_names() {
    let registry = Registry::new();
    let serializer = Serializer::<OrderPriced>::builder(topic())
        .register(Register::IfMissing)
        .reference_subjects(|name| format!("ref-{}", name.rsplit('.').next().unwrap_or(name)))
        .build(&registry.client());
    let mut payload = Vec::new();
    serializer.serialize(&priced(), &mut payload).await.expect("a message");
    let subjects = registry.client().subjects().await.expect("a registry");
    assert_eq!(subjects, ["orders-value", "ref-Currency", "ref-Money"]);
    let read = deserializer::<OrderPriced>(&registry).deserialize(Some(&payload), ()).await;
    assert_eq!(read.expect("an event"), Some(priced()));
}

#[tokio::test]
async fn they_are_looked_up_as_well() {
    let registry = Registry::new();
    let never = || Serializer::<OrderPriced>::new(&registry.client(), topic());
    let error = never().prepare().await.expect_err("nothing is registered");
    let missing = |error: &SerializeError| match error {
        SerializeError::NotRegistered { subject, name, .. } => format!("{name} in {subject}"),
        other => other.to_string(),
    };
    assert_eq!(missing(&error), "com.example.shared.Currency in com.example.shared.Currency");

    let schema = ottla::client::Schema::avro(Currency::descriptor().text());
    registry.add("com.example.shared.Currency", &schema);
    let error = never().prepare().await.expect_err("nothing else is registered");
    assert_eq!(missing(&error), "com.example.shared.Money in com.example.shared.Money");

    crate::serializer::<OrderPriced>(&registry.client()).await;
    let serializer = never();
    serializer.prepare().await.expect("all is registered");
    assert!(serializer.written_as().is_some());
}

/// The latest version's own references count, whatever their subjects are.
#[tokio::test]
async fn the_latest_version_is_compared_with_all_that_it_refers_to() {
    let registry = Registry::new();
    let other = Serializer::<OrderPriced>::builder(topic())
        .register(Register::IfMissing)
        .reference_subjects(|name| format!("other-{name}"));
    other.build(&registry.client()).prepare().await.expect("a registry");
    let latest = Serializer::<OrderPriced>::builder(topic()).register(Register::UseLatest);
    latest.build(&registry.client()).prepare().await.expect("the same schema");
}

/// A GUID is the same in all contexts, and comes without a subject.
#[tokio::test]
async fn those_of_a_guid_are_of_a_context_that_holds_it() {
    let registry = Registry::new();
    let reference = |of: &'static Descriptor| Reference::new(of.name(), of.name(), 1);
    let (money, currency) = (Money::descriptor(), Currency::descriptor());
    // What has these names in the default context is something else.
    for descriptor in [currency, money] {
        registry.add(descriptor.name(), &Schema::avro("\"int\""));
    }
    for context in [".b", ".a"] {
        let add = |descriptor: &Descriptor, references: Vec<Reference>| {
            let subject = format!(":{context}:{}", descriptor.name());
            registry.add(&subject, &Schema::avro(descriptor.text()).with_references(references))
        };
        add(currency, Vec::new());
        add(money, vec![reference(currency)]);
        add(OrderPriced::descriptor(), vec![reference(currency), reference(money)]);
    }
    let subject = format!(":.b:{}", OrderPriced::descriptor().name());
    let guid = registry.client().latest(&subject).await.expect("a subject").guid.expect("a GUID");
    let mut payload = framing::guid_bytes(guid).to_vec();
    priced().encode(&mut payload).expect("an event");
    let read = deserializer::<OrderPriced>(&registry).deserialize(Some(&payload), ()).await;
    assert_eq!(read.expect("an event"), Some(priced()));
    assert_eq!(registry.requests("GET /schemas/guids/{guid}/ids"), 1);
}
