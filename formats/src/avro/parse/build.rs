//! From a JSON value to the model.

use std::collections::{HashMap, HashSet};

use super::error::Mistake;
use super::names::{check_full_name, check_name};
use super::{MAX_TYPES, Mode};
use crate::avro::default::suits;
use crate::avro::equivalence::{same_attributes, same_default};
use crate::avro::print::text_of_type;
use crate::avro::{Attributes, Enum, Field, Fixed, Kind, Name, Order, Record, Schema, Type, TypeId};
use crate::json::{Number, Value};

/// How large a fixed may be: Java cannot hold a longer array.
const MAX_FIXED: i64 = 2_147_483_639;

/// Attributes of types with a meaning of their own; they are nowhere kept as further attributes.
const TYPE_WORDS: [&str; 10] =
    ["aliases", "doc", "fields", "items", "name", "namespace", "size", "symbols", "type", "values"];

/// The same for fields.
const FIELD_WORDS: [&str; 6] = ["aliases", "default", "doc", "name", "order", "type"];

type Result<T> = std::result::Result<T, Mistake>;

/// Builds the model of a schema.
pub(super) fn build(value: &Value, mode: Mode, references: &[&Schema]) -> Result<Schema> {
    let mut builder = Builder {
        mode,
        types: Vec::new(),
        names: HashMap::new(),
        forward: Vec::new(),
        open: HashSet::new(),
        defaults: Vec::new(),
    };
    for reference in references {
        builder.import(reference)?;
    }
    if let Value::String(name) = value
        && primitive(name).is_none()
        && builder.find(name, None).is_none()
    {
        let message = "Unknown schema: org.apache.avro.compiler.UnresolvedSchema_1";
        return Err(Mistake::new(message, "the name of a primitive or referenced type"));
    }
    let root = builder.ty(value, None)?;
    builder.finish(root, value)
}

struct Builder {
    mode: Mode,
    types: Vec<Type>,
    /// Full name -> type.
    names: HashMap<String, TypeId>,
    /// Names that were used before they were defined.
    forward: Vec<Forward>,
    /// Named types whose definition has begun and not ended.
    open: HashSet<TypeId>,
    /// Default values that cannot be judged before those names are known.
    defaults: Vec<(String, TypeId, Value)>,
}

struct Forward {
    /// The entry that stands for it meanwhile.
    entry: TypeId,
    name: String,
    namespace: Option<String>,
}

fn primitive(word: &str) -> Option<Kind> {
    Some(match word {
        "null" => Kind::Null,
        "boolean" => Kind::Boolean,
        "int" => Kind::Int,
        "long" => Kind::Long,
        "float" => Kind::Float,
        "double" => Kind::Double,
        "bytes" => Kind::Bytes,
        "string" => Kind::String,
        _ => return None,
    })
}

fn text_of<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

impl Builder {
    fn push(&mut self, kind: Kind, attributes: Attributes) -> Result<TypeId> {
        let id = u32::try_from(self.types.len()).ok().filter(|&n| (n as usize) < MAX_TYPES).map(TypeId);
        let Some(id) = id else {
            return Err(Mistake::new(format!("Schema has more than {MAX_TYPES} types"), "fewer types"));
        };
        self.types.push(Type { kind, attributes, referenced: false });
        Ok(id)
    }

    /// Makes the types of a referenced schema known.
    fn import(&mut self, schema: &Schema) -> Result<()> {
        let mut moved: Vec<TypeId> = Vec::with_capacity(schema.types.len());
        let first = self.types.len();
        for ty in &schema.types {
            // A type that is known from an earlier reference keeps its entry.
            let known = ty.kind.name().and_then(|name| self.names.get(name.full()));
            let id = match known {
                Some(id) => *id,
                None => {
                    let id = self.push(ty.kind.clone(), ty.attributes.clone())?;
                    self.types[id.0 as usize].referenced = true;
                    id
                }
            };
            moved.push(id);
        }
        for ty in &mut self.types[first..] {
            move_types(&mut ty.kind, |id| moved[id.0 as usize]);
        }
        for (at, ty) in self.types.iter().enumerate().skip(first) {
            if let Some(name) = ty.kind.name() {
                self.names.insert(name.full().to_owned(), TypeId(at as u32));
            }
        }
        Ok(())
    }

