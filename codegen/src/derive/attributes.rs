//! What `#[event(...)]` says, and docs.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, LitStr, Path, Result};

/// What is said of a type, field or variant.
#[derive(Default)]
pub(super) struct Said {
    pub(super) doc: Option<String>,
    pub(super) name: Option<LitStr>,
    pub(super) namespace: Option<LitStr>,
    pub(super) aliases: Vec<LitStr>,
    pub(super) rename_all: Option<LitStr>,
    pub(super) runtime: Option<Path>,
    pub(super) rename: Option<LitStr>,
    pub(super) default: Option<LitStr>,
    /// `default` without a value, of a symbol.
    pub(super) is_default: Option<Span>,
    pub(super) fixed: Option<LitStr>,
    pub(super) logical: Option<LitStr>,
}

/// Reads all attributes of one thing. `allowed`: what may be said of it; `what`: its name in errors.
pub(super) fn read(attributes: &[Attribute], allowed: &[&str], what: &str, errors: &mut Errors) -> Said {
    let mut said = Said { doc: doc(attributes), ..Said::default() };
    for attribute in attributes.iter().filter(|a| a.path().is_ident("event")) {
        let outcome = attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if !allowed.contains(&key.as_str()) {
                let known = allowed.join("`, `");
                return Err(meta.error(format!("{what} has the attributes `{known}`")));
            }
            said.take(&key, &meta)
        });
        errors.check(outcome);
    }
    said
}

impl Said {
    fn take(&mut self, key: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match key {
            "alias" => {
                self.aliases.push(meta.value()?.parse()?);
                Ok(())
            }
            "crate" => {
                let text: LitStr = meta.value()?.parse()?;
                self.runtime = Some(text.parse_with(Path::parse_mod_style)?);
                Ok(())
            }
            "default" if !meta.input.peek(syn::Token![=]) => {
                self.is_default = Some(meta.path.get_ident().map_or_else(Span::call_site, |i| i.span()));
                Ok(())
            }
            key => self.text(key, meta),
        }
    }

    fn text(&mut self, key: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let slot = match key {
            "name" => &mut self.name,
            "namespace" => &mut self.namespace,
            "rename_all" => &mut self.rename_all,
            "rename" => &mut self.rename,
            "default" => &mut self.default,
            "fixed" => &mut self.fixed,
            _ => &mut self.logical,
        };
        let text = meta.value()?.parse()?;
        if slot.is_some() {
            return Err(meta.error(format!("`{key}` is given twice")));
        }
        *slot = Some(text);
        Ok(())
    }
}

/// The lines of a doc comment, without the blank that each begins with.
fn doc(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta.require_name_value().ok()?.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        .collect();
    let text = lines.join("\n");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// All errors that were found.
#[derive(Default)]
pub(super) struct Errors(Option<Error>);

impl Errors {
    pub(super) fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Something that is wrong at a place.
    pub(super) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.add(Error::new(span, message));
    }

    pub(super) fn check<T>(&mut self, outcome: Result<T>) -> Option<T> {
        outcome.map_err(|error| self.add(error)).ok()
    }

    /// The value, if nothing was wrong.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T> {
        match (self.0, value) {
            (None, Some(value)) => Ok(value),
            (Some(errors), _) => Err(errors),
            (None, None) => Err(Error::new(Span::call_site(), "this type cannot be an event")),
        }
    }
}
