//! The fields of two records, and which of them belong together.

use std::collections::HashMap;

use ottla_formats::avro::{Field, Order, Record};

use super::moved::moved;
use super::path::{PathId, Step};
use super::walk::{At, Part, Task, Walk};
use super::words::{list, short, type_words, value};
use super::{Change, ChangeKind as K};

impl<'a> Walk<'a> {
    /// Compares the fields of two records: those of the new one in their order, then those that are gone.
    pub(super) fn record(&mut self, old: &'a Record, new: &'a Record, at: At, owner: &str) {
        self.spend(old.fields.len() + new.fields.len());
        let partners = partners(old, new);
        let mut tasks = Vec::new();
        for (field, partner) in new.fields.iter().zip(&partners) {
            let path = self.step(at.path, Step::Field(&field.name));
            match partner.map(|partner| &old.fields[partner]) {
                None => tasks.push(Task::Tell(self.field_added(field, path))),
                Some(before) => {
                    if before.name != field.name {
                        tasks.push(Task::Tell(self.field_renamed(before, field, at.path, path)));
                    }
                    tasks.push(Task::Fields(before, field, path));
                }
            }
        }
        let mut is_kept = vec![false; old.fields.len()];
        partners.iter().flatten().for_each(|partner| is_kept[*partner] = true);
        for (field, _) in old.fields.iter().zip(is_kept).filter(|(_, is_kept)| !is_kept) {
            let path = self.step(at.path, Step::Field(&field.name));
            tasks.push(Task::Tell(self.field_removed(field, path)));
        }
        tasks.extend(self.fields_moved(new, &partners, at, owner).map(Task::Tell));
        self.later(tasks);
    }

    fn field_added(&self, field: &Field, path: PathId) -> Change {
        let (ty, default) = (type_words(self.new, field.ty), default_words(field));
        let words = format!("field {}: {ty} ({default})", self.paths.text(path));
        self.change(K::FieldAdded, path, words).of(None, Some(ty))
    }

    fn field_removed(&self, field: &Field, path: PathId) -> Change {
        let (ty, default) = (type_words(self.old, field.ty), default_words(field));
        let words = format!("field {}: {ty} ({default})", self.paths.text(path));
        self.change(K::FieldRemoved, path, words).of(Some(ty), None)
    }

    fn field_renamed(&self, old: &Field, new: &Field, record: PathId, path: PathId) -> Change {
        let whose = if new.aliases.contains(&old.name) { "" } else { " of the old schema" };
        let record = self.paths.text(record);
        let dot = if record.is_empty() { "" } else { "." };
        let before = short(&old.name);
        let words = format!("field {record}{dot}{before} is now {} (alias{whose})", short(&new.name));
        let (old, new) = (old.name.clone(), new.name.clone());
        self.change(K::FieldRenamed, path, words).of(Some(old), Some(new))
    }

    fn fields_moved(&self, new: &Record, partners: &[Option<usize>], at: At, owner: &str) -> Option<Change> {
        let kept = new.fields.iter().zip(partners).filter_map(|(field, p)| p.map(|p| (field, p)));
        let (fields, places): (Vec<&Field>, Vec<usize>) = kept.unzip();
        let names: Vec<&str> = moved(&places).into_iter().map(|at| fields[at].name.as_str()).collect();
        let words = format!("fields of {owner} in another order: {} moved", list(&names));
        (!names.is_empty()).then(|| self.change(K::FieldsMoved, at.path, words))
    }

    /// Compares two fields that belong together.
    pub(super) fn field(&mut self, old: &'a Field, new: &'a Field, path: PathId) {
        self.types(old.ty, new.ty, At { path, part: Part::Field });
        let is_same = old.name == new.name
            && old.default == new.default
            && old.order == new.order
            && old.doc == new.doc
            && old.aliases == new.aliases
            && old.attributes == new.attributes;
        if is_same {
            return;
        }
        let owner = self.label(At { path, part: Part::Field });
        self.defaults(old, new, path, &owner);
        if old.order != new.order {
            let (a, b) = (order_word(old.order), order_word(new.order));
            let words = format!("sort order of {owner}: {a} -> {b}");
            let change = self.change(K::SortOrderChanged, path, words);
            self.tell(change.of(Some(a.to_owned()), Some(b.to_owned())));
        }
        self.docs(old.doc.as_deref(), new.doc.as_deref(), path, &owner);
        let texts = |field: &'a Field| field.aliases.iter().map(String::as_str).collect::<Vec<_>>();
        let renamed: &[&str] = if old.name == new.name { &[] } else { &[&old.name, &new.name] };
        self.aliases(&texts(old), &texts(new), renamed, path, &owner);
        let all = |field: &'a Field| field.attributes.iter().collect::<Vec<_>>();
        self.attributes(&all(old), &all(new), path, &owner);
    }

    fn defaults(&mut self, old: &Field, new: &Field, path: PathId, owner: &str) {
        let (a, b) = (old.default.as_ref().map(value), new.default.as_ref().map(value));
        let (kind, words) = match (&a, &b) {
            (None, Some(b)) => (K::DefaultAdded, format!("default of {owner}: {b}")),
            (Some(a), None) => (K::DefaultRemoved, format!("default of {owner}: {a}")),
            (Some(a), Some(b)) if old.default != new.default => {
                (K::DefaultChanged, format!("default of {owner}: {a} -> {b}"))
            }
            _ => return,
        };
        self.tell(self.change(kind, path, words).of(a, b));
    }
}

/// For each field of the new record the place of the old one that it was: by its name, else by an alias of either.
fn partners(old: &Record, new: &Record) -> Vec<Option<usize>> {
    let names: HashMap<&str, usize> =
        old.fields.iter().enumerate().map(|(at, f)| (f.name.as_str(), at)).collect();
    let mut partners: Vec<Option<usize>> =
        new.fields.iter().map(|field| names.get(field.name.as_str()).copied()).collect();
    let mut is_taken = vec![false; old.fields.len()];
    partners.iter().flatten().for_each(|partner| is_taken[*partner] = true);
    let mut former: HashMap<&str, usize> = HashMap::new();
    for (at, field) in old.fields.iter().enumerate().filter(|(at, _)| !is_taken[*at]) {
        field.aliases.iter().for_each(|alias| {
            former.entry(alias).or_insert(at);
        });
    }
    for (field, partner) in new.fields.iter().zip(&mut partners).filter(|(_, p)| p.is_none()) {
        let by_alias = field.aliases.iter().filter_map(|alias| names.get(alias.as_str()));
        let mut candidates = by_alias.chain(former.get(field.name.as_str())).copied();
        *partner = candidates.find(|at| !is_taken[*at]);
        partner.iter().for_each(|at| is_taken[*at] = true);
    }
    partners
}

fn default_words(field: &Field) -> String {
    field.default.as_ref().map_or_else(|| "no default".to_owned(), |d| format!("default {}", value(d)))
}

fn order_word(order: Order) -> &'static str {
    match order {
        Order::Ascending => "ascending",
        Order::Descending => "descending",
        Order::Ignore => "ignore",
    }
}
