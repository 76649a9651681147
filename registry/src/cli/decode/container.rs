//! Avro object container files (Avro specification, "Object Container Files"): a header with the schema, and blocks of
//! objects.

use std::io::{BufRead, Read as _};

use ottla_formats::avro::{Mode, Schema, parse};

use super::codec::Codec;
use super::failure::Failure;
use super::json::Json;
use super::schemas::name;
use super::value::{Style, write};

/// What files begin with.
pub(super) const MAGIC: [u8; 4] = *b"Obj\x01";

/// How long a block may be, compressed or not, in bytes.
const MOST_BLOCK: usize = 256 << 20;

/// How long a key or value of the header may be, and how many there may be.
const MOST_HEADER: usize = 32 << 20;
const MOST_ENTRIES: usize = 1000;

/// So many objects without a byte may be in a block.
const MOST_EMPTY: usize = 1 << 20;

/// A file being read.
pub(super) struct Container<'s> {
    source: &'s mut dyn BufRead,
    /// Where the next byte is.
    at: u64,
    schema: Schema,
    codec: Codec,
    sync: [u8; 16],
    /// Objects that were read.
    objects: u64,
}

impl<'s> Container<'s> {
    /// Reads the header, from behind [`MAGIC`].
    pub(super) fn open(source: &'s mut dyn BufRead) -> Result<Self, Failure> {
        let mut bytes = Bytes { source, at: MAGIC.len() as u64 };
        let (mut schema, mut codec) = (None, Codec::Null);
        let mut entries = 0;
        loop {
            let count = match bytes.long()? {
                0 => break,
                // The size of the entries follows.
                negative @ ..0 => bytes.long().map(|_| negative.unsigned_abs())?,
                count => count.unsigned_abs(),
            };
            for _ in 0..count {
                entries += 1;
                if entries > MOST_ENTRIES {
                    return Err(Failure::file(format!("the header has more than {MOST_ENTRIES} entries")));
                }
                let key = bytes.prefixed("a key of the header")?;
                let value = bytes.prefixed("a value of the header")?;
                match key.as_slice() {
                    b"avro.schema" => schema = Some(value),
                    b"avro.codec" => codec = Codec::named(&value).map_err(Failure::file)?,
                    _ => {}
                }
            }
        }
        let sync = bytes.array()?;
        let schema = schema.ok_or_else(|| Failure::file("the header has no schema (avro.schema)"))?;
        let schema = std::str::from_utf8(&schema)
            .map_err(|_| Failure::file("the schema of the header is not text"))?;
        let schema = parse(schema, Mode::Lookup)
            .map_err(|error| Failure::file(format!("the schema of the header: {error}")))?;
        Ok(Self { source: bytes.source, at: bytes.at, schema, codec, sync, objects: 0 })
    }

    /// What it is, for people.
    pub(super) fn words(&self) -> String {
        format!("a container file of {}, codec {}", name(&self.schema), self.codec.name())
    }

    /// Writes the objects of the next block, each of which is given to `each`. False at the end of the file.
    pub(super) fn block(
        &mut self,
        style: Style,
        json: &mut Json,
        each: &mut dyn FnMut(&str) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        if self.source.fill_buf().map_err(Failure::file)?.is_empty() {
            return Ok(false);
        }
        let place = format!("the block at byte {}", self.at);
        let (count, block) = self.read_block().map_err(|failure| failure.at(&place))?;
        let mut rest = block.as_slice();
        for _ in 0..count {
            json.clear();
            let before = block.len() - rest.len();
            self.objects += 1;
            rest = write(&self.schema, rest, style, json).map_err(|malformed| {
                let within = if self.codec == Codec::Null { "" } else { " (decompressed)" };
                let object = self.objects;
                Failure::file(format!("object {object}, in {place}{within}: {}", malformed.after(before)))
            })?;
            each(json.as_str())?;
        }
        match rest.len() {
            0 => Ok(true),
            left => Err(Failure::file(format!("{left} bytes are left after its last object")).at(place)),
        }
    }

    /// How many objects the next block has, and their bytes.
    fn read_block(&mut self) -> Result<(usize, Vec<u8>), Failure> {
        let mut bytes = Bytes { source: self.source, at: self.at };
        let count = bytes.long()?;
        let size = bytes.long()?;
        let count = usize::try_from(count).map_err(|_| Failure::file(format!("it has {count} objects")))?;
        let size = usize::try_from(size).map_err(|_| Failure::file(format!("its size is {size} bytes")))?;
        if size > MOST_BLOCK {
            return Err(Failure::file(format!("its size is {size} bytes, more than {MOST_BLOCK}")));
        }
        let block = bytes.take(size, "it")?;
        let (sync, at) = (bytes.array::<16>()?, bytes.at);
        self.at = at;
        if sync != self.sync {
            return Err(Failure::file("it does not end with the sync marker of the file"));
        }
        let block = self.codec.decompress(block, MOST_BLOCK).map_err(Failure::file)?;
        if count > block.len().saturating_add(MOST_EMPTY) {
            return Err(Failure::file(format!("it has {count} objects in {} bytes", block.len())));
        }
        Ok((count, block))
    }
}

/// Bytes of a file, counted.
struct Bytes<'s> {
    source: &'s mut dyn BufRead,
    at: u64,
}

impl Bytes<'_> {
    /// So many bytes. Room is made as they come.
    fn take(&mut self, length: usize, what: &str) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        (&mut self.source).take(length as u64).read_to_end(&mut bytes).map_err(Failure::file)?;
        if bytes.len() < length {
            let end = self.at + bytes.len() as u64;
            return Err(Failure::file(format!("the file ends at byte {end}, within {what}")));
        }
        self.at += length as u64;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let bytes = self.take(N, if N == 1 { "a number" } else { "a sync marker" })?;
        bytes.try_into().map_err(|_| Failure::file("the file ends"))
    }

    fn long(&mut self) -> Result<i64, Failure> {
        let mut number = Vec::with_capacity(10);
        while number.len() < 10 {
            let [byte] = self.array()?;
            number.push(byte);
            if byte < 0x80 {
                break;
            }
        }
        let at = self.at - number.len() as u64;
        ottla::codec::Reader::new(&number).long().map_err(|e| Failure::file(format!("byte {at}: {e}")))
    }

    fn prefixed(&mut self, what: &str) -> Result<Vec<u8>, Failure> {
        let length = self.long()?;
        match usize::try_from(length) {
            Ok(length) if length <= MOST_HEADER => self.take(length, what),
            _ => Err(Failure::file(format!("{what} has {length} bytes"))),
        }
    }
}
