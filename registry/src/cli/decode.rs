//! `ottla decode`: messages and container files as JSON.
//!
//! ```text
//! decode/input.rs     messages in files and on standard input;  text.rs  in hexadecimal digits and Base64
//! decode/schemas.rs   the schema of a message, through the registry or from files
//! decode/value.rs     bytes -> JSON;  logical.rs  logical types;  json.rs  the text
//! decode/container.rs container files;  codec.rs  how they are compressed
//! decode/failure.rs   what goes wrong, and how far that reaches
//! ```

mod codec;
mod container;
mod failure;
mod input;
mod json;
mod logical;
mod schemas;
mod text;
mod value;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Cursor, Read as _, StdoutLock, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use ottla::framing::{self, SchemaRef, Side};

use container::{Container, MAGIC};
use failure::Failure;
use input::Input;
use json::Json;
use schemas::Schemas;
use text::Notation;
use value::{Style, write_all, write_raw_bytes};

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
    schemas: schemas::Sources,
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

struct Decoder<'o> {
    options: &'o Options,
    schemas: Schemas<'o>,
    json: Json,
    out: BufWriter<StdoutLock<'static>>,
    /// Where messages come from.
    name: String,
    /// How often something went wrong that was passed over.
    failures: usize,
}

impl<'o> Decoder<'o> {
    fn new(options: &'o Options) -> Result<Self, Failure> {
        let schemas = Schemas::new(&options.schemas)?;
        let out = BufWriter::new(io::stdout().lock());
        Ok(Self { options, schemas, json: Json::new(options.pretty), out, name: String::new(), failures: 0 })
    }

    fn all(&mut self) -> Result<(), Failure> {
        let Options { hex, base64, files, .. } = self.options;
        for (flag, notation, texts) in [("--hex", Notation::Hex, hex), ("--base64", Notation::Base64, base64)]
        {
            for text in texts {
                self.name = flag.to_owned();
                let done = match notation.read(text) {
                    Ok(bytes) => self.message("", Ok(Some(&bytes))),
                    Err(why) => self.message("", Err(Failure::Message(why))),
                };
                self.end_of_source(done)?;
            }
        }
        let standard = [PathBuf::from("-")];
        let is_elsewhere = !(files.is_empty() && hex.is_empty() && base64.is_empty());
        for path in if is_elsewhere { files } else { &standard[..] } {
            let done = self.file(path);
            self.end_of_source(done)?;
        }
        match self.failures {
            0 => Ok(()),
            1 => Err(Failure::end("one message or file was passed over")),
            n => Err(Failure::end(format!("{n} messages or files were passed over"))),
        }
    }

    /// What was read is printed before it is told what is wrong.
    fn end_of_source(&mut self, done: Result<(), Failure>) -> Result<(), Failure> {
        self.flush()?;
        match done {
            Err(Failure::Message(words) | Failure::File(words)) if self.options.keep_going => {
                self.tell(&words)
            }
            done => done.map_err(|failure| failure.at(&self.name)),
        }
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        if path.as_os_str() == "-" {
            self.name = "standard input".to_owned();
            return self.source(&mut io::stdin().lock());
        }
        self.name = path.display().to_string();
        let file = File::open(path).map_err(Failure::file)?;
        self.source(&mut BufReader::with_capacity(64 << 10, file))
    }

    fn source(&mut self, source: &mut dyn BufRead) -> Result<(), Failure> {
        let Options { input, bare, header, .. } = self.options;
        let mut head = Vec::with_capacity(MAGIC.len());
        (&mut *source).take(MAGIC.len() as u64).read_to_end(&mut head).map_err(Failure::file)?;
        if *input == Input::Auto && head == MAGIC {
            return self.container(source);
        }
        let source = &mut Cursor::new(head).chain(source);
        let mut each = |place: &str, message: Result<Option<&[u8]>, Failure>| self.message(place, message);
        match input {
            Input::Auto if *bare || !header.is_empty() => input::raw(source, &mut each),
            Input::Auto => input::either(source, &mut each),
            Input::Raw => input::raw(source, &mut each),
            Input::Hex => input::lines(source, Notation::Hex, &mut each),
            Input::Base64 => input::lines(source, Notation::Base64, &mut each),
            Input::Sized => input::sized(source, &mut each),
        }
    }

    /// Decodes and prints a message.
    fn message(&mut self, place: &str, message: Result<Option<&[u8]>, Failure>) -> Result<(), Failure> {
        let done = message.and_then(|payload| {
            self.json.clear();
            match payload {
                Some(bytes) => self.decode(place, bytes)?,
                None => self.json.bare("null"),
            }
            print(&mut self.out, self.json.as_str())?;
            self.flush()
        });
        match done.map_err(|failure| failure.at(place)) {
            Err(Failure::Message(words)) if self.options.keep_going => self.tell(&words),
            done => done,
        }
    }

    fn decode(&mut self, place: &str, bytes: &[u8]) -> Result<(), Failure> {
        let (written_as, found, body) = match self.schemas.given().filter(|_| self.options.bare) {
            Some(found) => (None, found, bytes),
            None => {
                let side = if self.options.key { Side::Key } else { Side::Value };
                let frame = framing::parse(bytes, side, &self.options.header).map_err(Failure::message)?;
                (Some(frame.schema), self.schemas.find(frame.schema)?, frame.body)
            }
        };
        if self.options.verbose {
            let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
            say(format_args!("{}: {place}{}", self.name, found.words));
        }
        let style = self.options.style();
        let is_raw = matches!(written_as, Some(SchemaRef::Id(_) | SchemaRef::Guid(_)));
        let raw = if is_raw { write_raw_bytes(&found.schema, body, style, &mut self.json) } else { None };
        let done = raw.unwrap_or_else(|| write_all(&found.schema, body, style, &mut self.json));
        done.map_err(|malformed| {
            let schema = written_as.map(|schema| schema.to_string()).unwrap_or_default();
            Failure::message(malformed.after(bytes.len() - body.len())).at(schema)
        })
    }

    fn container(&mut self, source: &mut dyn BufRead) -> Result<(), Failure> {
        let mut container = Container::open(source)?;
        if self.options.verbose {
            say(format_args!("{}: {}", self.name, container.words()));
        }
        let style = self.options.style();
        while container.block(style, &mut self.json, &mut |text| print(&mut self.out, text))? {
            self.flush()?;
        }
        Ok(())
    }

    fn tell(&mut self, words: &str) -> Result<(), Failure> {
        self.failures += 1;
        say(format_args!("ottla: {}: {words}", self.name));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| Failure::output(&error))
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

fn print(out: &mut impl io::Write, text: &str) -> Result<(), Failure> {
    let done = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
    done.map_err(|error| Failure::output(&error))
}

/// Nobody may be able to read it, which is no reason to end.
fn say(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{words}");
}

fn header(text: &str) -> Result<(String, Vec<u8>), String> {
    let names = [Side::Value.header(), Side::Key.header()];
    let known = text.split_once('=').filter(|(name, _)| names.contains(name));
    let (name, digits) =
        known.ok_or_else(|| format!("expected {}=DIGITS or {}=DIGITS", names[0], names[1]))?;
    Ok((name.to_owned(), text::hex(digits)?))
}
