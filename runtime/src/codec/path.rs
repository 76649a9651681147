//! Where in a value the bytes are wrong.
//!
//! Decoders do not keep track of where they are: only an error asks, and then the bytes are walked through once more.

use std::fmt::Write as _;

use ottla_formats::avro::{Kind, Schema, TypeId};

use super::fault::Fault;
use super::reader::{Limits, Reader};

/// Steps beyond these are left out in the middle.
const SHOWN: usize = 24;

/// Keys of maps are cut to so many characters.
const KEY: usize = 32;

/// Deeper it is not looked.
const DEPTH: usize = 512;

/// The path of the value that begins at an offset, in terms of the schema that the bytes were written with.
pub(crate) fn locate(schema: &Schema, bytes: &[u8], offset: usize) -> String {
    let limits = Limits { depth: u32::MAX, memory: usize::MAX };
    let mut walk = Walk {
        schema,
        reader: Reader::with_limits(bytes, limits),
        end: bytes.len() - offset,
        path: Vec::new(),
    };
    // It ends at the value that is wrong, so with an error, or behind the last.
    let _ = walk.value(schema.root());
    let mut text = name(schema).to_owned();
    for (at, step) in walk.path.iter().enumerate() {
        if walk.path.len() <= SHOWN || at < SHOWN / 2 || at >= walk.path.len() - SHOWN / 2 {
            text.push_str(step);
        } else if at == SHOWN / 2 {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "...({} levels)...", walk.path.len() - SHOWN);
        }
    }
    text
}

/// The full name of a schema, or the word for its kind.
pub(crate) fn name(schema: &Schema) -> &str {
    let kind = schema.kind(schema.root());
    kind.name().map_or(kind.word(), |name| name.full())
}

struct Walk<'a, 's> {
    schema: &'s Schema,
    reader: Reader<'a>,
    /// How many bytes are left where the value begins.
    end: usize,
    path: Vec<String>,
}

impl Walk<'_, '_> {
    /// Nothing without bytes can be wrong, so what begins here and takes bytes is it.
    fn begin(&self) -> Result<(), Fault> {
        if self.reader.rest.len() <= self.end { Err(Fault::Plan) } else { Ok(()) }
    }

    fn within(&mut self, step: String, ty: TypeId) -> Result<(), Fault> {
        if self.path.len() >= DEPTH {
            return Err(Fault::Depth);
        }
        self.path.push(step);
        self.value(ty)?;
        self.path.pop();
        Ok(())
    }

    fn value(&mut self, ty: TypeId) -> Result<(), Fault> {
        let schema = self.schema;
        match schema.kind(ty) {
            Kind::Null => return Ok(()),
            Kind::Fixed(fixed) if fixed.size == 0 => return Ok(()),
            Kind::Record(record) => {
                for field in &record.fields {
                    self.within(format!(".{}", field.name), field.ty)?;
                }
                return Ok(());
            }
            _ => self.begin()?,
        }
        match schema.kind(ty) {
            Kind::Boolean => self.reader.boolean().map(drop),
            Kind::Int | Kind::Long | Kind::Enum(_) => self.reader.long().map(drop),
            Kind::Float => self.reader.float().map(drop),
            Kind::Double => self.reader.double().map(drop),
            Kind::Bytes | Kind::String => self.reader.bytes().map(drop),
            Kind::Fixed(fixed) => self.reader.take(fixed.size).map(drop),
            Kind::Array(item) => self.blocks(*item, false),
            Kind::Map(value) => self.blocks(*value, true),
            Kind::Union(branches) => {
                let branch = self.reader.branch(u32::try_from(branches.len()).unwrap_or(u32::MAX))?;
                self.value_of_branch(branches, branch)
            }
            Kind::Null | Kind::Record(_) => Ok(()),
        }
    }

    fn value_of_branch(&mut self, branches: &[TypeId], branch: u32) -> Result<(), Fault> {
        let ty = branches[branch as usize];
        // Of `null` and one other it is plain which.
        match self.schema.kind(ty) {
            kind if branches.len() > 2 => {
                let name = kind.name().map_or(kind.word(), |name| name.full());
                self.within(format!("<{name}>"), ty)
            }
            _ if self.path.len() >= DEPTH => Err(Fault::Depth),
            _ => self.value(ty),
        }
    }

    fn blocks(&mut self, item: TypeId, keyed: bool) -> Result<(), Fault> {
        let mut index = 0_usize;
        loop {
            self.begin()?;
            let Some(count) = self.reader.block(0, 0)? else { return Ok(()) };
            let before = self.reader.rest.len();
            for at in 0..count {
                if at > 0 && self.reader.rest.len() == before {
                    // One that takes no bytes is of a type that never does. There may be millions.
                    index += count - at;
                    break;
                }
                if keyed {
                    self.path.push(format!("[key {index}]"));
                    self.begin()?;
                    let key = String::from_utf8_lossy(self.reader.bytes()?).into_owned();
                    self.path.pop();
                    self.within(format!("[{:?}]", key.chars().take(KEY).collect::<String>()), item)?;
                } else {
                    self.within(format!("[{index}]"), item)?;
                }
                index += 1;
            }
        }
    }
}
