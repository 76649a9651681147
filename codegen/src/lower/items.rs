//! What the items are.

use std::path::Path;

use ottla_formats::avro::{Enum, Field, Kind, Record, TypeId};
use ottla_formats::json::Position;

use super::definitions::Definition;
use super::modules::ROOT;
use super::types::Spot;
use super::{Draft, Lowering, words};
use crate::model::{self, Body, Default, Item, ItemId, Origin, Place, Symbol, Type};
use crate::names::{Case, Scope, Wanted, written};
use crate::source::{File, PlaceId, Source};

impl<'a> Lowering<'a> {
    /// Finds out which items there are: one for each named type and for each file's outermost type without a name.
    pub(super) fn declare(&mut self) {
        for (name, definition) in self.reached() {
            let kind = self.sources[definition.source].schema.kind(definition.ty);
            let logical = self.logical(definition.source, definition.ty);
            let is_logical = matches!(kind, Kind::Fixed(_)) && logical.is_some();
            if is_logical && !definition.outermost {
                continue;
            }
            if !is_logical {
                self.named.insert(name, ItemId(self.drafts.len()));
            }
            let origin =
                Origin { source: definition.source, ty: definition.ty, outermost: definition.outermost };
            self.declare_type(Some(name), origin, definition.place);
        }
        for (source, Source { file, schema, .. }) in self.sources.iter().enumerate() {
            if schema.kind(schema.root()).name().is_none() {
                let origin = Origin { source, ty: schema.root(), outermost: true };
                self.declare_type(None, origin, file.places.root());
            }
        }
    }

    /// The named types that something can be made of.
    pub(super) fn reached(&self) -> Vec<(&'a str, Definition)> {
        self.definitions.reached(self.sources, |name| self.choices.external(name).is_some())
    }

    fn declare_type(&mut self, name: Option<&'a str>, origin: Origin, place: PlaceId) {
        let Source { file, schema, .. } = &self.sources[origin.source];
        let kind = schema.kind(origin.ty);
        let avro = name.unwrap_or(kind.word());
        let (module, wanted) = match kind.name() {
            Some(name) => {
                let namespace = name.namespace().unwrap_or_default();
                let module = self.modules.of(namespace, self.choices.stripped(namespace));
                (module, Case::Camel.convert(name.simple()))
            }
            None => (ROOT, name_of_file(&file.found.name)),
        };
        let item = Item {
            avro: avro.to_owned(),
            modules: Vec::new(),
            ident: String::new(),
            doc: doc(kind),
            place: place_of(file, place),
            body: Body::Fixed(0),
            event: Some(origin),
            derives: self.choices.derives(avro, None),
            attributes: self.choices.type_attributes(avro),
            borrowed: None,
            recursive: false,
        };
        let unnamed = name.is_none();
        let source = origin.source;
        let draft =
            Draft { item, name: wanted, module, source, place, fields: Vec::new(), owner: None, unnamed };
        self.drafts.push(draft);
    }

    /// Finds out what an item is.
    pub(super) fn define(&mut self, at: usize) {
        let Some(origin) = self.drafts[at].item.event else { return };
        let body = match self.sources[origin.source].schema.kind(origin.ty) {
            Kind::Record(record) => self.record(at, record),
            Kind::Enum(symbols) => Body::Enum(self.symbols(at, symbols)),
            Kind::Fixed(fixed) => match self.logical(origin.source, origin.ty) {
                Some(_) => Body::Newtype(self.based(origin.source, origin.ty, Type::Null)),
                None => Body::Fixed(fixed.size),
            },
            _ => self.outermost(at, origin.ty),
        };
        self.drafts[at].item.body = body;
    }

    /// A type without a name that is the outermost of its file.
    fn outermost(&mut self, at: usize, ty: TypeId) -> Body {
        let draft = &self.drafts[at];
        let (place, kind) = (draft.place, self.sources[draft.source].schema.kind(ty));
        let (path, name) = (draft.item.avro.clone(), draft.name.clone());
        let sorted = self.choices.is_sorted(&path, &path);
        let spot = Spot { draft: at, path, name, sorted };
        match kind {
            Kind::Union(branches) if !self.is_option(at, branches) => {
                let branches = self.branches(&spot, branches, place, None);
                self.drafts[at].fields = branches.1;
                Body::Union(branches.0)
            }
            _ => Body::Newtype(self.ty(&spot, ty, place)),
        }
    }