    /// A known type, by the name that stands in a schema. A name that means nothing in its namespace may be that of
    /// a type without one, as far as that is complete.
    fn find(&self, name: &str, namespace: Option<&str>) -> Option<TypeId> {
        let complete = |id: &&TypeId| !self.open.contains(id);
        self.find_qualified(name, namespace).or_else(|| self.names.get(name).filter(complete).copied())
    }

    fn find_qualified(&self, name: &str, namespace: Option<&str>) -> Option<TypeId> {
        let qualified = Name::resolve(name, None, namespace);
        if name.starts_with('.') { None } else { self.names.get(qualified.full()).copied() }
    }

    fn ty(&mut self, value: &Value, namespace: Option<&str>) -> Result<TypeId> {
        match value {
            Value::String(name) => self.by_name(name, namespace),
            Value::Object(_) => self.defined(value, namespace),
            Value::Array(branches) => self.union(value, branches, namespace),
            other => Err(Mistake::new(
                format!("Schema not yet supported: {}", other.to_text()),
                "a schema: a name, an object or a list of branches",
            )),
        }
    }

    fn by_name(&mut self, name: &str, namespace: Option<&str>) -> Result<TypeId> {
        if let Some(kind) = primitive(name) {
            return self.push(kind, Vec::new());
        }
        if let Some(id) = self.find(name, namespace) {
            return Ok(id);
        }
        let entry = self.push(Kind::Null, Vec::new())?;
        let namespace = namespace.map(str::to_owned);
        self.forward.push(Forward { entry, name: name.to_owned(), namespace });
        Ok(entry)
    }

    fn union(&mut self, value: &Value, branches: &[Value], namespace: Option<&str>) -> Result<TypeId> {
        let mut ids = Vec::with_capacity(branches.len());
        let mut seen = HashSet::new();
        for (at, branch) in branches.iter().enumerate() {
            let id = self.ty(branch, namespace).map_err(|m| m.within(at.to_string()))?;
            let forward = self.forward.iter().any(|f| f.entry == id);
            if matches!(self.types[id.0 as usize].kind, Kind::Union(_)) {
                let message = format!("Nested union: {}", value.to_text());
                return Err(Mistake::new(message, "a branch that is no union").within(at.to_string()));
            }
            if !forward && !seen.insert(self.branch_name(id)) {
                let message = format!("Duplicate in union:{}", self.branch_name(id));
                return Err(Mistake::new(message, "branches of different types").within(at.to_string()));
            }
            ids.push(id);
        }
        self.push(Kind::Union(ids), Vec::new())
    }

    fn branch_name(&self, id: TypeId) -> String {
        let kind = &self.types[id.0 as usize].kind;
        kind.name().map_or(kind.word(), |n| n.full()).to_owned()
    }

    fn defined(&mut self, value: &Value, namespace: Option<&str>) -> Result<TypeId> {
        let Some(word) = text_of(value, "type") else {
            return Err(Mistake::new(
                format!("No type: {}", value.to_text()),
                "a member \"type\" with a name",
            ));
        };
        let attributes = || further(value, |key| TYPE_WORDS.contains(&key));
        if let Some(kind) = primitive(word) {
            return self.push(kind, attributes());
        }
        match word {
            "record" | "error" => self.record(value, namespace, word == "error"),
            "enum" => self.enumeration(value, namespace),
            "fixed" => self.fixed(value, namespace),
            "array" => {
                let items = self.inner(value, "items", "Array has no items type", namespace)?;
                self.push(Kind::Array(items), attributes())
            }
            "map" => {
                let values = self.inner(value, "values", "Map has no values type", namespace)?;
                self.push(Kind::Map(values), attributes())
            }
            // `{"type": "Name"}` for a reference: releases differ, a registry takes it.
            name => self.by_name(name, namespace).map_err(|m| m.within("type")),
        }
    }

