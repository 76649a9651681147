//! A registry that is stopped in its tracks (SIGSTOP), also in the middle of an append, holds nobody up, and answers
//! with what is there now once it goes on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ottla_tests::history::registry::{Content, Id};
use ottla_tests::http::{Answer, Client};
use ottla_tests::postgres::Cluster;
use ottla_tests::random::Random;
use ottla_tests::server::Server;
use serde_json::{Value, json};

use crate::{moment, random, serve, until};

const WRITERS: usize = 3;
/// Within this time the others have to go on.
const SOON: Duration = Duration::from_secs(4);
/// Longer than a registry waits for its database, so that all its patience is over when it goes on.
const LONG: Duration = Duration::from_secs(6);
const PATIENCE: Duration = Duration::from_secs(30);

/// What the writers of one registry do.
#[derive(Default)]
struct Work {
    acknowledged: AtomicUsize,
    /// What each is waiting for.
    asked: [Mutex<Option<Content>>; WRITERS],
    told: Mutex<BTreeMap<Content, Id>>,
}

/// Some registries on one database, each with its writers.
struct Scene {
    servers: Vec<Server>,
    work: Vec<Work>,
    contents: AtomicU32,
    stop: AtomicBool,
    /// How long a schema is.
    length: usize,
}

/// Ends the work also when a test fails, or the writers of a paused registry would wait for ever.
struct End<'a>(&'a Scene);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
        self.0.servers.iter().for_each(Server::resume);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn id(answer: &Answer) -> Id {
    answer.json()["id"].as_u64().unwrap_or_else(|| panic!("no id: {}", answer.text())) as Id
}

impl Scene {
    fn new(cluster: &Cluster, servers: usize, length: usize) -> Self {
        let start = serve(&cluster.database());
        Self {
            servers: (0..servers).map(|_| start.start().expect("a server")).collect(),
            work: (0..servers).map(|_| Work::default()).collect(),
            contents: AtomicU32::new(1),
            stop: AtomicBool::new(false),
            length,
        }
    }

    fn next(&self) -> Content {
        self.contents.fetch_add(1, Ordering::Relaxed)
    }

    fn body(&self, content: Content) -> Value {
        let fields = json!([{ "name": format!("f{content}"), "type": "int" }]);
        let schema =
            json!({ "type": "record", "name": "Event", "doc": "x".repeat(self.length), "fields": fields });
        json!({ "schema": schema.to_string() })
    }

    fn register(&self, client: &mut Client, content: Content) -> Answer {
        let target = format!("/subjects/s{}/versions", content % 5);
        client.post(&target, &self.body(content)).expect("an answer")
    }

    fn look_up(&self, client: &mut Client, content: Content) -> Answer {
        client.post(&format!("/subjects/s{}", content % 5), &self.body(content)).expect("an answer")
    }

