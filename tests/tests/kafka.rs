//! The broker that tests are given: what ends it, and what it keeps.

use std::net::TcpStream;
use std::time::Duration;

use ottla_tests::kafka::Broker;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};

const QUESTION: Duration = Duration::from_secs(10);

/// The number of records of a topic's only partition.
fn records(broker: &Broker, topic: &str) -> i64 {
    let mut config = ClientConfig::new();
    let consumer: BaseConsumer =
        config.set("bootstrap.servers", broker.address()).create().expect("a client");
    consumer.fetch_watermarks(topic, 0, QUESTION).expect("the offsets of a topic").1
}

#[test]
fn keeps_its_data_and_its_address() {
    let Some(broker) = Broker::start_with(&["auto.create.topics.enable=true"]) else { return };
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker.address()).set("linger.ms", "0");
    let producer: BaseProducer = config.create().expect("a client");
    for (round, end) in [(1, Broker::terminate as fn(&Broker)), (2, Broker::kill)] {
        producer.send(BaseRecord::to("kept").key("k").payload("v")).map_err(|(e, _)| e).expect("room");
        producer.flush(QUESTION).expect("a record that is acknowledged");
        assert_eq!(records(&broker, "kept"), round);
        end(&broker);
        TcpStream::connect(broker.address()).expect_err("nobody listens");
        broker.run().expect("a broker that starts again");
        assert_eq!(records(&broker, "kept"), round);
    }
    broker.run().expect_err("it runs");

    // A broker that is paused takes connections, and answers nothing.
    broker.pause();
    let paused = producer.client().fetch_metadata(None, Duration::from_millis(300));
    paused.expect_err("no answer");
    broker.resume();
    producer.client().fetch_metadata(None, QUESTION).expect("an answer");
}
