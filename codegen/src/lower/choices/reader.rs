//! Options as rules, and what is wrong with them.

use std::cell::Cell;

use syn::parse::Parser as _;

use super::Rule;
use crate::error::Error;
use crate::glob::Glob;

/// Reads options, and tells what is wrong with them.
pub(super) struct OptionReader<'e> {
    pub(super) errors: &'e mut Vec<Error>,
}

pub(super) type Check = fn(&str) -> Result<(), &'static str>;

impl OptionReader<'_> {
    pub(super) fn path(&mut self, option: &str, path: &str) {
        if let Err(what) = is_path(path) {
            self.errors.push(Error::new(format!("{option}({path:?}): this is no {what}")));
        }
    }

    fn glob(&mut self, said: &str, text: &str) -> Option<Glob> {
        Glob::new(text).map_err(|what| self.errors.push(Error::new(format!("{said}: {what}")))).ok()
    }

    pub(super) fn globs(&mut self, option: &str, globs: &[String], meets: &'static str) -> Vec<Rule<Glob>> {
        let rules = globs.iter().filter_map(|text| {
            let said = format!("{option}({text:?})");
            let key = self.glob(&said, text)?;
            Some(Rule { key, value: String::new(), used: Cell::new(false), said, meets })
        });
        rules.collect()
    }

    pub(super) fn pairs(
        &mut self,
        option: &str,
        pairs: &[(String, String)],
        check: Check,
        meets: &'static str,
    ) -> Vec<Rule<Glob>> {
        let rules = self.names(option, pairs, check, meets).into_iter().filter_map(|rule| {
            let key = self.glob(&rule.said, &rule.key)?;
            Some(Rule { key, value: rule.value, used: rule.used, said: rule.said, meets })
        });
        rules.collect()
    }

    pub(super) fn names(
        &mut self,
        option: &str,
        pairs: &[(String, String)],
        check: Check,
        meets: &'static str,
    ) -> Vec<Rule<String>> {
        let mut rules = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let said = format!("{option}({key:?}, {value:?})");
            match check(value) {
                Ok(()) => {
                    let (key, value) = (key.clone(), value.clone());
                    rules.push(Rule { key, value, used: Cell::new(false), said, meets });
                }
                Err(what) => self.errors.push(Error::new(format!("{said}: {value:?} is no {what}"))),
            }
        }
        rules
    }
}

/// Is it a derive that every type has without being asked?
pub(super) fn has_every_type(derive: &str) -> bool {
    let mut path: Vec<&str> = derive.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
    let name = path.pop();
    matches!(name, Some("Debug" | "Clone" | "PartialEq"))
        && matches!(path.as_slice(), [] | ["std" | "core", "fmt" | "clone" | "cmp"])
}

pub(super) fn is_path(text: &str) -> Result<(), &'static str> {
    match syn::parse_str::<syn::Path>(text) {
        Ok(path) if path.segments.iter().all(|segment| segment.arguments.is_none()) => Ok(()),
        _ => Err("path in Rust, as in serde::Serialize"),
    }
}

pub(super) fn is_type(text: &str) -> Result<(), &'static str> {
    match syn::parse_str::<syn::Type>(text) {
        Ok(syn::Type::Path(_)) => Ok(()),
        _ => Err("type in Rust, as in crate::Money"),
    }
}

pub(super) fn is_attribute(text: &str) -> Result<(), &'static str> {
    match syn::Attribute::parse_outer.parse_str(text) {
        Ok(attributes) if attributes.len() == 1 => Ok(()),
        _ => Err("attribute in Rust, as in #[non_exhaustive]"),
    }
}
