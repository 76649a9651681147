//! The branches of two unions, and which of them belong together. A type that is no union is taken as its only branch.

use std::collections::HashMap;

use ottla_formats::avro::{Kind, Name, Schema, TypeId};

use super::ChangeKind as K;
use super::moved::moved;
use super::named::{alike, is_same_kind};
use super::path::Step;
use super::walk::{At, Part, Task, Walk};
use super::words::both;

/// The branches of a type.
struct Side<'a> {
    schema: &'a Schema,
    branches: Vec<TypeId>,
    is_union: bool,
}

/// Which branches belong together, and which are left over.
struct Pairing {
    /// The places in the old and the new union, by the latter.
    pairs: Vec<(usize, usize)>,
    gone: Vec<usize>,
    come: Vec<usize>,
}

impl<'a> Walk<'a> {
    /// Compares two types of which at least one is a union.
    pub(super) fn unions(&mut self, old: TypeId, new: TypeId, at: At) {
        let (a, b) = (Side::of(self.old, old), Side::of(self.new, new));
        self.spend(a.branches.len() + b.branches.len());
        let pairing = pair(&a, &b);
        if a.is_union && b.is_union {
            self.branches(&a, &b, &pairing, at, (old, new));
        } else if pairing.is_optional(&a, &b) {
            let kind = if b.is_union { K::BecameOptional } else { K::BecameRequired };
            self.optional(kind, (old, new), at);
        } else {
            self.type_changed(old, new, at);
        }
        self.within(&a, &b, &pairing, at);
    }

    fn branches(&mut self, a: &Side<'_>, b: &Side<'_>, pairing: &Pairing, at: At, types: (TypeId, TypeId)) {
        match (a.has_null(), b.has_null()) {
            (false, true) => self.optional(K::BecameOptional, types, at),
            (true, false) => self.optional(K::BecameRequired, types, at),
            _ => {}
        }
        for (kind, side, places) in [(K::BranchAdded, b, &pairing.come), (K::BranchRemoved, a, &pairing.gone)]
        {
            for branch in places.iter().map(|place| side.branches[*place]) {
                if matches!(side.schema.kind(branch), Kind::Null) {
                    continue;
                }
                let ty = super::words::type_words(side.schema, branch);
                let words = format!("branch {ty} of {}", self.label(at));
                let (old, new) = if kind == K::BranchAdded { (None, Some(ty)) } else { (Some(ty), None) };
                self.tell(self.change(kind, at.path, words).of(old, new));
            }
        }
        let places: Vec<usize> = pairing.pairs.iter().map(|(place, _)| *place).collect();
        if !moved(&places).is_empty() {
            let (old, new) = both((self.old, types.0), (self.new, types.1));
            let words = format!("branches of {} in another order: {old} -> {new}", self.label(at));
            self.tell(self.change(K::BranchesMoved, at.path, words).of(Some(old), Some(new)));
        }
    }

    fn optional(&mut self, kind: K, (old, new): (TypeId, TypeId), at: At) {
        let (old, new) = both((self.old, old), (self.new, new));
        let what = if kind == K::BecameOptional { "is now optional" } else { "is no longer optional" };
        let words = format!("{} {what}: {old} -> {new}", self.label(at));
        self.tell(self.change(kind, at.path, words).of(Some(old), Some(new)));
    }

    /// Puts off what is in the branches that belong together.
    fn within(&mut self, a: &Side<'a>, b: &Side<'a>, pairing: &Pairing, at: At) {
        let is_choice = b.branches.iter().filter(|branch| !b.is_null(**branch)).count() > 1;
        let mut tasks = Vec::new();
        for (place, other) in &pairing.pairs {
            let (old, new) = (a.branches[*place], b.branches[*other]);
            let mut at = at;
            if is_choice {
                let kind = b.schema.kind(new);
                let name = kind.name().map_or_else(|| kind.word(), |name| name.simple());
                at = At { path: self.step(at.path, Step::Branch(name)), part: Part::Branch };
            }
            tasks.push(Task::Types(old, new, at));
        }
        self.later(tasks);
    }
}

impl<'a> Side<'a> {
    fn of(schema: &'a Schema, ty: TypeId) -> Self {
        match schema.kind(ty) {
            Kind::Union(branches) => Self { schema, branches: branches.clone(), is_union: true },
            _ => Self { schema, branches: vec![ty], is_union: false },
        }
    }

