//! How long a start takes, how much memory is used, and how large the binary is.

use super::bench::Bench;
use super::figure::{Figure, Row, Target, Unit};
use crate::client::block_on;
use crate::error::Error;
use crate::load::seed;
use crate::process;
use crate::server::Server;

/// All of it.
pub(super) fn measured(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let mut rows = empty(bench)?;
    rows.push(registered(bench)?);
    rows.extend(large(bench)?);
    let program = bench.program.clone();
    let bytes = std::fs::metadata(&program).map_err(Error::file(&program))?.len();
    let megabytes = Figure::new(Unit::Megabytes, [bytes as f64 / 1e6]);
    rows.push(Row::new("binary", megabytes).target(Target::AtMost(15.0)));
    Ok(rows)
}

/// On an empty database, made at the start.
fn empty(bench: &mut Bench) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let (mut starts, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..bench.sizes.starts {
        let database = bench.sqlite()?;
        let server = bench.serve(&database)?;
        starts.push(millis(&server));
        resident.push(settled(bench, &server));
    }
    let row = Row::new("start, empty database, SQLite", Figure::new(Unit::Millis, starts));
    rows.push(row.target(Target::AtMost(50.0)).note("until the first answer"));
    let row = Row::new("memory, idle", Figure::new(Unit::Megabytes, resident));
    rows.push(row.target(Target::AtMost(15.0)));
    let mut starts = Vec::new();
    for _ in 0..bench.sizes.starts {
        if let Some(database) = bench.postgres()? {
            starts.push(millis(&bench.serve(&database)?));
        }
    }
    if !starts.is_empty() {
        rows.push(Row::new("start, empty database, PostgreSQL", Figure::new(Unit::Millis, starts)));
    }
    Ok(rows)
}

/// After subjects were registered, one by one, over HTTP.
fn registered(bench: &mut Bench) -> Result<Row, Error> {
    let (database, subjects) = (bench.sqlite()?, bench.sizes.registered);
    let server = bench.serve(&database)?;
    eprintln!("registering {subjects} subjects");
    block_on(seed(&server.target, subjects))?;
    let resident = settled(bench, &server);
    drop(server);
    let again = bench.serve(&database)?;
    let note = format!("{:.0} MB after a restart", settled(bench, &again));
    let figure = Figure::new(Unit::Megabytes, [resident]);
    Ok(Row::new(format!("memory, {subjects} subjects registered"), figure)
        .target(Target::AtMost(100.0))
        .note(note))
}

/// With very many versions. The file has just been written: the system has it in memory.
fn large(bench: &mut Bench) -> Result<[Row; 2], Error> {
    let population = bench.sizes.large;
    let versions = population.subjects * population.versions;
    let url = bench.sqlite()?;
    eprintln!("filling {versions} versions");
    let database = url.parse().map_err(|e| Error::Usage(format!("{url}: {e}")))?;
    population.fill(&database)?;
    let (mut starts, mut resident, mut peak) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.sizes.starts.min(3) {
        let server = bench.serve(&url)?;
        starts.push(millis(&server));
        resident.push(settled(bench, &server));
        peak.push(process::peak_kib(server.pid()) as f64 * 1024.0 / 1e6);
    }
    let peak = Figure::new(Unit::Megabytes, peak).spread().highest;
    Ok([
        Row::new(format!("start, {versions} versions, SQLite"), Figure::new(Unit::Millis, starts))
            .target(Target::AtMost(3000.0))
            .note("until the first answer; the file is in the page cache"),
        Row::new(format!("memory, {versions} versions"), Figure::new(Unit::Megabytes, resident))
            .target(Target::AtMost(1200.0))
            .note(format!("{peak:.0} MB at most during the start; each text is about 820 bytes")),
    ])
}

fn millis(server: &Server) -> f64 {
    server.ready_after.as_secs_f64() * 1e3
}

/// Resident megabytes once it has come to rest.
fn settled(bench: &Bench, server: &Server) -> f64 {
    std::thread::sleep(bench.sizes.settle);
    let megabytes = process::resident_kib(&[server.pid()]) as f64 * 1024.0 / 1e6;
    eprintln!("ready after {:.0} ms, {megabytes:.1} MB resident", millis(server));
    megabytes
}
