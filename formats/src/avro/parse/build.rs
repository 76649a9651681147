//! From a JSON value to the model.
//!
//! Schemas within schemas are kept on a stack of their own, so no text can overflow the thread's; where something is
//! wrong, the stack is the path to it.

use super::error::Mistake;
use super::fields::{Deferred, Fields};
use super::scope::{Scope, primitive};
use super::{Mode, parts};
use crate::avro::default::Judge;
use crate::avro::seen::Seen;
use crate::avro::{Attributes, Kind, Record, Schema, TypeId};
use crate::json::Value;

/// Attributes of types with a meaning of their own; they are nowhere kept as further attributes.
const TYPE_WORDS: [&str; 10] =
    ["aliases", "doc", "fields", "items", "name", "namespace", "size", "symbols", "type", "values"];

type Result<T> = std::result::Result<T, Mistake>;

/// Builds the model of a schema. Also says whether names were used before they were defined.
pub(super) fn build(value: &Value<'_>, mode: Mode, references: &[&Schema]) -> Result<(Schema, bool)> {
    match Builder::new(mode).read(value, references) {
        Ok(built) => Ok(built),
        Err(Failure::Here(mistake)) => Err(mistake),
        // What is found at the end has lost its place: it is found again on the way there.
        Err(Failure::Late(mark, mistake)) => {
            let mut again = Builder::new(mode);
            again.wanted = Some((mark, mistake));
            match again.read(value, references) {
                Err(Failure::Here(mistake) | Failure::Late(_, mistake)) => Err(mistake),
                Ok(built) => Ok(built),
            }
        }
    }
}

/// Why there is no schema.
enum Failure {
    /// With the path to it.
    Here(Mistake),
    /// With the mark of its place.
    Late(usize, Mistake),
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        Self::Here(mistake)
    }
}

pub(super) struct Builder<'v> {
    pub(super) mode: Mode,
    pub(super) scope: Scope,
    /// The schemas that have begun, from the outermost on.
    open: Vec<Open<'v>>,
    pub(super) judge: Judge,
    pub(super) defaults: Vec<Deferred>,
    /// How many places were marked.
    marks: usize,
    /// What is wrong at a marked place.
    wanted: Option<(usize, Mistake)>,
}

/// A schema that has begun.
struct Open<'v> {
    value: &'v Value<'v>,
    /// The record that it stands in.
    enclosing: Option<TypeId>,
    rest: Rest<'v>,
}

/// What is left to read of it.
pub(super) enum Rest<'v> {
    Branches { branches: &'v [Value<'v>], read: Vec<TypeId> },
    Items,
    Values,
    Fields(Fields<'v>),
}

impl<'v> Builder<'v> {
    fn new(mode: Mode) -> Self {
        Self {
            mode,
            scope: Scope::default(),
            open: Vec::new(),
            judge: Judge::new(),
            defaults: Vec::new(),
            marks: 0,
            wanted: None,
        }
    }

    fn read(
        mut self,
        value: &'v Value<'v>,
        references: &[&Schema],
    ) -> std::result::Result<(Schema, bool), Failure> {
        for reference in references {
            self.scope.import(reference)?;
        }
        if let Value::String(name) = value
            && primitive(name).is_none()
            && self.scope.find(name, None).is_none()
        {
            let message = "Unknown schema: org.apache.avro.compiler.UnresolvedSchema_1";
            let mistake = Mistake::new(message, "the name of a primitive or referenced type");
            return Err(mistake.told(format!("Unknown schema: {name}")).into());
        }
        let root = self.walk(value).map_err(|mistake| self.located(mistake))?;
        let looks_ahead = self.scope.expects();
        let moved = self.scope.settle().map_err(|(mark, mistake)| Failure::Late(mark, mistake))?;
        let moved = |ty: TypeId| moved.get(&ty).copied().unwrap_or(ty);
        for Deferred { field, ty, value, mark } in std::mem::take(&mut self.defaults) {
            self.check_default(&field, moved(ty), &value).map_err(|mistake| Failure::Late(mark, mistake))?;
        }
        let root = moved(root);
        Ok((Schema { types: self.scope.types, root }, looks_ahead))
    }

