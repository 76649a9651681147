//! Compatibility checks, compared with the same work by `formats` alone, one at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ottla_formats::ParsedSchema;
use ottla_formats::avro::parse::{Mode, parse};
use ottla_formats::compatibility::{Level, check};

use super::bench::{Bench, Contender, cpu};
use super::figure::{Figure, Row, Target, Unit};
use crate::baseline::answer;
use crate::client::block_on;
use crate::error::Error;
use crate::load::{Case, Key, Mix, Outcome, Source, questions, register_base};
use crate::process;
use crate::schemas::Shape;
use crate::server::Server;

/// For a small and for a large record.
pub(super) fn compared(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let database = bench.sqlite()?;
    let ottla = bench.serve(&database)?;
    let mut rows = Vec::new();
    for (shape, name) in [(Shape::Order, "8 fields"), (Shape::Wide, "200 fields")] {
        rows.extend(of_shape(bench, &ottla, shape, name)?);
    }
    Ok(rows)
}

fn of_shape(bench: &mut Bench, ottla: &Server, shape: Shape, name: &str) -> Result<[Row; 2], Error> {
    let keys = block_on(register_base(&ottla.target, shape, bench.sizes.keys.min(200)))?;
    let questions = block_on(questions(&ottla.target, &keys, Case::Compat))?;
    let folder = bench.folder()?;
    let file = folder.join("answers.json");
    answer::write(&file, &questions)?;
    let bare = Server::own(&["answer", "--answers", &file.display().to_string()], &folder)?;
    let mix = Arc::new(Mix::from(Source::Known(questions)));
    let texts: Vec<_> = keys.iter().map(texts).collect();
    let case = format!("compat, {name}");

    let (mut ours, mut theirs, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        for (server, outcomes) in [(ottla, &mut ours), (&bare, &mut theirs)] {
            let mut load = bench.load(&Contender { server, mix: mix.clone() });
            load.connections = 1;
            load.threads = 1;
            outcomes.push(bench.measure(&case, load)?);
        }
        alone.push(formats_alone(&texts, Duration::from_secs_f64(bench.options.seconds))?);
    }
    let round_trips =
        |outcomes: &[Outcome]| Figure::new(Unit::Micros, outcomes.iter().map(|o| o.tally.latency.mean()));
    let with_http =
        round_trips(&theirs).values.iter().zip(&alone).map(|(http, alone)| http + alone).collect();
    let with_http = Figure { unit: Unit::Micros, values: with_http };
    Ok([
        Row::new(format!("{case}, one connection"), cpu(&ours))
            .against("formats alone", Figure::new(Unit::CpuMicros, alone))
            .target(Target::RatioAtMost(2.0)),
        Row::new(format!("{case}, round trip"), round_trips(&ours))
            .against("formats alone and a round trip to bare axum", with_http),
    ])
}

/// The candidate and the latest version, as the server gets and keeps them.
fn texts(key: &Key) -> (String, String) {
    (key.shape.with_optional(&key.name, "candidate"), key.schema.clone())
}

/// CPU time in microseconds of a check from texts to verdict: this thread does nothing else meanwhile, and no other
/// thread of this process does anything.
fn formats_alone(texts: &[(String, String)], time: Duration) -> Result<f64, Error> {
    let me = [std::process::id()];
    let (begin, before) = (Instant::now(), process::cpu(&me));
    let mut checks = 0_u64;
    while begin.elapsed() < time {
        for (candidate, latest) in texts {
            let parse = |text, mode| parse(text, mode).map(ParsedSchema::Avro);
            let (Ok(candidate), Ok(latest)) = (parse(candidate, Mode::Register), parse(latest, Mode::Lookup))
            else {
                return Err(Error::Usage("a schema is refused".to_owned()));
            };
            if check(Level::Backward, &candidate, [(1, &latest)]).next().is_some() {
                return Err(Error::Usage("a schema is not compatible".to_owned()));
            }
            checks += 1;
        }
    }
    let micros = (process::cpu(&me) - before).as_secs_f64() * 1e6 / checks as f64;
    eprintln!("formats alone: {micros:.1} µs");
    Ok(micros)
}
