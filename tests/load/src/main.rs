//! Load on a schema registry, and the table of what Ottla reaches.
//!
//! ```text
//! run       load on any registry that speaks Confluent's API; every answer is checked
//! table     starts servers and what they are compared with, and prints the ratios of one run as a table
//! fill      a database with many versions, written in the server's own format
//! answer    what reads are compared with: a bare axum handler that answers from memory
//! insert    what registrations are compared with: rows that are only inserted
//!
//! client.rs      one HTTP connection          check.rs     what a right answer is
//! schemas.rs     the schemas                  population.rs  many of them, in a database
//! load/          closed loops of requests     process.rs   CPU time and memory, from /proc
//! server.rs      starting and ending          postgres.rs  a private cluster
//! baseline/      answer, insert               table/       the cases and their rows
//! ```

mod baseline;
mod check;
mod client;
mod error;
mod interrupt;
mod load;
mod machine;
mod metrics;
mod population;
mod postgres;
mod process;
mod run;
mod schemas;
mod server;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::Error;

/// Load on a schema registry, and the table of what Ottla reaches
#[derive(Debug, Parser)]
#[command(name = "ottla-load", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load on a registry that is running, every answer checked
    Run(run::Options),
    /// The table of figures and ratios: starts everything itself
    Table(table::Options),
    /// Fill a database with versions, in the server's own format
    Fill(population::Options),
    /// A bare axum server that answers from memory
    #[command(hide = true)]
    Answer(baseline::answer::Options),
    /// A program that only inserts the rows of registrations
    #[command(hide = true)]
    Insert(baseline::insert::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Table(options) => table::run(options),
        Command::Fill(options) => population::run(&options),
        Command::Answer(options) => baseline::answer::run(&options),
        Command::Insert(options) => baseline::insert::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ottla-load: {error}");
            if matches!(error, Error::Load { .. } | Error::Wrong(_)) { 1.into() } else { 2.into() }
        }
    }
}
