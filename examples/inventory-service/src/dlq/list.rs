//! What there is.

mod json;

use std::error::Error;
use std::fmt;
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ottla::logical::TimestampMillis;
use rdkafka::Message as _;
use rdkafka::message::BorrowedMessage;

use super::Common;
use super::output::Output;
use super::place::Place;
use super::progress::Progress;
use super::reader::{self, Reader, Stretch};
use super::replay::Targets;
use super::shown::{Plain, Quoted};
use crate::dead_letter::DeadLetter;

pub(super) const AFTER_HELP: &str = "\
A dead letter that a replay has come by is \"replayed\", or \"passed over\" if, as things are now, it cannot go back.

Only committed records are read, no consumer group is joined, and nothing is changed.

Exit status: 0 if all that was asked for is listed (also if nobody reads it to the end), 1 if it could not be read, 2 if the \
command line is wrong. What goes wrong is said on standard error.";

/// Flags.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    pub common: Common,
    /// How they are listed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// No more than this many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: what is long is cut, what is not text is escaped
    Text,
    /// For programs: one JSON object a line, with keys, values and headers; what is not UTF-8 is in base64
    Json,
}

/// What has become of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing yet.
    Waiting,
    /// It was sent back.
    Replayed,
    /// A replay came by, and could not send it back.
    PassedOver,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "not replayed",
            Self::Replayed => "replayed",
            Self::PassedOver => "passed over",
        }
    }
}

/// Lists them.
pub(super) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let client = reader::client(&options.common)?;
    let reader = Reader::new(&options.common, &client)?;
    let progress = Progress::seen(&reader, &client)?;
    let mut targets = Targets::new(&reader.consumer, None);
    let (mut output, mut left) = (Output::standard(), options.limit.unwrap_or(u64::MAX));
    for stretch in reader.stretches()? {
        let Stretch { partition, begin, end } = stretch;
        if left == 0 || !output.is_read() {
            break;
        }
        reader.read(partition, begin, end, |record| -> Result<_, Box<dyn Error>> {
            let letter = DeadLetter::of(record);
            if options.common.takes(&letter) {
                let state = match record.offset() < progress.of(&stretch) {
                    false => State::Waiting,
                    true if targets.would_take(record, &letter)? => State::Replayed,
                    true => State::PassedOver,
                };
                match options.format {
                    Format::Text => output.line(format_args!("{}", Line { record, letter, state }))?,
                    Format::Json => output.line(format_args!("{}", json::line(record, &letter, state)?))?,
                }
                left -= 1;
            }
            let is_enough = left == 0 || !output.is_read();
            Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A dead letter, for people.
struct Line<'r> {
    record: &'r BorrowedMessage<'r>,
    letter: DeadLetter,
    state: State,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, letter, state } = self;
        write!(f, "{} {}", Place::of(*record), Plain(letter.reason.as_deref().unwrap_or("unknown")))?;
        if let Some(topic) = &letter.topic {
            write!(f, ", from {}", Plain(topic))?;
        }
        if let (Some(partition), Some(offset)) = (letter.partition, letter.offset) {
            write!(f, " {}", Place { partition, offset })?;
        }
        if let Some(at) = letter.failed_at.or_else(|| record.timestamp().to_millis()) {
            write!(f, ", {}", TimestampMillis(at))?;
        }
        if let Some(attempt) = letter.attempt {
            write!(f, ", attempt {attempt}")?;
        }
        write!(f, ", key {}, ", Quoted(record.key()))?;
        match record.payload() {
            Some(value) => write!(f, "{} bytes", value.len())?,
            None if letter.is_value_left_out => f.write_str("value left out")?,
            None => f.write_str("no value")?,
        }
        write!(f, ", {}", state.as_str())?;
        match &letter.message {
            Some(message) => write!(f, ": {}", Plain(message)),
            None => Ok(()),
        }
    }
}
