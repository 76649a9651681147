//! Faults: processes that are killed and paused, a database that goes away, a disk that is asked whether it has the
//! data. Everything is started by the tests: `ottla serve`, PostgreSQL, PgBouncer, strace.
//!
//! Moments are random. What they follow from is printed, and can be given: `FAULT_SEED=12345`.
//! `FAULT_ROUNDS` says how many times the tests in `kill.rs` kill, instead of 20. The history in `replicas.rs` is made
//! anew for every 20.
//!
//! ```text
//! FAULT_ROUNDS=1000 cargo test -p ottla-registry --test faults -- --nocapture killing linearizable
//! ```

mod api;
mod away;
mod diary;
mod fleet;
mod kill;
mod pause;
mod pooler;
mod replicas;
mod sync;
mod trace;

use std::time::{Duration, Instant};

use ottla_tests::postgres::Cluster;
use ottla_tests::random::Random;
use ottla_tests::server::{Serve, Server};

/// `ottla serve`, as little of it as possible: every schema is taken, whatever was there before.
fn serve(database: &str) -> Serve {
    Serve::new(env!("CARGO_BIN_EXE_ottla"), database).with(&["--compatibility", "NONE"])
}

/// The moments of a test.
fn random() -> Random {
    Random::from_environment("FAULT_SEED")
}

/// A number between 0 and so many milliseconds.
fn moment(random: &mut Random, milliseconds: u64) -> Duration {
    Duration::from_micros(random.below(milliseconds * 1000 + 1))
}

/// Reading all of a long log would take longer than everything else: after so many rounds there is a new database.
const PER_DATABASE: usize = 20;

/// The rounds, cut into databases.
fn databases() -> impl Iterator<Item = usize> {
    let rounds =
        std::env::var("FAULT_ROUNDS").map_or(20, |rounds| rounds.parse().expect("FAULT_ROUNDS is a number"));
    (0..rounds).step_by(PER_DATABASE).map(move |first| PER_DATABASE.min(rounds - first))
}

/// Waits for something that has to happen.
fn until(what: &str, patience: Duration, mut holds: impl FnMut() -> bool) -> Duration {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < patience, "waited {patience:?} until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
    started.elapsed()
}

/// Does a server say that it can answer everything?
fn is_ready(server: &Server) -> bool {
    server.client().get("/health/ready").is_ok_and(|answer| answer.status == 200)
}

/// A session that was just being started when its server was killed may live a moment longer, and keep another
/// server out.
fn restart(cluster: &Cluster) {
    let mut told = Ok(());
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(30) {
        told = cluster.start();
        if told.is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("PostgreSQL does not start again: {told:?}");
}

/// Says what to install. In CI that is a failure.
fn missing(problem: &str) {
    assert!(std::env::var_os("CI").is_none(), "{problem}");
    eprintln!("skipped: {problem}");
}
