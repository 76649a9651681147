//! Which named types there are, and who defines them.

use std::collections::{BTreeMap, HashMap, HashSet};

use ottla_formats::avro::{Kind, Schema, TypeId};

use crate::error::Error;
use crate::source::{PlaceId, Source};

/// Where a named type is defined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition {
    pub(super) source: usize,
    pub(super) ty: TypeId,
    pub(super) place: PlaceId,
    /// It is the outermost type of its file.
    pub(super) outermost: bool,
}

/// The definitions of all named types.
#[derive(Debug)]
pub(super) struct Definitions<'a> {
    by_name: HashMap<&'a str, Definition>,
}

/// The types within a type.
pub(super) fn parts(kind: &Kind) -> Vec<TypeId> {
    match kind {
        Kind::Array(inner) | Kind::Map(inner) => vec![*inner],
        Kind::Union(branches) => branches.clone(),
        Kind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        _ => Vec::new(),
    }
}

/// The named types that a schema defines, in the order in which it mentions them.
fn own_types(schema: &Schema) -> Vec<TypeId> {
    let mut own = Vec::new();
    let mut met = vec![false; schema.len()];
    let mut open = vec![schema.root()];
    while let Some(id) = open.pop() {
        let ty = schema.ty(id);
        if ty.kind.name().is_some() {
            if ty.referenced || std::mem::replace(&mut met[id.index()], true) {
                continue;
            }
            own.push(id);
        }
        open.extend(parts(&ty.kind).into_iter().rev());
    }
    own
}

impl<'a> Definitions<'a> {
    /// Finds the definitions of all types. Where there are several of one, they have to be the same.
    pub(super) fn of(sources: &'a [Source], errors: &mut Vec<Error>) -> Self {
        let mut all: BTreeMap<&'a str, Vec<Definition>> = BTreeMap::new();
        for (at, source) in sources.iter().enumerate() {
            let mut places: HashMap<&str, PlaceId> = HashMap::new();
            for defined in &source.file.scan.definitions {
                places.entry(&defined.name).or_insert(defined.place);
            }
            for ty in own_types(&source.schema) {
                let Some(name) = source.schema.kind(ty).name() else { continue };
                let place = places.get(name.full()).copied().unwrap_or_else(|| source.file.places.root());
                let outermost = ty == source.schema.root();
                all.entry(name.full()).or_default().push(Definition { source: at, ty, place, outermost });
            }
        }
        let mut by_name = HashMap::new();
        for (name, definitions) in all {
            compare(sources, name, &definitions, errors);
            let first = |d: &&Definition| (!d.outermost, &sources[d.source].file.found.shown);
            if let Some(chosen) = definitions.iter().min_by_key(first) {
                by_name.insert(name, *chosen);
            }
        }
        Self { by_name }
    }

    /// The definition of a name.
    pub(super) fn get(&self, name: &str) -> Option<Definition> {
        self.by_name.get(name).copied()
    }

    /// The types that something can be made of, in the order in which the sources mention them: those that are reached
    /// from a file without going through one that is made elsewhere.
    pub(super) fn reached(
        &self,
        sources: &'a [Source],
        is_extern: impl Fn(&str) -> bool,
    ) -> Vec<(&'a str, Definition)> {
        let mut reached = Vec::new();
        let mut met: HashSet<&str> = HashSet::new();
        for (at, source) in sources.iter().enumerate() {
            let mut open = vec![(at, source.schema.root())];
            while let Some((mut at, mut ty)) = open.pop() {
                if let Some(name) = sources[at].schema.kind(ty).name() {
                    if is_extern(name.full()) || !met.insert(name.full()) {
                        continue;
                    }
                    if let Some(definition) = self.get(name.full()) {
                        (at, ty) = (definition.source, definition.ty);
                        reached.push((name.full(), definition));
                    }
                }
                open.extend(parts(sources[at].schema.kind(ty)).into_iter().rev().map(|ty| (at, ty)));
            }
        }
        reached
    }
}

/// Tells, at both places, of the first definition that differs from the first of all.
fn compare(sources: &[Source], name: &str, definitions: &[Definition], errors: &mut Vec<Error>) {
    let Some((first, others)) = definitions.split_first() else { return };
    let schema = |d: &Definition| &sources[d.source].schema;
    let same = |other: &&Definition| schema(first).same_but_within(first.ty, schema(other), other.ty);
    let Some(other) = others.iter().find(|other| !same(other)) else { return };
    for (here, there) in [(first, other), (other, first)] {
        let there = sources[there.source].file.place(there.place);
        let message = format!("{name} is defined in another way at {there}");
        let help = "define it in one file, and use its name in the others; or make both definitions equal";
        errors.push(sources[here.source].file.error(here.place, message).help(help));
    }
}
