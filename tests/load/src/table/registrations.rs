//! New schemas, compared with a program that only inserts the same rows.

use std::process::{Command, Stdio};
use std::sync::Arc;

use super::bench::{Bench, Contender, cpu, rate};
use super::figure::{Figure, Row, Target, Unit};
use crate::baseline::insert::Inserted;
use crate::client::block_on;
use crate::error::Error;
use crate::load::{Mix, Source};
use crate::metrics::Metrics;
use crate::server::own_program;

/// Records of one append, as a sum and a number of appends.
const RECORDS: [&str; 2] = ["ottla_log_batch_records_sum", "ottla_log_batch_records_count"];

/// On SQLite and on PostgreSQL.
pub(super) fn compared(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let (ours, theirs) = (bench.sqlite()?, bench.sqlite()?);
    let mut rows = vec![on(bench, "SQLite", &ours, &theirs)?];
    if let (Some(ours), Some(theirs)) = (bench.postgres()?, bench.postgres()?) {
        rows.push(on(bench, "PostgreSQL", &ours, &theirs)?);
    }
    Ok(rows)
}

fn on(bench: &mut Bench, name: &str, ours: &str, theirs: &str) -> Result<Row, Error> {
    let ottla = bench.serve(ours)?;
    let contender = Contender { server: &ottla, mix: Arc::new(Mix::from(Source::New)) };
    let (mut outcomes, mut inserted, mut batches) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        let before = block_on(Metrics::read(&ottla.target))?;
        let load = bench.load(&contender);
        outcomes.push(bench.measure(&format!("register-new on {name}"), load)?);
        let after = block_on(Metrics::read(&ottla.target))?;
        let [records, appends] = RECORDS.map(|name| after.since(&before, name));
        let batch = (records / appends.max(1.0)).round().max(1.0);
        batches.push(batch);
        inserted.push(insert(theirs, batch, bench.options.seconds)?);
        eprintln!("insert into {name}: {:.0}/s in batches of {batch}", inserted[inserted.len() - 1]);
    }
    let batch = Figure::new(Unit::PerSecond, batches).spread().median;
    let note = format!("{:.0} µs server CPU each; batches of {batch:.0}", cpu(&outcomes).spread().median);
    Ok(Row::new(format!("register-new, {name}"), rate(&outcomes))
        .against("rows only inserted", Figure::new(Unit::PerSecond, inserted))
        .target(Target::RatioAtLeast(0.5))
        .note(note))
}

/// Rows in a second.
fn insert(database: &str, batch: f64, seconds: f64) -> Result<f64, Error> {
    let mut command = Command::new(own_program()?);
    command.args(["insert", "--database", database, "--batch", &batch.to_string()]);
    command.args(["--seconds", &seconds.to_string()]);
    let output = command.stdin(Stdio::null()).output().map_err(Error::io("ottla-load insert"))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let inserted = serde_json::from_slice::<Inserted>(&output.stdout);
    let inserted = inserted.map_err(|_| Error::program("ottla-load insert", said))?;
    Ok(inserted.rows as f64 / inserted.seconds)
}
