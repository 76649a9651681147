//! A topic of orders through the years.

use std::error::Error;
use std::io::Write;

use ottla::client::Client;
use ottla::logical::{Decimal, TimestampMillis, Uuid};
use ottla::serdes::{Deserializer, Register, Serializer};
use ottla::subject::{Naming, Topic};
use ottla::{BorrowedEvent as _, Event};

use crate::events::{OrderEvents, OrderShipped, v1, v2};

const ORDER: Uuid = Uuid(*b"\x01\x92\xa5\xc4\x7b\x1e\x7c\xc3\x98\xf4\x1d\x2e\x3f\x40\x51\x62");
const NOON: TimestampMillis = TimestampMillis(1_764_072_000_000);

/// Tells it, with the messages that would be in Kafka.
pub async fn tell(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let topic = Topic::value("orders");

    // Last year: orders have no currency.
    let old = v1::OrderCreated::new(ORDER, "customer-17", "129.95".parse()?, NOON);
    let old_message = written(client, &topic, &old, out).await?;

    // This year they have one. The new schema can read the old data, because the field has a default, so the registry
    // takes it.
    let new = v2::OrderCreated::new(ORDER, "customer-17", Decimal::new(14_200)?, NOON).with_currency("CHF");
    let new_message = written(client, &topic, &new, out).await?;

    // A service of this year reads both.
    let this_year = Deserializer::<v2::OrderCreated>::new(client, topic.clone());
    for message in [&old_message, &new_message] {
        let order = this_year.deserialize(Some(message), ()).await?.ok_or("a tombstone")?;
        writeln!(out, "this year's service reads {} {}", order.total_amount, order.currency)?;
    }

    // A service that was not deployed since reads both as well: what it does not know it passes over.
    let last_year = Deserializer::<v1::OrderCreated>::new(client, topic.clone());
    for message in [&old_message, &new_message] {
        let order = last_year.deserialize(Some(message), ()).await?.ok_or("a tombstone")?;
        writeln!(out, "last year's service reads {}", order.total_amount)?;
    }

    // Text that is looked at once need not be copied: it stays part of the message.
    let mut bytes = Vec::new();
    new.encode(&mut bytes)?;
    let borrowed = v2::OrderCreatedRef::decode(&bytes)?;
    writeln!(out, "without a copy: {}", borrowed.customer_id)?;

    several(client, out).await
}

/// One message, as a service writes it that has this type.
async fn written<T: Event>(
    client: &Client,
    topic: &Topic,
    event: &T,
    out: &mut impl Write,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let serializer = Serializer::<T>::builder(topic.clone()).register(Register::IfMissing).build(client);
    serializer.prepare().await?;
    let mut message = Vec::new();
    serializer.encode(event, &mut message)?;
    let schema = serializer.written_as().and_then(|all| all.first()).ok_or("not prepared")?;
    writeln!(
        out,
        "{}: {} bytes, with schema {} of {}",
        T::FULL_NAME,
        message.len(),
        schema.id,
        schema.subject
    )?;
    Ok(message)
}

/// A topic that carries events of several types, each under a subject of its own.
async fn several(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let topic = Topic::value("order-events");
    let serializer = Serializer::<OrderEvents>::builder(topic.clone())
        .naming(Naming::TopicRecordName)
        .register(Register::IfMissing)
        .build(client);
    let shipped = OrderShipped { order_id: ORDER, shipped_at: NOON, carrier: Some("by bike".to_owned()) };
    let mut message = Vec::new();
    serializer.prepare().await?;
    serializer.encode(&OrderEvents::Shipped(shipped), &mut message)?;

    let deserializer = Deserializer::<OrderEvents>::new(client, topic);
    match deserializer.deserialize(Some(&message), ()).await?.ok_or("a tombstone")? {
        OrderEvents::Created(order) => writeln!(out, "{} was created", order.order_id)?,
        OrderEvents::Shipped(order) => writeln!(out, "{} left {}", order.order_id, order.shipped_at)?,
    }
    Ok(())
}
