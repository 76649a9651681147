//! The types of the version before, and those of the schema that take their places.
//!
//! Types belong together as they do for a reader: by names and aliases, and a type that is widened with the wider one. Either
//! schema may be the reader, so aliases of both count, and what is narrowed counts as well.

use std::collections::{HashMap, HashSet};
use std::slice;

use ottla_formats::avro::{Kind, Name, Record, Schema, Slot, TypeId};

/// So many types, fields and branches are looked at: a type may take the places of many.
const MAX_STEPS: usize = 1 << 20;

/// Two types that belong together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) old: TypeId,
    pub(super) new: TypeId,
    /// Where the new one stands; for one with a name the first such place.
    pub(super) slot: Slot,
}

/// Shows each pair but those of unions, of named types each once, from the outermost on.
pub(super) fn pairs(old: &Schema, new: &Schema, show: impl FnMut(Pair)) {
    let root = Pair { old: old.root(), new: new.root(), slot: Slot::Root };
    Walk { old, new, met: HashSet::new(), open: vec![root], steps: 0 }.run(show);
}

struct Walk<'a> {
    old: &'a Schema,
    new: &'a Schema,
    /// The pairs of named types that were met.
    met: HashSet<(TypeId, TypeId)>,
    /// The next one is the last.
    open: Vec<Pair>,
    steps: usize,
}

impl Walk<'_> {
    fn run(mut self, mut show: impl FnMut(Pair)) {
        while let Some(pair) = self.open.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            let (a, b) = (self.old.kind(pair.old), self.new.kind(pair.new));
            if matches!(a, Kind::Union(_)) || matches!(b, Kind::Union(_)) {
                self.branches(&pair);
                continue;
            }
            // The outermost types belong together whatever they are called.
            let is_one = if pair.slot == Slot::Root { is_same_kind(a, b) } else { is_one(a, b) };
            let is_known = a.name().is_some() && !self.met.insert((pair.old, pair.new));
            if is_known || !(is_one || promotes(a, b) || promotes(b, a)) {
                continue;
            }
            show(pair);
            match (a, b) {
                (Kind::Array(old), Kind::Array(new)) => self.within(*old, *new, Slot::Items(pair.new)),
                (Kind::Map(old), Kind::Map(new)) => self.within(*old, *new, Slot::Values(pair.new)),
                (Kind::Record(old), Kind::Record(new)) => self.fields(old, new, pair.new),
                _ => {}
            }
        }
    }

    fn within(&mut self, old: TypeId, new: TypeId, slot: Slot) {
        self.open.push(Pair { old, new, slot });
    }

    fn fields(&mut self, old: &Record, new: &Record, record: TypeId) {
        self.steps += old.fields.len() + new.fields.len();
        let mut known: HashMap<&str, TypeId> = HashMap::new();
        for field in &old.fields {
            field.aliases.iter().for_each(|alias| {
                known.entry(alias).or_insert(field.ty);
            });
        }
        known.extend(old.fields.iter().map(|field| (field.name.as_str(), field.ty)));
        for (at, field) in new.fields.iter().enumerate().rev() {
            let mut names = std::iter::once(&field.name).chain(&field.aliases);
            if let Some(before) = names.find_map(|name| known.get(name.as_str())) {
                self.within(*before, field.ty, Slot::Field(record, index(at)));
            }
        }
    }

    /// Pairs branches; a type that is no union is its only branch.
    fn branches(&mut self, pair: &Pair) {
        let (old, new) = (branches(self.old, &pair.old), branches(self.new, &pair.new));
        self.steps += old.len() + new.len();
        let is_union = matches!(self.new.kind(pair.new), Kind::Union(_));
        let slot = |at| if is_union { Slot::Branch(pair.new, at) } else { pair.slot };
        let kinds: Vec<&Kind> = new.iter().map(|branch| self.new.kind(*branch)).collect();
        let known = by_name(&kinds);
        let mut is_taken = vec![false; new.len()];
        let (mut partners, mut left) = (Vec::new(), Vec::new());
        for before in old {
            let kind = self.old.kind(*before);
            let at = names(kind).into_iter().find_map(|name| known.get(name)).copied();
            match at.filter(|at| is_one(kind, kinds[*at])) {
                Some(at) => {
                    is_taken[at] = true;
                    partners.push((at, *before));
                }
                None if kind.name().is_none() => left.push(*before),
                None => {}
            }
        }
        for before in left {
            self.steps += kinds.len();
            let kind = self.old.kind(before);
            let widened = kinds.iter().position(|branch| promotes(kind, branch));
            let narrowed = || (0..kinds.len()).find(|at| !is_taken[*at] && promotes(kinds[*at], kind));
            partners.extend(widened.or_else(narrowed).map(|at| (at, before)));
        }
        partners.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, before) in partners {
            self.within(before, new[at], slot(index(at)));
        }
    }
}

/// A schema of so many parts could not have been read.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn branches<'s>(schema: &'s Schema, ty: &'s TypeId) -> &'s [TypeId] {
    match schema.kind(*ty) {
        Kind::Union(branches) => branches,
        _ => slice::from_ref(ty),
    }
}

/// The places of branches by all their names: full names win over aliases, and those over names without a namespace.
fn by_name<'k>(branches: &[&'k Kind]) -> HashMap<&'k str, usize> {
    let mut known = HashMap::new();
    let all = || branches.iter().enumerate().rev();
    known.extend(all().filter_map(|(at, kind)| Some((kind.name()?.simple(), at))));
    known.extend(all().flat_map(|(at, kind)| kind.aliases().iter().map(move |alias| (alias.full(), at))));
    known.extend(all().map(|(at, kind)| (kind.name().map_or(kind.word(), Name::full), at)));
    known
}

/// What a type may be called, the most telling first.
fn names(kind: &Kind) -> Vec<&str> {
    let Some(name) = kind.name() else { return vec![kind.word()] };
    let aliases = kind.aliases().iter().map(Name::full);
    [name.full()].into_iter().chain(aliases).chain([name.simple()]).collect()
}

/// Are two types one, perhaps under another name?
fn is_one(a: &Kind, b: &Kind) -> bool {
    let is_named_so = match (a.name(), b.name()) {
        (Some(before), Some(after)) => {
            before.simple() == after.simple() || a.aliases().contains(after) || b.aliases().contains(before)
        }
        _ => true,
    };
    is_named_so && is_same_kind(a, b)
}

/// A fixed of another size is another type.
fn is_same_kind(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Fixed(a), Kind::Fixed(b)) => a.size == b.size,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Is what was written as one type read as the other (Avro specification, Schema Resolution)?
fn promotes(written: &Kind, read: &Kind) -> bool {
    matches!(
        (written, read),
        (Kind::Int, Kind::Long | Kind::Float | Kind::Double)
            | (Kind::Long, Kind::Float | Kind::Double)
            | (Kind::Float, Kind::Double)
            | (Kind::String, Kind::Bytes)
            | (Kind::Bytes, Kind::String)
    )
}
