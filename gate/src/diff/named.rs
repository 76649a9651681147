//! Names, docs, aliases; symbols, sizes.

use std::collections::{HashMap, HashSet};

use ottla_formats::avro::{Enum, Kind, Name, TypeId};

use super::ChangeKind as K;
use super::moved::moved;
use super::walk::{At, Part, Walk};
use super::words::{list, quoted, short};

impl<'a> Walk<'a> {
    /// Compares two named types of one kind: as one type, if they can be the same, else as different types.
    pub(super) fn named(&mut self, old: TypeId, new: TypeId, at: At) {
        let (a, b) = (self.old.kind(old), self.new.kind(new));
        let (Some(before), Some(after)) = (a.name(), b.name()) else { return };
        if !self.is_one(a, b, at) {
            return self.type_changed(old, new, at);
        }
        if !self.met.insert((old, new)) {
            return;
        }
        let owner = self.owner_of(b, after, at);
        self.names(a, b, at, &owner);
        if a.word() != b.word() {
            let words = format!("{owner} was of type {}", a.word());
            let (old, new) = (a.word().to_owned(), b.word().to_owned());
            self.tell(self.change(K::ErrorChanged, at.path, words).of(Some(old), Some(new)));
        }
        self.docs(doc(a), doc(b), at.path, &owner);
        let texts = |kind: &'a Kind| kind.aliases().iter().map(Name::full).collect::<Vec<_>>();
        let renamed: &[&str] = if before == after { &[] } else { &[before.full(), after.full()] };
        self.aliases(&texts(a), &texts(b), renamed, at.path, &owner);
        self.type_attributes(old, new, at, &owner);
        match (a, b) {
            (Kind::Record(x), Kind::Record(y)) => self.record(x, y, at, &owner),
            (Kind::Enum(x), Kind::Enum(y)) => self.enums(x, y, at, &owner),
            (Kind::Fixed(x), Kind::Fixed(y)) if x.size != y.size => {
                let words = format!("size of {owner}: {} -> {}", x.size, y.size);
                let (old, new) = (x.size.to_string(), y.size.to_string());
                self.tell(self.change(K::SizeChanged, at.path, words).of(Some(old), Some(new)));
            }
            _ => {}
        }
    }

    /// Can two named types be one type, perhaps under a new name? The outermost ones always are.
    fn is_one(&mut self, a: &Kind, b: &Kind, at: At) -> bool {
        let (Some(before), Some(after)) = (a.name(), b.name()) else { return false };
        if before == after || at.part == Part::Root || is_alias(a, b) {
            return true;
        }
        let is_renamed =
            !self.names_of_new.contains(before.full()) && !self.names_of_old.contains(after.full());
        self.spend(a.aliases().len() + b.aliases().len());
        if !is_renamed || before.simple() == after.simple() {
            return is_renamed;
        }
        self.spend(parts(a).len() + parts(b).len());
        alike(a, b)
    }

    /// A named type and, if that is elsewhere, where it is used first: `enum Status (Order.status)`.
    fn owner_of(&self, kind: &Kind, name: &Name, at: At) -> String {
        let (path, simple) = (self.paths.text(at.path), short(name.simple()));
        let place = if path.is_empty() || path == simple { String::new() } else { format!(" ({path})") };
        format!("{} {simple}{place}", kind.word())
    }

    fn names(&mut self, a: &Kind, b: &Kind, at: At, owner: &str) {
        let (Some(before), Some(after)) = (a.name(), b.name()) else { return };
        if before == after {
            return;
        }
        let how = match (b.aliases().contains(before), a.aliases().contains(after)) {
            (true, _) => "alias",
            (false, true) => "alias of the old schema",
            (false, false) => "without an alias",
        };
        let (kind, words) = if before.simple() == after.simple() {
            let shown =
                |name: &Name| name.namespace().map_or_else(|| "none".to_owned(), |n| short(n).into_owned());
            (
                K::NamespaceChanged,
                format!("namespace of {owner}: {} -> {} ({how})", shown(before), shown(after)),
            )
        } else {
            let is_moved = before.namespace() != after.namespace();
            let shown =
                |name: &'_ Name| short(if is_moved { name.full() } else { name.simple() }).into_owned();
            let word = a.word();
            (K::NameChanged, format!("{word} {} is now {} ({how})", shown(before), shown(after)))
        };
        let (old, new) = (before.full().to_owned(), after.full().to_owned());
        self.tell(self.change(kind, at.path, words).of(Some(old), Some(new)));
    }

