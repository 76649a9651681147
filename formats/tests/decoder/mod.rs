//! A dynamic codec, to prove plans: bytes to values by a plan or by one schema, values to bytes and to JSON.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use ottla_formats::avro::resolve::{Node, NodeId, Plan, Promotion, Skip, SkipId, Step};
use ottla_formats::avro::{Kind, Schema, TypeId};
use serde_json::{Map as JsonMap, Value as Json, json};

/// A value of some type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Int(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Bytes(Vec<u8>),
    String(String),
    Enum(u32),
    Array(Vec<Value>),
    Map(Vec<(String, Value)>),
    Record(Vec<Value>),
    Union(u32, Box<Value>),
}

pub type Result<T> = std::result::Result<T, String>;

/// Values nest no deeper, and have no more parts without bytes.
const DEPTH: usize = 100;
const EMPTY_PARTS: usize = 100_000;

/// Bytes that are being read.
pub struct Input<'b> {
    pub rest: &'b [u8],
    parts: usize,
}

impl<'b> Input<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes, parts: 0 }
    }

    fn take(&mut self, n: usize) -> Result<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or("the bytes end too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| "the bytes end too early".to_owned())
    }

    fn long(&mut self) -> Result<i64> {
        let mut bits = 0_u64;
        for at in 0..10 {
            let [byte] = self.array()?;
            if at == 9 && byte > 1 {
                break;
            }
            bits |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return Ok((bits >> 1) as i64 ^ -((bits & 1) as i64));
            }
        }
        Err("a number is too long".to_owned())
    }

    fn int(&mut self) -> Result<i32> {
        i32::try_from(self.long()?).map_err(|_| "a number is out of range".to_owned())
    }

    fn boolean(&mut self) -> Result<bool> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err("no boolean".to_owned()),
        }
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(self.long()?).map_err(|_| "a length is negative".to_owned())
    }

    fn prefixed(&mut self) -> Result<&'b [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    fn string(&mut self) -> Result<String> {
        String::from_utf8(self.prefixed()?.to_vec()).map_err(|e| e.to_string())
    }

    fn blocks(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        loop {
            let count = self.long()?;
            if count == 0 {
                return Ok(());
            }
            if count < 0 {
                self.long()?;
            }
            for _ in 0..count.unsigned_abs() {
                self.parts += 1;
                if self.parts > EMPTY_PARTS {
                    return Err("too many parts".to_owned());
                }
                item(self)?;
            }
        }
    }
}

/// Reads what a writer wrote into the reader's shape.
pub fn decode_by_plan(plan: &Plan, reader: &Schema, bytes: &[u8]) -> Result<Value> {
    let mut input = Input::new(bytes);
    let value = run(plan, plan.root(), reader, reader.root(), &mut input, 0)?;
    if input.rest.is_empty() { Ok(value) } else { Err("bytes are left".to_owned()) }
}

fn run(
    plan: &Plan,
    node: NodeId,
    reader: &Schema,
    ty: TypeId,
    input: &mut Input,
    depth: usize,
) -> Result<Value> {
    if depth > DEPTH {
        return Err("too deep".to_owned());
    }
    if plan.is_direct(node) {
        return decode(reader, ty, input, depth);
    }
    Ok(match (plan.node(node), reader.kind(ty)) {
        (Node::Enum(table), Kind::Enum(_)) => {
            Value::Enum(*table.get(input.length()?).ok_or("no such symbol")?)
        }
        (Node::Array(item), Kind::Array(item_ty)) => {
            let mut items = Vec::new();
            input.blocks(|input| {
                items.push(run(plan, item, reader, *item_ty, input, depth + 1)?);
                Ok(())
            })?;
            Value::Array(items)
        }
        (Node::Map(item), Kind::Map(item_ty)) => {
            let mut entries = Vec::new();
            input.blocks(|input| {
                let key = input.string()?;
                entries.push((key, run(plan, item, reader, *item_ty, input, depth + 1)?));
                Ok(())
            })?;
            Value::Map(entries)
        }
        (Node::Record { steps, defaults }, Kind::Record(record)) => {
            let mut fields: Vec<Option<Value>> = vec![None; record.fields.len()];
            let mut put = |at: u32, value: Value| match fields[at as usize].replace(value) {
                None => Ok(()),
                Some(_) => Err(format!("field {at} is read twice")),
            };
            for step in steps {
                match *step {
                    Step::Read { field, node } => {
                        let ty = record.fields[field as usize].ty;
                        put(field, run(plan, node, reader, ty, input, depth + 1)?)?;
                    }
                    Step::Skip(id) => skip(plan, id, input, depth + 1)?,
                }
            }
            for default in defaults.iter() {
                let mut input = Input::new(default.bytes);
                let value = decode(reader, record.fields[default.field as usize].ty, &mut input, 0)?;
                assert!(input.rest.is_empty(), "a default leaves bytes");
                put(default.field, value)?;
            }
            Value::Record(fields.into_iter().collect::<Option<_>>().ok_or("a field is not read")?)
        }
        (Node::WriterUnion(branches), _) => {
            let branch = *branches.get(input.length()?).ok_or("no such branch")?;
            run(plan, branch, reader, ty, input, depth + 1)?
        }
        (Node::ReaderUnion { branch, node }, Kind::Union(branches)) => {
            let ty = branches[branch as usize];
            Value::Union(branch, Box::new(run(plan, node, reader, ty, input, depth + 1)?))
        }
        (Node::Promote(promotion), _) => promote(promotion, input)?,
        (node, kind) => return Err(format!("{node:?} for {}", kind.word())),
    })
}

