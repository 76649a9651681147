//! One connection of a load.

use std::time::{Duration, Instant};

use super::drive::Load;
use super::mix::{Random, Source};
use super::tally::{Registered, Tally, micros};
use crate::check;
use crate::client::{Call, Connection};
use crate::error::Error;
use crate::schemas::{self, Shape};

/// The time that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) from: Instant,
    pub(super) end: Instant,
}

/// One connection, with what makes its names unique.
struct Worker<'a> {
    load: &'a Load,
    connection: Connection<'a>,
    random: Random,
    tally: Tally,
    me: usize,
    made: u64,
}

/// Asks again and again until the time is over.
pub(super) async fn work(load: &Load, me: usize, clock: Clock) -> Tally {
    let mut worker = Worker {
        load,
        connection: Connection::new(&load.target),
        random: Random::new(me),
        tally: Tally::default(),
        me,
        made: 0,
    };
    while Instant::now() < clock.end {
        let took = worker.step().await;
        worker.count(took, clock).await;
    }
    worker.tally
}

/// Registers new schemas under new subjects at a rate, until the time is over.
pub(super) async fn pace(load: &Load, me: usize, period: Duration, clock: Clock) -> Tally {
    let connection = Connection::new(&load.target);
    let tally = Tally::default();
    let mut worker = Worker { load, connection, random: Random::new(me), tally, me, made: 0 };
    let mut ticks = tokio::time::interval(period);
    while Instant::now() < clock.end {
        ticks.tick().await;
        let took = worker.register_new().await;
        worker.count(took, clock).await;
    }
    worker.tally
}

impl Worker<'_> {
    /// Counts an answer that came in the measured time.
    async fn count(&mut self, took: Result<Duration, Error>, clock: Clock) {
        let now = Instant::now();
        match took {
            Ok(took) if now >= clock.from && now < clock.end => {
                self.tally.latency.saturating_record(micros(took));
            }
            Ok(_) => {}
            Err(error) => {
                match error {
                    Error::Wrong(wrong) => self.tally.wrong(wrong),
                    error => self.tally.error(error),
                }
                // No busy loop on a server that is gone.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn step(&mut self) -> Result<Duration, Error> {
        let load = self.load;
        match load.mix.pick(&mut self.random) {
            Some(Source::Known(questions)) => {
                let nothing = || Error::Usage("nothing is there to ask about".to_owned());
                let question = self.random.one_of(questions).ok_or_else(nothing)?;
                let begin = Instant::now();
                let answer = self.connection.call(&question.call).await?;
                let took = begin.elapsed();
                if answer.status != 200 || answer.body != question.right {
                    question.expected.check(&answer)?;
                }
                Ok(took)
            }
            Some(Source::Next(keys)) => {
                let nothing = || Error::Usage("there is no subject to add to".to_owned());
                // Each connection has subjects of its own, if there are enough: this is not about writers that meet.
                let turns = (keys.len() / load.connections).max(1) as u64;
                let nth = self.me + self.random.below(turns) as usize * load.connections;
                let key = keys.get(nth % keys.len().max(1)).ok_or_else(nothing)?;
                let schema = key.shape.with_optional(&key.name, &self.unique("next"));
                self.register(key.subject.clone(), schema, false).await
            }
            Some(Source::Missing) => self.miss().await,
            Some(Source::New) | None => self.register_new().await,
        }
    }

    async fn register_new(&mut self) -> Result<Duration, Error> {
        let name = self.unique("New");
        self.register(format!("load-{name}"), Shape::Order.record(&name), true).await
    }

    async fn register(&mut self, subject: String, schema: String, first: bool) -> Result<Duration, Error> {
        let call = Call::post(&format!("/subjects/{subject}/versions"), schemas::body(&schema));
        let begin = Instant::now();
        let answer = self.connection.call(&call).await?;
        let took = begin.elapsed();
        let id = check::registered(&answer)?;
        self.tally.registered(id, || Registered { id, subject, first, schema });
        Ok(took)
    }

    async fn miss(&mut self) -> Result<Duration, Error> {
        let n = self.random.below(1 << 24);
        let (call, code) = if n.is_multiple_of(2) {
            (Call::get(&format!("/subjects/load-missing-{n}/versions/latest")), 40401)
        } else {
            (Call::get(&format!("/schemas/ids/{}", 2_000_000_000 + n)), 40403)
        };
        let begin = Instant::now();
        let answer = self.connection.call(&call).await?;
        let took = begin.elapsed();
        check::missing(&answer, code)?;
        Ok(took)
    }

    /// A name that no other connection or run makes.
    fn unique(&mut self, what: &str) -> String {
        self.made += 1;
        format!("{what}_{}_{}_{}", self.load.name, self.me, self.made)
    }
}
