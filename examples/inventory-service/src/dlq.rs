//! Dead letters, for those who look after them: to list them, and to try them again.
//!
//! ```text
//! list.rs      what there is               replay.rs    back to where they came from
//!   json.rs      for programs                work.rs      from the first to the last
//!                                            batch.rs     what goes in one transaction
//!                                            targets.rs   where to;  obstacle.rs  what cannot go back, and why
//! reader.rs    the topic, up to where it ends now       progress.rs  up to where they were replayed
//! place.rs     where in the topic          shown.rs     what strangers wrote, on a terminal
//! output.rs    standard output, which may go away
//! ```

mod list;
mod output;
mod place;
mod progress;
mod reader;
mod replay;
mod shown;

use std::error::Error;
use std::process::ExitCode;

use chassis::{kafka, logs};
use clap::{Args, Subcommand};

use crate::dead_letter::{DeadLetter, Reason};

/// What is logged by default. That a partition ends is among the warnings of clients, and no problem.
const LOG_LEVEL: &str = "warn,chassis::kafka::events=error";

/// What is asked for: `dlq list` or `dlq replay`.
#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Lists dead letters, by partition and offset, up to where the topic ends now
    #[command(
        after_help = list::AFTER_HELP,
        mut_arg("log_level", |flag| flag.default_value(LOG_LEVEL))
    )]
    List(list::Options),
    /// Sends dead letters back to the topics that they came from, with the key, the value and the headers that they had
    #[command(
        after_help = replay::AFTER_HELP,
        mut_arg("log_level", |flag| flag.default_value(LOG_LEVEL))
    )]
    Replay(replay::Options),
}

/// Whose dead letters, and where.
#[derive(Debug, Clone, Args)]
#[group(skip)]
struct Common {
    /// The topic of the dead letters
    #[arg(long, value_name = "NAME", default_value = "order-events-dlq")]
    dead_letter_topic: String,
    /// The consumer group of the service; that of replays, which keeps how far they have come, is called GROUP.dlq-replay
    #[arg(long, value_name = "NAME", default_value = "inventory-service")]
    group: String,
    /// Only those that are dead for this reason; repeatable: undecodable, unknown_schema, unreadable, invalid_order or
    /// refused_by_database
    #[arg(long, value_name = "REASON", value_delimiter = ',', hide_possible_values = true)]
    reason: Vec<Reason>,
    #[command(flatten)]
    kafka: kafka::Options,
    #[command(flatten)]
    logs: logs::Options,
}

impl Common {
    /// The group of replays, which is also the transactional id of the one that is at work.
    fn replay_group(&self) -> String {
        format!("{}.dlq-replay", self.group)
    }

    /// Is it one of those that are asked for?
    fn takes(&self, letter: &DeadLetter) -> bool {
        let is = |reason: &Reason| letter.reason.as_deref() == Some(reason.as_str());
        self.reason.is_empty() || self.reason.iter().any(is)
    }
}

/// Does what is asked for.
///
/// # Errors
/// If it cannot be done.
pub fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let common = match &options.command {
        Command::List(options) => &options.common,
        Command::Replay(options) => &options.common,
    };
    let _telemetry = logs::start(&common.logs, "inventory-service")?;
    match &options.command {
        Command::List(options) => list::run(options),
        Command::Replay(options) => replay::run(options),
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;

    #[test]
    fn every_flag_has_a_variable_and_a_description() {
        let service = chassis::cli::command::<Options>();
        let dlq = service.find_subcommand("dlq").expect("the command");
        for command in dlq.get_subcommands() {
            for flag in command.get_arguments().filter(|flag| !flag.is_positional()) {
                let name = flag.get_long().expect("a long flag");
                let variable = format!("INVENTORY_SERVICE_{}", name.to_ascii_uppercase().replace('-', "_"));
                assert_eq!(flag.get_env(), Some(variable.as_ref()), "--{name}");
                assert!(flag.get_help().is_some(), "--{name}");
            }
        }
    }
}
