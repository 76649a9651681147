//! A replay at work.

use std::error::Error;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use rdkafka::message::BorrowedMessage;
use rdkafka::{Offset, TopicPartitionList};

use super::batch::{Batch, Letter};
use super::obstacle::Obstacle;
use super::targets::Targets;
use super::{Options, Stopped};
use crate::dead_letter::DeadLetter;
use crate::dlq::output::Output;
use crate::dlq::place::Place;
use crate::dlq::progress::Progress;
use crate::dlq::reader::{Reader, Stretch};
use crate::producer::{Failed, Producer};

/// The exit status if something was passed over.
const PASSED_OVER: u8 = 3;

/// How often a transaction is tried again, and how long after it failed.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// A replay at work.
pub(super) struct Replay<'a> {
    options: &'a Options,
    reader: &'a Reader,
    /// Nobody, if nothing is sent.
    producer: Option<Producer>,
    targets: Targets<'a>,
    batch: Batch,
    /// What is committed if progress stays where it is.
    unmoved: TopicPartitionList,
    output: Output,
    sent: u64,
    passed_over: u64,
}

impl<'a> Replay<'a> {
    pub fn new(
        options: &'a Options,
        reader: &'a Reader,
        producer: Option<Producer>,
        stretches: &[Stretch],
        progress: &Progress,
    ) -> Result<Self, Box<dyn Error>> {
        let mut unmoved = TopicPartitionList::new();
        for stretch in stretches {
            let offset = Offset::Offset(progress.of(stretch));
            unmoved.add_partition_offset(&reader.topic, stretch.partition, offset)?;
        }
        Ok(Self {
            options,
            reader,
            producer,
            targets: Targets::new(&reader.consumer, options.to.as_deref()),
            batch: Batch::default(),
            unmoved,
            output: Output::standard(),
            sent: 0,
            passed_over: 0,
        })
    }

    /// Takes those that were asked for by their places.
    pub fn take_from(&mut self, stretches: &[Stretch]) -> Result<(), Box<dyn Error>> {
        let mut places = self.options.places.clone();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let Place { partition, offset } = place;
            let is_in = |s: &Stretch| s.partition == partition && (s.begin..s.end).contains(&offset);
            let mut is_there = false;
            if stretches.iter().any(is_in) {
                self.reader.read(partition, offset, offset + 1, |record| {
                    is_there = true;
                    self.take(record)
                })?;
            }
            if !is_there {
                self.pass_over(place, &Obstacle::NotThere);
            }
        }
        Ok(())
    }

    pub fn take(&mut self, record: &BorrowedMessage<'_>) -> Result<ControlFlow<()>, Box<dyn Error>> {
        let (letter, place) = (DeadLetter::of(record), Place::of(record));
        self.batch.look_at(place);
        if self.options.common.takes(&letter) {
            match self.targets.of(record, &letter)? {
                Ok((target, headers)) => self.batch.add(Letter::new(record, target, headers, letter.attempt)),
                Err(obstacle) => self.pass_over(place, &obstacle),
            }
        }
        // Without transactions no more than one is sent twice.
        if self.batch.is_full() || !self.options.exactly_once {
            self.send()?;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Does progress go on? Not where only some are chosen.
    fn moves_on(&self) -> bool {
        self.options.places.is_empty() && self.options.common.reason.is_empty()
    }

    fn pass_over(&mut self, place: Place, obstacle: &Obstacle) {
        self.passed_over += 1;
        // Nobody may read it.
        let _ = writeln!(std::io::stderr(), "inventory-service: {place} is passed over: {obstacle}");
    }

    /// Sends what was gathered. If the cluster does not take a record for its size, the others go without it.
    pub fn send(&mut self) -> Result<(), Box<dyn Error>> {
        let mut batch = std::mem::take(&mut self.batch);
        if batch.is_empty() || batch.letters.is_empty() && !self.moves_on() {
            return Ok(());
        }
        let mut tries = 0;
        while let Some(Err(failed)) = self.producer.as_ref().map(|producer| self.transact(producer, &batch)) {
            match failed {
                Failed::TooLarge(position) if position < batch.letters.len() => {
                    let letter = batch.letters.remove(position);
                    self.pass_over(letter.place, &Obstacle::TooLarge(letter.target.topic));
                }
                Failed::Fatal(reason) => return Err(Stopped::TakenOver(reason).into()),
                // After a record was refused the cluster wants to count anew, which it says by refusing the next one.
                Failed::Abort(reason) if tries < TRIES => {
                    tries += 1;
                    tracing::info!(reason, tries, "a transaction was aborted, and is tried again");
                    thread::sleep(PAUSE);
                }
                other => return Err(Stopped::Failed(other.to_string()).into()),
            }
        }
        for letter in &batch.letters {
            self.sent += 1;
            self.output.line(format_args!("{letter}"))?;
        }
        Ok(())
    }

    /// One transaction, which is aborted if it fails.
    fn transact(&self, producer: &Producer, batch: &Batch) -> Result<(), Failed> {
        let offsets = match self.moves_on() {
            true => batch.offsets(&self.reader.topic).map_err(|error| Failed::Abort(error.to_string()))?,
            false => self.unmoved.clone(),
        };
        producer.begin()?;
        let done = batch.send(producer).and_then(|()| producer.commit(&self.reader.consumer, &offsets));
        match done {
            Ok(()) => Ok(()),
            Err(Failed::Fatal(reason)) => Err(Failed::Fatal(reason)),
            Err(failed) => producer.abort().and(Err(failed)),
        }
    }

    pub fn end(mut self) -> Result<ExitCode, Box<dyn Error>> {
        let verb = if self.options.dry_run { "would be sent" } else { "sent" };
        self.output.line(format_args!("{} {verb}, {} passed over", self.sent, self.passed_over))?;
        Ok(if self.passed_over == 0 { ExitCode::SUCCESS } else { ExitCode::from(PASSED_OVER) })
    }
}
