//! What serializers and deserializers allocate once they know the schemas: nothing of their own.

use allocation_counter::{AllocationInfo, measure};
use ottla::Event;
use ottla::client::{Client, Schema};
use ottla::framing;
use ottla::serdes::{Decoded, Deserializer, Framing, Opened, Register, Serializer};
use ottla::subject::Topic;
use ottla::testing::Registry;

mod v1 {
    ottla::include_schema!(
        "tests/serdes/schemas/order_created_v1.avsc",
        strip = "com.example.events",
        borrowed = "**"
    );
}

mod v2 {
    ottla::include_schema!(
        "tests/serdes/schemas/order_created_v2.avsc",
        strip = "com.example.events",
        borrowed = "**"
    );
}

const TIMES: u64 = 100;

fn order() -> v1::OrderCreated {
    v1::OrderCreated::new("o-1", 12.5)
}

fn allocations(mut run: impl FnMut()) -> u64 {
    let AllocationInfo { count_total, .. } = measure(|| (0..TIMES).for_each(|_| run()));
    count_total
}

async fn serializer(client: &Client, framing: Framing) -> Serializer<v1::OrderCreated> {
    let builder = Serializer::builder(Topic::value("orders")).framing(framing).register(Register::IfMissing);
    let serializer = builder.build(client);
    serializer.prepare().await.expect("a registry");
    serializer
}

#[tokio::test]
async fn writing_allocates_nothing() {
    let registry = Registry::new();
    for framing in [Framing::Id, Framing::Guid, Framing::GuidHeader] {
        let serializer = serializer(&registry.client(), framing).await;
        let event = order();
        let mut buffer = Vec::with_capacity(64);
        let count = allocations(|| {
            buffer.clear();
            let header = serializer.encode(&event, &mut buffer).expect("a message");
            assert_eq!(header.is_some(), framing == Framing::GuidHeader);
        });
        assert_eq!(count, 0, "{framing:?}");
    }
    // The counter counts.
    assert_eq!(allocations(|| drop(Box::new(1))), TIMES);
}

#[tokio::test]
async fn outermost_bytes_neither() {
    #[derive(ottla::Event)]
    struct Blob(Vec<u8>);

    let registry = Registry::new();
    let builder = Serializer::<Blob>::builder(Topic::value("blobs")).register(Register::IfMissing);
    let serializer = builder.build(&registry.client());
    serializer.prepare().await.expect("a registry");
    let (blob, mut buffer) = (Blob(vec![7; 300]), Vec::with_capacity(400));
    let count = allocations(|| {
        buffer.clear();
        serializer.encode(&blob, &mut buffer).expect("a message");
    });
    assert_eq!((count, buffer.len()), (0, 305));
}

#[tokio::test]
async fn reading_allocates_what_the_event_does() {
    let registry = Registry::new();
    let id = registry.add("orders-value", &Schema::avro(v1::OrderCreated::descriptor().text()));
    let mut payload = framing::id_bytes(id.0).to_vec();
    order().encode(&mut payload).expect("an event");
    let topic = || Topic::value("orders");
    let same = Deserializer::<v1::OrderCreated>::new(&registry.client(), topic());
    let newer = Deserializer::<v2::OrderCreated>::new(&registry.client(), topic());
    same.deserialize(Some(&payload), ()).await.expect("an event");
    newer.deserialize(Some(&payload), ()).await.expect("an event");

    let plain = allocations(|| drop(v1::OrderCreated::decode(&payload[5..]).expect("an event")));
    assert_eq!(plain, TIMES, "one text");
    let decoded = allocations(|| {
        let decoded = same.decode(Some(&payload), ()).expect("an event");
        assert!(matches!(decoded, Decoded::Event(_)));
    });
    assert_eq!(decoded, plain);
    let planned = allocations(|| {
        let decoded = newer.decode(Some(&payload), ()).expect("an event");
        assert!(matches!(decoded, Decoded::Event(_)));
    });
    assert_eq!(planned, 2 * TIMES, "two texts");
    let borrowed = allocations(|| {
        let Ok(Opened::Message(message)) = newer.open(Some(&payload), ()) else { panic!("it is known") };
        assert!(message.borrowed::<v2::OrderCreatedRef<'_>>().is_ok());
    });
    assert_eq!(borrowed, 0);
}
