//! Flags.

use std::path::PathBuf;

use clap::Parser;

/// The worked example in one command: starts a registry, Kafka and both services, places orders, lets things go wrong, and checks
/// what comes of it
///
/// Without flags nothing has to be there and nothing is left: the registry is a process with SQLite in a temporary folder, Kafka
/// is librdkafka's mock cluster within the demo (which has no transactions, so an outcome may come twice after a crash).
///
/// With --kafka or --registry, topics, subjects and the consumer group get names that no other run has. They are left there, for
/// you to look at and to delete.
#[derive(Debug, Clone, Parser)]
#[command(name = "demo", version, max_term_width = 100, args_override_self = true)]
pub struct Options {
    /// A real Kafka, which must allow topics to be created; the inventory service then runs exactly once
    #[arg(long, value_name = "HOST:PORT")]
    pub kafka: Option<String>,
    /// Settings of librdkafka for it, one a line, such as those of TLS and SASL (which need the feature tls)
    #[arg(long, value_name = "FILE", requires = "kafka")]
    pub kafka_config: Option<PathBuf>,
    /// URLs of a registry that runs already, separated by commas; they may hold user and password
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pub registry: Option<String>,
    /// Orders of the burst in which the consumer is killed
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = clap::value_parser!(u32).range(100..=10_000))]
    pub burst: u32,
    /// Leave everything running after the last chapter, to be tried by hand, until Ctrl-C
    #[arg(long)]
    pub keep: bool,
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
        for flag in chassis::cli::command::<Options>().get_arguments() {
            let name = flag.get_long().expect("a long flag");
            let variable = format!("DEMO_{}", name.to_ascii_uppercase().replace('-', "_"));
            assert_eq!(flag.get_env(), Some(variable.as_ref()), "--{name}");
            assert!(flag.get_help().is_some(), "--{name}");
        }
    }
}
