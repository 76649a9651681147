//! `ottla serve`: flags, variables, and what becomes of them.

use std::io::Write as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};
use ottla_formats::compatibility::Level;

use super::secret::Secret;
use super::values::{bytes, count, duration, host_and_port, some_time};
use crate::domain::Defaults;
use crate::engine::{self, Database};
use crate::http::Settings;
use crate::serve::{self, Limits};
use crate::telemetry::{self, LogFormat};

/// Flags of `ottla serve`. Each is also a variable: `--max-body` is `OTTLA_MAX_BODY`. Of a flag that is given twice the last
/// value counts.
#[derive(Debug, Clone, Args)]
#[command(next_line_help = false, args_override_self = true)]
pub struct Options {
    /// Where to listen; port 0 takes a free one
    #[arg(
        long,
        env = "OTTLA_LISTEN",
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8081",
        value_parser = host_and_port
    )]
    listen: String,
    /// Where the log is kept: sqlite://FILE, sqlite::memory: or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        env = "OTTLA_DATABASE",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite://ottla.db",
        value_parser = Secret::<Database>::new()
    )]
    database: Database,
    /// The compatibility level where none is set
    #[arg(
        long,
        env = "OTTLA_COMPATIBILITY",
        value_name = "LEVEL",
        default_value = "BACKWARD",
        value_parser = level,
        help_heading = "Schemas"
    )]
    compatibility: Level,
    /// May modes be changed?
    #[arg(
        long,
        env = "OTTLA_MODE_MUTABILITY",
        value_name = "BOOL",
        default_value_t = true,
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
        help_heading = "Schemas"
    )]
    mode_mutability: bool,
    /// The name of this installation, as `GET /v1/metadata/id` tells it
    #[arg(
        long,
        env = "OTTLA_CLUSTER_ID",
        value_name = "NAME",
        default_value = "ottla",
        help_heading = "Schemas"
    )]
    cluster_id: String,
    /// error_code where an incompatible schema is refused: 40901, or 409 as servers before Confluent 8.0.4 say
    #[arg(
        long,
        env = "OTTLA_INCOMPATIBLE_CODE",
        value_name = "CODE",
        default_value = "40901",
        value_parser = incompatible_code,
        help_heading = "Schemas"
    )]
    incompatible_code: i32,

    /// What is logged: error, warn, info, debug or trace, or directives such as info,ottla_registry::log=debug
    #[arg(
        long,
        env = "OTTLA_LOG_LEVEL",
        value_name = "LEVEL",
        default_value = "info",
        value_parser = telemetry::filter,
        help_heading = "Logs"
    )]
    log_level: String,
    /// How it is logged, on standard error
    #[arg(long, env = "OTTLA_LOG_FORMAT", value_enum, default_value_t = Format::Text, help_heading = "Logs")]
    log_format: Format,
    /// Log every request
    #[arg(long, env = "OTTLA_ACCESS_LOG", value_parser = BoolishValueParser::new(), help_heading = "Logs")]
    access_log: bool,
    /// Answers say the log position that they were computed at, in the header Ottla-Log-Position
    #[arg(
        long,
        env = "OTTLA_POSITION_HEADER",
        value_parser = BoolishValueParser::new(),
        help_heading = "Logs"
    )]
    position_header: bool,

    /// Connections at the same time; more are answered 503 and closed
    #[arg(
        long,
        env = "OTTLA_MAX_CONNECTIONS",
        value_name = "N",
        default_value_t = 16_384,
        value_parser = count,
        help_heading = "Limits"
    )]
    max_connections: usize,
    /// Requests under way at the same time; more are answered 503
    #[arg(
        long,
        env = "OTTLA_MAX_REQUESTS",
        value_name = "N",
        default_value_t = 4096,
        value_parser = count,
        help_heading = "Limits"
    )]
    max_requests: usize,
    /// Writes that may wait for the database; more are answered 503
    #[arg(
        long,
        env = "OTTLA_MAX_QUEUE",
        value_name = "N",
        default_value_t = 1024,
        value_parser = count,
        help_heading = "Limits"
    )]
    max_queue: usize,
    /// Bytes of one request body; longer ones are answered 413
    #[arg(
        long,
        env = "OTTLA_MAX_BODY",
        value_name = "SIZE",
        default_value = "16MiB",
        value_parser = bytes,
        help_heading = "Limits"
    )]
    max_body: usize,
    /// Bytes of all request bodies that are held at the same time; more are answered 503
    #[arg(
        long,
        env = "OTTLA_MAX_BODY_MEMORY",
        value_name = "SIZE",
        default_value = "256MiB",
        value_parser = bytes,
        help_heading = "Limits"
    )]
    max_body_memory: usize,
    /// How long the head of a request may take, and how long an idle connection is kept
    #[arg(
        long,
        env = "OTTLA_HEADER_TIMEOUT",
        value_name = "TIME",
        default_value = "30s",
        value_parser = some_time,
        help_heading = "Limits"
    )]
    header_timeout: Duration,
    /// How long the body of a request may take, and how long an answer may wait to be read on
    #[arg(
        long,
        env = "OTTLA_BODY_TIMEOUT",
        value_name = "TIME",
        default_value = "30s",
        value_parser = some_time,
        help_heading = "Limits"
    )]
    body_timeout: Duration,
    /// How long requests under way may take to end once the server is asked to
    #[arg(
        long,
        env = "OTTLA_SHUTDOWN_TIMEOUT",
        value_name = "TIME",
        default_value = "30s",
        value_parser = duration,
        help_heading = "Limits"
    )]
    shutdown_timeout: Duration,

    /// How old an answer may be; 0 confirms each with the database, questions that coincide are asked once
    #[arg(
        long,
        env = "OTTLA_MAX_STALENESS",
        value_name = "TIME",
        default_value = "0",
        value_parser = duration,
        help_heading = "PostgreSQL"
    )]
    max_staleness: Duration,
    /// How long to wait for the database before it counts as away
    #[arg(
        long,
        env = "OTTLA_POSTGRES_TIMEOUT",
        value_name = "TIME",
        default_value = "5s",
        value_parser = some_time,
        help_heading = "PostgreSQL"
    )]
    postgres_timeout: Duration,
    /// How often to look for what other replicas wrote, should no notification come
    #[arg(
        long,
        env = "OTTLA_POSTGRES_POLL",
        value_name = "TIME",
        default_value = "1s",
        value_parser = some_time,
        help_heading = "PostgreSQL"
    )]
    postgres_poll: Duration,
    /// Ask for notifications, on a connection of its own? Say false behind a transaction pooler
    #[arg(
        long,
        env = "OTTLA_POSTGRES_LISTEN",
        value_name = "BOOL",
        default_value_t = true,
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
        help_heading = "PostgreSQL"
    )]
    postgres_listen: bool,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, in colours on a terminal
    Text,
    /// For programs: one JSON object a line
    Json,
}