    fn is_null(&self, branch: TypeId) -> bool {
        matches!(self.schema.kind(branch), Kind::Null)
    }

    fn has_null(&self) -> bool {
        self.branches.iter().any(|branch| self.is_null(*branch))
    }

    /// The kind of a branch.
    fn kind(&self, place: usize) -> &'a Kind {
        self.schema.kind(self.branches[place])
    }
}

impl Pairing {
    /// Is one a union of null and the other?
    fn is_optional(&self, a: &Side<'_>, b: &Side<'_>) -> bool {
        let (single, union) = if a.is_union { (b, a) } else { (a, b) };
        let is_pair = self.pairs.len() == 1 && union.branches.len() == 2 && union.has_null();
        is_pair && !single.has_null()
    }
}

/// Pairs branches: by the full name or the kind, by an alias of either, by the name without its namespace; and if one of
/// each is left, if they are two names for one thing or all that the unions have beside null.
fn pair(a: &Side<'_>, b: &Side<'_>) -> Pairing {
    let mut partners: Vec<Option<usize>> = vec![None; b.branches.len()];
    let mut is_taken = vec![false; a.branches.len()];
    for names in NAMES {
        // Wide unions have many branches that have no partner: none is looked for by looking at all.
        let mut known: HashMap<&str, usize> = HashMap::new();
        for place in (0..a.branches.len()).rev().filter(|place| !is_taken[*place]) {
            known.extend(names.0(a.kind(place)).into_iter().map(|name| (name, place)));
        }
        for (place, partner) in partners.iter_mut().enumerate().filter(|(_, p)| p.is_none()) {
            let kind = b.kind(place);
            let candidates = names.1(kind).into_iter().filter_map(|name| known.get(name)).copied();
            let is_of_kind = |other: &usize| names.2 || is_same_kind(a.kind(*other), kind);
            *partner = candidates.filter(is_of_kind).find(|other| !is_taken[*other]);
            partner.iter().for_each(|other| is_taken[*other] = true);
        }
    }
    let mut pairing = Pairing { pairs: Vec::new(), gone: Vec::new(), come: Vec::new() };
    pairing.gone.extend((0..a.branches.len()).filter(|place| !is_taken[*place]));
    pairing.come.extend((0..b.branches.len()).filter(|place| partners[*place].is_none()));
    if let Some((old, new)) = leftover(a, b, &pairing) {
        partners[new] = Some(old);
        pairing.gone.retain(|place| *place != old);
        pairing.come.retain(|place| *place != new);
    }
    pairing.pairs = partners.iter().enumerate().filter_map(|(place, p)| p.map(|p| (p, place))).collect();
    pairing
}

/// Names of a branch.
type Names = fn(&Kind) -> Vec<&str>;

/// In what a branch of the old union and one of the new one have to agree, one after the other; and whether that is enough,
/// or both have to be of one kind.
const NAMES: [(Names, Names, bool); 4] =
    [(own, own, true), (full, aliases, false), (aliases, full, false), (simple, simple, false)];

fn own(kind: &Kind) -> Vec<&str> {
    vec![kind.name().map_or_else(|| kind.word(), Name::full)]
}

fn full(kind: &Kind) -> Vec<&str> {
    kind.name().into_iter().map(Name::full).collect()
}

fn aliases(kind: &Kind) -> Vec<&str> {
    kind.aliases().iter().map(Name::full).collect()
}

fn simple(kind: &Kind) -> Vec<&str> {
    kind.name().into_iter().map(Name::simple).collect()
}

/// The branch that is gone and the one that has come, if they belong together.
fn leftover(a: &Side<'_>, b: &Side<'_>, pairing: &Pairing) -> Option<(usize, usize)> {
    let only = |side: &Side<'_>, places: &[usize]| {
        let mut others = places.iter().filter(|place| !matches!(side.kind(**place), Kind::Null));
        others.next().copied().filter(|_| others.next().is_none())
    };
    let (old, new) = (only(a, &pairing.gone)?, only(b, &pairing.come)?);
    let is_all = |side: &Side<'_>| side.branches.len() - usize::from(side.has_null()) == 1;
    let are_all = a.is_union && b.is_union && is_all(a) && is_all(b);
    (are_all || alike(a.kind(old), b.kind(new))).then_some((old, new))
}