    fn inner(&mut self, value: &Value, key: &str, missing: &str, namespace: Option<&str>) -> Result<TypeId> {
        let Some(inner) = value.get(key) else {
            return Err(Mistake::new(format!("{missing}: {}", value.to_text()), "the type of what it holds"));
        };
        self.ty(inner, namespace).map_err(|m| m.within(key))
    }

    /// The name and what belongs to every named type.
    fn named(&self, value: &Value, namespace: Option<&str>) -> Result<(Name, Option<String>)> {
        let Some(simple) = text_of(value, "name") else {
            let message = format!("No name in schema: {}", value.to_text());
            return Err(Mistake::new(message, "a member \"name\" with a text"));
        };
        let name = Name::resolve(simple, text_of(value, "namespace"), namespace);
        check_full_name(&name, self.mode).map_err(|m| m.within("name"))?;
        if primitive(name.full()).is_some() {
            let message = format!("Schemas may not be named after primitives: {name}");
            return Err(Mistake::new(message, "another name").within("name"));
        }
        Ok((name, text_of(value, "doc").map(str::to_owned)))
    }

    fn aliases(&self, value: &Value, name: &Name) -> Result<Vec<Name>> {
        let mut aliases: Vec<Name> = Vec::new();
        for (at, text) in alias_texts(value)?.into_iter().enumerate() {
            let alias = Name::resolve(text, None, name.namespace());
            if self.mode != Mode::Lookup {
                check_name(alias.simple(), self.mode)
                    .map_err(|m| m.within(at.to_string()).within("aliases"))?;
            }
            if !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        Ok(aliases)
    }

    /// Enters a named type, so that what is in it can refer to it.
    fn define(&mut self, name: &Name) -> Result<(TypeId, Option<TypeId>)> {
        let known = self.names.get(name.full()).copied().filter(|id| !self.types[id.0 as usize].referenced);
        let id = self.push(Kind::Null, Vec::new())?;
        if known.is_none() {
            self.names.insert(name.full().to_owned(), id);
            self.open.insert(id);
        }
        Ok((id, known))
    }

    /// Completes a named type. A second definition has to be equal to the first, and is dropped for it.
    fn complete(
        &mut self,
        id: TypeId,
        known: Option<TypeId>,
        kind: Kind,
        attributes: Attributes,
    ) -> Result<TypeId> {
        let name = kind.name().map(|n| n.full().to_owned()).unwrap_or_default();
        let entry = &mut self.types[id.0 as usize];
        entry.kind = kind;
        entry.attributes = attributes;
        self.open.remove(&id);
        let Some(first) = known else { return Ok(id) };
        if !self.open.contains(&first) && self.same(first, id, &mut HashSet::new()) {
            return Ok(first);
        }
        Err(Mistake::new(format!("Can't redefine: {name}"), "a definition equal to the first"))
    }

    fn record(&mut self, value: &Value, namespace: Option<&str>, is_error: bool) -> Result<TypeId> {
        let (name, doc) = self.named(value, namespace)?;
        let (id, known) = self.define(&name)?;
        // The fields see the record before it is complete: an unfinished second definition is no other type.
        let Some(list) = value.get("fields").and_then(Value::as_array) else {
            let message = format!("Record has no fields: {}", value.to_text());
            return Err(Mistake::new(message, "a member \"fields\" with a list"));
        };
        let head = Record { name: name.clone(), aliases: Vec::new(), doc, is_error, fields: Vec::new() };
        self.types[id.0 as usize].kind = Kind::Record(head.clone());
        let mut fields: Vec<Field> = Vec::with_capacity(list.len());
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (at, item) in list.iter().enumerate() {
            let within = |m: Mistake| m.within(at.to_string()).within("fields");
            let field = self.field(item, name.namespace()).map_err(within)?;
            let key = text_of(item, "name").unwrap_or_default();
            if let Some(first) = places.insert(key, at) {
                let ty = |f: &Field| self.types[f.ty.0 as usize].kind.word().to_uppercase();
                let message = format!(
                    "Duplicate field {key} in record {name}: {key} type:{} pos:{at} and {key} type:{} pos:{first}.",
                    ty(&field),
                    ty(&fields[first]),
                );
                return Err(within(Mistake::new(message, "another field name").within("name")));
            }
            fields.push(field);
        }
        let attributes = further(value, |key| TYPE_WORDS.contains(&key));
        let aliases = self.aliases(value, &name)?;
        self.complete(id, known, Kind::Record(Record { fields, aliases, ..head }), attributes)
    }

    fn field(&mut self, value: &Value, namespace: Option<&str>) -> Result<Field> {
        let Some(name) = text_of(value, "name") else {
            let message = format!("No field name: {}", value.to_text());
            return Err(Mistake::new(message, "a member \"name\" with a text"));
        };
        let Some(ty) = value.get("type") else {
            let message = format!("No field type: {}", value.to_text());
            return Err(Mistake::new(message, "a member \"type\" with a schema"));
        };
        let ty = self.ty(ty, namespace).map_err(|m| m.within("type"))?;
        let order = order(value)?;
        let kind = &self.types[ty.0 as usize].kind;
        let default = match value.get("default") {
            Some(Value::String(text)) if matches!(kind, Kind::Float | Kind::Double) => Some(number(text)?),
            other => other.cloned(),
        };
        check_name(name, self.mode).map_err(|m| m.within("name"))?;
        if let Some(default) = default.as_ref().filter(|_| self.mode.checks_defaults()) {
            if self.forward.is_empty() {
                self.check_default(name, ty, default).map_err(|m| m.within("default"))?;
            } else {
                self.defaults.push((name.to_owned(), ty, default.clone()));
            }
        }
        let aliases = alias_texts(value)?.into_iter().map(str::to_owned).collect();
        Ok(Field {
            name: name.to_owned(),
            aliases,
            doc: text_of(value, "doc").map(str::to_owned),
            ty,
            default,
            order,
            attributes: further(value, |key| FIELD_WORDS.contains(&key)),
        })
    }

    fn enumeration(&mut self, value: &Value, namespace: Option<&str>) -> Result<TypeId> {
        let (name, doc) = self.named(value, namespace)?;
        let (id, known) = self.define(&name)?;
        let Some(list) = value.get("symbols").and_then(Value::as_array) else {
            let message = format!("Enum has no symbols: {}", value.to_text());
            return Err(Mistake::new(message, "a member \"symbols\" with a list of names"));
        };
        let mut symbols = Vec::with_capacity(list.len());
        let mut seen = HashSet::new();
        for (at, symbol) in list.iter().enumerate() {
            let within = |m: Mistake| m.within(at.to_string()).within("symbols");
            let symbol = symbol
                .as_str()
                .ok_or_else(|| within(Mistake::new("Null name", "a symbol: a name as text")))?;
            check_name(symbol, self.mode).map_err(within)?;
            if !seen.insert(symbol) {
                let message = format!("Duplicate enum symbol: {symbol}");
                return Err(within(Mistake::new(message, "different symbols")));
            }
            symbols.push(symbol.to_owned());
        }
        let default = text_of(value, "default").map(str::to_owned);
        if let Some(default) = default.as_ref().filter(|d| !seen.contains(d.as_str())) {
            let message = format!(
                "The Enum Default: {default} is not in the enum symbol set: [{}]",
                symbols.join(", ")
            );
            return Err(Mistake::new(message, "one of the symbols").within("default"));
        }
        let attributes = further(value, |key| key == "default" || TYPE_WORDS.contains(&key));
        let aliases = self.aliases(value, &name)?;
        self.complete(id, known, Kind::Enum(Enum { name, aliases, doc, symbols, default }), attributes)
    }

    fn fixed(&mut self, value: &Value, namespace: Option<&str>) -> Result<TypeId> {
        let (name, doc) = self.named(value, namespace)?;
        let (id, known) = self.define(&name)?;
        let size = match value.get("size") {
            Some(Value::Number(Number::Int(size))) if i32::try_from(*size).is_ok() => *size,
            _ => {
                let message = format!("Invalid or no size: {}", value.to_text());
                return Err(Mistake::new(message, "a member \"size\" with a number of bytes"));
            }
        };
        if !(0..=MAX_FIXED).contains(&size) {
            let what = if size < 0 { "Length is negative" } else { "Length is too large" };
            let message = format!("Malformed data. {what}: {size}");
            return Err(Mistake::new(message, "a number from 0 to 2147483639").within("size"));
        }
        let attributes = further(value, |key| TYPE_WORDS.contains(&key));
        let aliases = self.aliases(value, &name)?;
        self.complete(id, known, Kind::Fixed(Fixed { name, aliases, doc, size: size as usize }), attributes)
    }
}

/// The attributes that the specification does not name.
fn further(value: &Value, known: impl Fn(&str) -> bool) -> Attributes {
    let members = value.as_object().unwrap_or_default();
    members.iter().filter(|(key, _)| !known(key)).cloned().collect()
}

fn alias_texts(value: &Value) -> Result<Vec<&str>> {
    let Some(aliases) = value.get("aliases") else { return Ok(Vec::new()) };
    let Some(list) = aliases.as_array() else {
        let message = format!("aliases not an array: {}", value.to_text());
        return Err(Mistake::new(message, "a list of names").within("aliases"));
    };
    let text = |(at, alias): (usize, &'_ Value)| -> Result<()> {
        if alias.as_str().is_some() {
            return Ok(());
        }
        let message = format!("alias not a string: {}", alias.to_text());
        Err(Mistake::new(message, "a name as text").within(at.to_string()).within("aliases"))
    };
    list.iter().enumerate().try_for_each(text)?;
    Ok(list.iter().filter_map(Value::as_str).collect())
}

fn order(value: &Value) -> Result<Order> {
    let expected = "\"ascending\", \"descending\" or \"ignore\"";
    let Some(order) = value.get("order") else { return Ok(Order::Ascending) };
    let Some(text) = order.as_str() else {
        let message = format!("No enum constant org.apache.avro.Schema.Field.Order.{}", order.to_text());
        return Err(Mistake::new(message, expected).within("order"));
    };
    match text.to_uppercase().as_str() {
        "ASCENDING" => Ok(Order::Ascending),
        "DESCENDING" => Ok(Order::Descending),
        "IGNORE" => Ok(Order::Ignore),
        other => {
            let message = format!("No enum constant org.apache.avro.Schema.Field.Order.{other}");
            Err(Mistake::new(message, expected).within("order"))
        }
    }
}

/// A text where a float or double is due: Java reads the number in it.
fn number(text: &str) -> Result<Value> {
    let trimmed = text.trim();
    let value = match trimmed.trim_start_matches(['+', '-']) {
        "NaN" => Some(f64::NAN),
        "Infinity" if trimmed.starts_with('-') => Some(f64::NEG_INFINITY),
        "Infinity" => Some(f64::INFINITY),
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => trimmed.parse().ok(),
        _ => None,
    };
    match value {
        Some(value) => Ok(Value::Number(Number::Double(value))),
        None if trimmed.is_empty() => Err(Mistake::new("empty String", "a number").within("default")),
        None => Err(Mistake::new(format!("For input string: \"{text}\""), "a number").within("default")),
    }
}

fn move_types(kind: &mut Kind, to: impl Fn(TypeId) -> TypeId) {
    match kind {
        Kind::Array(id) | Kind::Map(id) => *id = to(*id),
        Kind::Union(ids) => ids.iter_mut().for_each(|id| *id = to(*id)),
        Kind::Record(record) => record.fields.iter_mut().for_each(|f| f.ty = to(f.ty)),
        _ => {}
    }
}

impl Builder {
    /// Resolves what was used before it was defined, and checks default values.
    fn finish(mut self, root: TypeId, value: &Value) -> Result<Schema> {
        let mut moved: HashMap<TypeId, TypeId> = HashMap::new();
        for forward in std::mem::take(&mut self.forward) {
            let Some(id) = self.find_qualified(&forward.name, forward.namespace.as_deref()) else {
                let qualified = Name::resolve(&forward.name, None, forward.namespace.as_deref());
                let name = if forward.name.starts_with('.') { &forward.name } else { qualified.full() };
                let path = path_to(value, &forward.name);
                let mistake =
                    Mistake::new(format!("Undefined schema: {name}"), "the name of a type that is defined");
                return Err(path.into_iter().fold(mistake, Mistake::within));
            };
            moved.insert(forward.entry, id);
        }
        if !moved.is_empty() {
            for ty in &mut self.types {
                move_types(&mut ty.kind, |id| moved.get(&id).copied().unwrap_or(id));
            }
            self.check_unions()?;
        }
        let root = moved.get(&root).copied().unwrap_or(root);
        for (name, ty, default) in std::mem::take(&mut self.defaults) {
            self.check_default(&name, moved.get(&ty).copied().unwrap_or(ty), &default)?;
        }
        Ok(Schema { types: self.types, root })
    }

