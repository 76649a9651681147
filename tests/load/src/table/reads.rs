//! Reads, compared with a bare axum handler that gives the same bytes from memory.

use std::sync::Arc;

use super::bench::{Bench, Contender, cpu, rate};
use super::figure::{Row, Target};
use crate::baseline::answer;
use crate::client::block_on;
use crate::error::Error;
use crate::load::{Case, Mix, Outcome, Source, questions};
use crate::metrics::Metrics;
use crate::server::Server;

const HEAD_QUERIES: &str = "ottla_log_head_queries_total";

/// By id and by subject.
pub(super) fn compared(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let database = bench.sqlite()?;
    let (ottla, keys) = bench.serve_keys(&database)?;
    for case in [Case::GetId, Case::GetLatest] {
        let questions = block_on(questions(&ottla.target, &keys, case))?;
        let folder = bench.folder()?;
        let file = folder.join("answers.json");
        answer::write(&file, &questions)?;
        let bare = Server::own(&["answer", "--answers", &file.display().to_string()], &folder)?;
        let mix = Arc::new(Mix::from(Source::Known(questions)));
        let contenders = [&ottla, &bare].map(|server| Contender { server, mix: mix.clone() });
        let [ours, theirs] = bench.in_turn(&case.to_string(), contenders)?;
        rows.push(
            Row::new(format!("{case}, SQLite"), cpu(&ours))
                .against("bare axum", cpu(&theirs))
                .target(Target::RatioAtMost(1.4))
                .note(rates(&ours)),
        );
    }
    drop(ottla);
    if let Some(database) = bench.postgres()? {
        rows.push(latest_on_postgres(bench, &database)?);
    }
    Ok(rows)
}

/// Each answer needs a head that was confirmed after the question; many share a query for it.
fn latest_on_postgres(bench: &mut Bench, database: &str) -> Result<Row, Error> {
    let (ottla, keys) = bench.serve_keys(database)?;
    let mix = Arc::new(Mix::from(Source::Known(block_on(questions(&ottla.target, &keys, Case::GetLatest))?)));
    let contender = Contender { server: &ottla, mix };
    let mut outcomes = Vec::new();
    let (mut queries, mut answers) = (0.0, 0);
    for _ in 0..bench.options.rounds {
        let mut load = bench.load(&contender);
        // Counted from the first request to the last.
        load.warmup = std::time::Duration::ZERO;
        let before = block_on(Metrics::read(&ottla.target))?;
        let outcome = bench.measure("get-latest on PostgreSQL", load)?;
        queries += block_on(Metrics::read(&ottla.target))?.since(&before, HEAD_QUERIES);
        answers += outcome.requests();
        outcomes.push(outcome);
    }
    let shared = answers as f64 / f64::max(queries, 1.0);
    let note = format!(
        "{:.1} µs server CPU; {queries:.0} head queries for {answers} answers, {shared:.1} answers share one",
        cpu(&outcomes).spread().median
    );
    Ok(Row::new("get-latest, PostgreSQL", rate(&outcomes)).note(note))
}

/// What has no counterpart, beside what was measured elsewhere.
pub(super) fn others(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let database = bench.sqlite()?;
    let (ottla, keys) = bench.serve_keys(&database)?;
    let mut rows = Vec::new();
    for (case, micros) in [
        (Case::Lookup, Some(30.0)),
        (Case::RegisterExisting, Some(30.0)),
        (Case::Compat, Some(45.0)),
        (Case::CompatVerbose, None),
        (Case::Get404, Some(14.0)),
        (Case::Mixed, None),
    ] {
        let known = |case| block_on(questions(&ottla.target, &keys, case)).map(Source::Known);
        let mix = match case {
            Case::Get404 => Source::Missing.into(),
            Case::Mixed => Mix::new(vec![
                (90, known(Case::GetId)?),
                (5, known(Case::GetLatest)?),
                (4, known(Case::Lookup)?),
                (1, Source::New),
            ]),
            case => known(case)?.into(),
        };
        let contender = Contender { server: &ottla, mix: Arc::new(mix) };
        let [outcomes] = bench.in_turn(&case.to_string(), [contender])?;
        let mut row = Row::new(format!("{case}, SQLite"), cpu(&outcomes)).note(rates(&outcomes));
        row.target = micros.map(Target::Around);
        rows.push(row);
    }
    Ok(rows)
}

/// How many a second, in words.
pub(super) fn rates(outcomes: &[Outcome]) -> String {
    format!("{:.0} requests/s", rate(outcomes).spread().median)
}