fn promote(promotion: Promotion, input: &mut Input) -> Result<Value> {
    Ok(match promotion {
        Promotion::IntToLong => Value::Long(input.int()?.into()),
        Promotion::IntToFloat => Value::Float(input.int()? as f32),
        Promotion::IntToDouble => Value::Double(input.int()?.into()),
        Promotion::LongToFloat => Value::Float(input.long()? as f32),
        Promotion::LongToDouble => Value::Double(input.long()? as f64),
        Promotion::FloatToDouble => Value::Double(f32::from_le_bytes(input.array()?).into()),
        Promotion::StringToBytes => Value::Bytes(input.prefixed()?.to_vec()),
        Promotion::BytesToString => Value::String(String::from_utf8_lossy(input.prefixed()?).into_owned()),
    })
}

fn skip(plan: &Plan, id: SkipId, input: &mut Input, depth: usize) -> Result<()> {
    if depth > DEPTH {
        return Err("too deep".to_owned());
    }
    match plan.skip(id) {
        Skip::Nothing => Ok(()),
        Skip::Varint => input.long().map(drop),
        Skip::Bytes(n) => input.take(n).map(drop),
        Skip::Prefixed => input.prefixed().map(drop),
        Skip::Array(item) => input.blocks(|input| skip(plan, item, input, depth + 1)),
        Skip::Map(item) => input.blocks(|input| {
            input.prefixed()?;
            skip(plan, item, input, depth + 1)
        }),
        Skip::Union(branches) => {
            let branch = *branches.get(input.length()?).ok_or("no such branch")?;
            skip(plan, branch, input, depth + 1)
        }
        Skip::Record(fields) => fields.iter().try_for_each(|field| skip(plan, *field, input, depth + 1)),
    }
}

/// Reads a value of one schema.
pub fn decode(schema: &Schema, ty: TypeId, input: &mut Input, depth: usize) -> Result<Value> {
    if depth > DEPTH {
        return Err("too deep".to_owned());
    }
    Ok(match schema.kind(ty) {
        Kind::Null => Value::Null,
        Kind::Boolean => Value::Boolean(input.boolean()?),
        Kind::Int => Value::Int(input.int()?),
        Kind::Long => Value::Long(input.long()?),
        Kind::Float => Value::Float(f32::from_le_bytes(input.array()?)),
        Kind::Double => Value::Double(f64::from_le_bytes(input.array()?)),
        Kind::Bytes => Value::Bytes(input.prefixed()?.to_vec()),
        Kind::String => Value::String(input.string()?),
        Kind::Fixed(f) => Value::Bytes(input.take(f.size)?.to_vec()),
        Kind::Enum(e) => match input.length()? {
            at if at < e.symbols.len() => Value::Enum(at as u32),
            _ => return Err("no such symbol".to_owned()),
        },
        Kind::Array(item) => {
            let mut items = Vec::new();
            input.blocks(|input| {
                items.push(decode(schema, *item, input, depth + 1)?);
                Ok(())
            })?;
            Value::Array(items)
        }
        Kind::Map(item) => {
            let mut entries = Vec::new();
            input.blocks(|input| {
                entries.push((input.string()?, decode(schema, *item, input, depth + 1)?));
                Ok(())
            })?;
            Value::Map(entries)
        }
        Kind::Union(branches) => {
            let at = input.length()?;
            let branch = *branches.get(at).ok_or("no such branch")?;
            Value::Union(at as u32, Box::new(decode(schema, branch, input, depth + 1)?))
        }
        Kind::Record(r) => Value::Record(
            r.fields.iter().map(|f| decode(schema, f.ty, input, depth + 1)).collect::<Result<_>>()?,
        ),
    })
}

