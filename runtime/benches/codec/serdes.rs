//! What serializers and deserializers add to the codec, once they know the schemas: the header, and finding the plan.

use std::hint::black_box;

use ottla::Event;
use ottla::serdes::{Decoded, Deserializer, Register, Serializer};
use ottla::subject::Topic;
use ottla::testing::Registry;

use crate::encoder;
use crate::measure::Table;
use crate::shapes::{Small, small};

pub fn serializer(table: &mut Table<'_>) {
    let (serializer, _) = prepared();
    let value = small();
    encoder(table, "ottla, plain encode", value.clone(), |value, out| drop(value.encode(out)));
    encoder(table, "ottla, serializer", value, move |value, out| drop(serializer.encode(value, out)));
}

pub fn deserializer(table: &mut Table<'_>) {
    let (serializer, deserializer) = prepared();
    let (mut plain, mut message) = (Vec::new(), Vec::new());
    small().encode(&mut plain).expect("it can be written");
    serializer.encode(&small(), &mut message).expect("it is prepared");
    table.add("ottla, plain decode", move || black_box(Small::decode(black_box(&plain))).is_ok().into());
    table.add("ottla, deserializer", move || {
        let decoded = deserializer.decode(Some(black_box(&message)), ());
        matches!(black_box(decoded), Ok(Decoded::Event(_))).into()
    });
}

/// Both have asked all that they have to ask.
fn prepared() -> (Serializer<Small>, Deserializer<Small>) {
    let client = Registry::new().client();
    let topic = Topic::value("orders");
    let serializer = Serializer::builder(topic.clone()).register(Register::IfMissing).build(&client);
    let deserializer = Deserializer::new(&client, topic);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        serializer.prepare().await.expect("the registry takes it");
        let mut message = Vec::new();
        serializer.encode(&small(), &mut message).expect("it is prepared");
        deserializer.deserialize(Some(&message), ()).await.expect("it can be read");
    });
    (serializer, deserializer)
}
