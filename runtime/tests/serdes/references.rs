//! Schemas that refer to others.

use ottla::Event;
use ottla::client::Reference;
use ottla::serdes::{Register, SerializeError, Serializer};
use ottla::testing::Registry;

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
