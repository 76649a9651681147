//! `ottla decode`: messages and container files as JSON.
//!
//! ```text
//! decode/decoder.rs   from what was given to what is printed
//! decode/input.rs     messages in files and on standard input;  text.rs  in hexadecimal digits and Base64
//! decode/sources.rs   flags: where schemas come from;  schemas.rs  the schema of a message
//! decode/value.rs     bytes -> JSON;  logical.rs  logical types;  json.rs  the text;  malformed.rs  why there is none
//! decode/container.rs container files;  codec.rs  how they are compressed
//! decode/failure.rs   what goes wrong, and how far that reaches
//! ```

mod codec;
mod container;
mod decoder;
mod failure;
mod input;
mod json;
mod logical;
mod malformed;
mod schemas;
mod sources;
mod text;
mod value;

use std::path::PathBuf;

use clap::Args;
use ottla::framing::Side;

use decoder::Decoder;
use failure::Failure;
use input::Input;
use value::Style;

/// What `ottla decode` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Files of messages, and container files (.avro); standard input if nothing is said, or for -
    #[arg(value_name = "FILE", conflicts_with_all = ["hex", "base64"])]
    files: Vec<PathBuf>,

    /// A message in hexadecimal digits
    #[arg(long, value_name = "DIGITS")]
    hex: Vec<String>,
    /// A message in Base64
    #[arg(long, value_name = "TEXT")]
    base64: Vec<String>,
    /// What files and standard input hold
    #[arg(long, value_enum, default_value_t = Input::Auto, value_name = "FORM")]
    input: Input,
    /// A record header, in hexadecimal digits: __value_schema_id=DIGITS or __key_schema_id=DIGITS. With it, messages are
    /// what the schema describes and nothing else
    #[arg(long, value_name = "NAME=DIGITS", value_parser = header)]
    header: Vec<(String, Vec<u8>)>,
    /// Messages are keys of records
    #[arg(long)]
    key: bool,
    /// Messages are what the schema describes and nothing else: no schema id stands before them
    #[arg(long, requires = "schema", conflicts_with = "header")]
    bare: bool,

    /// Indent
    #[arg(long, help_heading = "Output")]
    pretty: bool,
    /// Numbers and bytes in the place of dates, times, decimals, durations and UUIDs
    #[arg(long, help_heading = "Output", conflicts_with = "avro_json")]
    raw: bool,
    /// Avro's JSON encoding, in which unions name their branch
    #[arg(long, help_heading = "Output")]
    avro_json: bool,
    /// Go on after a message that cannot be decoded
    #[arg(long, help_heading = "Output")]
    keep_going: bool,
    /// Say on standard error which schema each message was written with
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,

    #[command(flatten)]
    schemas: sources::Sources,
}

/// What people have at hand.
const EXAMPLES: &str = "\
Examples:
  ottla decode --hex '00 00 00 00 07 06 66 6f 6f'
  kcat -C -t orders -e -f '%R%s' | ottla decode --input sized
  ottla decode orders.avro | jq .total
  ottla decode --bare --schema order.avsc message.bin

Output is one JSON document a message. Unions are shown as their value, bytes in hexadecimal
digits, dates and times as in ISO 8601, decimals as texts. Container files may be compressed by
deflate or snappy.

Ends with 0 if all was decoded, else with 1; with 2 if the command line is wrong.";

/// Decodes all that was given.
pub fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let outcome = Decoder::new(options).and_then(|mut decoder| decoder.all());
    match outcome {
        Ok(()) | Err(Failure::Closed) => Ok(()),
        Err(Failure::Message(words) | Failure::File(words) | Failure::End(words)) => Err(words.into()),
    }
}

impl Options {
    fn style(&self) -> Style {
        match (self.avro_json, self.raw) {
            (true, _) => Style::Avro,
            (false, true) => Style::Raw,
            (false, false) => Style::Plain,
        }
    }
}

fn header(text: &str) -> Result<(String, Vec<u8>), String> {
    let names = [Side::Value.header(), Side::Key.header()];
    let known = text.split_once('=').filter(|(name, _)| names.contains(name));
    let (name, digits) =
        known.ok_or_else(|| format!("expected {}=DIGITS or {}=DIGITS", names[0], names[1]))?;
    Ok((name.to_owned(), text::hex(digits)?))
}
