//! From bytes to JSON, along the schema that they were written with.
//!
//! What the bytes say is never believed: depth, counts and the length of the text have limits, and whoever gets an error
//! does not show what was written before it.

use ottla::codec::{At, Fault, Limits, Reader};
use ottla_formats::avro::{Kind, Schema, Type, TypeId};

use super::json::Json;
use super::logical::Logical;
use super::malformed::{Malformed, path};

/// How deeply values nest, so that the stack lasts.
const DEPTH: u32 = 512;

/// How long the text of a value may be, in bytes: items and fields that take no bytes could fill any disk.
const MOST_TEXT: usize = 128 << 20;

/// How values are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As people read them: logical types as text, bytes in hexadecimal digits, unions without the name of the branch.
    Plain,
    /// The same, but what logical types are on the wire.
    Raw,
    /// Avro's JSON encoding (Avro specification, "JSON Encoding").
    Avro,
}

/// Writes the value that the bytes begin with; what is left is the answer.
pub(super) fn write<'a>(
    schema: &Schema,
    bytes: &'a [u8],
    style: Style,
    json: &mut Json,
) -> Result<&'a [u8], Malformed> {
    let mut limits = Limits::default();
    limits.depth = DEPTH;
    let mut reader = Reader::with_limits(bytes, limits);
    let mut walk = Walk { schema, style, json, detail: None, path: Vec::new() };
    match walk.value(&mut reader, schema.root()) {
        Ok(()) => Ok(reader.rest()),
        Err(fault) => Err(walk.malformed(fault, bytes.len() - reader.rest().len())),
    }
}

/// The same where nothing may be left but what is tolerated.
pub(super) fn write_all(
    schema: &Schema,
    bytes: &[u8],
    tolerated: &[u8],
    style: Style,
    json: &mut Json,
) -> Result<(), Malformed> {
    let rest = write(schema, bytes, style, json)?;
    if rest.is_empty() || rest == tolerated {
        return Ok(());
    }
    let walk = Walk { schema, style, json, detail: None, path: Vec::new() };
    Err(walk.malformed(Fault::Trailing, bytes.len() - rest.len()))
}

/// Writes outermost `bytes`, which serializers write without their length. Nothing if the schema is of something else.
pub(super) fn write_raw_bytes(
    schema: &Schema,
    bytes: &[u8],
    style: Style,
    json: &mut Json,
) -> Option<Result<(), Malformed>> {
    let ty = schema.ty(schema.root());
    if !matches!(ty.kind, Kind::Bytes) {
        return None;
    }
    let mut walk = Walk { schema, style, json, detail: None, path: Vec::new() };
    let done = walk.bytes(bytes, ty);
    Some(done.map_err(|fault| walk.malformed(fault, 0)))
}

struct Walk<'s> {
    schema: &'s Schema,
    style: Style,
    json: &'s mut Json,
    detail: Option<&'static str>,
    /// The steps to the value that is wrong, the innermost first.
    path: Vec<String>,
}

