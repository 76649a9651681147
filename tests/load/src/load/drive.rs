//! A load from start to end: threads, the measured time, and what was used in it.

use std::sync::{Arc, Barrier};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::task::JoinSet;

use super::evolve::{Evolution, evolve};
use super::mix::Mix;
use super::tally::Tally;
use super::worker::{Clock, pace, work};
use crate::check::Expected;
use crate::client::{Call, Connection, Target, block_on};
use crate::error::Error;
use crate::process;

/// What is asked of whom, how hard and how long.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// Makes the names of new subjects unique.
    pub(crate) name: String,
    pub(crate) target: Target,
    pub(crate) mix: Arc<Mix>,
    /// Instead of the mix.
    pub(crate) evolution: Option<Evolution>,
    /// Beside the mix, so many registrations of new schemas in a second.
    pub(crate) paced: Option<u32>,
    pub(crate) connections: usize,
    pub(crate) threads: usize,
    pub(crate) warmup: Duration,
    pub(crate) time: Duration,
    /// Whose CPU time is measured.
    pub(crate) servers: Vec<u32>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) tally: Tally,
    /// What the registrations beside it came to.
    pub(crate) paced: Tally,
    /// The measured time in seconds.
    pub(crate) seconds: f64,
    /// CPU seconds of the servers.
    pub(crate) server_cpu: f64,
    /// CPU seconds of this process.
    pub(crate) client_cpu: f64,
    /// CPU seconds of all processes there are.
    pub(crate) machine_cpu: f64,
}

/// Connections that share the registrations at a rate: enough that none waits for the one before.
const PACERS: usize = 4;

/// A reading of the CPU time of servers, of this process, and of all.
struct Cpu([Duration; 3]);

impl Cpu {
    fn now(servers: &[u32]) -> Self {
        Self([process::cpu(servers), process::own_cpu(), process::cpu_of_machine()])
    }

    fn since(&self, earlier: &Self) -> [f64; 3] {
        [0, 1, 2].map(|i| self.0[i].saturating_sub(earlier.0[i]).as_secs_f64())
    }
}

/// A text that no other load has in its names.
pub(crate) fn unique_name() -> String {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{:x}", (nanos as u64) ^ (u64::from(std::process::id()) << 48))
}

/// Runs a load.
pub(crate) fn drive(load: Load) -> Result<Outcome, Error> {
    let load = Arc::new(load);
    let start = Instant::now() + Duration::from_millis(20);
    let from = start + load.warmup;
    let clock = Clock { from, end: from + load.time };
    let barrier = Arc::new(Barrier::new(load.threads + 1));
    let threads: Result<Vec<_>, Error> =
        (0..load.threads).map(|nth| client(load.clone(), nth, start, clock, barrier.clone())).collect();
    let threads = threads?;
    let pacer = load.paced.map(|rate| pacer(load.clone(), rate, clock)).transpose()?;
    barrier.wait();
    sleep_until(from);
    let before = Cpu::now(&load.servers);
    if load.evolution.is_none() {
        sleep_until(clock.end);
    }
    // Where the time is fixed it ends here, whatever is still under way.
    let mut after = Cpu::now(&load.servers);
    let mut tally = Tally::default();
    for thread in threads {
        tally.merge(joined(thread)?);
    }
    let mut seconds = load.time.as_secs_f64();
    if load.evolution.is_some() {
        after = Cpu::now(&load.servers);
        seconds = tally.finished.unwrap_or(clock.from).duration_since(clock.from).as_secs_f64();
    }
    let mut paced = pacer.map(joined).transpose()?.unwrap_or_default();
    block_on(read_back(&load.target, &mut tally));
    block_on(read_back(&load.target, &mut paced));
    let [server_cpu, client_cpu, machine_cpu] = after.since(&before);
    Ok(Outcome { tally, paced, seconds, server_cpu, client_cpu, machine_cpu })
}

fn client(
    load: Arc<Load>,
    nth: usize,
    start: Instant,
    clock: Clock,
    barrier: Arc<Barrier>,
) -> Result<JoinHandle<Tally>, Error> {
    let work = move || {
        barrier.wait();
        sleep_until(start);
        block_on(async move {
            // Tasks, not one joined future: a wake-up polls one connection only.
            let mut tasks = JoinSet::new();
            for me in (nth..load.connections).step_by(load.threads) {
                let load = load.clone();
                tasks.spawn_local(async move {
                    match load.evolution {
                        Some(evolution) => evolve(&load, evolution, me, clock).await,
                        None => work(&load, me, clock).await,
                    }
                });
            }
            merged(tasks).await
        })
    };
    spawn(format!("client-{nth}"), work)
}

