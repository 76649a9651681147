//! Topics that have to be there.

use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::SettingsError;
use crate::health::Check;

/// How long the cluster may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Flags for topics.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Topics {
    /// Create topics that are missing?
    #[arg(
        long,
        value_name = "BOOL",
        default_value_t = true,
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
        help_heading = "Topics"
    )]
    pub create_topics: bool,
    /// Partitions of a topic that is created: how many consumers can share it
    #[arg(
        long,
        value_name = "N",
        default_value_t = 6,
        value_parser = clap::value_parser!(i32).range(1..=10_000),
        help_heading = "Topics"
    )]
    pub partitions: i32,
    /// Brokers that keep each partition of a topic that is created; -1 is the cluster's default
    #[arg(
        long,
        value_name = "N",
        default_value_t = -1,
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(i32).range(-1..=32),
        help_heading = "Topics"
    )]
    pub replication_factor: i32,
}

/// Why a topic is not there.
#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    /// It does not exist, and is not to be created.
    #[error("topic {0} does not exist, and --create-topics is false: create it, or ask for it to be created")]
    Missing(String),
    /// It does not exist, and cannot be created.
    #[error(
        "topic {topic} does not exist, and the cluster does not create it ({code}): create it by other means, or change --partitions or --replication-factor"
    )]
    Refused {
        /// The topic.
        topic: String,
        /// What the cluster says.
        code: RDKafkaErrorCode,
    },
    /// There can be no client to ask with.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The cluster cannot be asked.
    #[error("the topics of the cluster cannot be listed: {0}")]
    Kafka(#[from] KafkaError),
}

impl TopicError {
    /// May it be there if the cluster is asked again?
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Missing(_) | Self::Settings(_) => false,
            Self::Refused { code, .. } => {
                matches!(
                    code,
                    RDKafkaErrorCode::NotController
                        | RDKafkaErrorCode::RequestTimedOut
                        | RDKafkaErrorCode::OperationTimedOut
                        | RDKafkaErrorCode::BrokerTransportFailure
                        | RDKafkaErrorCode::AllBrokersDown
                )
            }
            Self::Kafka(_) => true,
        }
    }
}

impl Topics {
    /// Sees to it that topics exist.
    ///
    /// # Errors
    /// If one does not, and is not created.
    pub async fn ensure(&self, config: &ClientConfig, names: &[&str]) -> Result<(), TopicError> {
        let admin: AdminClient<DefaultClientContext> = config.create().map_err(SettingsError::from)?;
        let (admin, known) = tokio::task::spawn_blocking(move || {
            // To ask for one topic might create it, with whatever settings the cluster has for that.
            let known = admin.inner().fetch_metadata(None, PATIENCE).map(|metadata| {
                metadata.topics().iter().map(|topic| topic.name().to_owned()).collect::<Vec<_>>()
            });
            (admin, known)
        })
        .await
        .map_err(|_| KafkaError::Canceled)?;
        let known = known?;
        for name in names.iter().filter(|name| !known.iter().any(|k| k == *name)) {
            if !self.create_topics {
                return Err(TopicError::Missing((*name).to_owned()));
            }
            self.create(&admin, name).await?;
        }
        Ok(())
    }

    /// The same, for as long as it takes while the cluster is away.
    ///
    /// # Errors
    /// If a topic does not exist, and will not be created.
    pub async fn wait(&self, config: &ClientConfig, names: &[&str], check: &Check) -> Result<(), TopicError> {
        loop {
            match self.ensure(config, names).await {
                Ok(()) => {
                    check.well();
                    return Ok(());
                }
                Err(error) if error.is_temporary() => check.ill(error.to_string()),
                Err(error) => return Err(error),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn create(&self, admin: &AdminClient<DefaultClientContext>, name: &str) -> Result<(), TopicError> {
        let topic = NewTopic::new(name, self.partitions, TopicReplication::Fixed(self.replication_factor));
        let options = AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE));
        for result in admin.create_topics([&topic], &options).await? {
            match result {
                Ok(name) => tracing::info!(topic = name, partitions = self.partitions, "created"),
                // Another instance was quicker.
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => return Err(TopicError::Refused { topic, code }),
            }
        }
        Ok(())
    }
}
