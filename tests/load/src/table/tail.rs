//! How much slower the slowest reads become while registrations run.

use std::sync::Arc;

use super::bench::{Bench, Contender};
use super::figure::{Figure, Row, Target, Unit};
use crate::client::block_on;
use crate::error::Error;
use crate::load::{Case, Mix, Outcome, Source, questions};

/// Registrations in a second.
const RATE: u32 = 200;

/// With registrations and without.
pub(super) fn compared(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let mut databases = vec![("SQLite", bench.sqlite()?)];
    databases.extend(bench.postgres()?.map(|url| ("PostgreSQL", url)));
    databases.into_iter().map(|(name, database)| on(bench, name, &database)).collect()
}

fn on(bench: &mut Bench, name: &str, database: &str) -> Result<Row, Error> {
    let (ottla, keys) = bench.serve_keys(database)?;
    let mix = Arc::new(Mix::from(Source::Known(block_on(questions(&ottla.target, &keys, Case::GetId))?)));
    let contender = Contender { server: &ottla, mix };
    let (mut busy, mut quiet) = (Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        let load = bench.load(&contender);
        quiet.push(bench.measure(&format!("get-id alone on {name}"), load)?);
        let mut load = bench.load(&contender);
        load.paced = Some(RATE);
        busy.push(bench.measure(&format!("get-id with registrations on {name}"), load)?);
    }
    let rate = Figure::new(Unit::PerSecond, busy.iter().map(|o| o.paced.latency.len() as f64 / o.seconds));
    Ok(Row::new(format!("get-id p99 under registrations, {name}"), p99(&busy))
        .against("without them", p99(&quiet))
        .target(Target::RatioAtMost(3.0))
        .note(format!("{:.0} registrations/s", rate.spread().median)))
}

fn p99(outcomes: &[Outcome]) -> Figure {
    let p99 = |o: &Outcome| o.tally.latency.value_at_quantile(0.99) as f64;
    Figure::new(Unit::Micros, outcomes.iter().map(p99))
}
