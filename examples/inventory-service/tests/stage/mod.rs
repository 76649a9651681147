//! What the tests play on: a Kafka that all share, a registry, a database, and services as processes.
//!
//! ```text
//! orders.rs   what is placed      outcomes.rs   what came of it      ledger.rs   what the database says
//! ```

#![allow(dead_code, reason = "several test binaries share this folder, and each uses some of it")]

pub mod ledger;
pub mod orders;
pub mod outcomes;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use ottla_clients::registry::Registry;
use ottla_tests::http::Client;
use ottla_tests::kafka::Broker;
use ottla_tests::server::{Serve, Server};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::ledger::Ledger;
use self::orders::Orders;
use self::outcomes::{Dead, Seen};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Topics and a database of the test's own, in a Kafka and a registry that it may share.
pub struct Stage {
    pub broker: Arc<Broker>,
    /// The registry's URL, which may be that of another one.
    pub url: String,
    pub name: String,
    pub database: String,
    registry: Arc<Registry>,
    folder: TempDir,
    runtime: Runtime,
}

impl Stage {
    /// Nothing, if there is no Kafka to be had.
    pub fn set(name: &str) -> Option<Self> {
        // They end with the last test that uses them, as what is static is never dropped.
        static SHARED: Mutex<(Weak<Broker>, Weak<Registry>)> = Mutex::new((Weak::new(), Weak::new()));
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let broker = match shared.0.upgrade() {
            Some(broker) => broker,
            None => Arc::new(Broker::start()?),
        };
        let registry = shared.1.upgrade().unwrap_or_else(|| Arc::new(Registry::start()));
        *shared = (Arc::downgrade(&broker), Arc::downgrade(&registry));
        drop(shared);
        Some(Self::with(name, broker, registry))
    }

    /// On a Kafka and a registry of the test's own.
    pub fn with(name: &str, broker: Arc<Broker>, registry: Arc<Registry>) -> Self {
        let folder = tempfile::Builder::new().prefix("ottla-inventory-").tempdir().expect("a folder");
        let database = format!("sqlite://{}", folder.path().join("inventory.db").display());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (url, name) = (registry.url().to_owned(), name.to_owned());
        let stage = Self { broker, url, name, database, registry, folder, runtime };
        stage.create_topics();
        stage
    }

    fn create_topics(&self) {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.broker.address());
        let admin: AdminClient<DefaultClientContext> = config.create().expect("an admin client");
        let names = [self.topic(), self.outcome_topic(), self.dead_letter_topic()];
        let topics: Vec<_> =
            names.iter().map(|name| NewTopic::new(name, 3, TopicReplication::Fixed(1))).collect();
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        for created in self.runtime.block_on(admin.create_topics(&topics, &options)).expect("topics") {
            created.expect("a topic");
        }
    }

    pub fn topic(&self) -> String {
        format!("{}-orders", self.name)
    }

    pub fn outcome_topic(&self) -> String {
        format!("{}-outcomes", self.name)
    }

    pub fn dead_letter_topic(&self) -> String {
        format!("{}-dlq", self.name)
    }

    /// How to start a replica.
    pub fn service(&self, instance: &str, arguments: &[&str]) -> Serve {
        self.build(env!("CARGO_BIN_EXE_inventory-service"), instance, arguments)
    }

    /// The same, of another build.
    pub fn build(&self, program: &str, instance: &str, arguments: &[&str]) -> Serve {
        let kafka = self.broker.address();
        let program = Serve::program(program).with(&["--listen=127.0.0.1:0", "--kafka", &kafka]);
        let program = program.with(&["--registry", &self.url, "--database", &self.database]);
        let program = program.with(&["--group", &self.name, "--instance", instance]);
        let program = program.with(&["--topic", &self.topic(), "--outcome-topic", &self.outcome_topic()]);
        let program = program.with(&["--dead-letter-topic", &self.dead_letter_topic()]);
        program.with(&["--stock=1000000", "--longest-pause=1s"]).with(arguments)
    }

    /// A replica.
    pub fn start(&self, instance: &str, arguments: &[&str]) -> Server {
        self.service(instance, arguments).start().expect("a service that starts")
    }

    /// Someone who places orders.
    pub fn orders(&self) -> Orders {
        Orders::on(&self.broker.address(), &self.url, &self.topic())
    }

    /// What others see of the outcomes.
    pub fn outcomes(&self) -> Vec<Seen> {
        outcomes::read(&self.broker.address(), &self.url, &self.outcome_topic())
    }

    /// What others see of the dead letters.
    pub fn dead(&self) -> Vec<Dead> {
        outcomes::dead(&self.broker.address(), &self.dead_letter_topic())
    }

    /// How many there are.
    pub fn dead_count(&self) -> usize {
        outcomes::dead_count(&self.broker.address(), &self.dead_letter_topic())
    }

    /// What the database says.
    pub fn ledger(&self) -> Ledger {
        self.runtime.block_on(Ledger::read(&self.database)).expect("a database")
    }

    /// Changes the database behind the service's back.
    pub fn execute(&self, sql: &'static str) {
        self.runtime.block_on(ledger::execute(&self.database, sql)).expect("a statement that runs");
    }

    /// Changes a setting of a topic.
    pub fn alter_topic(&self, topic: &str, key: &str, value: &str) {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.broker.address());
        let admin: AdminClient<DefaultClientContext> = config.create().expect("an admin client");
        let change = AlterConfig::new(ResourceSpecifier::Topic(topic)).set(key, value);
        let altered = admin.alter_configs([&change], &AdminOptions::new());
        for altered in self.runtime.block_on(altered).expect("an answer") {
            altered.expect("a change");
        }
    }

    /// Waits until all orders have an outcome, and checks that each has one, and one effect, and that the stock adds up.
    pub fn each_once(&self, orders: &HashSet<String>) {
        let mut seen = Vec::new();
        until("every order has an outcome", || {
            seen = self.outcomes();
            seen.iter().filter(|seen| orders.contains(&seen.order_id)).count() >= orders.len()
        });
        let ledger = self.ledger();
        ledger.adds_up();
        let rows: HashSet<_> = ledger.rows.keys().cloned().collect();
        assert_eq!(&rows, orders, "an order has a row, and nothing else has");
        let mut told = HashSet::new();
        for outcome in &seen {
            assert!(told.insert(outcome.order_id.clone()), "{} has two outcomes", outcome.order_id);
            let row = &ledger.rows[&outcome.order_id];
            assert_eq!((outcome.is_reserved, &outcome.item), (row.is_reserved, &row.item));
        }
        assert_eq!(&told, orders, "an order has an outcome, and nothing else has");
    }
}

/// A sample of the metrics.
pub fn metric(client: &mut Client, sample: &str) -> Option<f64> {
    let text = client.get("/metrics").ok()?.text();
    text.lines().find_map(|line| line.strip_prefix(sample)?.trim().parse().ok())
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}: it did not come about");
        std::thread::sleep(Duration::from_millis(50));
    }
}