fn put_long(n: i64, out: &mut Vec<u8>) {
    let mut rest = ((n << 1) ^ (n >> 63)) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

fn put_prefixed(bytes: &[u8], out: &mut Vec<u8>) {
    put_long(bytes.len() as i64, out);
    out.extend(bytes);
}

/// Writes a value of a type; maps sorted by key.
pub fn encode(schema: &Schema, ty: TypeId, value: &Value, out: &mut Vec<u8>) {
    match (schema.kind(ty), value) {
        (Kind::Null, Value::Null) => {}
        (_, Value::Boolean(b)) => out.push(u8::from(*b)),
        (_, Value::Int(n)) => put_long((*n).into(), out),
        (_, Value::Long(n)) => put_long(*n, out),
        (_, Value::Float(n)) => out.extend(n.to_le_bytes()),
        (_, Value::Double(n)) => out.extend(n.to_le_bytes()),
        (Kind::Fixed(_), Value::Bytes(b)) => out.extend(b),
        (_, Value::Bytes(b)) => put_prefixed(b, out),
        (_, Value::String(s)) => put_prefixed(s.as_bytes(), out),
        (_, Value::Enum(at)) => put_long((*at).into(), out),
        (Kind::Array(item), Value::Array(items)) => {
            if !items.is_empty() {
                put_long(items.len() as i64, out);
                items.iter().for_each(|i| encode(schema, *item, i, out));
            }
            out.push(0);
        }
        (Kind::Map(item), Value::Map(entries)) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            if !sorted.is_empty() {
                put_long(sorted.len() as i64, out);
                for (key, value) in sorted {
                    put_prefixed(key.as_bytes(), out);
                    encode(schema, *item, value, out);
                }
            }
            out.push(0);
        }
        (Kind::Record(r), Value::Record(fields)) => {
            r.fields.iter().zip(fields).for_each(|(f, v)| encode(schema, f.ty, v, out));
        }
        (Kind::Union(branches), Value::Union(at, value)) => {
            put_long((*at).into(), out);
            encode(schema, branches[*at as usize], value, out);
        }
        (kind, value) => panic!("{value:?} is no {}", kind.word()),
    }
}

/// The Avro JSON encoding.
pub fn to_json(schema: &Schema, ty: TypeId, value: &Value) -> Json {
    let float = |n: f64| match n {
        n if n.is_nan() => json!("NaN"),
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        n => json!(n),
    };
    match (schema.kind(ty), value) {
        (_, Value::Null) => Json::Null,
        (_, Value::Boolean(b)) => json!(b),
        (_, Value::Int(n)) => json!(n),
        (_, Value::Long(n)) => json!(n),
        (_, Value::Float(n)) => float((*n).into()),
        (_, Value::Double(n)) => float(*n),
        (_, Value::Bytes(b)) => json!(b.iter().map(|b| char::from(*b)).collect::<String>()),
        (_, Value::String(s)) => json!(s),
        (Kind::Enum(e), Value::Enum(at)) => json!(e.symbols[*at as usize]),
        (Kind::Array(item), Value::Array(items)) => {
            Json::Array(items.iter().map(|i| to_json(schema, *item, i)).collect())
        }
        (Kind::Map(item), Value::Map(entries)) => {
            Json::Object(entries.iter().map(|(k, v)| (k.clone(), to_json(schema, *item, v))).collect())
        }
        (Kind::Record(r), Value::Record(fields)) => Json::Object(
            r.fields.iter().zip(fields).map(|(f, v)| (f.name.clone(), to_json(schema, f.ty, v))).collect(),
        ),
        (Kind::Union(branches), Value::Union(at, value)) => {
            let ty = branches[*at as usize];
            let kind = schema.kind(ty);
            if matches!(kind, Kind::Null) {
                return Json::Null;
            }
            let tag = kind.name().map_or(kind.word(), |n| n.full());
            Json::Object(JsonMap::from_iter([(tag.to_owned(), to_json(schema, ty, value))]))
        }
        (kind, value) => panic!("{value:?} is no {}", kind.word()),
    }
}

/// The same JSON, whatever way its numbers are written? A float may have more digits than it needs; the bytes that are
/// compared as well are exact.
pub fn same_json(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            a == b || a.as_f64().map(|a| a as f32) == b.as_f64().map(|b| b as f32)
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_json(a, b)))
        }
        _ => a == b,
    }
}
