//! The options, and which of them were of use.

mod reader;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::error::Error;
use crate::glob::Glob;
use crate::options::Options;
use crate::source::nearest;
use reader::{OptionReader, has_every_type, is_attribute, is_path, is_type};

/// A rule of the options.
#[derive(Debug)]
struct Rule<K> {
    key: K,
    /// The path or attribute.
    value: String,
    used: Cell<bool>,
    /// How it was said, and what it has to meet: a type, a field.
    said: String,
    meets: &'static str,
}

/// The options, ready for use.
#[derive(Debug)]
pub(super) struct Choices<'a> {
    pub(super) options: &'a Options,
    derives: Vec<Rule<Glob>>,
    type_attributes: Vec<Rule<Glob>>,
    field_attributes: Vec<Rule<Glob>>,
    borrowed: Vec<Rule<Glob>>,
    open_enums: Vec<Rule<Glob>>,
    sorted_maps: Vec<Rule<Glob>>,
    mapped: Vec<Rule<String>>,
    externs: Vec<Rule<String>>,
    strip: Option<Rule<String>>,
    /// The names that were asked about: one of them was perhaps meant.
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Choices<'a> {
    /// Reads the options.
    pub(super) fn new(options: &'a Options, errors: &mut Vec<Error>) -> Self {
        let mut reader = OptionReader { errors };
        reader.path("runtime", &options.runtime);
        Self {
            options,
            derives: reader.pairs("derive", &options.derives, is_path, "type"),
            type_attributes: reader.pairs("type_attribute", &options.type_attributes, is_attribute, "type"),
            field_attributes: reader.pairs(
                "field_attribute",
                &options.field_attributes,
                is_attribute,
                "field",
            ),
            borrowed: reader.globs("borrowed", &options.borrowed, "type"),
            open_enums: reader.globs("open_enums", &options.open_enums, "enum"),
            sorted_maps: reader.globs("sorted_maps", &options.sorted_maps, "map"),
            mapped: reader.names("map_type", &options.mapped, is_type, "type or logical type"),
            externs: reader.names("extern_path", &options.externs, is_path, "type or namespace"),
            strip: options.strip.as_ref().map(|namespace| Rule {
                key: namespace.clone(),
                value: String::new(),
                used: Cell::new(false),
                said: format!("strip({namespace:?})"),
                meets: "namespace",
            }),
            asked: RefCell::default(),
        }
    }

    /// The derives of a type; of a union within a record also those of the record.
    pub(super) fn derives(&self, name: &str, record: Option<&str>) -> Vec<String> {
        let mut derives = Vec::new();
        for more in std::iter::once(name).chain(record).flat_map(|name| self.matching(&self.derives, name)) {
            if !derives.contains(&more) && !has_every_type(&more) {
                derives.push(more);
            }
        }
        derives
    }

    /// The attributes of a type.
    pub(super) fn type_attributes(&self, name: &str) -> Vec<String> {
        self.matching(&self.type_attributes, name)
    }

    /// The attributes of a field.
    pub(super) fn field_attributes(&self, path: &str) -> Vec<String> {
        self.matching(&self.field_attributes, path)
    }

    /// Is a borrowed twin wanted?
    pub(super) fn is_borrowed(&self, name: &str) -> bool {
        !self.matching(&self.borrowed, name).is_empty()
    }

    /// Is an enum open?
    pub(super) fn is_open(&self, name: &str) -> bool {
        !self.matching(&self.open_enums, name).is_empty()
    }

    /// Are the maps of a field sorted?
    pub(super) fn is_sorted(&self, ty: &str, field: &str) -> bool {
        let by_field = !self.matching(&self.sorted_maps, field).is_empty();
        !self.matching(&self.sorted_maps, ty).is_empty() || by_field
    }

    /// The Rust type that a logical or named type is mapped to.
    pub(super) fn mapped(&self, name: &str) -> Option<&str> {
        self.ask(name);
        let rule = self.mapped.iter().rev().find(|rule| rule.key == name)?;
        self.mapped.iter().filter(|rule| rule.key == name).for_each(|rule| rule.used.set(true));
        Some(&rule.value)
    }

    /// The rule for a type that is made elsewhere: its path, and what of the full name follows in it.
    pub(super) fn external<'n>(&self, name: &'n str) -> Option<(&str, &'n str)> {
        if self.externs.is_empty() {
            return None;
        }
        self.ask(name);
        let rest = |key: &str| {
            let rest = name.strip_prefix(key)?;
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
        };
        let matching = self.externs.iter().filter_map(|rule| rest(&rule.key).map(|rest| (rule, rest)));
        let (rule, rest) = matching.max_by_key(|(rule, _)| rule.key.len())?;
        rule.used.set(true);
        Some((&rule.value, rest))
    }

    /// A namespace without what is stripped from it.
    pub(super) fn stripped<'n>(&self, namespace: &'n str) -> &'n str {
        let Some(strip) = &self.strip else { return namespace };
        match namespace.strip_prefix(strip.key.as_str()) {
            Some("") => {
                strip.used.set(true);
                ""
            }
            Some(rest) if rest.starts_with('.') => {
                strip.used.set(true);
                &rest[1..]
            }
            _ => namespace,
        }
    }

    fn matching(&self, rules: &[Rule<Glob>], name: &str) -> Vec<String> {
        if rules.is_empty() {
            return Vec::new();
        }
        self.ask(name);
        let matching = rules.iter().filter(|rule| rule.key.matches(name));
        matching.inspect(|rule| rule.used.set(true)).map(|rule| rule.value.clone()).collect()
    }

    /// Only what may be told later is kept.
    fn ask(&self, name: &str) {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(name) {
            asked.insert(name.to_owned());
        }
    }

    /// Tells of the rules that have met nothing.
    pub(super) fn tell_unused(&self, errors: &mut Vec<Error>) {
        let asked = self.asked.borrow();
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        let mut tell = |used: bool, said: &str, meets: &str, key: &str| {
            if used {
                return;
            }
            let hint = nearest(key, &known).map(|name| format!("did you mean {name}?"));
            let help = hint.unwrap_or_else(|| "correct the name, or leave the option out".to_owned());
            errors.push(Error::new(format!("{said} meets no {meets}")).help(help));
        };
        let globs = [
            &self.derives,
            &self.type_attributes,
            &self.field_attributes,
            &self.borrowed,
            &self.open_enums,
            &self.sorted_maps,
        ];
        for rule in globs.into_iter().flatten() {
            tell(rule.used.get(), &rule.said, rule.meets, rule.key.text());
        }
        for rule in self.mapped.iter().chain(&self.externs).chain(&self.strip) {
            tell(rule.used.get(), &rule.said, rule.meets, &rule.key);
        }
    }
}
