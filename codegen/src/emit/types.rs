//! The names of types, seen from a module.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emitter, ident, tokens};
use crate::model::{Body, Field, Item, ItemId, Logical, Type};

impl Emitter<'_> {
    /// What the runtime keeps for generated code.
    pub(super) fn private(&self) -> TokenStream {
        let runtime = self.runtime;
        quote!(#runtime::__private)
    }

    /// The item's own name, with its lifetime.
    pub(super) fn own_type(&self) -> TokenStream {
        let name = ident(self.own_name());
        if self.borrowed { quote!(#name<'a>) } else { quote!(#name) }
    }

    pub(super) fn own_name(&self) -> &str {
        match &self.item.borrowed {
            Some(twin) if self.borrowed => twin,
            _ => &self.item.ident,
        }
    }

    /// A type.
    pub(super) fn ty(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Null => quote!(()),
            Type::Boolean => quote!(bool),
            Type::Int => quote!(i32),
            Type::Long => quote!(i64),
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::Bytes if self.borrowed => quote!(&'a [u8]),
            Type::Bytes => quote!(::std::vec::Vec<u8>),
            Type::String if self.borrowed => quote!(&'a str),
            Type::String => quote!(::std::string::String),
            Type::Array(item) => {
                let item = self.ty(item);
                quote!(::std::vec::Vec<#item>)
            }
            Type::Map { values, sorted } => self.map(values, *sorted),
            Type::Option { some, .. } => {
                let some = self.ty(some);
                quote!(::core::option::Option<#some>)
            }
            Type::OptionUnion { union, .. } => {
                let union = self.item_type(*union);
                quote!(::core::option::Option<#union>)
            }
            Type::Item(id) => self.item_type(*id),
            Type::Extern { path, .. } | Type::Mapped { path, .. } => tokens(path),
            Type::Logical(logical) => self.logical(*logical),
            Type::Boxed(inner) => {
                let inner = self.ty(inner);
                quote!(::std::boxed::Box<#inner>)
            }
        }
    }

    /// A type where its lifetime is left to the compiler.
    pub(super) fn expression_type(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Bytes if self.borrowed => quote!(&[u8]),
            Type::String if self.borrowed => quote!(&str),
            Type::Item(id) => self.item_path(*id),
            _ => self.ty(ty),
        }
    }

    fn map(&self, values: &Type, sorted: bool) -> TokenStream {
        let values = self.ty(values);
        if self.borrowed {
            quote!(::std::vec::Vec<(&'a str, #values)>)
        } else if sorted {
            quote!(::std::collections::BTreeMap<::std::string::String, #values>)
        } else {
            quote!(::std::collections::HashMap<::std::string::String, #values>)
        }
    }

    /// The type of an item, or of its twin.
    pub(super) fn item_type(&self, id: ItemId) -> TokenStream {
        let item = &self.model.items[id.0];
        match &item.borrowed {
            Some(twin) if self.borrowed => {
                let path = self.path(item, twin);
                quote!(#path<'a>)
            }
            _ => self.path(item, &item.ident),
        }
    }

    /// The same without a lifetime, for expressions.
    pub(super) fn item_path(&self, id: ItemId) -> TokenStream {
        let item = &self.model.items[id.0];
        match &item.borrowed {
            Some(twin) if self.borrowed => self.path(item, twin),
            _ => self.path(item, &item.ident),
        }
    }

    /// A name in another module, by way of the module that both stand in.
    pub(super) fn path(&self, item: &Item, name: &str) -> TokenStream {
        let common = self.module.iter().zip(&item.modules).take_while(|(a, b)| a == b).count();
        let up = self.module[common..].iter().map(|_| quote!(super::));
        let down = item.modules[common..].iter().map(|name| ident(name));
        let name = ident(name);
        quote!(#(#up)* #(#down::)* #name)
    }

    fn logical(&self, logical: Logical) -> TokenStream {
        let runtime = self.runtime;
        match logical {
            Logical::Date => quote!(#runtime::logical::Date),
            Logical::TimeMillis => quote!(#runtime::logical::TimeMillis),
            Logical::TimeMicros => quote!(#runtime::logical::TimeMicros),
            Logical::TimestampMillis => quote!(#runtime::logical::TimestampMillis),
            Logical::TimestampMicros => quote!(#runtime::logical::TimestampMicros),
            Logical::TimestampNanos => quote!(#runtime::logical::TimestampNanos),
            Logical::LocalTimestampMillis => quote!(#runtime::logical::LocalTimestampMillis),
            Logical::LocalTimestampMicros => quote!(#runtime::logical::LocalTimestampMicros),
            Logical::LocalTimestampNanos => quote!(#runtime::logical::LocalTimestampNanos),
            Logical::Uuid { .. } => quote!(#runtime::logical::Uuid),
            Logical::Duration => quote!(#runtime::logical::Duration),
            Logical::BigDecimal => quote!(#runtime::logical::BigDecimal),
            Logical::Decimal { precision, scale, .. } => {
                let (precision, scale) = (number(precision), number(scale));
                if is_small(logical) {
                    quote!(#runtime::logical::Decimal<#precision, #scale>)
                } else {
                    quote!(#runtime::logical::LargeDecimal<#precision, #scale>)
                }
            }
        }
    }

    /// What a type that nests deeply needs, so that linters let it be.
    pub(super) fn complex<'t>(&self, mut types: impl Iterator<Item = &'t Type>) -> Option<TokenStream> {
        types.any(|ty| self.depth(ty) > 2).then(|| quote!(#[allow(clippy::type_complexity)]))
    }

    fn depth(&self, ty: &Type) -> usize {
        match ty {
            Type::Array(inner) | Type::Option { some: inner, .. } => self.depth(inner) + 1,
            // Borrowed ones are lists of pairs.
            Type::Map { values, .. } => self.depth(values) + if self.borrowed { 2 } else { 1 },
            Type::Boxed(inner) => self.depth(inner),
            Type::OptionUnion { .. } => 1,
            _ => 0,
        }
    }

    /// The fewest bytes that a value takes: a number, and the minima of types that are not known here.
    pub(super) fn min_bytes(&self, ty: &Type) -> TokenStream {
        let mut externs = Vec::new();
        let bytes = proc_macro2::Literal::usize_unsuffixed(self.min(ty, &mut externs));
        let private = self.private();
        quote!(#bytes #(+ <#externs as #private::Decode<'_>>::MIN_BYTES)*)
    }

    /// The same for the item itself.
    pub(super) fn own_min_bytes(&self, fields: &[Field]) -> TokenStream {
        let mut externs = Vec::new();
        let bytes = fields.iter().fold(0_usize, |sum, f| sum.saturating_add(self.min(&f.ty, &mut externs)));
        let bytes = proc_macro2::Literal::usize_unsuffixed(bytes);
        let private = self.private();
        quote!(#bytes #(+ <#externs as #private::Decode<'_>>::MIN_BYTES)*)
    }

    /// A record cannot hold one of its own but within a union, array or map, which take one byte: so this ends.
    fn min(&self, ty: &Type, externs: &mut Vec<TokenStream>) -> usize {
        match ty {
            Type::Null => 0,
            Type::Float => 4,
            Type::Double => 8,
            Type::Extern { path, .. } => {
                externs.push(tokens(path));
                0
            }
            Type::Logical(Logical::Uuid { fixed: true }) => 16,
            Type::Logical(Logical::Duration) => 12,
            Type::Logical(Logical::Decimal { fixed: Some(size), .. }) => *size,
            Type::Mapped { base, .. } => self.min(base, externs),
            Type::Boxed(inner) => self.min(inner, externs),
            Type::Item(id) => match &self.model.items[id.0].body {
                Body::Record(fields) => {
                    fields.iter().fold(0, |sum, f| self.min(&f.ty, externs).saturating_add(sum))
                }
                Body::Fixed(size) => *size,
                Body::Newtype(inner) => self.min(inner, externs),
                Body::Enum(_) | Body::Union(_) => 1,
            },
            _ => 1,
        }
    }
}

/// A decimal whose digits fit into an `i128`.
pub(super) fn is_small(logical: Logical) -> bool {
    matches!(logical, Logical::Decimal { precision: ..=38, .. })
}

pub(super) fn number(n: u32) -> proc_macro2::Literal {
    proc_macro2::Literal::u32_unsuffixed(n)
}
