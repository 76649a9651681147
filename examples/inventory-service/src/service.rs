//! From start to end.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use axum::Router;
use chassis::kafka::{Link, SettingsError};
use chassis::metrics::Metrics;
use chassis::server::Server;
use chassis::signals::Signals;
use chassis::{Check, Health, registry};
use ottla::client::{Client, Scope};
use ottla::serdes::{Deserializer, Serializer};
use ottla::subject::{Naming, Topic};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, Producer as _};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{JoinError, spawn_blocking};

use crate::consumer::{self, Consumer, DEFAULTS, Membership, Partitions, RESERVED};
use crate::events::OrderEvent;
use crate::lag::Lag;
use crate::metrics::Inventory;
use crate::options::{Command, Options, Serve};
use crate::producer::Producer;
use crate::store::{OpenError, Seed, Store};
use crate::worker::{Checks, Ended, Settings, Tools, Worker};
use crate::{dlq, options};

/// The process of a service that is built for one version of the event.
pub fn main<E: OrderEvent>() -> ExitCode {
    let options: Options = chassis::cli::parse();
    let outcome = match &options.command {
        Some(Command::Dlq(options)) => dlq::run(options),
        None => start::<E>(&options.serve).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|problem| {
        // Nobody may read it.
        let _ = writeln!(std::io::stderr(), "inventory-service: {problem}");
        ExitCode::FAILURE
    })
}

fn start<E: OrderEvent>(options: &Serve) -> Result<(), Box<dyn Error>> {
    let _telemetry = chassis::logs::start(&options.logs, "inventory-service")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(run::<E>(options));
    // What still waits for something that is away is not waited for.
    runtime.shutdown_background();
    outcome
}

/// Serves until SIGTERM or SIGINT, or until it cannot go on, then finishes what is under way.
///
/// HTTP is there from the first moment, for those who ask how the service is. The line with the address is printed once the
/// service has its part of the topic.
///
/// # Errors
/// If the settings are wrong, or a topic, a schema or the database's tables cannot be had, or another process takes over.
pub async fn run<E: OrderEvent>(options: &Serve) -> Result<(), Box<dyn Error>> {
    let mut signals = Signals::listen()?;
    let (health, metrics) = (Health::new(), Metrics::new());
    let parts = Parts::new(options, &health, &metrics)?;

    let server = Server::bind(&options.server).await?;
    let address = server.address()?;
    let router = chassis::http::router(Router::new(), &health, &metrics);
    let (end_server, server_ends) = oneshot::channel::<()>();
    // Whether it is told to stop or forgotten, it stops.
    let serving = tokio::spawn(server.serve(router, async { drop(server_ends.await) }));
    tracing::info!(%address, instance = parts.settings.instance, "serving, not ready yet");

    let working = tokio::select! {
        working = prepare::<E>(options, &parts) => Some(working?),
        () = signals.asked_to_end() => None,
    };
    let mut outcome = None;
    if let Some(mut working) = working {
        let listening = async {
            while !health.troubles().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            // The one line on standard output. Nobody may read it, and that is fine.
            let _ = writeln!(std::io::stdout(), "inventory-service: listening on http://{address}");
            std::future::pending::<()>().await
        };
        tokio::select! {
            () = listening => {}
            () = signals.asked_to_end() => {}
            ended = &mut working.ended => outcome = Some(ended.unwrap_or(Err(Ended::Panicked))),
        }
        health.end();
        if outcome.is_none() {
            working.stop.store(true, Relaxed);
            match tokio::time::timeout(options.server.shutdown_timeout, working.ended).await {
                Ok(ended) => outcome = Some(ended.unwrap_or(Err(Ended::Panicked))),
                // Nothing is lost: what is not committed is handled again.
                Err(_) => tracing::warn!("a cycle is cut off, its time is up"),
            }
        }
    }
    drop(end_server);
    serving.await?;
    tracing::info!("ended");
    Ok(outcome.unwrap_or(Ok(()))?)
}

/// What the service is made of before anything is asked of anybody.
struct Parts {
    client: ClientConfig,
    registry: Client,
    settings: Settings,
    inventory: Arc<Inventory>,
    topics: Check,
    checks: Checks,
}

impl Parts {
    fn new(options: &Serve, health: &Health, metrics: &Metrics) -> Result<Self, Box<dyn Error>> {
        let checks = Checks {
            kafka: Link::new(health.check("kafka")),
            partitions: health.check("partitions"),
            producer: health.check("producer"),
            database: health.check("database"),
            registry: health.check("registry"),
        };
        let client = options.kafka.client(DEFAULTS, RESERVED)?;
        Ok(Self {
            registry: options.registry.client()?,
            settings: settings(options, &client),
            client,
            inventory: Inventory::new(metrics),
            topics: health.check("topics"),
            checks,
        })
    }
}

/// A worker at work.
struct Working {
    stop: Arc<AtomicBool>,
    ended: oneshot::Receiver<Result<(), Ended>>,
}