impl Walk<'_> {
    fn value(&mut self, reader: &mut Reader<'_>, id: TypeId) -> Result<(), Fault> {
        if self.json.as_str().len() > MOST_TEXT {
            return Err(self.fail(Fault::Memory, "the text becomes too long"));
        }
        let schema = self.schema;
        let ty = schema.ty(id);
        match &ty.kind {
            Kind::Null => self.json.bare("null"),
            Kind::Boolean => self.json.bare(reader.boolean()?),
            Kind::Int => self.number(i64::from(reader.int()?), ty),
            Kind::Long => self.number(reader.long()?, ty),
            Kind::Float => {
                let value = reader.float()?;
                self.json.float(f64::from(value), || format!("{value:?}"));
            }
            Kind::Double => {
                let value = reader.double()?;
                self.json.float(value, || format!("{value:?}"));
            }
            Kind::Bytes => {
                let before = reader.rest();
                let bytes = reader.bytes()?;
                self.bytes(bytes, ty).inspect_err(|_| *reader = Reader::new(before))?;
            }
            Kind::Fixed(fixed) => {
                let bytes = take(reader, fixed.size)?;
                self.bytes(bytes, ty)?;
            }
            Kind::String => self.json.text(reader.str()?),
            Kind::Enum(of) => {
                let symbol = reader.symbol(count(&of.symbols))?;
                self.json.text(&of.symbols[symbol as usize]);
            }
            Kind::Array(item) => self.array(reader, *item)?,
            Kind::Map(value) => self.map(reader, *value)?,
            Kind::Union(branches) => self.union(reader, branches)?,
            Kind::Record(record) => {
                self.json.open('{');
                for field in &record.fields {
                    self.json.key(&field.name);
                    self.within(reader, field.ty, || format!(".{}", field.name))?;
                }
                self.json.close('}');
            }
        }
        Ok(())
    }

    fn within(
        &mut self,
        reader: &mut Reader<'_>,
        id: TypeId,
        step: impl FnOnce() -> String,
    ) -> Result<(), Fault> {
        let read = reader.enter().and_then(|()| self.value(reader, id));
        match read {
            Ok(()) => reader.leave(),
            Err(_) => self.path.push(step()),
        }
        read
    }

    fn number(&mut self, number: i64, ty: &Type) {
        match self.logical(ty) {
            Some(Logical::Time(text)) => self.json.text(&text(number)),
            _ => self.json.bare(number),
        }
    }

    fn bytes(&mut self, bytes: &[u8], ty: &Type) -> Result<(), Fault> {
        let text = match (self.style, self.logical(ty)) {
            // Each byte is the character of that number.
            (Style::Avro, _) => bytes.iter().map(|byte| char::from(*byte)).collect(),
            (_, Some(logical)) => match logical.of_bytes(bytes) {
                Some(text) => text,
                None => return Err(self.fail(Fault::Logical, "a big-decimal is bytes and an int")),
            },
            (_, None) => hexadecimal(bytes),
        };
        self.json.text(&text);
        Ok(())
    }

    fn logical(&self, ty: &Type) -> Option<Logical> {
        if self.style == Style::Plain { Logical::of(ty) } else { None }
    }

    fn array(&mut self, reader: &mut Reader<'_>, item: TypeId) -> Result<(), Fault> {
        self.json.open('[');
        let mut index = 0_usize;
        reader.array_at(At::DIRECT, 0, |reader, _| {
            self.json.item();
            self.within(reader, item, || format!("[{index}]"))?;
            index += 1;
            Ok(())
        })?;
        self.json.close(']');
        Ok(())
    }

    /// A map is an array of keys and values.
    fn map(&mut self, reader: &mut Reader<'_>, value: TypeId) -> Result<(), Fault> {
        self.json.open('{');
        reader.array_at(At::DIRECT, 1, |reader, _| {
            let key = reader.str()?;
            self.json.key(key);
            self.within(reader, value, || format!("[{:?}]", key.chars().take(32).collect::<String>()))
        })?;
        self.json.close('}');
        Ok(())
    }

    fn union(&mut self, reader: &mut Reader<'_>, branches: &[TypeId]) -> Result<(), Fault> {
        let branch = branches[reader.branch(count(branches))? as usize];
        let kind = self.schema.kind(branch);
        let name = kind.name().map_or(kind.word(), |name| name.full());
        // Of `null` and one other it is plain which.
        let step = || if branches.len() > 2 { format!("<{name}>") } else { String::new() };
        if self.style != Style::Avro || matches!(kind, Kind::Null) {
            return self.within(reader, branch, step);
        }
        self.json.open('{');
        self.json.key(name);
        self.within(reader, branch, step)?;
        self.json.close('}');
        Ok(())
    }

    fn fail(&mut self, fault: Fault, detail: &'static str) -> Fault {
        self.detail = Some(detail);
        fault
    }

    fn malformed(self, fault: Fault, offset: usize) -> Malformed {
        let kind = self.schema.kind(self.schema.root());
        let root = kind.name().map_or(kind.word(), |name| name.full());
        Malformed::new(fault, self.detail, path(root, &self.path), offset)
    }
}

fn count<T>(of: &[T]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

/// The next bytes. Readers themselves take numbers of them only that are known to the compiler.
fn take<'a>(reader: &mut Reader<'a>, length: usize) -> Result<&'a [u8], Fault> {
    let taken = reader.rest().get(..length).ok_or(Fault::End)?;
    for _ in 0..length / 16 {
        reader.fixed::<16>()?;
    }
    for _ in 0..length % 16 {
        reader.fixed::<1>()?;
    }
    Ok(taken)
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
