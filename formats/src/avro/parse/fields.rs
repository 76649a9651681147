//! The fields of a record, and their default values.

use super::build::{Builder, Rest};
use super::error::Mistake;
use super::names::check_name;
use super::parts;
use super::scope::Definition;
use crate::avro::print::text_of_type;
use crate::avro::seen::Seen;
use crate::avro::{DefaultError, Field, Kind, TypeId};
use crate::json::Value;

/// Attributes of fields with a meaning of their own; they are nowhere kept as further attributes.
const FIELD_WORDS: [&str; 6] = ["aliases", "default", "doc", "name", "order", "type"];

type Result<T> = std::result::Result<T, Mistake>;

/// A record that has begun.
pub(super) struct Fields<'v> {
    pub(super) definition: Definition,
    /// How many default values were deferred when it began.
    pub(super) deferred: usize,
    list: &'v [Value<'v>],
    pub(super) read: Vec<Field>,
    names: Seen<'v>,
    /// The type of the next field is being read.
    in_type: bool,
}

/// A default value that cannot be judged before all names are known.
pub(super) struct Deferred {
    pub(super) field: String,
    pub(super) ty: TypeId,
    pub(super) value: Value<'static>,
    pub(super) mark: usize,
}

impl<'v> Fields<'v> {
    pub(super) fn new(definition: Definition, deferred: usize, list: &'v [Value<'v>]) -> Self {
        let read = Vec::with_capacity(list.len());
        Self { definition, deferred, list, read, names: Seen::default(), in_type: false }
    }

    /// The type of the next field, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<&'v Value<'v>>> {
        let Some(field) = self.list.get(self.read.len()) else { return Ok(None) };
        if parts::text_of(field, "name").is_none() {
            return Err(parts::lacks(field, "name", "No field name", "a member \"name\" with a text"));
        }
        let Some(ty) = field.get("type") else {
            return Err(parts::lacks(field, "type", "No field type", "a member \"type\" with a schema"));
        };
        self.in_type = true;
        Ok(Some(ty))
    }

    /// The way to what is being read.
    pub(super) fn within(&self, mistake: Mistake) -> Mistake {
        let mistake = if self.in_type { mistake.within("type") } else { mistake };
        mistake.within(self.read.len()).within("fields")
    }
}

impl Builder<'_> {
    /// Adds the next field to the innermost schema, a record. Its type has been read.
    pub(super) fn add_field(&mut self, ty: TypeId) -> Result<()> {
        let Some(Rest::Fields(fields)) = self.innermost() else { return Ok(()) };
        fields.in_type = false;
        let value = &fields.list[fields.read.len()];
        let record = fields.definition.id;
        let field = self.field(value, ty)?;
        let Some(Rest::Fields(fields)) = self.innermost() else { return Ok(()) };
        let name = parts::text_of(value, "name").unwrap_or_default();
        match fields.names.add(name) {
            None => {
                fields.read.push(field);
                Ok(())
            }
            Some(first) => {
                let (first_ty, at) = (fields.read[first].ty, fields.read.len());
                Err(self.duplicate(record, name, (first, first_ty), (at, ty)))
            }
        }
    }

    fn duplicate(
        &self,
        record: TypeId,
        name: &str,
        first: (usize, TypeId),
        next: (usize, TypeId),
    ) -> Mistake {
        let record = self.scope.kind(record).name().map(|n| n.full()).unwrap_or_default();
        let shown = |(at, ty)| format!("{name} type:{} pos:{at}", self.scope.kind(ty).word().to_uppercase());
        let (next, first) = (shown(next), shown(first));
        let message = format!("Duplicate field {name} in record {record}: {next} and {first}.");
        Mistake::new(message, "another field name").within("name")
    }

    /// A field whose type has been read.
    fn field(&mut self, value: &Value<'_>, ty: TypeId) -> Result<Field> {
        let name = parts::text_of(value, "name").unwrap_or_default();
        let order = parts::order(value)?;
        let default = match value.get("default") {
            Some(Value::String(text)) if matches!(self.scope.kind(ty), Kind::Float | Kind::Double) => {
                Some(parts::number(text)?)
            }
            other => other.map(Value::to_static),
        };
        check_name(name, self.mode).map_err(|m| m.within("name"))?;
        if let Some(default) = default.as_ref().filter(|_| self.mode.checks_defaults()) {
            self.judge_default(name, ty, default).map_err(|m| m.within("default"))?;
        }
        Ok(Field {
            name: name.to_owned(),
            aliases: parts::field_aliases(value)?,
            doc: parts::doc(value),
            ty,
            default,
            order,
            attributes: parts::further(value, |key| FIELD_WORDS.contains(&key)),
        })
    }

    /// Checks a default now or, if names are still unknown that it may depend on, in the end.
    fn judge_default(&mut self, field: &str, ty: TypeId, default: &Value<'static>) -> Result<()> {
        if !self.scope.expects() {
            return self.check_default(field, ty, default);
        }
        let (field, value, mark) = (field.to_owned(), default.clone(), self.mark()?);
        self.defaults.push(Deferred { field, ty, value, mark });
        Ok(())
    }

    /// Refuses what is no default of its field.
    pub(super) fn check_default(&mut self, field: &str, ty: TypeId, default: &Value<'_>) -> Result<()> {
        let message = match self.judge.judge(&self.scope.types, ty, default) {
            Ok(()) => return Ok(()),
            Err(e @ (DefaultError::Depth | DefaultError::Size)) => {
                format!("Invalid default for field {field}: {e}")
            }
            Err(_) => {
                let schema = text_of_type(&self.scope.types, ty);
                format!("Invalid default for field {field}: {} not a {schema}", default.to_text())
            }
        };
        Err(Mistake::new(message, "a value of the field's type"))
    }
}
