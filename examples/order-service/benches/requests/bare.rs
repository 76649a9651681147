//! The bare handler.

use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::StatusCode;
use order_service::publisher::DEFAULTS;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use uuid::Uuid;

#[derive(Clone)]
struct Bare {
    producer: FutureProducer,
    topic: String,
}

/// Serves until it is killed.
pub fn serve(kafka: &str, topic: &str) -> ExitCode {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka).set("enable.idempotence", "true").set("acks", "all");
    config.set("message.timeout.ms", "5000").set("queue.buffering.max.messages", "4096");
    for (key, value) in DEFAULTS {
        config.set(*key, *value);
    }
    let producer: FutureProducer = config.create().expect("a producer");
    let bare = Bare { producer, topic: topic.to_owned() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("bare: listening on http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().route("/orders", post(take)).with_state(bare);
        axum::serve(listener, router).await.expect("a server");
    });
    ExitCode::SUCCESS
}

async fn take(State(bare): State<Bare>, body: Bytes) -> StatusCode {
    let key = Uuid::new_v4().to_string();
    let record = FutureRecord::to(&bare.topic).key(&key).payload(&body[..]);
    match bare.producer.send(record, Duration::ZERO).await {
        Ok(_) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