    fn check_default(&self, field: &str, ty: TypeId, default: &Value) -> Result<()> {
        if suits(&self.types, ty, default) {
            return Ok(());
        }
        let schema = text_of_type(&self.types, ty);
        let message = format!("Invalid default for field {field}: {} not a {schema}", default.to_text());
        Err(Mistake::new(message, "a value of the field's type"))
    }

    fn check_unions(&self) -> Result<()> {
        for ty in &self.types {
            let Kind::Union(branches) = &ty.kind else { continue };
            let mut seen = HashSet::new();
            for branch in branches {
                let name = self.branch_name(*branch);
                if !seen.insert(name.clone()) {
                    return Err(Mistake::new(
                        format!("Duplicate in union:{name}"),
                        "branches of different types",
                    ));
                }
            }
        }
        Ok(())
    }

    /// Are two definitions the same, as Java's `Schema.equals` sees it? Docs, aliases and enum defaults do not count.
    fn same(&self, a: TypeId, b: TypeId, met: &mut HashSet<(TypeId, TypeId)>) -> bool {
        if a == b || !met.insert((a, b)) {
            return true;
        }
        let (x, y) = (&self.types[a.0 as usize], &self.types[b.0 as usize]);
        same_attributes(&x.attributes, &y.attributes)
            && match (&x.kind, &y.kind) {
                (Kind::Array(i), Kind::Array(j)) | (Kind::Map(i), Kind::Map(j)) => self.same(*i, *j, met),
                (Kind::Union(i), Kind::Union(j)) => {
                    i.len() == j.len() && i.iter().zip(j).all(|(i, j)| self.same(*i, *j, met))
                }
                (Kind::Enum(i), Kind::Enum(j)) => i.name == j.name && i.symbols == j.symbols,
                (Kind::Fixed(i), Kind::Fixed(j)) => i.name == j.name && i.size == j.size,
                (Kind::Record(i), Kind::Record(j)) => {
                    i.name == j.name
                        && i.fields.len() == j.fields.len()
                        && i.fields.iter().zip(&j.fields).all(|(i, j)| {
                            i.name == j.name
                                && i.order == j.order
                                && same_default(&i.default, &j.default)
                                && same_attributes(&i.attributes, &j.attributes)
                                && self.same(i.ty, j.ty, met)
                        })
                }
                (i, j) => i.name().is_none() && j.name().is_none() && i.word() == j.word(),
            }
    }
}

/// The steps to the first use of a name, from the inside out.
fn path_to(value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Array(elements) => elements.iter().enumerate().find_map(|(at, element)| {
            let mut path = uses(element, name)?;
            path.push(at.to_string());
            Some(path)
        }),
        Value::Object(_) => uses(value, name),
        _ => None,
    }
    .unwrap_or_default()
}

fn uses(value: &Value, name: &str) -> Option<Vec<String>> {
    match value {
        Value::String(text) => (text == name).then(Vec::new),
        Value::Array(elements) => elements.iter().enumerate().find_map(|(at, element)| {
            let mut path = uses(element, name)?;
            path.push(at.to_string());
            Some(path)
        }),
        Value::Object(members) => {
            let holds_types = |key: &str| matches!(key, "type" | "items" | "values" | "fields");
            members.iter().filter(|(key, _)| holds_types(key)).find_map(|(key, member)| {
                let mut path = uses(member, name)?;
                path.push(key.clone());
                Some(path)
            })
        }
        _ => None,
    }
}
