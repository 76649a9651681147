//! `ottla-load table`: starts everything itself, and prints figures, what they are compared with, and ratios.
//!
//! What is compared runs in turn (A B A B ...), so that whatever else the machine does meets both. A figure is the
//! median of the rounds; a ratio is the median of the ratios within each round.

mod bench;
mod compatibility;
mod figure;
mod gate;
mod growth;
mod reads;
mod registrations;
mod report;
mod size;
mod tail;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::interrupt;
use crate::machine::Machine;
use bench::Bench;
use figure::Row;

/// Flags of `ottla-load table`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The server to measure; without it, the one beside this program, built anew if cargo runs this
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Time of one measurement
    #[arg(long, default_value_t = 3.0, value_parser = crate::run::seconds)]
    seconds: f64,
    /// Time before each
    #[arg(long, default_value_t = 0.5, value_parser = crate::run::seconds)]
    warmup: f64,
    /// How often each is measured
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Connections, where the case does not say how many
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    connections: u32,
    /// Threads of the client
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: u32,
    /// `auto` starts a private cluster, `none` leaves PostgreSQL out; or the URL of a server where databases may be made
    #[arg(long, value_name = "URL", default_value = "auto")]
    postgres: String,
    /// Only some of the sections
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTIONS")]
    only: Vec<Section>,
    /// Everything in tiny sizes: shows that it works, and measures nothing
    #[arg(long)]
    smoke: bool,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Where databases are made, and removed again
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// A part of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Reads against a bare axum handler
    Reads,
    /// New schemas against rows that are only inserted
    Registrations,
    /// Compatibility checks against `formats` alone
    Compatibility,
    /// Many subjects against few
    Subjects,
    /// Long histories against short ones
    Versions,
    /// Start, memory, size of the binary
    Size,
    /// `ottla check` of many schemas
    Gate,
    /// Slow answers while registrations run
    Tail,
    /// Further cases, for orientation
    Others,
}

impl Section {
    fn rows(self, bench: &mut Bench) -> Result<Vec<Row>, Error> {
        match self {
            Self::Reads => reads::compared(bench),
            Self::Registrations => registrations::compared(bench),
            Self::Compatibility => compatibility::compared(bench),
            Self::Subjects => growth::subjects(bench),
            Self::Versions => growth::versions(bench),
            Self::Size => size::measured(bench),
            Self::Gate => gate::measured(bench),
            Self::Tail => tail::compared(bench),
            Self::Others => reads::others(bench),
        }
    }
}

/// Measures, and prints the table.
pub(crate) fn run(options: Options) -> Result<(), Error> {
    interrupt::listen()?;
    let (json, only) = (options.json, options.only.clone());
    let mut bench = Bench::prepare(options)?;
    let machine = Machine::look(bench.root(), bench.postgres_version()?)?;
    let mut rows = Vec::new();
    for section in Section::value_variants() {
        if only.is_empty() || only.contains(section) {
            rows.extend(section.rows(&mut bench)?);
        }
    }
    let text =
        if json { report::json(&machine, &bench, &rows) } else { report::markdown(&machine, &bench, &rows) };
    println!("{text}");
    Ok(())
}
