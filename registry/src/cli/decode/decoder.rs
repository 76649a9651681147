//! From what was given to what is printed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Cursor, Read as _, StdoutLock, Write as _};
use std::path::{Path, PathBuf};

use ottla::framing::{self, SchemaRef, Side};

use super::Options;
use super::container::{Container, MAGIC};
use super::failure::Failure;
use super::input::{self, Input};
use super::json::Json;
use super::schemas::Schemas;
use super::text::Notation;
use super::value::{write_all, write_raw_bytes};

/// Decodes what was given.
pub(super) struct Decoder<'o> {
    options: &'o Options,
    schemas: Schemas<'o>,
    json: Json,
    out: BufWriter<StdoutLock<'static>>,
    /// Where messages come from.
    name: String,
    /// What may come after a message that is a whole file: what tools print after each.
    line_end: &'static [u8],
    /// How often something went wrong that was passed over.
    failures: usize,
}

impl<'o> Decoder<'o> {
    /// Reads what is needed before the first message.
    pub(super) fn new(options: &'o Options) -> Result<Self, Failure> {
        let schemas = Schemas::new(&options.schemas)?;
        let out = BufWriter::new(io::stdout().lock());
        Ok(Self {
            options,
            schemas,
            json: Json::new(options.pretty),
            out,
            name: String::new(),
            line_end: b"",
            failures: 0,
        })
    }

    /// Decodes all of it.
    pub(super) fn all(&mut self) -> Result<(), Failure> {
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
        self.line_end = b"\n";
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
        let tolerated = if place.is_empty() { self.line_end } else { b"" };
        let raw = if is_raw { write_raw_bytes(&found.schema, body, style, &mut self.json) } else { None };
        let done = raw.unwrap_or_else(|| write_all(&found.schema, body, tolerated, style, &mut self.json));
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

fn print(out: &mut impl io::Write, text: &str) -> Result<(), Failure> {
    let done = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
    done.map_err(|error| Failure::output(&error))
}

/// Nobody may be able to read it, which is no reason to end.
fn say(words: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{words}");
}
