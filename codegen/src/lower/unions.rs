//! Unions: `Option`, or an enum with one variant a branch.

use std::collections::HashMap;

use ottla_formats::avro::{Kind, Name, TypeId};

use super::items::place_of;
use super::types::Spot;
use super::{Draft, Lowering};
use crate::model::{Body, Branch, Item, ItemId, Type};
use crate::names::{Case, Scope, Wanted, written};
use crate::source::PlaceId;

impl<'a> Lowering<'a> {
    /// Is it a union of `null` and one other branch?
    pub(super) fn is_option(&self, draft: usize, branches: &[TypeId]) -> bool {
        branches.len() == 2 && self.null(draft, branches).is_some()
    }

    /// The position of `null`.
    fn null(&self, draft: usize, branches: &[TypeId]) -> Option<usize> {
        let schema = &self.sources[self.drafts[draft].source].schema;
        branches.iter().position(|id| matches!(schema.kind(*id), Kind::Null))
    }

    /// A union within a type.
    pub(super) fn union(&mut self, spot: &Spot, branches: &'a [TypeId], place: PlaceId) -> Type {
        let places = &self.sources[self.drafts[spot.draft].source].file.places;
        match self.null(spot.draft, branches) {
            Some(null) if branches.len() == 2 => {
                let other = 1 - null;
                let some = self.ty(spot, branches[other], places.element(place, other));
                Type::Option { null, some: Box::new(some) }
            }
            Some(null) if branches.len() > 2 => {
                Type::OptionUnion { null, union: self.enumeration(spot, branches, place, Some(null)) }
            }
            _ => Type::Item(self.enumeration(spot, branches, place, None)),
        }
    }

    /// Makes an item for a union.
    fn enumeration(
        &mut self,
        spot: &Spot,
        branches: &'a [TypeId],
        place: PlaceId,
        without: Option<usize>,
    ) -> ItemId {
        let id = ItemId(self.drafts.len());
        let owner = &self.drafts[spot.draft];
        let (module, source) = (owner.module, owner.source);
        let item = Item {
            avro: spot.path.clone(),
            modules: Vec::new(),
            ident: String::new(),
            doc: None,
            place: place_of(&self.sources[source].file, place),
            body: Body::Union(Vec::new()),
            event: None,
            derives: self.choices.derives(&spot.path, Some(&owner.item.avro)),
            attributes: self.choices.type_attributes(&spot.path),
            borrowed: None,
            recursive: false,
        };
        let (name, owner) = (spot.name.clone(), Some(ItemId(spot.draft)));
        self.drafts.push(Draft {
            item,
            name,
            module,
            source,
            place,
            fields: Vec::new(),
            owner,
            unnamed: true,
        });
        let (branches, fields) = self.branches(spot, branches, place, without);
        let draft = &mut self.drafts[id.0];
        draft.item.body = Body::Union(branches);
        draft.fields = fields;
        id
    }

    /// The variants for all branches but one, and where they stand.
    pub(super) fn branches(
        &mut self,
        spot: &Spot,
        branches: &'a [TypeId],
        place: PlaceId,
        without: Option<usize>,
    ) -> (Vec<Branch>, Vec<PlaceId>) {
        let source = &self.sources[self.drafts[spot.draft].source];
        let positions: Vec<usize> = (0..branches.len()).filter(|at| Some(*at) != without).collect();
        let kinds: Vec<&Kind> = positions.iter().map(|at| source.schema.kind(branches[*at])).collect();
        let idents = variants(&kinds);
        let mut read = Vec::with_capacity(kinds.len());
        let mut places = Vec::with_capacity(kinds.len());
        for ((position, kind), ident) in positions.into_iter().zip(kinds).zip(idents) {
            let place = source.file.places.element(place, position);
            let ty = self.ty(spot, branches[position], place);
            read.push(Branch { position, ident, avro: full_name(kind).to_owned(), ty });
            places.push(place);
        }
        (read, places)
    }
}

fn full_name(kind: &Kind) -> &str {
    kind.name().map_or(kind.word(), Name::full)
}

/// The names of variants: those of the branches. Named types whose names are the same but for their namespaces have as
/// much of these in their names as it takes.
fn variants(kinds: &[&Kind]) -> Vec<String> {
    let mut lengths = vec![1; kinds.len()];
    let mut names: Vec<String> = kinds.iter().map(|kind| variant(kind, 1)).collect();
    loop {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for name in &names {
            *count.entry(name).or_default() += 1;
        }
        let longer: Vec<usize> = (0..kinds.len())
            .filter(|at| {
                count[names[*at].as_str()] > 1 && lengths[*at] < full_name(kinds[*at]).split('.').count()
            })
            .collect();
        if longer.is_empty() {
            break;
        }
        for at in longer {
            lengths[at] += 1;
            names[at] = variant(kinds[at], lengths[at]);
        }
    }
    let simple = |kind: &Kind| kind.name().map(|name| name.simple().to_owned()).unwrap_or_default();
    let simple: Vec<String> = kinds.iter().map(|kind| simple(kind)).collect();
    let wanted: Vec<Wanted<'_>> =
        names.into_iter().zip(&simple).map(|(name, avro)| Wanted { avro, name }).collect();
    Scope::default().assign(Case::Camel, &wanted).iter().map(|name| written(name)).collect()
}

/// The name of a branch with so many parts of its full name.
fn variant(kind: &Kind, parts: usize) -> String {
    let Some(name) = kind.name() else { return Case::Camel.convert(kind.word()) };
    let all: Vec<&str> = name.full().split('.').collect();
    Case::Camel.convert(&all[all.len().saturating_sub(parts)..].join("_"))
}
