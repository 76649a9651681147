//! From start to end.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use chassis::kafka::Link;
use chassis::metrics::Metrics;
use chassis::server::Server;
use chassis::signals::Signals;
use chassis::{Health, registry};
use ottla::serdes::Serializer;
use ottla::subject::Topic;
use tokio::sync::oneshot;

use crate::Options;
use crate::events::OrderEvent;
use crate::metrics::Orders;
use crate::publisher::{DEFAULTS, Publisher, RESERVED};
use crate::routes::Desk;

/// The process of a service that is built for one version of the event.
pub fn main<E: OrderEvent>() -> ExitCode {
    match start::<E>(&chassis::cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nobody may read it.
            let _ = writeln!(std::io::stderr(), "order-service: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn start<E: OrderEvent>(options: &Options) -> Result<(), Box<dyn Error>> {
    let _telemetry = chassis::logs::start(&options.logs, "order-service")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(run::<E>(options));
    // What still waits for a broker that is away is not waited for.
    runtime.shutdown_background();
    outcome
}

/// Serves until SIGTERM or SIGINT, then lets what is under way end.
///
/// HTTP is there from the first moment, for those who ask how the service is. Orders are refused until the topic and the schema
/// are known; then the line with the address is printed.
///
/// # Errors
/// If the settings are wrong, or the topic or the schema cannot be had.
pub async fn run<E: OrderEvent>(options: &Options) -> Result<(), Box<dyn Error>> {
    let mut signals = Signals::listen()?;
    let (health, metrics) = (Health::new(), Metrics::new());
    let (kafka, topic, schema) = (health.check("kafka"), health.check("topic"), health.check("schema"));
    let client = options.kafka.client(DEFAULTS, RESERVED)?;
    let serializer = Serializer::<E>::builder(Topic::value(options.topic.as_str()))
        .register(options.registry.register())
        .build(&options.registry.client()?);
    let orders = Orders::new(&metrics);
    let link = Link::new(kafka);
    let publisher =
        Publisher::new(options, &client, serializer.clone(), (link, schema.clone()), orders.clone())?;
    let publisher = Arc::new(publisher);

    let server = Server::bind(&options.server).await?;
    let address = server.address()?;
    let router = Desk::new(publisher.clone(), orders, options).router();
    let router = chassis::http::router(router, &health, &metrics);
    let (stop, stopped) = oneshot::channel::<()>();
    // Whether it is told to stop or forgotten, it stops.
    let serving = tokio::spawn(server.serve(router, async { drop(stopped.await) }));
    tracing::info!(%address, "serving, not ready yet");

    let ready = async {
        // What is asked of a topic that is not there might create it.
        options.topics.wait(&client, &[&options.topic], &topic).await?;
        let watch = publisher.watch()?;
        registry::prepare(&serializer, &schema).await?;
        publisher.is_up().await;
        Ok::<_, Box<dyn Error>>(watch)
    };
    let watch = tokio::select! {
        watch = ready => Some(watch?),
        () = signals.asked_to_end() => None,
    };
    if watch.is_some() {
        // The one line on standard output. Nobody may read it, and that is fine.
        let _ = writeln!(std::io::stdout(), "order-service: listening on http://{address}");
        signals.asked_to_end().await;
    }
    health.end();
    tokio::time::sleep(options.server.drain_delay).await;
    drop(stop);
    serving.await?;
    // Clients that have gone do not wait for their orders, but the orders are to arrive all the same.
    tokio::task::spawn_blocking(move || publisher.flush()).await??;
    drop(watch);
    tracing::info!("ended");
    Ok(())
}
