//! Orders per second, compared with the least that could be done: `cargo bench -p order-service`.
//!
//! What it is compared with is a bare axum handler that gives the body to a `FutureProducer` with the same settings, and
//! awaits it. Both are processes of their own, with the same Kafka beside them, and take turns.
//!
//! ```text
//! bare.rs   the bare handler       load.rs   a closed loop on many connections
//! ```
//!
//! `-- --smoke` does everything once, in tiny sizes; what it prints then means nothing.

mod bare;
mod load;

use std::process::ExitCode;
use std::time::Duration;

use ottla_clients::registry::Registry;
use ottla_tests::kafka::Broker;
use ottla_tests::server::{Serve, Server};

/// Requests under way at the same time, each on a connection of its own.
const CONNECTIONS: usize = 512;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, kafka, topic] = arguments.as_slice()
        && command == "bare"
    {
        return bare::serve(kafka, topic);
    }
    let is_smoke = arguments.iter().any(|argument| argument == "--smoke");
    let Some(broker) = Broker::start() else { return ExitCode::SUCCESS };
    let registry = Registry::start();
    let (rounds, warm_up, time) = match is_smoke {
        true => (1, Duration::from_millis(200), Duration::from_millis(500)),
        false => (3, Duration::from_secs(3), Duration::from_secs(10)),
    };

    // It makes the topic, too.
    let service = start_service(&broker, &registry);
    let bare = start_bare(&broker);
    let (mut services, mut bares) = (Vec::new(), Vec::new());
    println!("{CONNECTIONS} connections, {time:?} each");
    println!("round  order-service  bare handler  ratio   (requests/s; p50/p99 ms)");
    for round in 1..=rounds {
        let run = |server: &Server| {
            load::run(server.url(), CONNECTIONS, warm_up);
            load::run(server.url(), CONNECTIONS, time)
        };
        let (ours, theirs) = (run(&service), run(&bare));
        println!(
            "{round:5}  {:13.0}  {:12.0}  {:5.2}   {:.1}/{:.1}  {:.1}/{:.1}",
            ours.per_second,
            theirs.per_second,
            ours.per_second / theirs.per_second,
            ours.p50,
            ours.p99,
            theirs.p50,
            theirs.p99
        );
        services.push(ours.per_second);
        bares.push(theirs.per_second);
    }
    let sum = |all: &[f64]| all.iter().sum::<f64>();
    println!("ratio of all rounds: {:.2} (0.70 is the aim)", sum(&services) / sum(&bares));
    ExitCode::SUCCESS
}

fn start_service(broker: &Broker, registry: &Registry) -> Server {
    let serve = Serve::program(env!("CARGO_BIN_EXE_order-service")).with(&[
        "--listen=127.0.0.1:0",
        "--kafka",
        &broker.address(),
        "--registry",
        registry.url(),
        "--topic=requests",
    ]);
    serve.start().expect("a service that starts")
}

fn start_bare(broker: &Broker) -> Server {
    let this = std::env::current_exe().expect("the path of this program");
    let serve = Serve::program(this).with(&["bare", &broker.address(), "requests"]);
    serve.start().expect("a bare handler that starts")
}
