//! Is everything there that tests ask for?
//!
//! A broker that takes connections may not know itself yet, and its coordinators load for a second after that.

use std::time::{Duration, Instant};

use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::producer::{BaseProducer, Producer as _};

/// How long one question may take before it is asked again.
const QUESTION: Duration = Duration::from_secs(5);

/// Waits until topics are listed and a first transactional producer initialises, unless there is a reason not to wait any
/// longer.
pub(super) fn wait(
    address: &str,
    patience: Duration,
    mut stop: impl FnMut() -> Option<String>,
) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let problem = match ask(address) {
            Ok(()) => return Ok(()),
            Err(problem) => problem,
        };
        if let Some(reason) = stop() {
            return Err(reason);
        }
        if started.elapsed() > patience {
            return Err(format!("it is not ready: {problem}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn ask(address: &str) -> Result<(), String> {
    // Without this, the client complains about each connection that is refused.
    std::net::TcpStream::connect(address).map_err(|e| e.to_string())?;
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", address).set("transactional.id", "ottla-tests-ready");
    config.set_log_level(RDKafkaLogLevel::Emerg);
    let producer: BaseProducer = config.create().map_err(|e: rdkafka::error::KafkaError| e.to_string())?;
    producer.client().fetch_metadata(None, QUESTION).map_err(|e| e.to_string())?;
    producer.init_transactions(QUESTION).map_err(|e| e.to_string())
}
