//! Flags.

use std::time::Duration;

use chassis::values::{count, size, some_time};
use chassis::{kafka, logs, registry, server};
use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};

use crate::dlq;

/// Reserves inventory for orders: from Kafka to a database and back to Kafka. Of a flag that is given twice the last value counts
#[derive(Debug, Clone, Parser)]
#[command(
    name = "inventory-service",
    version,
    max_term_width = 100,
    args_override_self = true,
    args_conflicts_with_subcommands = true
)]
pub struct Options {
    #[command(subcommand)]
    #[allow(missing_docs, reason = "a doc comment would become the description of the command")]
    pub command: Option<Command>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "as above")]
    pub serve: Serve,
}

/// What else there is to do than to serve.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Records that nothing could be done about
    Dlq(dlq::Options),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Serve {
    /// The topic that orders come from
    #[arg(long, value_name = "NAME", default_value = "order-events")]
    pub topic: String,
    /// The topic that outcomes go to
    #[arg(long, value_name = "NAME", default_value = "inventory-events")]
    pub outcome_topic: String,
    /// The topic for records that nothing can be done about
    #[arg(long, value_name = "NAME", default_value = "order-events-dlq")]
    pub dead_letter_topic: String,
    /// The consumer group: its members share the partitions of the topic
    #[arg(long, value_name = "NAME", default_value = "inventory-service")]
    pub group: String,
    /// What this replica is called in the group: the same after a restart, and another one for each replica; by default HOST-PORT
    #[arg(long, value_name = "NAME")]
    pub instance: Option<String>,
    /// Commit outcomes and offsets in one transaction of Kafka? Without it an outcome may be sent twice after a crash
    #[arg(
        long,
        value_name = "BOOL",
        default_value_t = true,
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set
    )]
    pub exactly_once: bool,
    /// The database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        value_name = "URL",
        default_value = "sqlite://inventory.db",
        hide_env_values = true,
        help_heading = "Database"
    )]
    pub database: String,
    /// How long the database may take for a cycle before it is taken to be away
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = some_time, help_heading = "Database")]
    pub database_timeout: Duration,
    /// How many items a new database begins with
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(1..=100_000),
        help_heading = "Database"
    )]
    pub items: u32,
    /// How many units of each item a new database begins with
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000,
        value_parser = clap::value_parser!(i64).range(0..=1_000_000_000_000),
        help_heading = "Database"
    )]
    pub stock: i64,
    /// Records of a cycle: one transaction of the database and one of Kafka
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = count, help_heading = "Cycles")]
    pub cycle_records: usize,
    /// Bytes of a cycle
    #[arg(long, value_name = "SIZE", default_value = "4MiB", value_parser = size, help_heading = "Cycles")]
    pub cycle_bytes: usize,
    /// How long records are gathered for a cycle
    #[arg(long, value_name = "TIME", default_value = "20ms", value_parser = some_time, help_heading = "Cycles")]
    pub cycle_time: Duration,
    /// Bytes of records that wait in memory, over all partitions; beyond that no more are fetched
    #[arg(long, value_name = "SIZE", default_value = "32MiB", value_parser = size, help_heading = "Cycles")]
    pub queue: usize,
    /// The longest pause before what failed is tried again
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = some_time, help_heading = "Cycles")]
    pub longest_pause: Duration,
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

/// What a replica is called that was not given a name: the host, and the port if it has a fixed one.
pub fn instance(listen: &str) -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    match listen.rsplit_once(':') {
        Some((_, port)) if port != "0" => format!("{host}-{port}"),
        _ => host,
    }
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
            let variable = format!("INVENTORY_SERVICE_{}", name.to_ascii_uppercase().replace('-', "_"));
            assert_eq!(flag.get_env(), Some(variable.as_ref()), "--{name}");
            assert!(flag.get_help().is_some(), "--{name}");
        }
    }
}
