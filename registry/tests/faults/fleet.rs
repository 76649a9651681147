//! Several registries on one database, and clients that write down what they ask and are told.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::history::check::{Effort, Violation, check};
use ottla_tests::history::registry::{Answer, Op, Registry};
use ottla_tests::history::workload::Workload;
use ottla_tests::history::{Event, History, Recorder, facts};
use ottla_tests::http::Client;
use ottla_tests::random::Random;
use ottla_tests::server::{Serve, Server};

use crate::api::{self, Told};
use crate::until;

const SUBJECTS: u8 = 2;
/// For whoever waits as long as it takes.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// For whoever does not, and leaves requests behind that are carried out later.
pub const LITTLE_PATIENCE: Duration = Duration::from_millis(400);

/// A registry that can be ended and started again. It listens elsewhere then.
pub struct Replica {
    start: Serve,
    running: Mutex<Option<Server>>,
}

impl Replica {
    /// Starts one.
    pub fn new(start: Serve) -> Self {
        let replica = Self { start, running: Mutex::new(None) };
        replica.start();
        replica
    }

    /// Starts it again. While its database is away it does not start.
    pub fn start(&self) {
        let mut started = Err(String::new());
        let began = Instant::now();
        while started.is_err() {
            assert!(began.elapsed() < PATIENCE, "it does not start: {started:?}");
            started = self.start.start();
        }
        *self.running() = started.ok();
    }

    /// Ends it (SIGKILL).
    pub fn kill(&self) {
        if let Some(mut server) = self.running().take() {
            server.kill();
        }
    }

    /// Does something to it, if it runs.
    pub fn with<T>(&self, act: impl FnOnce(&Server) -> T) -> Option<T> {
        self.running().as_ref().map(act)
    }

    /// Where it listens, if it runs.
    pub fn url(&self) -> Option<String> {
        self.with(|server| server.url().to_owned())
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Server>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Some subjects in a context of their own, and what was written down about them. Contexts have nothing in common, so
/// each has a history of its own.
struct Context {
    name: String,
    workload: Workload,
    recorder: Recorder<Op, Answer>,
}

/// Registries, and all that is known of what they were asked.
pub struct Fleet {
    /// The registries.
    pub replicas: Vec<Replica>,
    contexts: Vec<Context>,
    /// How many requests were answered.
    pub answered: AtomicUsize,
    stop: AtomicBool,
}

impl Fleet {
    /// Starts registries that have an empty database in common.
    pub fn new(start: &Serve, replicas: usize, contexts: usize) -> Self {
        let context = |number| Context {
            name: format!("c{number}"),
            workload: Workload::new(SUBJECTS),
            recorder: Recorder::default(),
        };
        Self {
            replicas: (0..replicas).map(|_| Replica::new(start.clone())).collect(),
            contexts: (0..contexts).map(context).collect(),
            answered: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        }
    }

    /// Lets clients work until `trouble` is over. The first of each context waits no longer than `patience`.
    pub fn run(&self, random: &mut Random, clients: usize, patience: Duration, trouble: impl FnOnce()) {
        thread::scope(|scope| {
            for context in &self.contexts {
                for client in 0..clients {
                    let random = random.fork();
                    let timeout = if client == 0 { patience } else { PATIENCE };
                    scope.spawn(move || self.work(context, random, timeout));
                }
            }
            trouble();
            self.stop.store(true, Ordering::Relaxed);
        });
        self.look_at_everything();
    }

    fn work(&self, context: &Context, mut random: Random, timeout: Duration) {
        let mut line = Line { fleet: self, context, timeout, at: 0, client: None };
        let mut careful = false;
        while !self.stop.load(Ordering::Relaxed) {
            if random.percent(25) {
                line.change(&mut random);
            }
            let workload = &context.workload;
            // While the database is away, every write would be one more whose outcome is not known.
            let op = if careful { workload.choose_read(&mut random) } else { workload.choose(&mut random) };
            match line.ask(&op) {
                Told::Answer(_) => careful = false,
                Told::Unavailable => {
                    careful = true;
                    thread::sleep(Duration::from_millis(50));
                }
                Told::NotAsked | Told::Lost => line.change(&mut random),
            }
        }
    }

    /// At the end, when all is well again: each registry tells all that it knows.
    fn look_at_everything(&self) {
        for context in &self.contexts {
            for at in 0..self.replicas.len() {
                let mut line = Line { fleet: self, context, timeout: PATIENCE, at, client: None };
                let mut ops: Vec<Op> =
                    (1..=context.workload.greatest_id()).map(|id| Op::ById { id }).collect();
                for subject in 0..SUBJECTS {
                    let versions = [false, true].map(|deleted| Op::List { subject, deleted });
                    ops.extend(versions);
                    ops.extend([Op::Get { subject, version: None }, Op::GetLevel { subject }]);
                }
                for op in ops {
                    let told = || matches!(line.ask(&op), Told::Answer(_));
                    until("it answers again", PATIENCE, told);
                }
            }
        }
    }

    /// What was written down: a history for each context.
    pub fn into_histories(self) -> Vec<History<Op, Answer>> {
        self.contexts.into_iter().map(|context| context.recorder.into_history()).collect()
    }
}

/// A client's way to one of the registries.
struct Line<'a> {
    fleet: &'a Fleet,
    context: &'a Context,
    timeout: Duration,
    at: usize,
    client: Option<(String, Client)>,
}

impl Line<'_> {
    /// To another registry, or to where the same one listens now.
    fn change(&mut self, random: &mut Random) {
        (self.at, self.client) = (random.index(self.fleet.replicas.len()), None);
    }

    /// Asks, and writes it down.
    fn ask(&mut self, op: &Op) -> Told {
        if self.client.is_none() {
            let url = self.fleet.replicas[self.at].url();
            self.client = url.map(|url| (url.clone(), Client::new(&url).timeout(self.timeout)));
        }
        let Some((_, client)) = &mut self.client else {
            thread::sleep(Duration::from_millis(5));
            return Told::NotAsked;
        };
        let number = self.context.recorder.asked(op.clone());
        let told = api::perform(client, &self.context.name, op);
        match &told {
            Told::Answer(answer) => {
                self.context.recorder.answered(number, answer.clone());
                self.context.workload.learn(op, answer);
                self.fleet.answered.fetch_add(1, Ordering::Relaxed);
            }
            Told::NotAsked => self.context.recorder.withdraw(number),
            // A question that got no answer changed nothing.
            Told::Unavailable | Told::Lost if op.only_reads() => self.context.recorder.withdraw(number),
            Told::Unavailable | Told::Lost => {}
        }
        told
    }
}

/// Is there an order that explains what was written down?
pub fn explain(history: &[Event<Op, Answer>]) -> Result<Effort, Violation> {
    check(&Registry { facts: facts::of(history)? }, history)
}

/// There has to be one. If there is none, the history is kept, for it will not come again.
pub fn assert_explained(history: &[Event<Op, Answer>]) -> Effort {
    let began = Instant::now();
    let effort = explain(history).unwrap_or_else(|violation| {
        let lines: Vec<String> = history.iter().map(|event| format!("{event:?}\n")).collect();
        let file = format!("{}/history-{}.txt", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        let kept = std::fs::write(&file, lines.concat());
        panic!("{violation}\nThe history is kept in {file}: {kept:?}")
    });
    println!("linearizable: {effort:?} in {:?}", began.elapsed());
    effort
}
