//! The types that are known while a schema is read.

use std::collections::HashMap;
use std::sync::Arc;

use super::MAX_TYPES;
use super::error::Mistake;
use crate::avro::equivalence::same_definition;
use crate::avro::{Attributes, Kind, Name, Record, Schema, Type, TypeId};

type Result<T> = std::result::Result<T, Mistake>;

/// The types that are known, by their places and names.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) types: Vec<Type>,
    names: HashMap<Arc<str>, TypeId>,
    /// Primitives without attributes are kept once.
    plain: Vec<(&'static str, TypeId)>,
    /// Named types whose definition has begun and not ended, from the outermost on.
    open: Vec<TypeId>,
    /// Names that were used before they were defined, in the order of their entries.
    forward: Vec<Forward>,
}

/// A name that was used before it was defined. A record without fields stands for it meanwhile.
struct Forward {
    entry: TypeId,
    /// As it stands in the text.
    name: String,
    mark: usize,
}

/// What a name that was used and never defined leads to: the mark of its use, and what to say.
pub(super) type Undefined = (usize, Mistake);

/// The definition of a named type, begun.
pub(super) struct Definition {
    pub(super) id: TypeId,
    /// The first definition of the same name.
    first: Option<TypeId>,
    /// How many names were known, and how many expected, when it began.
    known: usize,
    expected: usize,
}