/// Gets everything that is needed, for as long as it takes while something is away, and starts to work.
async fn prepare<E: OrderEvent>(options: &Serve, parts: &Parts) -> Result<Working, Box<dyn Error>> {
    // What is asked of a topic that is not there might create it.
    let topics = [&options.topic, &options.outcome_topic, &options.dead_letter_topic];
    options.topics.wait(&parts.client, &topics.map(String::as_str), &parts.topics).await?;
    let store = open_store(options, &parts.checks.database).await?;
    let serializer = Serializer::builder(Topic::value(options.outcome_topic.as_str()))
        .naming(Naming::TopicRecordName)
        .register(options.registry.register())
        .build(&parts.registry);
    registry::prepare(&serializer, &parts.checks.registry).await?;

    let lag = Arc::new(Lag::new(&options.topic));
    let asker = Arc::new(parts.client.create::<BaseProducer>().map_err(SettingsError::from)?);
    let partitions = partitions(&asker, &options.topic, &parts.topics).await?;
    let tools = Tools {
        new_consumer: new_consumer(options, parts, partitions, lag.clone()),
        new_producer: new_producer(options, parts),
        deserializer: Deserializer::<E>::new(&parts.registry, Topic::value(options.topic.as_str())),
        serializer,
        store: store.clone(),
        runtime: Handle::current(),
        inventory: parts.inventory.clone(),
        lag,
    };
    let worker = Worker::new(tools, parts.settings.clone(), parts.checks.clone())?;
    watch(options, parts, asker, store)?;
    Ok(work(worker)?)
}

/// Starts the thread.
fn work<E: OrderEvent>(worker: Worker<E>) -> std::io::Result<Working> {
    let stop = Arc::new(AtomicBool::new(false));
    let (tell, ended) = oneshot::channel();
    let told = stop.clone();
    thread::Builder::new().name("worker".to_owned()).spawn(move || {
        // Nobody may listen any more.
        let _ = tell.send(worker.run(&told));
    })?;
    Ok(Working { stop, ended })
}

type Maker<T> = Box<dyn Fn() -> Result<T, SettingsError> + Send>;

fn new_producer(options: &Serve, parts: &Parts) -> Maker<Producer> {
    let (client, inventory) = (parts.client.clone(), parts.inventory.clone());
    let Settings { group, instance, .. } = &parts.settings;
    let id = options.exactly_once.then(|| format!("{group}/{instance}"));
    Box::new(move || Producer::new(&client, id.as_deref(), inventory.clone()))
}

fn new_consumer(options: &Serve, parts: &Parts, partitions: usize, lag: Arc<Lag>) -> Maker<Consumer> {
    let (client, inventory, assigned) =
        (parts.client.clone(), parts.inventory.clone(), parts.checks.partitions.clone());
    let membership = Membership {
        group: parts.settings.group.clone(),
        instance: parts.settings.instance.clone(),
        // The database may take its time, and so may each step of a transaction and of what follows when it fails.
        longest_cycle: options.database_timeout + Duration::from_secs(150),
        queue: options.queue,
        partitions,
    };
    Box::new(move || {
        let context = Partitions::new(assigned.clone(), lag.clone(), inventory.clone());
        consumer::connect(&client, &membership, context)
    })
}

/// How many partitions the topic has.
async fn partitions(asker: &Arc<BaseProducer>, topic: &str, check: &Check) -> Result<usize, JoinError> {
    loop {
        let (asker, name) = (asker.clone(), topic.to_owned());
        let asking = move || asker.client().fetch_metadata(Some(&name), Duration::from_secs(5));
        match spawn_blocking(asking).await? {
            Ok(metadata) if metadata.topics().iter().any(|topic| !topic.partitions().is_empty()) => {
                check.well();
                return Ok(metadata.topics().iter().map(|topic| topic.partitions().len()).sum());
            }
            Ok(_) => check.ill(format!("topic {topic} has no partitions yet")),
            Err(error) => check.ill(error.to_string()),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Keeps asking those for a sign of life that the worker does not happen to hear of.
fn watch(options: &Serve, parts: &Parts, asker: Arc<BaseProducer>, store: Store) -> std::io::Result<()> {
    let topic = options.topic.clone();
    let watch = parts.checks.kafka.watch(move |patience| {
        // What it logs piles up until it is polled.
        asker.poll(Duration::ZERO);
        asker.client().fetch_metadata(Some(&topic), patience).map(drop)
    })?;
    let (checks, registry) = (parts.checks.clone(), parts.registry.clone());
    tokio::spawn(async move {
        let _watch = watch;
        loop {
            match store.ping().await {
                Ok(()) => checks.database.well(),
                Err(away) => checks.database.ill(away.to_string()),
            }
            match registry.effective_mode(Scope::Global).await {
                Ok(_) => checks.registry.well(),
                Err(error) => checks.registry.ill(error.to_string()),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    Ok(())
}

/// Opens the database, for as long as it takes while it is away.
async fn open_store(options: &Serve, check: &Check) -> Result<Store, OpenError> {
    let seed = Seed { items: options.items, stock: options.stock };
    loop {
        match Store::open(&options.database, seed, options.database_timeout).await {
            Ok(store) => {
                check.well();
                return Ok(store);
            }
            Err(error) if error.is_temporary() => check.ill(error.to_string()),
            Err(error) => return Err(error),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn settings(options: &Serve, client: &ClientConfig) -> Settings {
    Settings {
        topic: options.topic.clone(),
        outcome_topic: options.outcome_topic.clone(),
        dead_letter_topic: options.dead_letter_topic.clone(),
        group: options.group.clone(),
        instance: options.instance.clone().unwrap_or_else(|| options::instance(&options.server.listen)),
        cycle_records: options.cycle_records,
        cycle_bytes: options.cycle_bytes,
        cycle_time: options.cycle_time,
        longest_pause: options.longest_pause,
        session: consumer::session(client),
    }
}
