//! Names in Avro for names in Rust.

use std::collections::HashSet;

use heck::{ToLowerCamelCase as _, ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::Span;
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Ident, LitStr};

use super::attributes::Errors;
use super::input::Value;
use super::types::{Known, known};

/// The cases that `rename_all` knows.
const CASES: [&str; 6] =
    ["lowercase", "UPPERCASE", "PascalCase", "camelCase", "snake_case", "SCREAMING_SNAKE_CASE"];

/// Words that stand for kinds of types.
const WORDS: [&str; 14] = [
    "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map",
    "union", "fixed",
];

/// The case to put names into.
#[derive(Clone, Copy, Default)]
pub(super) struct Case(Option<&'static str>);

impl Case {
    pub(super) fn read(text: Option<&LitStr>, errors: &mut Errors) -> Self {
        let Some(text) = text else { return Self(None) };
        let case = CASES.into_iter().find(|case| *case == text.value());
        if case.is_none() {
            errors.at(text.span(), format!("`rename_all` is one of {}", CASES.join(", ")));
        }
        Self(case)
    }

    fn convert(self, name: &str) -> String {
        match self.0 {
            Some("lowercase") => name.to_lowercase(),
            Some("UPPERCASE") => name.to_uppercase(),
            Some("PascalCase") => name.to_upper_camel_case(),
            Some("camelCase") => name.to_lower_camel_case(),
            Some("snake_case") => name.to_snake_case(),
            Some("SCREAMING_SNAKE_CASE") => name.to_shouty_snake_case(),
            _ => name.to_owned(),
        }
    }

    /// The name of a field or symbol: what the attribute says, else what it is called in Rust.
    pub(super) fn name(self, ident: &Ident, said: Option<&LitStr>, errors: &mut Errors) -> String {
        match said {
            Some(text) => simple(text, errors),
            None => {
                let name = self.convert(&ident.unraw().to_string());
                if !is_name(&name) {
                    let help = "say `#[event(rename = \"...\")]`";
                    errors.at(
                        ident.span(),
                        format!("`{name}` is no name in Avro, which has ASCII letters, digits and _: {help}"),
                    );
                }
                name
            }
        }
    }
}

/// A name without a namespace.
pub(super) fn simple(text: &LitStr, errors: &mut Errors) -> String {
    let name = text.value();
    if !is_name(&name) {
        errors.at(
            text.span(),
            format!("`{name}` is no name in Avro: a letter or _, then letters, digits and _"),
        );
    }
    name
}

/// A name that may have a namespace.
pub(super) fn dotted(text: &LitStr, errors: &mut Errors) -> String {
    let name = text.value();
    if !name.split('.').all(is_name) {
        errors.at(text.span(), format!("`{name}` is no name in Avro: letters, digits and _, joined by dots"));
    }
    name
}

/// The full name of a type that is called so.
pub(super) fn full(name: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) if !name.contains('.') => format!("{namespace}.{name}"),
        _ => name.to_owned(),
    }
}

/// Refuses a full name that is read as a kind of type.
pub(super) fn check_full(name: &str, span: Span, errors: &mut Errors) {
    if WORDS.contains(&name) {
        errors.at(span, format!("`{name}` is a word of Avro's: give the type a namespace or another name"));
    }
}

/// Refuses names that come twice.
pub(super) fn check_distinct<'a>(
    names: impl Iterator<Item = (&'a str, Span)>,
    what: &str,
    errors: &mut Errors,
) {
    let mut seen = HashSet::new();
    for (name, span) in names {
        if !seen.insert(name) {
            errors.at(span, format!("another {what} is called `{name}` in Avro as well"));
        }
    }
}

/// Refuses branches that have the same type, as far as can be seen.
pub(super) fn check_branches<'a>(branches: impl Iterator<Item = &'a Value>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for Value { ty, fixed, .. } in branches {
        let word = match known(ty) {
            Known::Array(_) => "array".to_owned(),
            Known::Map(..) => "map".to_owned(),
            _ => ty.to_token_stream().to_string(),
        };
        if !seen.insert((word, fixed)) {
            errors.at(
                ty.span(),
                "another branch of the union has this type as well: Avro cannot tell them apart",
            );
        }
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
