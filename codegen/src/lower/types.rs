//! The types of fields and other parts.

use ottla_formats::avro::{Kind, TypeId};

use super::{Lowering, logical};
use crate::model::Type;
use crate::names::{Case, module, written};
use crate::source::PlaceId;

/// What a type is part of.
#[derive(Debug)]
pub(super) struct Spot {
    /// The item.
    pub(super) draft: usize,
    /// The names that lead there: `com.example.Order.payment`.
    pub(super) path: String,
    /// What an enum for a union is called there.
    pub(super) name: String,
    /// Are maps sorted there?
    pub(super) sorted: bool,
}

impl Spot {
    /// The items of an array, or the values of a map.
    fn inner(&self, step: &str, name: &str) -> Self {
        let (path, name) = (format!("{}.{step}", self.path), format!("{}{name}", self.name));
        Self { draft: self.draft, path, name, sorted: self.sorted }
    }
}

impl<'a> Lowering<'a> {
    /// The type of a part. Types without names nest as deep as the text does, so that this may be recursive.
    pub(super) fn ty(&mut self, spot: &Spot, id: TypeId, place: PlaceId) -> Type {
        let at = self.drafts[spot.draft].source;
        let source = &self.sources[at];
        let ty = source.schema.ty(id);
        let places = &source.file.places;
        let plain = match &ty.kind {
            Kind::Null => Type::Null,
            Kind::Boolean => Type::Boolean,
            Kind::Int => Type::Int,
            Kind::Long => Type::Long,
            Kind::Float => Type::Float,
            Kind::Double => Type::Double,
            Kind::Bytes => Type::Bytes,
            Kind::String => Type::String,
            Kind::Array(items) => {
                let inner = spot.inner("items", "Item");
                Type::Array(Box::new(self.ty(&inner, *items, places.member(place, "items"))))
            }
            Kind::Map(values) => {
                let inner = spot.inner("values", "Value");
                let values = self.ty(&inner, *values, places.member(place, "values"));
                Type::Map { values: Box::new(values), sorted: spot.sorted }
            }
            Kind::Union(branches) => self.union(spot, branches, place),
            Kind::Record(_) | Kind::Enum(_) | Kind::Fixed(_) => return self.named(at, id),
        };
        self.based(at, id, plain)
    }

    /// A named type.
    fn named(&mut self, source: usize, id: TypeId) -> Type {
        let ty = self.sources[source].schema.ty(id);
        let Some(name) = ty.kind.name() else { return Type::Null };
        if let Some((path, rest)) = self.choices.external(name.full()) {
            return Type::Extern { path: inside(path, rest), avro: name.full().to_owned() };
        }
        // A fixed with a logical type has no item.
        let item = self.named.get(name.full()).map_or(Type::Null, |id| Type::Item(*id));
        if let Some(path) = self.choices.mapped(name.full()) {
            let base = self.logical(source, id).map_or(item, Type::Logical);
            return Type::Mapped { path: path.to_owned(), base: Box::new(base) };
        }
        self.based(source, id, item)
    }

    /// A type with what its logical type makes of it. Logical types that do not suit their type are ignored, as Avro says.
    pub(super) fn based(&self, source: usize, id: TypeId, plain: Type) -> Type {
        let ty = self.sources[source].schema.ty(id);
        let Some(word) = ty.attribute("logicalType").and_then(|word| word.as_str()) else { return plain };
        let logical = self.logical(source, id);
        if logical.is_none() && logical::is_known(word) {
            return plain;
        }
        let base = logical.map_or(plain, Type::Logical);
        let mapped = self.choices.mapped(word).map(str::to_owned);
        match mapped.or_else(|| logical::path(logical?, self.choices.options)) {
            Some(path) => Type::Mapped { path, base: Box::new(base) },
            None => base,
        }
    }
}

/// The path of what is further inside.
fn inside(path: &str, rest: &str) -> String {
    let mut parts: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
    let ty = parts.pop().map(|simple| Case::Camel.convert(simple));
    let names = parts.into_iter().map(module).chain(ty);
    names.fold(path.to_owned(), |path, name| format!("{path}::{}", written(&name)))
}
