//! Flags.

use std::time::Duration;

use chassis::values::{count, duration, size, some_time};
use chassis::{kafka, logs, registry, server};
use clap::Parser;

/// Takes orders over HTTP and answers once they are in Kafka. Of a flag that is given twice the last value counts
#[derive(Debug, Clone, Parser)]
#[command(name = "order-service", version, max_term_width = 100, args_override_self = true)]
pub struct Options {
    /// The topic that orders go to
    #[arg(long, value_name = "NAME", default_value = "order-events")]
    pub topic: String,
    /// Orders that wait for Kafka at the same time; more are answered 503
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = count, help_heading = "Limits")]
    pub max_in_flight: usize,
    /// How long Kafka may take to acknowledge an order before it is answered 503
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = some_time, help_heading = "Limits")]
    pub delivery_timeout: Duration,
    /// Bytes of a request's body; longer ones are answered 413
    #[arg(long, value_name = "SIZE", default_value = "16KiB", value_parser = size, help_heading = "Limits")]
    pub max_body: usize,
    /// How long the body of a request may take to arrive
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = some_time, help_heading = "Limits")]
    pub body_timeout: Duration,
    /// How long an Idempotency-Key is remembered, so that another order with the same key is refused
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration, help_heading = "Limits")]
    pub idempotency_window: Duration,
    /// How many of them are remembered; beyond that the oldest are forgotten sooner
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = count, help_heading = "Limits")]
    pub idempotency_keys: usize,
    #[command(flatten)]
    #[allow(missing_docs, reason = "a doc comment would become the description of the command")]
    pub kafka: kafka::Options,
    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub topics: kafka::Topics,
    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub registry: registry::Options,
    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub server: server::Options,
    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub logs: logs::Options,
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn the_command_line_is_consistent() {
        chassis::cli::command::<Options>().debug_assert();
    }

    #[test]
    fn every_flag_has_a_variable_and_a_description() {
        let command = chassis::cli::command::<Options>();
        for flag in command.get_arguments() {
            let name = flag.get_long().expect("a long flag");
            let variable = format!("ORDER_SERVICE_{}", name.to_ascii_uppercase().replace('-', "_"));
            assert_eq!(flag.get_env(), Some(variable.as_ref()), "--{name}");
            assert!(flag.get_help().is_some(), "--{name}");
        }
    }
}
