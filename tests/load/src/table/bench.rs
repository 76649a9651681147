//! What all sections share: the server's program, folders, databases, and measuring in turn.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::Options;
use super::figure::{Figure, Spread, Unit};
use crate::client::block_on;
use crate::error::Error;
use crate::interrupt;
use crate::load::{Key, Load, Mix, Outcome, drive, register_base, unique_name};
use crate::population::Population;
use crate::postgres::Postgres;
use crate::process;
use crate::schemas::Shape;
use crate::server::{Server, own_program};

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Schemas that reads choose from.
    pub(super) keys: usize,
    /// Subjects of a small and of a large registry.
    pub(super) subjects: [usize; 2],
    /// Subjects with a long history, and how long it is.
    pub(super) deep: Population,
    /// Subjects of the registry whose memory is measured.
    pub(super) registered: usize,
    /// A very large registry.
    pub(super) large: Population,
    /// Schema files of the repository that is checked.
    pub(super) files: usize,
    /// How often a start is measured.
    pub(super) starts: usize,
    /// How long to wait before memory is measured.
    pub(super) settle: Duration,
}

const FULL: Sizes = Sizes {
    keys: 1000,
    subjects: [1000, 100_000],
    deep: Population { subjects: 32, versions: 2000 },
    registered: 20_000,
    large: Population { subjects: 100_000, versions: 10 },
    files: 1000,
    starts: 5,
    settle: Duration::from_secs(2),
};

const SMOKE: Sizes = Sizes {
    keys: 20,
    subjects: [20, 200],
    deep: Population { subjects: 4, versions: 20 },
    registered: 50,
    large: Population { subjects: 100, versions: 5 },
    files: 20,
    starts: 1,
    settle: Duration::from_millis(50),
};

/// So long at most something has to be answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// What all sections share.
#[derive(Debug)]
pub(super) struct Bench {
    pub(super) options: Options,
    pub(super) sizes: Sizes,
    pub(super) program: PathBuf,
    postgres: Option<Postgres>,
    /// The cluster's main process, if it is ours.
    cluster: Vec<u32>,
    others: Vec<f64>,
    folders: usize,
    // Removed after all else has ended.
    root: TempDir,
}

/// One of those that are measured in turn.
#[derive(Debug)]
pub(super) struct Contender<'a> {
    pub(super) server: &'a Server,
    pub(super) mix: Arc<Mix>,
}

impl Bench {
    /// Finds the server, and makes the folder and the cluster.
    pub(super) fn prepare(mut options: Options) -> Result<Self, Error> {
        if options.smoke {
            (options.seconds, options.warmup, options.rounds) = (0.15, 0.0, 1);
        } else if cfg!(debug_assertions) {
            eprintln!("ottla-load: this is a debug build; its figures say nothing");
        }
        let program = match &options.server {
            Some(program) => program.clone(),
            None => beside()?,
        };
        let within = options.folder.clone().unwrap_or_else(std::env::temp_dir);
        let root = tempfile::Builder::new().prefix("ottla-load-").tempdir_in(&within);
        let root = root.map_err(Error::file(&within))?;
        let postgres = match options.postgres.as_str() {
            "none" => None,
            "auto" => Some(Postgres::start()?),
            url => Some(Postgres::at(url)?),
        };
        let sizes = if options.smoke { SMOKE } else { FULL };
        let cluster = postgres.as_ref().and_then(Postgres::pid).into_iter().collect();
        Ok(Self { options, sizes, program, postgres, cluster, others: Vec::new(), folders: 0, root })
    }

    /// The folder of everything.
    pub(super) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(super) fn postgres_version(&self) -> Result<Option<String>, Error> {
        self.postgres.as_ref().map(Postgres::version).transpose()
    }

    /// A new folder for a server.
    pub(super) fn folder(&mut self) -> Result<PathBuf, Error> {
        self.folders += 1;
        let folder = self.root.path().join(self.folders.to_string());
        std::fs::create_dir(&folder).map_err(Error::file(&folder))?;
        Ok(folder)
    }

    /// The URL of a new SQLite database.
    pub(super) fn sqlite(&mut self) -> Result<String, Error> {
        Ok(format!("sqlite://{}/ottla.db", self.folder()?.display()))
    }

