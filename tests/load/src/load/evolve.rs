//! Histories that grow: work that is measured by its amount, not by time.

use std::time::{Duration, Instant};

use super::drive::Load;
use super::tally::{Tally, micros};
use super::worker::Clock;
use crate::check::{self, Expected, Wrong};
use crate::client::{Call, Connection};
use crate::error::Error;
use crate::schemas::{self, Shape};

/// Generations of subjects, each of which gets versions under BACKWARD_TRANSITIVE.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evolution {
    /// In a generation.
    pub(crate) subjects: usize,
    /// Versions of each.
    pub(crate) depth: u64,
    /// Stops even in the middle of a generation.
    pub(crate) at_most: Duration,
}

/// Part of a generation: the subjects of one connection.
struct Generation<'a> {
    load: &'a Load,
    number: u64,
    subjects: Vec<usize>,
    depth: u64,
    cap: Instant,
}

/// One connection: it owns some of the subjects, and adds a version to each in turn.
pub(super) async fn evolve(load: &Load, evolution: Evolution, me: usize, clock: Clock) -> Tally {
    let mut tally = Tally::default();
    let mut connection = Connection::new(&load.target);
    let subjects: Vec<usize> = (me..evolution.subjects).step_by(load.connections).collect();
    let cap = clock.from + evolution.at_most;
    while !subjects.is_empty() && Instant::now() < clock.end {
        let number = tally.generations;
        let generation = Generation { load, number, subjects: subjects.clone(), depth: evolution.depth, cap };
        match generation.grow(&mut connection, &mut tally).await {
            Ok(true) => tally.generations += 1,
            Ok(false) => break,
            Err(error) => {
                match error {
                    Error::Wrong(wrong) => tally.wrong(wrong),
                    error => tally.error(error),
                }
                break;
            }
        }
    }
    tally
}

impl Generation<'_> {
    fn name(&self, subject: usize) -> String {
        format!("Evolve_{}_{}_{subject}", self.load.name, self.number)
    }

    /// Tells whether it came to its end before the time did.
    async fn grow(&self, connection: &mut Connection<'_>, tally: &mut Tally) -> Result<bool, Error> {
        for &subject in &self.subjects {
            let level = r#"{"compatibility":"BACKWARD_TRANSITIVE"}"#;
            let call = Call::put(&format!("/config/load-{}", self.name(subject)), level);
            check::status(&connection.call(&call).await?, 200)?;
        }
        let mut ids = vec![0; self.subjects.len()];
        for version in 1..=self.depth {
            for (&subject, last) in self.subjects.iter().zip(&mut ids) {
                let name = self.name(subject);
                let body = schemas::body(&Shape::Order.grown(&name, version));
                let call = Call::post(&format!("/subjects/load-{name}/versions"), body);
                let begin = Instant::now();
                let answer = connection.call(&call).await?;
                let took = micros(begin.elapsed());
                let id = check::registered(&answer)?;
                if id == *last {
                    return Err(Wrong(format!("load-{name}: the id of the version before")).into());
                }
                *last = id;
                tally.latency.saturating_record(took);
                if version * 5 <= self.depth {
                    tally.shallow.saturating_record(took);
                } else if version * 5 > self.depth * 4 {
                    tally.deep.saturating_record(took);
                }
                let now = Instant::now();
                tally.finished = Some(now);
                if now >= self.cap {
                    return Ok(false);
                }
            }
        }
        self.read_back(connection, ids[0]).await.map(|()| true)
    }

    /// The history must be there: all of it, and the last version last.
    async fn read_back(&self, connection: &mut Connection<'_>, id: u64) -> Result<(), Error> {
        let name = self.name(self.subjects[0]);
        let subject = format!("load-{name}");
        let list = connection.call(&Call::get(&format!("/subjects/{subject}/versions"))).await?;
        check::versions(&list, self.depth)?;
        let latest = connection.call(&Call::get(&format!("/subjects/{subject}/versions/latest"))).await?;
        let schema = Shape::Order.grown(&name, self.depth);
        Ok(Expected::Version { subject, id, version: self.depth, schema }.check(&latest)?)
    }
}