    fn enums(&mut self, old: &'a Enum, new: &'a Enum, at: At, owner: &str) {
        self.spend(old.symbols.len() + new.symbols.len());
        for (kind, these, others) in [(K::SymbolAdded, new, old), (K::SymbolRemoved, old, new)] {
            let others: HashSet<&str> = others.symbols.iter().map(String::as_str).collect();
            for symbol in these.symbols.iter().filter(|symbol| !others.contains(symbol.as_str())) {
                let words = format!("symbol {} of {owner}", short(symbol));
                let text = Some(symbol.clone());
                let (old, new) = if kind == K::SymbolAdded { (None, text) } else { (text, None) };
                self.tell(self.change(kind, at.path, words).of(old, new));
            }
        }
        self.symbols_moved(old, new, at, owner);
        let (a, b) = (old.default.as_deref().map(quoted), new.default.as_deref().map(quoted));
        let (kind, words) = match (&a, &b) {
            (None, Some(b)) => (K::EnumDefaultAdded, format!("default of {owner}: {b}")),
            (Some(a), None) => (K::EnumDefaultRemoved, format!("default of {owner}: {a}")),
            (Some(x), Some(y)) if old.default != new.default => {
                (K::EnumDefaultChanged, format!("default of {owner}: {x} -> {y}"))
            }
            _ => return,
        };
        self.tell(self.change(kind, at.path, words).of(a, b));
    }

    fn symbols_moved(&mut self, old: &Enum, new: &Enum, at: At, owner: &str) {
        let places: HashMap<&str, usize> =
            old.symbols.iter().enumerate().map(|(at, symbol)| (symbol.as_str(), at)).collect();
        let kept = new.symbols.iter().filter_map(|s| Some((s.as_str(), *places.get(s.as_str())?)));
        let (symbols, places): (Vec<&str>, Vec<usize>) = kept.unzip();
        let names: Vec<&str> = moved(&places).into_iter().map(|at| symbols[at]).collect();
        if !names.is_empty() {
            let words = format!("symbols of {owner} in another order: {} moved", list(&names));
            self.tell(self.change(K::SymbolsMoved, at.path, words));
        }
    }
}

fn doc(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Record(record) => record.doc.as_deref(),
        Kind::Enum(of) => of.doc.as_deref(),
        Kind::Fixed(fixed) => fixed.doc.as_deref(),
        _ => None,
    }
}

/// Does an alias of one say that it is the other?
fn is_alias(a: &Kind, b: &Kind) -> bool {
    let (Some(before), Some(after)) = (a.name(), b.name()) else { return false };
    is_same_kind(a, b) && (b.aliases().contains(before) || a.aliases().contains(after))
}

/// Are two types of one kind? An error is a record.
pub(super) fn is_same_kind(a: &Kind, b: &Kind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// Do two named types look like one type under two names: the same kind, and at least half of the fields or symbols, or
/// the same size?
pub(crate) fn alike(a: &Kind, b: &Kind) -> bool {
    let half = |old: &[&str], new: &[&str]| {
        let known: HashSet<&str> = old.iter().copied().collect();
        let shared = new.iter().filter(|name| known.contains(**name)).count();
        shared > 0 && shared * 2 >= old.len().max(new.len())
    };
    match (a, b) {
        (Kind::Record(_), Kind::Record(_)) | (Kind::Enum(_), Kind::Enum(_)) => half(&parts(a), &parts(b)),
        (Kind::Fixed(a), Kind::Fixed(b)) => a.size == b.size,
        _ => false,
    }
}

/// The names of what is in a named type.
fn parts(kind: &Kind) -> Vec<&str> {
    match kind {
        Kind::Record(record) => record.fields.iter().map(|field| field.name.as_str()).collect(),
        Kind::Enum(of) => of.symbols.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}