fn level(text: &str) -> Result<Level, String> {
    text.parse().map_err(|_| {
        "expected NONE, BACKWARD, FORWARD, FULL, BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE or FULL_TRANSITIVE"
            .to_owned()
    })
}

fn incompatible_code(text: &str) -> Result<i32, &'static str> {
    match text {
        "40901" => Ok(40901),
        "409" => Ok(409),
        _ => Err("expected 40901 or 409"),
    }
}

/// Threads for long comparisons; more of them would only take the processors from each other. What finds none waits.
const BLOCKING_THREADS: usize = 64;

/// Serves until the process is asked to end.
pub fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    telemetry::start(&options.log_level, options.log_format.into());
    let address = address(&options.listen)?;
    let config = options.config();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()?;
    runtime.block_on(serve::run(&options.database, address, config, announce))?;
    // What still runs, such as a connection that did not end in time, is not waited for.
    runtime.shutdown_background();
    Ok(())
}

/// The one line on standard output. Nobody may read it, and that is fine.
fn announce(address: SocketAddr) {
    let _ = writeln!(std::io::stdout(), "ottla: listening on http://{address}");
}

fn address(listen: &str) -> Result<SocketAddr, String> {
    let found = listen.to_socket_addrs().map_err(|e| format!("cannot listen on {listen}: {e}"))?.next();
    found.ok_or_else(|| format!("cannot listen on {listen}: the host has no address"))
}

impl Options {
    fn config(&self) -> serve::Config {
        serve::Config {
            defaults: Defaults { compatibility: self.compatibility, mode_mutability: self.mode_mutability },
            engine: engine::Options {
                queue: self.max_queue,
                max_staleness: self.max_staleness,
                timeout: self.postgres_timeout,
                poll: self.postgres_poll,
                listen: self.postgres_listen,
                ..engine::Options::default()
            },
            http: Settings {
                max_requests: self.max_requests,
                max_body: self.max_body,
                max_body_memory: self.max_body_memory,
                body_timeout: self.body_timeout,
                access_log: self.access_log,
                position_header: self.position_header,
                cluster_id: self.cluster_id.clone(),
                incompatible_code: self.incompatible_code,
            },
            limits: Limits {
                connections: self.max_connections,
                header_timeout: self.header_timeout,
                answer_timeout: self.body_timeout,
                shutdown_timeout: self.shutdown_timeout,
            },
        }
    }
}

impl From<Format> for LogFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
        }
    }
}
