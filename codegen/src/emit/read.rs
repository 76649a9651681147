//! Expressions that read a value, of type `Result<T, Fault>` or `Result<T, DecodeError>`. The reader is `from`; the place in
//! its plan `at`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::write::{is_fixed, position, size};
use crate::model::{Body, ItemId, Logical, Type};

impl Emitter<'_> {
    /// An expression that reads a value.
    pub(super) fn read(&self, ty: &Type) -> TokenStream {
        let private = self.private();
        if let Some(name) = self.method(ty) {
            let method = super::ident(&format!("{name}_at"));
            return quote!(from.#method(at));
        }
        match ty {
            Type::Array(item) => {
                let (min, reader) = (self.min_bytes(item), self.reader(item));
                quote!(from.array_at(at, #min, #reader))
            }
            Type::Map { values, .. } => {
                let name = self.ty(ty);
                let (min, reader) = (self.min_bytes(values), self.reader(values));
                quote!(from.map_at::<#name, _>(at, #min, #reader))
            }
            Type::Option { null, some } => {
                let (null, reader) = (position(*null), self.reader(some));
                quote!(from.option_at(at, #null, #reader))
            }
            Type::OptionUnion { null, union } => self.read_option_union(*null, *union),
            Type::Mapped { base, path } => {
                let (base_name, path, read) = (self.ty(base), super::tokens(path), self.read(base));
                quote!(#private::converted::<#path, #base_name, _>(from, |from| #read))
            }
            Type::Boxed(inner) => {
                let read = self.read(inner);
                quote!(#private::boxed(#read, from))
            }
            _ => {
                let reader = self.reader(ty);
                quote!(#reader(from, at))
            }
        }
    }

    /// What the reader's methods for a primitive type begin with.
    fn method(&self, ty: &Type) -> Option<&'static str> {
        Some(match ty {
            Type::Null => "null",
            Type::Boolean => "boolean",
            Type::Int => "int",
            Type::Long => "long",
            Type::Float => "float",
            Type::Double => "double",
            Type::Bytes if self.borrowed => "bytes",
            Type::Bytes => "byte_vec",
            Type::String if self.borrowed => "str",
            Type::String => "string",
            _ => return None,
        })
    }

    /// An expression that reads the next field of a record, by one of its steps.
    pub(super) fn next(&self, ty: &Type, step: &TokenStream) -> TokenStream {
        let next = |name: &str| super::ident(&format!("{name}_next"));
        if let Some(name) = self.method(ty) {
            let method = next(name);
            return quote!(from.#method(#step)?);
        }
        if let Type::Logical(logical) = ty
            && let Some(name) = number_of(*logical)
        {
            let (method, name) = (next(name), self.ty(ty));
            return quote!(#name(from.#method(#step)?));
        }
        let read = self.read(ty);
        quote!({
            let at = from.next(#step)?;
            #read?
        })
    }

    /// A function that reads a value.
    pub(super) fn reader(&self, ty: &Type) -> TokenStream {
        let private = self.private();
        let name = match ty {
            Type::Item(id) => self.item_path(*id),
            Type::Extern { path, .. } => super::tokens(path),
            Type::Logical(logical) => return self.logical_reader(*logical),
            _ => {
                return match self.method(ty) {
                    Some(name) => {
                        let method = super::ident(&format!("{name}_at"));
                        quote!(#private::Reader::#method)
                    }
                    None => {
                        let read = self.read(ty);
                        quote!(|from, at| #read)
                    }
                };
            }
        };
        quote!(<#name as #private::Decode<'_>>::read)
    }

    fn read_option_union(&self, null: usize, union: ItemId) -> TokenStream {
        let name = self.item_path(union);
        let (null, count) = (position(null), position(self.branches(union) + 1));
        quote!(match from.branch_at(at, #count) {
            ::core::result::Result::Ok((#null, at)) => match from.null_at(at) {
                ::core::result::Result::Ok(()) => ::core::result::Result::Ok(::core::option::Option::None),
                ::core::result::Result::Err(fault) => ::core::result::Result::Err(fault.into()),
            },
            ::core::result::Result::Ok((branch, at)) => <#name>::read_branch(from, branch, at).map(::core::option::Option::Some),
            ::core::result::Result::Err(fault) => ::core::result::Result::Err(fault.into()),
        })
    }

    fn branches(&self, union: ItemId) -> usize {
        match &self.model.items[union.0].body {
            Body::Union(branches) => branches.len(),
            _ => 0,
        }
    }

    /// A function that reads a logical type.
    fn logical_reader(&self, logical: Logical) -> TokenStream {
        let private = self.private();
        let name = self.ty(&Type::Logical(logical));
        if is_fixed(logical) {
            let size = size(logical);
            quote!(<#name as #private::AsFixed<#size>>::read_fixed)
        } else {
            quote!(<#name as #private::Decode<'_>>::read)
        }
    }
}

/// The number that a logical type is a wrapper around, if it is.
fn number_of(logical: Logical) -> Option<&'static str> {
    match logical {
        Logical::Date | Logical::TimeMillis => Some("int"),
        Logical::TimeMicros
        | Logical::TimestampMillis
        | Logical::TimestampMicros
        | Logical::TimestampNanos
        | Logical::LocalTimestampMillis
        | Logical::LocalTimestampMicros
        | Logical::LocalTimestampNanos => Some("long"),
        Logical::Uuid { .. } | Logical::Duration | Logical::Decimal { .. } | Logical::BigDecimal => None,
    }
}
