//! `ottla-load run`: load on a registry that is running.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::client::{Target, block_on};
use crate::error::Error;
use crate::load::{
    Case, Evolution, Load, Mix, Outcome, Source, drive, questions, register_base, seed, unique_name,
};
use crate::process;
use crate::schemas::Shape;

/// Flags of `ottla-load run`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The registry
    #[arg(long, value_name = "http://HOST:PORT")]
    url: String,
    /// What to ask
    #[arg(long, value_enum)]
    case: Case,
    /// Keep-alive connections
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    connections: u32,
    /// Threads of the client, each with its share of the connections
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: u32,
    /// Time that is measured
    #[arg(long, default_value_t = 5.0, value_parser = seconds)]
    seconds: f64,
    /// Time before that
    #[arg(long, default_value_t = 1.0, value_parser = seconds)]
    warmup: f64,
    /// Schemas that reads choose from; registered if they are not there
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keys: u32,
    /// Further subjects, registered before the load if they are not there
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    seed_subjects: u32,
    /// register-evolve: subjects of a generation
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    subjects: u32,
    /// register-evolve: versions of each subject
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    depth: u32,
    /// register-evolve: stop then, even inside a generation
    #[arg(long, default_value_t = 60.0, value_parser = seconds)]
    max_seconds: f64,
    /// How long a request may take
    #[arg(long, default_value_t = 10.0, value_parser = seconds)]
    timeout: f64,
    /// Also report CPU time and memory of these processes
    #[arg(long, value_name = "PID", value_delimiter = ',')]
    server_pid: Vec<u32>,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// Seconds of a command line: none, or up to a day.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|s| (0.0..=86_400.0).contains(s));
    number.ok_or_else(|| "expected seconds, from 0 to 86400".to_owned())
}

/// Prepares the registry, loads it, and prints a report.
pub(crate) fn run(options: &Options) -> Result<(), Error> {
    let target = Target::parse(&options.url, Duration::from_secs_f64(options.timeout))?;
    let begin = Instant::now();
    block_on(seed(&target, options.seed_subjects as usize))?;
    let seeded = begin.elapsed().as_secs_f64();
    if options.case == Case::Seed {
        println!("{}", json!({"case": "seed", "subjects": options.seed_subjects, "seconds": seeded}));
        return Ok(());
    }
    let evolution = (options.case == Case::RegisterEvolve).then(|| Evolution {
        subjects: options.subjects as usize,
        depth: options.depth.into(),
        at_most: Duration::from_secs_f64(options.max_seconds),
    });
    let outcome = drive(Load {
        name: unique_name(),
        mix: Arc::new(block_on(mix(&target, options))?),
        target,
        warmup: Duration::from_secs_f64(if evolution.is_some() { 0.0 } else { options.warmup }),
        evolution,
        paced: None,
        connections: options.connections as usize,
        threads: options.threads.min(options.connections) as usize,
        time: Duration::from_secs_f64(options.seconds),
        servers: options.server_pid.clone(),
    })?;
    report(options, &outcome);
    outcome.checked(&options.case.to_string()).map(drop)
}

async fn mix(target: &Target, options: &Options) -> Result<Mix, Error> {
    if !options.case.needs_keys() {
        return Ok(if options.case == Case::Get404 { Source::Missing } else { Source::New }.into());
    }
    let keys = register_base(target, Shape::Order, options.keys as usize).await?;
    let known = async |case| Ok::<_, Error>(Source::Known(questions(target, &keys, case).await?));
    Ok(match options.case {
        Case::Mixed => Mix::new(vec![
            (90, known(Case::GetId).await?),
            (5, known(Case::GetLatest).await?),
            (4, known(Case::Lookup).await?),
            (1, Source::New),
        ]),
        Case::RegisterNext => Source::Next(keys).into(),
        case => known(case).await?.into(),
    })
}

fn report(options: &Options, outcome: &Outcome) {
    let tally = &outcome.tally;
    let mut report = json!({
        "case": options.case.to_string(), "url": options.url, "failed": outcome.failed(),
        "connections": options.connections, "threads": options.threads, "seconds": outcome.seconds,
        "requests": outcome.requests(), "per_second": rounded(outcome.rate()),
        "errors": tally.errors, "wrong": tally.wrong, "first_failure": tally.first_failure,
        "latency_us": quantiles(&tally.latency), "client_cpu_s": outcome.client_cpu,
    });
    if options.case == Case::RegisterEvolve {
        let all = tally.generations * u64::from(options.subjects) * u64::from(options.depth);
        report["generations"] = tally.generations.into();
        report["complete"] = (outcome.requests() == all).into();
        report["shallow_us"] = quantiles(&tally.shallow);
        report["deep_us"] = quantiles(&tally.deep);
    }
    if !options.server_pid.is_empty() {
        report["server_cpu_s"] = outcome.server_cpu.into();
        report["server_cpu_us_per_request"] = rounded(outcome.cpu_micros()).into();
        report["server_resident_kib"] = process::resident_kib(&options.server_pid).into();
    }
    if options.json {
        println!("{report}");
        return;
    }
    let quantile = |q| tally.latency.value_at_quantile(q);
    print!(
        "{}: {:.0} requests/s, p50 {} µs, p99 {} µs, longest {} µs",
        options.case,
        outcome.rate(),
        quantile(0.5),
        quantile(0.99),
        tally.latency.max()
    );
    if !options.server_pid.is_empty() {
        print!(", server CPU {:.1} µs a request", outcome.cpu_micros());
    }
    println!();
}

fn quantiles(histogram: &Histogram<u64>) -> Value {
    json!({
        "n": histogram.len(),
        "mean": rounded(histogram.mean()),
        "p50": histogram.value_at_quantile(0.5),
        "p90": histogram.value_at_quantile(0.9),
        "p99": histogram.value_at_quantile(0.99),
        "p999": histogram.value_at_quantile(0.999),
        "max": histogram.max(),
    })
}

fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
