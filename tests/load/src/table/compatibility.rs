//! Compatibility checks, compared with the same work by `formats` alone, one at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ottla_formats::ParsedSchema;
use ottla_formats::avro::parse::{Mode, parse};
use ottla_formats::compatibility::{Level, check};

use super::bench::{Bench, Contender, cpu};
use super::figure::{Figure, Row, Target, Unit};
use super::reads;
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

fn of_shape(bench: &mut Bench, ottla: &Server, shape: Shape, name: &str) -> Result<[Row; 3], Error> {
    let keys = block_on(register_base(&ottla.target, shape, bench.sizes.keys.min(200)))?;
    let questions = block_on(questions(&ottla.target, &keys, Case::Compat))?;
    let folder = bench.folder()?;
    let file = folder.join("answers.json");
    answer::write(&file, &questions)?;
    let bare = Server::own(&["answer", "--answers", &file.display().to_string()], &folder)?;
    let mix = Arc::new(Mix::from(Source::Known(questions)));
    let texts: Vec<_> = keys.iter().map(texts).collect();

    let (mut one, mut many, mut http, mut alone) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let all = bench.options.connections as usize;
    for _ in 0..bench.options.rounds {
        for (server, connections, outcomes) in
            [(ottla, 1, &mut one), (&bare, 1, &mut http), (ottla, all, &mut many)]
        {
            let mut load = bench.load(&Contender { server, mix: mix.clone() });
            load.connections = connections;
            load.threads = load.threads.min(connections);
            outcomes.push(bench.measure(&format!("compat, {name}, {connections} connections"), load)?);
        }
        alone.push(formats_alone(&texts, Duration::from_secs_f64(bench.options.seconds))?);
    }
    let (one, http) = (round_trips(&one), round_trips(&http));
    let beyond = one.values.iter().zip(&http.values).map(|(ours, bare)| ours - bare).collect();
    let rows = [
        ("one connection, round trip", one),
        ("one connection, beyond a round trip to bare axum", Figure { unit: Unit::Micros, values: beyond }),
        ("many connections", cpu(&many)),
    ];
    let note = format!("a round trip to bare axum takes {:.0} µs", http.spread().median);
    Ok(rows.map(|(what, figure)| {
        let note = if figure.unit == Unit::Micros { note.clone() } else { reads::rates(&many) };
        Row::new(format!("compat, {name}, {what}"), figure)
            .against("formats alone", Figure::new(Unit::Micros, alone.iter().copied()))
            .target(Target::RatioAtMost(2.0))
            .note(note)
    }))
}

fn round_trips(outcomes: &[Outcome]) -> Figure {
    Figure::new(Unit::Micros, outcomes.iter().map(|o| o.tally.latency.mean()))
}

/// The candidate and the latest version, as the server gets and keeps them.
fn texts(key: &Key) -> (String, String) {
    (key.shape.with_optional(&key.name, "candidate"), key.schema.clone())
}

/// CPU time in microseconds of a check from texts to verdict: this thread does nothing else meanwhile, and no other
/// thread of this process does anything.
fn formats_alone(texts: &[(String, String)], time: Duration) -> Result<f64, Error> {
    let (begin, before) = (Instant::now(), process::own_cpu());
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
    let micros = (process::own_cpu() - before).as_secs_f64() * 1e6 / checks as f64;
    eprintln!("formats alone: {micros:.1} µs");
    Ok(micros)
}
