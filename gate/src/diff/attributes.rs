//! Logical types and further attributes.

use std::collections::HashMap;

use ottla_formats::avro::{Type, TypeId};
use ottla_formats::json::Value;

use super::ChangeKind as K;
use super::path::PathId;
use super::walk::{At, Walk};
use super::words::{logical_words, quoted, short, value};

/// An attribute: its name and value.
type Attribute = (String, Value<'static>);

/// Attributes that are told as the logical type that they belong to.
const OF_DECIMALS: [(&str, K); 2] = [("precision", K::PrecisionChanged), ("scale", K::ScaleChanged)];

impl<'a> Walk<'a> {
    /// Compares the attributes of two types.
    pub(super) fn type_attributes(&mut self, old: TypeId, new: TypeId, at: At, owner: &str) {
        let (old, new) = (self.old.ty(old), self.new.ty(new));
        if old.attributes.is_empty() && new.attributes.is_empty() {
            return;
        }
        let (a, b) = (logical(old), logical(new));
        self.logical_types((a, old), (b, new), at.path, owner);
        let told = |name: &str, logical: Option<&str>| {
            (name == "logicalType" && logical.is_some())
                || (logical == Some("decimal") && OF_DECIMALS.iter().any(|(n, _)| *n == name))
        };
        let others = |ty: &'a Type, logical| {
            ty.attributes.iter().filter(|(name, _)| !told(name, logical)).collect::<Vec<_>>()
        };
        self.attributes(&others(old, a), &others(new, b), at.path, owner);
    }

    fn logical_types(
        &mut self,
        (a, old): (Option<&str>, &Type),
        (b, new): (Option<&str>, &Type),
        path: PathId,
        owner: &str,
    ) {
        let words = |logical: Option<&str>, ty| logical.map(|logical| logical_words(logical, ty));
        let (kind, told) = match (words(a, old), words(b, new)) {
            (None, Some(new)) => (K::LogicalTypeAdded, format!("logical type {new} of {owner}")),
            (Some(old), None) => (K::LogicalTypeRemoved, format!("logical type {old} of {owner}")),
            (Some(old), Some(new)) if a != b => {
                (K::LogicalTypeChanged, format!("{owner}: logical type {old} -> {new}"))
            }
            _ => {
                if a == Some("decimal") {
                    self.decimals(old, new, path, owner);
                }
                return;
            }
        };
        self.tell(self.change(kind, path, told).of(words(a, old), words(b, new)));
    }

    fn decimals(&mut self, old: &Type, new: &Type, path: PathId, owner: &str) {
        for (name, kind) in OF_DECIMALS {
            let (a, b) = (old.attribute(name), new.attribute(name));
            if a == b {
                continue;
            }
            let shown = |v: Option<&Value<'_>>| v.map_or_else(|| "none".to_owned(), value);
            let words = format!("{owner}: {name} {} -> {}", shown(a), shown(b));
            self.tell(self.change(kind, path, words).of(a.map(value), b.map(value)));
        }
    }

    /// Compares further attributes, in the order of the new ones; those that are gone come last.
    pub(super) fn attributes(&mut self, old: &[&Attribute], new: &[&Attribute], path: PathId, owner: &str) {
        self.spend(old.len() + new.len());
        let known: HashMap<&str, &Value<'_>> = old.iter().map(|(n, v)| (n.as_str(), v)).collect();
        for (name, after) in new.iter().copied() {
            let shown = short(name);
            match known.get(name.as_str()) {
                Some(before) if *before == after => {}
                Some(before) => {
                    let (a, b) = (value(before), value(after));
                    let words = format!("attribute {shown} of {owner}: {a} -> {b}");
                    self.tell(self.change(K::AttributeChanged, path, words).of(Some(a), Some(b)));
                }
                None => {
                    let words = format!("attribute {shown} of {owner}: {}", value(after));
                    self.tell(self.change(K::AttributeAdded, path, words).of(None, Some(value(after))));
                }
            }
        }
        let known: HashMap<&str, ()> = new.iter().map(|(n, _)| (n.as_str(), ())).collect();
        for (name, before) in old.iter().copied().filter(|(name, _)| !known.contains_key(name.as_str())) {
            let words = format!("attribute {} of {owner}: {}", short(name), value(before));
            self.tell(self.change(K::AttributeRemoved, path, words).of(Some(value(before)), None));
        }
    }

    /// Compares docs.
    pub(super) fn docs(&mut self, old: Option<&str>, new: Option<&str>, path: PathId, owner: &str) {
        let (kind, words) = match (old, new) {
            (None, Some(new)) => (K::DocAdded, format!("doc of {owner}: {}", quoted(new))),
            (Some(old), None) => (K::DocRemoved, format!("doc of {owner}: {}", quoted(old))),
            (Some(old), Some(new)) if old != new => {
                (K::DocChanged, format!("doc of {owner}: {} -> {}", quoted(old), quoted(new)))
            }
            _ => return,
        };
        self.tell(self.change(kind, path, words).of(old.map(quoted), new.map(quoted)));
    }

    /// Compares aliases. Those that say what was renamed are told as that.
    pub(super) fn aliases(
        &mut self,
        old: &[&str],
        new: &[&str],
        renamed: &[&str],
        path: PathId,
        owner: &str,
    ) {
        self.spend(old.len() + new.len());
        for (kind, these, others) in [(K::AliasAdded, new, old), (K::AliasRemoved, old, new)] {
            let others: HashMap<&str, ()> = others.iter().map(|alias| (*alias, ())).collect();
            for alias in these.iter().filter(|a| !others.contains_key(**a) && !renamed.contains(*a)) {
                let words = format!("alias {} of {owner}", short(alias));
                let text = Some((*alias).to_owned());
                let (old, new) = if kind == K::AliasAdded { (None, text) } else { (text, None) };
                self.tell(self.change(kind, path, words).of(old, new));
            }
        }
    }
}

fn logical(ty: &Type) -> Option<&str> {
    ty.attribute("logicalType").and_then(Value::as_str)
}