    fn record(&mut self, at: usize, record: &'a Record) -> Body {
        let wanted: Vec<Wanted<'_>> = record
            .fields
            .iter()
            .map(|field| Wanted { avro: &field.name, name: Case::Snake.convert(&field.name) })
            .collect();
        let names = Scope::default().assign(Case::Snake, &wanted);
        let draft = &self.drafts[at];
        let (file, list) = {
            let file = &self.sources[draft.source].file;
            (file, file.places.member(draft.place, "fields"))
        };
        let mut fields = Vec::with_capacity(names.len());
        for (number, (field, name)) in record.fields.iter().zip(names).enumerate() {
            let place = file.places.element(list, number);
            self.drafts[at].fields.push(place);
            fields.push(self.field(at, field, &name, place));
        }
        Body::Record(fields)
    }

    fn field(&mut self, at: usize, field: &'a Field, name: &str, place: PlaceId) -> model::Field {
        let draft = &self.drafts[at];
        let source = draft.source;
        let Source { file, schema, .. } = &self.sources[source];
        let path = format!("{}.{}", draft.item.avro, field.name);
        let sorted = self.choices.is_sorted(&draft.item.avro, &path);
        let union = format!("{}{}", draft.name, Case::Camel.convert(&field.name));
        let attributes = self.choices.field_attributes(&path);
        let spot = Spot { draft: at, path, name: union, sorted };
        let ty = self.ty(&spot, field.ty, file.places.member(place, "type"));
        model::Field {
            avro: field.name.clone(),
            ident: written(name),
            doc: field.doc.clone(),
            words: words::of(schema, field.ty, &|id| self.logical(source, id)),
            ty,
            default: self.default(at, field, place),
            attributes,
        }
    }

    fn default(&mut self, at: usize, field: &Field, place: PlaceId) -> Option<Default> {
        let json = field.default.as_ref()?;
        let source = self.drafts[at].source;
        let Source { file, schema, .. } = &self.sources[source];
        match schema.encode_default(field.ty, json) {
            Ok(bytes) => {
                self.check_held(source, field, &bytes, place);
                Some(Default { json: json.clone(), bytes })
            }
            Err(error) => {
                let message = format!("the default of {} cannot be written: {error}", field.name);
                let help = "bytes and fixed have characters up to U+00FF, a fixed as many as its size, an enum its symbols";
                self.fail(source, file.places.member(place, "default"), message, help);
                None
            }
        }
    }

    fn symbols(&mut self, at: usize, symbols: &Enum) -> model::Enum {
        let mut scope = Scope::default();
        let wanted: Vec<Wanted<'_>> =
            symbols.symbols.iter().map(|s| Wanted { avro: s, name: Case::Camel.convert(s) }).collect();
        let names = scope.assign(Case::Camel, &wanted);
        let is_open = self.choices.is_open(&self.drafts[at].item.avro);
        let open = is_open.then(|| {
            let wanted = [Wanted { avro: "", name: "Unknown".to_owned() }];
            scope.assign(Case::Camel, &wanted).iter().map(|name| written(name)).collect()
        });
        let variants = symbols.symbols.iter().zip(names);
        model::Enum {
            symbols: variants.map(|(s, n)| Symbol { avro: s.clone(), ident: written(&n) }).collect(),
            default: symbols.default.as_ref().and_then(|d| symbols.symbols.iter().position(|s| s == d)),
            open,
        }
    }
}

/// A place, as the model has it.
pub(super) fn place_of(file: &File, place: PlaceId) -> Place {
    let Position { line, column } = file.places.position(place);
    Place { file: file.found.name.clone(), line, column }
}

fn doc(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Record(record) => record.doc.clone(),
        Kind::Enum(symbols) => symbols.doc.clone(),
        Kind::Fixed(fixed) => fixed.doc.clone(),
        _ => None,
    }
}

/// The name that a file gives to a type that has none.
fn name_of_file(file: &str) -> String {
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let letters: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    match letters.trim_start_matches('_') {
        rest if rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()) => {
            Case::Camel.convert(&format!("Schema_{rest}"))
        }
        rest => Case::Camel.convert(rest),
    }
}
