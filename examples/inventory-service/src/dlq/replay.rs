//! Back to where they came from.

mod batch;
mod obstacle;
mod targets;

use std::error::Error;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use chassis::metrics::Metrics;
use clap::builder::{BoolishValueParser, FalseyValueParser};
use clap::{ArgAction, Args};
use rdkafka::message::BorrowedMessage;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use self::batch::{Batch, Letter};
use self::obstacle::Obstacle;
pub(super) use self::targets::Targets;
use super::Common;
use super::output::Output;
use super::place::Place;
use super::progress::Progress;
use super::reader::{self, Reader, Stretch, partitions};
use crate::dead_letter::DeadLetter;
use crate::metrics::Inventory;
use crate::producer::{Failed, Producer};

pub(super) const AFTER_HELP: &str = "\
Without places and without --reason, everything goes back that was not replayed yet. How far that has come is committed as the \
offsets of the group GROUP.dlq-replay, in the same transaction of Kafka as the records: a replay that is killed and run again \
sends nothing twice and forgets nothing. A chosen part is sent in transactions as well, but leaves that progress where it is, so \
the next replay of everything sends it again (the service knows orders by their ids, and does nothing twice).

A second replay of the same group ends the first, whose transaction is aborted. Records keep how often and since when they have \
failed, in the headers dead-letter.attempt and dead-letter.first-failed-at, so that it is counted on if they fail again.

Each record that was sent is a line on standard output. What cannot be sent is passed over and named on standard error: it stays \
in the topic, and can be asked for by its place.

Exit status: 0 if all that was asked for is sent, 3 if something was passed over, 1 if it could not go on, 2 if the command line \
is wrong.";

/// How often a transaction is tried again, and how long after it failed.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// The exit status if something was passed over.
const PASSED_OVER: u8 = 3;

/// Flags.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Only those at these places, whether they were replayed before or not
    #[arg(value_name = "PARTITION:OFFSET")]
    places: Vec<Place>,
    #[command(flatten)]
    pub common: Common,
    /// The topic to send them to, instead of the one that each came from
    #[arg(long, value_name = "TOPIC")]
    to: Option<String>,
    /// Send nothing, only say what would be sent
    #[arg(long, value_parser = FalseyValueParser::new())]
    dry_run: bool,
    /// Commit records and progress in one transaction of Kafka? Without it records go one by one, a replay that is killed may send one
    /// twice, and a second replay does not end the first
    #[arg(
        long,
        value_name = "BOOL",
        default_value_t = true,
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set
    )]
    exactly_once: bool,
}

/// Why a replay cannot go on.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error("--to {0} is the topic of the dead letters themselves")]
    ToItself(String),
    #[error("--to {0}: there is no such topic")]
    NoTopic(String),
    #[error("another replay of this group has begun, or this one took too long, so it ends ({0})")]
    TakenOver(String),
    #[error("the cluster does not take it ({0}): run it again, and it goes on from where it was")]
    Failed(String),
}

/// Sends dead letters back.
pub(super) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let client = reader::client(&options.common)?;
    let reader = Reader::new(&options.common, &client)?;
    if let Some(to) = &options.to {
        check(to, &reader)?;
    }
    let (producer, progress) = match options.dry_run {
        true => (None, Progress::seen(&reader, &client)?),
        false => {
            // Before progress is looked at: a replay that is still at work commits nothing more after this.
            let producer = take_over(options, &client)?;
            (Some(producer), Progress::settled(&reader)?)
        }
    };
    let stretches = reader.stretches()?;
    let mut replay = Replay::new(options, &reader, producer, &stretches, &progress)?;
    match options.places.is_empty() {
        true => {
            for stretch in &stretches {
                let from = progress.of(stretch);
                reader.read(stretch.partition, from, stretch.end, |record| replay.take(record))?;
            }
        }
        false => replay.take_from(&stretches)?,
    }
    replay.send()?;
    replay.end()
}

fn check(to: &str, reader: &Reader) -> Result<(), Box<dyn Error>> {
    if to == reader.topic {
        return Err(Stopped::ToItself(to.to_owned()).into());
    }
    match partitions(&reader.consumer, to)? {
        Some(_) => Ok(()),
        None => Err(Stopped::NoTopic(to.to_owned()).into()),
    }
}

fn take_over(options: &Options, client: &ClientConfig) -> Result<Producer, Box<dyn Error>> {
    let id = options.exactly_once.then(|| options.common.replay_group());
    let mut client = client.clone();
    // The cluster refuses all records of a request if one of them is too large: this way it is known which one.
    client.set("batch.num.messages", "1");
    let producer = Producer::new(&client, id.as_deref(), Inventory::new(&Metrics::new()))?;
    producer.initialise().map_err(|error| Stopped::Failed(error.to_string()))?;
    Ok(producer)
}

/// A replay at work.
struct Replay<'a> {
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
    fn new(
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
    fn take_from(&mut self, stretches: &[Stretch]) -> Result<(), Box<dyn Error>> {
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

    fn take(&mut self, record: &BorrowedMessage<'_>) -> Result<ControlFlow<()>, Box<dyn Error>> {
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
        eprintln!("inventory-service: {place} is passed over: {obstacle}");
    }

    /// Sends what was gathered. If the cluster does not take a record for its size, the others go without it.
    fn send(&mut self) -> Result<(), Box<dyn Error>> {
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

    fn end(mut self) -> Result<ExitCode, Box<dyn Error>> {
        let verb = if self.options.dry_run { "would be sent" } else { "sent" };
        self.output.line(format_args!("{} {verb}, {} passed over", self.sent, self.passed_over))?;
        Ok(if self.passed_over == 0 { ExitCode::SUCCESS } else { ExitCode::from(PASSED_OVER) })
    }
}