    fn walk(&mut self, value: &'v Value<'v>) -> Result<TypeId> {
        let mut done = self.enter(value, None)?;
        loop {
            done = match done {
                Some(id) if self.open.is_empty() => return Ok(id),
                Some(id) => self.receive(id)?,
                None => self.advance()?,
            };
        }
    }

    /// Adds the way from the outermost schema to the innermost that has begun.
    fn located(&self, mistake: Mistake) -> Mistake {
        self.open.iter().rev().fold(mistake, |mistake, open| match &open.rest {
            Rest::Branches { read, .. } => mistake.within(read.len()),
            Rest::Items => mistake.within("items"),
            Rest::Values => mistake.within("values"),
            Rest::Fields(fields) => fields.within(mistake),
        })
    }

    pub(super) fn innermost(&mut self) -> Option<&mut Rest<'v>> {
        self.open.last_mut().map(|open| &mut open.rest)
    }

    /// Marks a place for what can only be told later.
    pub(super) fn mark(&mut self) -> Result<usize> {
        let mark = self.marks;
        self.marks += 1;
        match self.wanted.take_if(|(wanted, _)| *wanted == mark) {
            Some((_, mistake)) => Err(mistake),
            None => Ok(mark),
        }
    }

    /// Begins a schema: the answer is its type if nothing else is inside.
    fn enter(&mut self, value: &'v Value<'v>, enclosing: Option<TypeId>) -> Result<Option<TypeId>> {
        match value {
            Value::String(name) => self.by_name(name, enclosing).map(Some),
            Value::Object(_) => self.defined(value, enclosing),
            Value::Array(branches) => {
                let rest = Rest::Branches { branches, read: Vec::with_capacity(branches.len()) };
                self.open.push(Open { value, enclosing, rest });
                Ok(None)
            }
            other => Err(Mistake::new(
                format!("Schema not yet supported: {}", other.to_text()),
                "a schema: a name, an object or a list of branches",
            )),
        }
    }

    fn by_name(&mut self, name: &str, enclosing: Option<TypeId>) -> Result<TypeId> {
        if let Some(kind) = primitive(name) {
            return self.scope.primitive(kind, Vec::new());
        }
        let namespace = self.scope.namespace(enclosing);
        if let Some(id) = self.scope.find(name, namespace) {
            return Ok(id);
        }
        let namespace = namespace.map(str::to_owned);
        let mark = self.mark()?;
        self.scope.expect(name, namespace.as_deref(), mark)
    }

    fn defined(&mut self, value: &'v Value<'v>, enclosing: Option<TypeId>) -> Result<Option<TypeId>> {
        let Some(word) = parts::text_of(value, "type") else {
            return Err(parts::lacks(value, "type", "No type", "a member \"type\" with a name"));
        };
        if let Some(kind) = primitive(word) {
            return self.scope.primitive(kind, type_attributes(value)).map(Some);
        }
        let rest = match word {
            "array" if value.get("items").is_some() => Rest::Items,
            "map" if value.get("values").is_some() => Rest::Values,
            "array" => {
                let expected = "a member \"items\" with a schema";
                return Err(parts::lacks(value, "items", "Array has no items type", expected));
            }
            "map" => {
                let expected = "a member \"values\" with a schema";
                return Err(parts::lacks(value, "values", "Map has no values type", expected));
            }
            "record" | "error" => Rest::Fields(self.record(value, enclosing, word == "error")?),
            "enum" | "fixed" => return self.leaf(value, enclosing, word == "enum").map(Some),
            // `{"type": "Name"}` for a reference: releases differ, a registry takes it.
            name => return self.by_name(name, enclosing).map(Some).map_err(|m| m.within("type")),
        };
        self.open.push(Open { value, enclosing, rest });
        Ok(None)
    }

    /// An enum or fixed.
    fn leaf(&mut self, value: &Value<'_>, enclosing: Option<TypeId>, is_enum: bool) -> Result<TypeId> {
        let name = parts::name(value, self.scope.namespace(enclosing), self.mode)?;
        let kind = if is_enum {
            Kind::Enum(parts::enumeration(value, name, self.mode)?)
        } else {
            Kind::Fixed(parts::fixed(value, name, self.mode)?)
        };
        let definition = self.scope.define(kind)?;
        let known = |key: &str| (is_enum && key == "default") || TYPE_WORDS.contains(&key);
        self.scope.complete(&definition, parts::further(value, known))
    }

    /// Begins a record. Its fields see it before it is complete.
    fn record(
        &mut self,
        value: &'v Value<'v>,
        enclosing: Option<TypeId>,
        is_error: bool,
    ) -> Result<Fields<'v>> {
        let name = parts::name(value, self.scope.namespace(enclosing), self.mode)?;
        let Some(fields) = value.get("fields").and_then(Value::as_array) else {
            let expected = "a member \"fields\" with a list";
            return Err(parts::lacks(value, "fields", "Record has no fields", expected));
        };
        let doc = parts::doc(value);
        let head = Record { name, aliases: Vec::new(), doc, is_error, fields: Vec::new() };
        let definition = self.scope.define(Kind::Record(head))?;
        Ok(Fields::new(definition, self.defaults.len(), fields))
    }

    /// Goes on to the next part of the innermost schema, or ends it.
    fn advance(&mut self) -> Result<Option<TypeId>> {
        let Some(open) = self.open.last_mut() else { return Ok(None) };
        let (value, enclosing) = (open.value, open.enclosing);
        let next = match &mut open.rest {
            Rest::Branches { branches, read } => branches.get(read.len()),
            Rest::Items => value.get("items"),
            Rest::Values => value.get("values"),
            Rest::Fields(fields) => {
                let record = Some(fields.definition.id);
                match fields.next()? {
                    Some(ty) => return self.enter(ty, record),
                    None => None,
                }
            }
        };
        match next {
            Some(next) => self.enter(next, enclosing),
            None => self.finish(),
        }
    }

    /// Gives the innermost schema the type of its part.
    fn receive(&mut self, id: TypeId) -> Result<Option<TypeId>> {
        let Some(open) = self.open.last_mut() else { return Ok(None) };
        let value = open.value;
        match &mut open.rest {
            Rest::Branches { read, .. } => {
                read.push(id);
                Ok(None)
            }
            Rest::Items => self.hold(value, Kind::Array(id)),
            Rest::Values => self.hold(value, Kind::Map(id)),
            Rest::Fields(_) => self.add_field(id).map(|()| None),
        }
    }

    /// Ends an array or map.
    fn hold(&mut self, value: &Value<'_>, kind: Kind) -> Result<Option<TypeId>> {
        self.open.pop();
        self.scope.push(kind, type_attributes(value)).map(Some)
    }

    /// Ends a union or record.
    fn finish(&mut self) -> Result<Option<TypeId>> {
        let Some(Open { value, rest, .. }) = self.open.pop() else { return Ok(None) };
        match rest {
            Rest::Branches { read, .. } => {
                self.check_union(value, &read)?;
                self.scope.push(Kind::Union(read), Vec::new()).map(Some)
            }
            Rest::Fields(Fields { definition, deferred, read, .. }) => {
                let attributes = type_attributes(value);
                let Kind::Record(record) = &mut self.scope.types[definition.id.index()].kind else {
                    return Ok(None);
                };
                record.aliases = parts::aliases(value, &record.name, self.mode)?;
                record.fields = read;
                let id = self.scope.complete(&definition, attributes)?;
                if id != definition.id {
                    self.defaults.truncate(deferred);
                }
                Ok(Some(id))
            }
            Rest::Items | Rest::Values => Ok(None),
        }
    }

    fn check_union(&self, value: &Value<'_>, branches: &[TypeId]) -> Result<()> {
        let mut seen = Seen::default();
        for (at, id) in branches.iter().enumerate() {
            let kind = self.scope.kind(*id);
            if matches!(kind, Kind::Union(_)) {
                let message = format!("Nested union: {}", value.to_text());
                return Err(Mistake::new(message, "a branch that is no union").within(at));
            }
            let name = kind.name().map_or(kind.word(), |n| n.full());
            if seen.add(name).is_some() {
                let message = format!("Duplicate in union:{name}");
                return Err(Mistake::new(message, "branches of different types").within(at));
            }
        }
        Ok(())
    }
}

/// The attributes of a type that the specification does not name.
fn type_attributes(value: &Value<'_>) -> Attributes {
    parts::further(value, |key| TYPE_WORDS.contains(&key))
}
