//! Kafka clients: their settings, and what all of them need.
//!
//! ```text
//! settings.rs   any setting of librdkafka, from flags and files
//! events.rs     what clients say by themselves: logs and errors
//! headers.rs    what strangers wrote beside a record
//! topics.rs     topics that have to be there
//! link.rs       is the broker there?
//! ```

mod events;
mod headers;
mod link;
mod settings;
mod topics;

use std::path::PathBuf;

use clap::Args;
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use crate::secret::Secret;
pub use events::{error, log};
pub use headers::readable;
pub use link::{Link, Watch};
pub use settings::{Settings, SettingsError};
pub use topics::{TopicError, Topics};

/// Flags for Kafka.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Options {
    /// Brokers to begin with, separated by commas
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9092", help_heading = "Kafka")]
    pub kafka: String,
    /// Any setting of librdkafka, such as compression.type=lz4; repeatable, and in the variable one a line
    #[arg(
        long,
        value_name = "KEY=VALUE",
        value_parser = Secret::<Settings>::parser(),
        hide_env_values = true,
        help_heading = "Kafka"
    )]
    pub kafka_option: Vec<Settings>,
    /// A file of such settings, one a line; those of --kafka-option count more
    #[arg(long, value_name = "FILE", help_heading = "Kafka")]
    pub kafka_config: Option<PathBuf>,
}

/// A setting that a service needs to have its way with, by the name that Java's clients have for it, and the flag that changes it
/// instead, if any.
pub type Reserved = (&'static str, Option<&'static str>);

impl Options {
    /// What a client is made of: the defaults of the service, then those of the user, then what the service cannot do without.
    ///
    /// # Errors
    /// If the file cannot be read, or something is set that is not the user's to set.
    pub fn client(
        &self,
        defaults: &[(&str, &str)],
        reserved: &[Reserved],
    ) -> Result<ClientConfig, SettingsError> {
        let mut settings = Settings::default();
        if let Some(file) = &self.kafka_config {
            settings.extend(Settings::read(file)?);
        }
        for options in &self.kafka_option {
            settings.extend(options.clone());
        }
        let known = [("bootstrap.servers", Some("--kafka"))];
        settings.refuse(known.iter().chain(reserved))?;
        let mut config = ClientConfig::new();
        for (key, value) in defaults {
            config.set(*key, *value);
        }
        for (key, value) in settings.iter() {
            config.set(key, value);
        }
        config.set("bootstrap.servers", &self.kafka);
        // librdkafka says what it has to say, and the filter of the logs decides.
        config.set_log_level(RDKafkaLogLevel::Info);
        tracing::info!(brokers = self.kafka, settings = ?settings, "the settings of Kafka clients");
        Ok(config)
    }
}
