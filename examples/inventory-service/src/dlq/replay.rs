//! Back to where they came from.

mod batch;
mod obstacle;
mod targets;
mod work;

use std::error::Error;
use std::process::ExitCode;

use chassis::metrics::Metrics;
use clap::builder::{BoolishValueParser, FalseyValueParser};
use clap::{ArgAction, Args};
use rdkafka::ClientConfig;

pub(super) use self::targets::Targets;
use self::work::Replay;
use super::Common;
use super::place::Place;
use super::progress::Progress;
use super::reader::{self, Reader, partitions};
use crate::metrics::Inventory;
use crate::producer::Producer;

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
