//! What clients say by themselves: for `rdkafka::ClientContext`, whose methods call these.

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;

/// A line of librdkafka's log.
pub fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error => {
            tracing::error!(facility, "{message}");
        }
        RDKafkaLogLevel::Warning => tracing::warn!(facility, "{message}"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(facility, "{message}"),
        RDKafkaLogLevel::Debug => tracing::debug!(facility, "{message}"),
    }
}

/// An error that belongs to no call. librdkafka gets over most of them by itself.
pub fn error(error: &KafkaError, reason: &str) {
    tracing::warn!(%error, "{reason}");
}
