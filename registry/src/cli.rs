//! The command line.
//!
//! ```text
//! serve.rs    `ottla serve`: flags, variables, and what becomes of them
//! generate.rs `ottla generate`: code for schema files
//! decode.rs   `ottla decode`: messages and container files as JSON
//! check.rs    `ottla check`: may the schema files follow what was released?
//! lock.rs     `ottla lock`: a snapshot of what was released
//! register.rs `ottla register`: schema files to a registry;  drift.rs: where the two differ
//! diff.rs     `ottla diff`: two schemas, in words
//! project.rs  ottla.toml, the schema files, and their subjects
//! baseline.rs what was released: in git, in a registry, in a lock file
//! day.rs      days of the calendar
//! access.rs   how a registry is reached, and who is asking
//! values.rs   times, sizes and numbers as people write them
//! secret.rs   values that may hold a password
//! ```

mod access;
mod baseline;
pub mod check;
mod day;
pub mod decode;
pub mod diff;
pub mod drift;
pub mod generate;
pub mod lock;
mod project;
pub mod register;
mod secret;
pub mod serve;
mod values;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A schema registry for Kafka that every Confluent client can use, on SQLite or PostgreSQL
#[derive(Debug, Parser)]
#[command(name = "ottla", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the registry
    Serve(Box<serve::Options>),
    /// Generate Rust code for schema files
    Generate(Box<generate::Options>),
    /// Show messages and container files as JSON
    Decode(Box<decode::Options>),
    /// Check that schema files may follow what was released
    Check(Box<check::Options>),
    /// Keep a snapshot of what was released, for checks and builds without a network
    Lock(Box<lock::Options>),
    /// Register schema files, in the order of their references
    Register(Box<register::Options>),
    /// Show how two schemas differ, and whether each reads the other
    Diff(Box<diff::Options>),
    /// Show where schema files and a registry differ
    Drift(Box<drift::Options>),
}

/// The command line or the configuration is wrong: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Runs the command that the process was started with. What goes wrong is said on standard error: one sentence, or
/// one for each thing that is wrong with schemas.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(options) => serve::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Generate(options) => generate::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Decode(options) => decode::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Check(options) => check::run(&options),
        Command::Lock(options) => lock::run(&options),
        Command::Register(options) => register::run(&options),
        Command::Diff(options) => diff::run(&options),
        Command::Drift(options) => drift::run(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(problem) => {
            // What is wrong with schemas says where: editors find the place at the beginning of a line. Nobody may be able
            // to read it, which is no reason to end in another way.
            let _ = match problem.downcast_ref::<ottla_codegen::Errors>() {
                Some(errors) => writeln!(std::io::stderr(), "{errors}"),
                None => writeln!(std::io::stderr(), "ottla: {problem}"),
            };
            if problem.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_variable_and_a_description() {
        let cli = super::Cli::command();
        let serve = cli.find_subcommand("serve").expect("ottla serve");
        for argument in serve.get_arguments().filter(|a| a.get_id() != "help") {
            let flag = argument.get_long().expect("a long flag");
            let expected = format!("OTTLA_{}", flag.to_ascii_uppercase().replace('-', "_"));
            assert_eq!(argument.get_env(), Some(expected.as_ref()), "--{flag}");
            assert!(argument.get_help().is_some(), "--{flag}");
        }
    }
}
