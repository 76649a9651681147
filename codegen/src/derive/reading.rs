//! Reading structs and enums.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{DataEnum, DataStruct, Fields, Ident, LitStr, Member, Type, Variant};

use super::attributes::{self, Errors, Said};
use super::input::{Branch, Field, Shape, Value};
use super::names::{self, Case};
use super::types::{self, Known, known};
use super::{json, logical};

const FIELD: [&str; 5] = ["rename", "alias", "default", "fixed", "logical"];
const SYMBOL: [&str; 2] = ["rename", "default"];
const VALUE: [&str; 2] = ["fixed", "logical"];

/// What is known while a type is read.
pub(super) struct Reading<'i> {
    pub(super) ident: &'i Ident,
    pub(super) said: &'i Said,
    pub(super) namespace: Option<String>,
    pub(super) case: Case,
    pub(super) private: &'i TokenStream,
    pub(super) errors: Errors,
}

impl Reading<'_> {
    pub(super) fn structure(&mut self, data: &DataStruct) -> Option<Shape> {
        let (field, member) = match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => (&fields.unnamed[0], Member::from(0)),
            Fields::Unnamed(fields) => {
                let why = "the fields of a record have names: only a struct around one value needs none";
                self.errors.at(fields.span(), why);
                return None;
            }
            Fields::Named(_) | Fields::Unit => return self.record(&data.fields),
        };
        match known(&field.ty) {
            Known::Fixed(item, size) if types::is_byte(item) => {
                if let Some(text) = &self.said.rename_all {
                    self.errors.at(text.span(), "`rename_all` says nothing of a fixed");
                }
                Some(Shape::Fixed { full: self.full_name(), member, size: size.clone() })
            }
            _ => {
                let said = attributes::read(&field.attrs, &VALUE, "this field", &mut self.errors);
                let value = self.value(&field.ty, &said);
                self.refuse_itself(&field.ty);
                self.refuse_names(
                    value.fixed.is_some(),
                    "a struct around one value has the schema of that value",
                );
                Some(Shape::Wrapper(member, value))
            }
        }
    }

    fn record(&mut self, fields: &Fields) -> Option<Shape> {
        let full = self.full_name();
        let fields: Vec<Field> = fields.iter().filter_map(|field| self.field(field)).collect();
        let named = fields.iter().map(|field| (field.name.as_str(), field.ident.span()));
        names::check_distinct(named, "field", &mut self.errors);
        Some(Shape::Record { full, fields })
    }

    fn field(&mut self, field: &syn::Field) -> Option<Field> {
        let ident = field.ident.clone()?;
        let said = attributes::read(&field.attrs, &FIELD, "a field", &mut self.errors);
        let name = self.case.name(&ident, said.rename.as_ref(), &mut self.errors);
        let aliases = said.aliases.iter().map(|alias| names::simple(alias, &mut self.errors)).collect();
        let value = self.value(&field.ty, &said);
        let plain = value.base.is_none().then_some(&field.ty);
        let default = said.default.as_ref().and_then(|text| json::read(text, plain, &mut self.errors));
        if let Some(span) = said.is_default {
            self.errors.at(span, "the default of a field is the JSON of a value: `default = \"null\"`");
        }
        Some(Field { ident, name, doc: said.doc, aliases, default, value })
    }

    /// The value of a field or branch.
    fn value(&mut self, ty: &Type, said: &Said) -> Value {
        types::check(ty, said.fixed.is_some(), &mut self.errors);
        if let Some(text) = said.fixed.as_ref().filter(|_| !types::may_have_fixed(ty)) {
            self.errors.at(text.span(), "there is no `[u8; N]` or Duration that could have this name");
        }
        let fixed = said.fixed.as_ref().map(|text| {
            let name = names::full(&names::dotted(text, &mut self.errors), self.namespace.as_deref());
            names::check_full(&name, text.span(), &mut self.errors);
            name
        });
        let base = said.logical.as_ref().and_then(|text| logical::base(text, self.private, &mut self.errors));
        let tokens = types::without_self(ty.to_token_stream(), self.ident);
        let ty = self.errors.check(syn::parse2(tokens)).unwrap_or_else(|| ty.clone());
        Value { ty, fixed, base }
    }

    pub(super) fn choice(&mut self, data: &DataEnum) -> Option<Shape> {
        if data.variants.is_empty() {
            self.errors.at(self.ident.span(), "an enum without variants has no values");
            return None;
        }
        if data.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
            return Some(self.symbols(data));
        }
        let branches: Vec<Branch> = data.variants.iter().filter_map(|variant| self.branch(variant)).collect();
        let branch_types = branches.iter().filter_map(|branch| branch.value.as_ref());
        names::check_branches(branch_types, &mut self.errors);
        let names = branches.iter().any(|branch| branch.value.as_ref().is_some_and(|v| v.fixed.is_some()));
        self.refuse_names(names, "a union has no name in Avro");
        Some(Shape::Union(branches))
    }

    fn symbols(&mut self, data: &DataEnum) -> Shape {
        let full = self.full_name();
        let mut default: Option<String> = None;
        let mut symbols = Vec::new();
        for variant in &data.variants {
            let said = attributes::read(&variant.attrs, &SYMBOL, "a symbol", &mut self.errors);
            let name = self.case.name(&variant.ident, said.rename.as_ref(), &mut self.errors);
            if let Some(text) = &said.default {
                self.errors.at(
                    text.span(),
                    "the default of an enum is one of its symbols: `#[event(default)]` there",
                );
            }
            if let Some(span) = said.is_default
                && default.replace(name.clone()).is_some()
            {
                self.errors.at(span, "an enum has one default");
            }
            symbols.push((variant.ident.clone(), name));
        }
        let named = symbols.iter().map(|(ident, name)| (name.as_str(), ident.span()));
        names::check_distinct(named, "symbol", &mut self.errors);
        Shape::Enum { full, symbols, default }
    }

    fn branch(&mut self, variant: &Variant) -> Option<Branch> {
        let said = attributes::read(&variant.attrs, &VALUE, "a branch of a union", &mut self.errors);
        let ident = variant.ident.clone();
        match &variant.fields {
            Fields::Unit if ident == "Null" => Some(Branch { ident, value: None }),
            Fields::Unit => {
                let why =
                    "a branch without a value is null: call it `Null`, or give it a value as the others have";
                self.errors.at(ident.span(), why);
                None
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let value = self.value(&fields.unnamed[0].ty, &said);
                self.refuse_itself(&value.ty);
                if matches!(known(&value.ty), Known::Option(_)) {
                    self.errors.at(
                        value.ty.span(),
                        "a union within a union: Avro has none. `Null` is a variant of its own",
                    );
                }
                Some(Branch { ident, value: Some(value) })
            }
            fields => {
                self.errors.at(
                    fields.span(),
                    "a branch of a union has one value: put these into a struct of their own",
                );
                None
            }
        }
    }

    /// Refuses types without a name that hold themselves: their schema would have no end.
    fn refuse_itself(&mut self, ty: &Type) {
        if types::mentions(ty.to_token_stream(), self.ident) {
            let why = "this type has no name in Avro, so it cannot hold itself: put it into a struct with named fields";
            self.errors.at(ty.span(), why);
        }
    }

    fn full_name(&mut self) -> String {
        let (name, span) = match &self.said.name {
            Some(text) => (names::dotted(text, &mut self.errors), text.span()),
            None => (Case::default().name(self.ident, None, &mut self.errors), self.ident.span()),
        };
        let full = names::full(&name, self.namespace.as_deref());
        names::check_full(&full, span, &mut self.errors);
        full
    }

    /// Refuses what gives a name to a type that has none. `names`: there is something in it that has.
    fn refuse_names(&mut self, names: bool, why: &str) {
        let said = self.said;
        let namespace = said.namespace.as_ref().filter(|_| !names);
        let spans: Vec<Span> = [said.name.as_ref(), namespace, said.rename_all.as_ref()]
            .into_iter()
            .flatten()
            .chain(&said.aliases)
            .map(LitStr::span)
            .collect();
        for span in spans {
            self.errors.at(span, why);
        }
    }
}
