//! `kill -9` at random moments, while many write: what was acknowledged is there afterwards.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::postgres::Cluster;
use ottla_tests::random::Random;
use ottla_tests::server::Server;

use crate::diary::{Diary, Round};
use crate::{databases, is_ready, moment, random, restart, serve, until};

const WRITERS: usize = 6;
const PATIENCE: Duration = Duration::from_secs(30);

/// What the rounds of a test came to.
#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    acknowledged: usize,
    in_doubt: usize,
}

/// Many write until `fault` has done its work; what they were told goes into the diary.
fn write_until(url: &str, random: &mut Random, round: &Round, diary: &mut Diary, fault: impl FnOnce()) {
    round.acknowledged.store(0, Ordering::Relaxed);
    round.stop.store(false, Ordering::Relaxed);
    thread::scope(|scope| {
        let mut writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let random = random.fork();
                scope.spawn(move || Diary::write(url, random, round))
            })
            .collect();
        writers.push(scope.spawn(|| Diary::churn(url, round)));
        fault();
        round.stop.store(true, Ordering::Relaxed);
        for writer in writers {
            diary.add(writer.join().expect("a writer"));
        }
    });
}

fn wait_for_writes(round: &Round, more: usize) {
    let aim = round.acknowledged.load(Ordering::Relaxed) + more;
    until("there are writes", PATIENCE, || round.acknowledged.load(Ordering::Relaxed) >= aim);
}

/// Starts a server, which may be killed before it listens: in the middle of making tables, or of reading the log.
fn start(url: &str, random: &mut Random, figures: &mut Figures) -> Server {
    while random.percent(30) {
        let mut started = serve(url).command();
        started.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut started = started.spawn().expect("a server");
        thread::sleep(moment(random, 100));
        started.kill().expect("a process to kill");
        started.wait().expect("its end");
        figures.kills += 1;
    }
    serve(url).start().expect("a server")
}

fn kill_the_registry(new_database: impl Fn() -> String) -> Figures {
    let (mut random, mut figures) = (random(), Figures::default());
    for rounds in databases() {
        let (url, round, mut diary) = (new_database(), Round::default(), Diary::default());
        for _ in 0..rounds {
            let mut server = start(&url, &mut random, &mut figures);
            diary.check(&mut server.client());
            let address = server.url().to_owned();
            let (writes, wait) = (random.index(30), moment(&mut random, 40));
            write_until(&address, &mut random, &round, &mut diary, || {
                wait_for_writes(&round, 1 + writes);
                thread::sleep(wait);
                server.kill();
            });
            figures.kills += 1;
        }
        let mut server = serve(&url).start().expect("a server");
        diary.check(&mut server.client());
        assert!(server.terminate().is_some_and(|status| status.success()), "{}", server.log());
        let (acknowledged, in_doubt) = diary.counts();
        figures.acknowledged += acknowledged;
        figures.in_doubt += in_doubt;
    }
    figures
}

#[test]
fn killing_the_registry_loses_nothing_on_sqlite() {
    let (started, folder) = (Instant::now(), tempfile::tempdir().expect("a folder"));
    let number = std::cell::Cell::new(0);
    let figures = kill_the_registry(|| {
        number.set(number.get() + 1);
        format!("sqlite://{}/{}.db", folder.path().display(), number.get())
    });
    println!("SQLite: {figures:?} in {:?}", started.elapsed());
    assert!(figures.in_doubt > 0, "no write was under way when the server was killed: {figures:?}");
}

#[test]
fn killing_the_registry_loses_nothing_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    let started = Instant::now();
    let figures = kill_the_registry(|| cluster.database());
    println!("PostgreSQL: {figures:?} in {:?}", started.elapsed());
    assert!(figures.in_doubt > 0, "no write was under way when the server was killed: {figures:?}");
}

/// A database that is gone with its process: that must not pass.
#[test]
fn a_loss_is_found() {
    let (round, mut diary) = (Round::default(), Diary::default());
    let start = serve("sqlite::memory:");
    let mut server = start.start().expect("a server");
    let address = server.url().to_owned();
    write_until(&address, &mut random(), &round, &mut diary, || {
        wait_for_writes(&round, 1);
        server.kill();
    });
    let server = start.start().expect("a server");
    let checked = thread::spawn(move || diary.check(&mut server.client())).join();
    let told = checked.expect_err("a loss that is found");
    let told = told.downcast_ref::<String>().expect("what was found");
    assert!(told.contains("lost: Entry"), "{told}");
}

#[test]
fn killing_postgres_loses_nothing() {
    let Some(cluster) = Cluster::installed() else { return };
    let (started, mut random, mut figures) = (Instant::now(), random(), Figures::default());
    for rounds in databases() {
        let (url, round, mut diary) = (cluster.database(), Round::default(), Diary::default());
        let server = serve(&url).start().expect("a server");
        for _ in 0..rounds {
            let (writes, wait) = (random.index(30), moment(&mut random, 40));
            write_until(server.url(), &mut random, &round, &mut diary, || {
                wait_for_writes(&round, 1 + writes);
                thread::sleep(wait);
                cluster.kill().expect("a server to kill");
                restart(&cluster);
                // It recovers by itself.
                wait_for_writes(&round, 5);
            });
            figures.kills += 1;
            until("it is ready", PATIENCE, || is_ready(&server));
            diary.check(&mut server.client());
        }
        // What a registry reads that was not there is the same.
        diary.check(&mut serve(&url).start().expect("another server").client());
        let (acknowledged, in_doubt) = diary.counts();
        figures.acknowledged += acknowledged;
        figures.in_doubt += in_doubt;
    }
    println!("PostgreSQL killed: {figures:?} in {:?}", started.elapsed());
}