    /// Registers one schema after the other.
    fn write(&self, at: usize, writer: usize) {
        let (work, mut client) = (&self.work[at], self.servers[at].client());
        while !self.stop.load(Ordering::Relaxed) {
            let content = self.next();
            *lock(&work.asked[writer]) = Some(content);
            let answer = self.register(&mut client, content);
            *lock(&work.asked[writer]) = None;
            match answer.status {
                200 => {
                    lock(&work.told).insert(content, id(&answer));
                    work.acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                // A registry that wakes up after a long time may find that it has waited too long.
                503 => {}
                _ => panic!("{}", answer.text()),
            }
        }
    }

    fn count(&self, at: usize) -> usize {
        self.work[at].acknowledged.load(Ordering::Relaxed)
    }

    /// How many appends of a paused registry are done that it does not know of yet.
    fn done_unknown(&self, paused: usize, elsewhere: &mut Client) -> usize {
        // What it had sent has arrived by now.
        thread::sleep(Duration::from_millis(20));
        let asked = self.work[paused].asked.iter().filter_map(|asked| *lock(asked));
        asked.filter(|content| self.look_up(elsewhere, *content).status == 200).count()
    }

    /// Pauses a registry for a moment. Gives how long the others took until they went on, and in the middle of how
    /// many registrations it was.
    fn pause(&self, at: usize, length: Duration, writing: &[usize]) -> (Duration, usize) {
        let other = &self.servers[(at + 1) % self.servers.len()];
        let (paused, content) = (Instant::now(), self.next());
        self.servers[at].pause();
        let aims: Vec<_> = writing.iter().filter(|w| **w != at).map(|w| (*w, self.count(*w) + 2)).collect();
        let registered = self.register(&mut other.client(), content);
        assert_eq!(registered.status, 200, "{}", registered.text());
        until("the others go on", SOON, || aims.iter().all(|(writing, aim)| self.count(*writing) >= *aim));
        let took = paused.elapsed();
        assert!(took < SOON, "the others took {took:?}");
        let unknown = self.done_unknown(at, &mut other.client());
        thread::sleep(length.saturating_sub(paused.elapsed()));
        self.servers[at].resume();
        self.assert_fresh(at, content, id(&registered));
        (took, unknown)
    }

    /// A registry may need a moment to find its database again, but it never gives an old answer.
    fn assert_fresh(&self, at: usize, content: Content, known: Id) {
        let mut client = self.servers[at].client();
        let mut answer = self.look_up(&mut client, content);
        until("it answers", PATIENCE, || {
            if answer.status == 503 {
                answer = self.look_up(&mut client, content);
            }
            answer.status != 503
        });
        assert_eq!(answer.status, 200, "stale after a pause: {}", answer.text());
        assert_eq!(id(&answer), known);
    }

    /// Some registries write, and one of them is paused again and again.
    fn play(&self, random: &mut Random, writing: &[usize], lengths: &[Duration]) {
        let (mut slowest, mut in_the_middle) = (Duration::ZERO, 0);
        thread::scope(|scope| {
            let end = End(self);
            for at in writing {
                (0..WRITERS).for_each(|writer| drop(scope.spawn(move || self.write(*at, writer))));
            }
            for (number, length) in lengths.iter().enumerate() {
                let at = writing[number % writing.len()];
                let before = self.count(at);
                until("it writes", PATIENCE, || self.count(at) > before);
                thread::sleep(moment(random, 60));
                let (took, unknown) = self.pause(at, *length, writing);
                slowest = slowest.max(took);
                in_the_middle += usize::from(unknown > 0);
            }
            drop(end);
        });
        let pauses = lengths.len();
        println!(
            "{pauses} pauses, {in_the_middle} in the middle of an append; the others took {slowest:?} at most"
        );
        assert!(in_the_middle > 0, "no pause came in the middle of an append");
        let mut client = self.servers[0].client();
        for (content, told) in self.work.iter().flat_map(|work| lock(&work.told).clone()) {
            assert_eq!(id(&self.look_up(&mut client, content)), told, "lost: {content}");
        }
    }
}

#[test]
fn a_paused_replica_holds_nobody_up() {
    let Some(cluster) = Cluster::shared() else { return };
    let mut random = random();
    let mut lengths: Vec<Duration> = (0..40).map(|_| moment(&mut random, 200)).collect();
    lengths[20] = LONG;
    Scene::new(cluster, 3, 0).play(&mut random, &[0, 1, 2], &lengths);
}

/// It takes more than one call to send such a schema, and the server waits for the rest of it meanwhile.
#[test]
fn a_replica_that_is_paused_while_it_sends_a_long_schema_holds_nobody_up() {
    let Some(cluster) = Cluster::shared() else { return };
    let mut random = random();
    let lengths: Vec<Duration> = (0..10).map(|_| moment(&mut random, 100)).collect();
    Scene::new(cluster, 2, 400_000).play(&mut random, &[0], &lengths);
}
