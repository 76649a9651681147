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

/// Records that were appended, appends, and the time that these took.
const APPENDED: [&str; 3] =
    ["ottla_log_batch_records_sum", "ottla_log_batch_records_count", "ottla_log_append_duration_seconds_sum"];

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
    let (mut outcomes, mut inserted, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        let before = block_on(Metrics::read(&ottla.target))?;
        let load = bench.load(&contender);
        outcomes.push(bench.measure(&format!("register-new on {name}"), load)?);
        let after = block_on(Metrics::read(&ottla.target))?;
        let [records, appends, seconds] = APPENDED.map(|name| after.since(&before, name));
        let batch = (records / f64::max(appends, 1.0)).round().max(1.0);
        let rate = insert(theirs, batch, bench.options.seconds)?;
        eprintln!("insert into {name}: {rate:.0}/s in batches of {batch}");
        inserted.push(rate);
        notes.push([batch, seconds * 1e3 / f64::max(appends, 1.0), batch * 1e3 / rate]);
    }
    let middle = |i: usize| Figure::new(Unit::Millis, notes.iter().map(|note| note[i])).spread().median;
    let note = format!(
        "{:.0} µs server CPU each; batches of {:.0}, each {:.2} ms in the log, {:.2} ms if only inserted",
        cpu(&outcomes).spread().median,
        middle(0),
        middle(1),
        middle(2)
    );
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