/// Registrations at a rate, on a thread of their own.
fn pacer(load: Arc<Load>, rate: u32, clock: Clock) -> Result<JoinHandle<Tally>, Error> {
    let period = Duration::from_secs(1) * PACERS as u32 / rate.max(1);
    let work = move || {
        block_on(async move {
            let mut tasks = JoinSet::new();
            for nth in 0..PACERS {
                let load = load.clone();
                let me = load.connections + nth;
                tasks.spawn_local(async move {
                    // Spread over the period.
                    tokio::time::sleep(period * nth as u32 / PACERS as u32).await;
                    pace(&load, me, period, clock).await
                });
            }
            merged(tasks).await
        })
    };
    spawn("pacer".to_owned(), work)
}

async fn merged(mut tasks: JoinSet<Tally>) -> Tally {
    let mut tally = Tally::default();
    while let Some(one) = tasks.join_next().await {
        match one {
            Ok(one) => tally.merge(one),
            Err(error) => tally.error(error),
        }
    }
    tally
}

fn spawn(name: String, work: impl FnOnce() -> Tally + Send + 'static) -> Result<JoinHandle<Tally>, Error> {
    std::thread::Builder::new().name(name).spawn(work).map_err(Error::io("a thread for the load"))
}

fn joined(thread: JoinHandle<Tally>) -> Result<Tally, Error> {
    thread.join().map_err(|_| Error::Usage("a thread of the load panicked".to_owned()))
}

fn sleep_until(when: Instant) {
    std::thread::sleep(when.saturating_duration_since(Instant::now()));
}

/// No id was given twice, and some of what was registered can be read.
async fn read_back(target: &Target, tally: &mut Tally) {
    let all = tally.ids.len();
    tally.ids.sort_unstable();
    tally.ids.dedup();
    if tally.ids.len() != all {
        tally.wrong(format!("{} ids were given twice", all - tally.ids.len()));
    }
    let mut connection = Connection::new(target);
    for one in std::mem::take(&mut tally.sample) {
        let by_id = (Call::get(&format!("/schemas/ids/{}", one.id)), Expected::Schema(one.schema.clone()));
        let latest = Call::get(&format!("/subjects/{}/versions/latest", one.subject));
        let version = Expected::Version { subject: one.subject, id: one.id, version: 1, schema: one.schema };
        for (call, expected) in [Some(by_id), one.first.then_some((latest, version))].into_iter().flatten() {
            match connection.call(&call).await.map(|answer| expected.check(&answer)) {
                Ok(Ok(())) => {}
                Ok(Err(wrong)) => tally.wrong(format!("when read back: {wrong}")),
                Err(error) => tally.error(error),
            }
        }
    }
}

impl Outcome {
    /// Answers in the measured time.
    pub(crate) fn requests(&self) -> u64 {
        self.tally.latency.len()
    }

    /// Answers in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.requests() as f64 / self.seconds.max(1e-9)
    }

    /// CPU time of the servers per answer, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        let answers = self.requests() + self.paced.latency.len();
        self.server_cpu * 1e6 / (answers.max(1)) as f64
    }

    /// Did anything fail, or was nothing answered?
    pub(crate) fn failed(&self) -> bool {
        self.failures() > 0 || self.requests() == 0
    }

    /// Was nothing answered, and nothing wrong with that but the time?
    pub(crate) fn is_idle(&self) -> bool {
        self.failures() == 0 && self.requests() == 0
    }

    fn failures(&self) -> u64 {
        self.tally.errors + self.tally.wrong + self.paced.errors + self.paced.wrong
    }

    /// An error if anything failed.
    pub(crate) fn checked(self, case: &str) -> Result<Self, Error> {
        if !self.failed() {
            return Ok(self);
        }
        let first = self.tally.first_failure.or(self.paced.first_failure);
        Err(Error::Load {
            case: case.to_owned(),
            errors: self.tally.errors + self.paced.errors,
            wrong: self.tally.wrong + self.paced.wrong,
            first: first.unwrap_or_else(|| "nothing was answered".to_owned()),
        })
    }
}