    /// The URL of a new PostgreSQL database, if PostgreSQL is not left out.
    pub(super) fn postgres(&mut self) -> Result<Option<String>, Error> {
        self.postgres.as_mut().map(Postgres::database).transpose()
    }

    /// A server on a database.
    pub(super) fn serve(&mut self, database: &str) -> Result<Server, Error> {
        interrupt::check()?;
        let folder = self.folder()?;
        Server::ottla(&self.program, database, &folder)
    }

    /// A server on a new SQLite database, with schemas in it.
    pub(super) fn serve_keys(&mut self, database: &str) -> Result<(Server, Vec<Key>), Error> {
        let server = self.serve(database)?;
        let keys = block_on(register_base(&server.target, Shape::Order, self.sizes.keys))?;
        Ok((server, keys))
    }

    /// A load as the command line asks for it.
    pub(super) fn load(&self, contender: &Contender<'_>) -> Load {
        let connections = self.options.connections as usize;
        Load {
            name: unique_name(),
            target: contender.server.target.clone(),
            mix: contender.mix.clone(),
            evolution: None,
            paced: None,
            connections,
            threads: connections.min(self.options.threads as usize),
            warmup: Duration::from_secs_f64(self.options.warmup),
            time: Duration::from_secs_f64(self.options.seconds),
            servers: vec![contender.server.pid()],
        }
    }

    /// Runs a load once. A failure or a wrong answer ends everything.
    pub(super) fn measure(&mut self, case: &str, mut load: Load) -> Result<Outcome, Error> {
        interrupt::check()?;
        let before = process::cpu(&self.cluster);
        let mut outcome = drive(load.clone())?;
        // The disk can stand still for longer than the tiny time in which it is only to be shown that all this works.
        while self.options.smoke && outcome.is_idle() && load.time < PATIENCE {
            (load.name, load.time) = (unique_name(), load.time * 4);
            outcome = drive(load.clone())?;
        }
        let outcome = outcome.checked(case)?;
        let cluster = process::cpu(&self.cluster).saturating_sub(before).as_secs_f64();
        let ours = outcome.server_cpu + outcome.client_cpu + cluster;
        let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        self.others.push(((outcome.machine_cpu - ours) / outcome.seconds / processors).max(0.0));
        eprintln!(
            "{case}: {:.0}/s, {:.1} µs server CPU, p99 {} µs",
            outcome.rate(),
            outcome.cpu_micros(),
            outcome.tally.latency.value_at_quantile(0.99)
        );
        Ok(outcome)
    }

    /// Measures the contenders in turn; gives what came of each.
    pub(super) fn in_turn<const N: usize>(
        &mut self,
        case: &str,
        contenders: [Contender<'_>; N],
    ) -> Result<[Vec<Outcome>; N], Error> {
        let mut outcomes = [(); N].map(|()| Vec::new());
        for _ in 0..self.options.rounds {
            for (contender, outcomes) in contenders.iter().zip(&mut outcomes) {
                let load = self.load(contender);
                outcomes.push(self.measure(case, load)?);
            }
        }
        Ok(outcomes)
    }

    /// The share of the machine that none of our processes used.
    pub(super) fn others(&self) -> Spread {
        Figure::new(Unit::PerSecond, self.others.iter().copied()).spread()
    }
}

/// CPU time of the server per request.
pub(super) fn cpu(outcomes: &[Outcome]) -> Figure {
    Figure::new(Unit::CpuMicros, outcomes.iter().map(Outcome::cpu_micros))
}

/// Answers in a second.
pub(super) fn rate(outcomes: &[Outcome]) -> Figure {
    Figure::new(Unit::PerSecond, outcomes.iter().map(Outcome::rate))
}

/// The server that is built with this program. Cargo brings it up to date, if it runs this.
fn beside() -> Result<PathBuf, Error> {
    let own = own_program()?;
    let program = own.with_file_name("ottla");
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut command = Command::new(&cargo);
        command.args(["build", "--package", "ottla-registry", "--bin", "ottla"]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        let done = command.status().map_err(Error::io("cargo"))?;
        if !done.success() {
            return Err(Error::program("cargo build", done.to_string()));
        }
    }
    if program.exists() {
        return Ok(program);
    }
    let name = program.display().to_string();
    Err(Error::program(name, "it is not there; build it, or say with --server where it is"))
}