pub(super) fn primitive(word: &str) -> Option<Kind> {
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

impl Scope {
    pub(super) fn push(&mut self, kind: Kind, attributes: Attributes) -> Result<TypeId> {
        let at = u32::try_from(self.types.len()).ok().filter(|_| self.types.len() < MAX_TYPES);
        let id =
            TypeId(at.ok_or_else(|| {
                Mistake::new(format!("Schema has more than {MAX_TYPES} types"), "fewer types")
            })?);
        self.types.push(Type { kind, attributes, referenced: false });
        Ok(id)
    }

    /// A primitive type.
    pub(super) fn primitive(&mut self, kind: Kind, attributes: Attributes) -> Result<TypeId> {
        if !attributes.is_empty() {
            return self.push(kind, attributes);
        }
        let word = kind.word();
        if let Some((_, id)) = self.plain.iter().find(|(known, _)| *known == word) {
            return Ok(*id);
        }
        let id = self.push(kind, attributes)?;
        self.plain.push((word, id));
        Ok(id)
    }

    pub(super) fn kind(&self, id: TypeId) -> &Kind {
        &self.types[id.index()].kind
    }

    /// The namespace that a named type gives to what is inside it.
    pub(super) fn namespace(&self, enclosing: Option<TypeId>) -> Option<&str> {
        self.kind(enclosing?).name()?.namespace()
    }

    /// Makes the named types of a referenced schema known, with all that is inside. One that is known from an earlier
    /// reference keeps its entry.
    pub(super) fn import(&mut self, schema: &Schema) -> Result<()> {
        let first = self.types.len();
        let mut moved: Vec<Option<TypeId>> = vec![None; schema.types.len()];
        let mut open: Vec<&Kind> = Vec::new();
        for (ty, place) in schema.types.iter().zip(&mut moved) {
            let Some(name) = ty.kind.name() else { continue };
            let known = self.names.get(name.full()).copied();
            *place = Some(match known {
                Some(id) => id,
                None => {
                    let id = self.push_referenced(ty)?;
                    self.names.insert(name.shared(), id);
                    open.push(&ty.kind);
                    id
                }
            });
        }
        while let Some(kind) = open.pop() {
            for part in kind.parts() {
                if moved[part.index()].is_none() {
                    let ty = schema.ty(part);
                    moved[part.index()] = Some(self.push_referenced(ty)?);
                    open.push(&ty.kind);
                }
            }
        }
        for ty in &mut self.types[first..] {
            move_types(&mut ty.kind, |id| moved[id.index()].unwrap_or(id));
        }
        Ok(())
    }

    fn push_referenced(&mut self, ty: &Type) -> Result<TypeId> {
        let id = self.push(ty.kind.clone(), ty.attributes.clone())?;
        self.types[id.index()].referenced = true;
        Ok(id)
    }

    /// A known type, by the name that stands in a schema. A name that means nothing in its namespace may be that of
    /// a type without one, as far as that is complete.
    pub(super) fn find(&self, name: &str, namespace: Option<&str>) -> Option<TypeId> {
        let complete = |id: &&TypeId| !self.open.contains(id);
        self.find_qualified(name, namespace).or_else(|| self.names.get(name).filter(complete).copied())
    }

    fn find_qualified(&self, name: &str, namespace: Option<&str>) -> Option<TypeId> {
        match namespace {
            _ if name.starts_with('.') => None,
            Some(namespace) if !name.contains('.') => self.names.get(&*format!("{namespace}.{name}")),
            _ => self.names.get(name),
        }
        .copied()
    }

    /// A name that is not defined yet. `mark` says where it is used.
    pub(super) fn expect(&mut self, name: &str, namespace: Option<&str>, mark: usize) -> Result<TypeId> {
        let full = Name::resolve(name, None, namespace);
        let stand_in =
            Record { name: full, aliases: Vec::new(), doc: None, is_error: false, fields: Vec::new() };
        let entry = self.push(Kind::Record(stand_in), Vec::new())?;
        self.forward.push(Forward { entry, name: name.to_owned(), mark });
        Ok(entry)
    }

    /// Are there names that are not defined yet?
    pub(super) fn expects(&self) -> bool {
        !self.forward.is_empty()
    }

    /// Enters a named type, so that what is in it can refer to it.
    pub(super) fn define(&mut self, kind: Kind) -> Result<Definition> {
        let name = kind.name().map(Name::shared).unwrap_or_default();
        let own = |id: &TypeId| !self.types[id.index()].referenced;
        let first = self.names.get(&name).copied().filter(own);
        let id = self.push(kind, Vec::new())?;
        if first.is_none() {
            self.names.insert(name, id);
            self.open.push(id);
        }
        Ok(Definition { id, first, known: self.names.len(), expected: self.forward.len() })
    }

    /// Completes a named type. A second definition has to be equal to the first, and is dropped for it with all that
    /// came after its beginning.
    pub(super) fn complete(&mut self, definition: &Definition, attributes: Attributes) -> Result<TypeId> {
        let Definition { id, first, known, expected } = *definition;
        self.types[id.index()].attributes = attributes;
        let Some(first) = first else {
            self.open.retain(|open| *open != id);
            return Ok(id);
        };
        let defines_more = self.names.len() > known;
        if defines_more || self.open.contains(&first) || !same_definition(&self.types, first, id) {
            let name = self.kind(id).name().map(|n| n.full()).unwrap_or_default();
            return Err(Mistake::new(format!("Can't redefine: {name}"), "a definition equal to the first"));
        }
        self.types.truncate(id.index());
        self.plain.retain(|(_, plain)| *plain < id);
        self.forward.truncate(expected);
        Ok(first)
    }

    /// Puts the definitions in the places of the names that were used before them. The answer says what stands for
    /// what.
    pub(super) fn settle(&mut self) -> std::result::Result<HashMap<TypeId, TypeId>, Undefined> {
        let mut moved: HashMap<TypeId, TypeId> = HashMap::new();
        for forward in std::mem::take(&mut self.forward) {
            let full = self.kind(forward.entry).name().map(Name::shared).unwrap_or_default();
            let dotted = forward.name.starts_with('.');
            let Some(id) = self.names.get(&full).filter(|_| !dotted) else {
                let name = if dotted { &forward.name } else { &*full };
                let what = format!("Undefined schema: {name}");
                return Err((forward.mark, Mistake::new(what, "the name of a type that is defined")));
            };
            moved.insert(forward.entry, *id);
        }
        if !moved.is_empty() {
            for ty in &mut self.types {
                move_types(&mut ty.kind, |id| moved.get(&id).copied().unwrap_or(id));
            }
        }
        for entry in moved.keys() {
            self.types[entry.index()].kind = Kind::Null;
        }
        Ok(moved)
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
