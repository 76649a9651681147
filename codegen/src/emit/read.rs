//! Expressions that read a value, of type `Result<T, Fault>` or `Result<T, DecodeError>`. The reader is `from`; the place in
//! the plan `at`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::write::{is_fixed, position, size};
use crate::model::{ItemId, Logical, Type};

/// How a value is read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum How {
    /// As written with the type's own schema.
    Straight,
    /// By a plan.
    Planned,
}

impl Emitter<'_> {
    /// An expression that reads a value.
    pub(super) fn read(&self, ty: &Type, how: How) -> TokenStream {
        let private = self.private();
        if let Some(method) = self.method(ty) {
            return primitive(method, how);
        }
        match ty {
            Type::Array(item) => {
                let (min, straight, planned) = self.inner(item);
                match how {
                    How::Straight => quote!(from.array(#min, #straight)),
                    How::Planned => quote!(from.array_at(at, #min, #straight, #planned)),
                }
            }
            Type::Map { values, .. } => {
                let name = self.ty(ty);
                let (min, straight, planned) = self.inner(values);
                match how {
                    How::Straight => quote!(from.map::<#name, _>(#min, #straight)),
                    How::Planned => quote!(from.map_at::<#name, _>(at, #min, #straight, #planned)),
                }
            }
            Type::Option { null, some } => {
                let null = position(*null);
                let reader = self.reader(some, how);
                match how {
                    How::Straight => quote!(from.option(#null, #reader)),
                    How::Planned => quote!(from.option_at(at, #null, #reader)),
                }
            }
            Type::OptionUnion { null, union } => self.read_option_union(*null, *union, how),
            Type::Mapped { base, path } => {
                let base_name = self.ty(base);
                let path = super::tokens(path);
                let reader = match how {
                    How::Straight => self.reader(base, how),
                    How::Planned => {
                        let read = self.read(base, how);
                        quote!(|from| #read)
                    }
                };
                quote!(#private::converted::<#path, #base_name, _>(from, #reader))
            }
            Type::Boxed(inner) => {
                let read = self.read(inner, how);
                quote!(#private::boxed(#read, from))
            }
            _ => {
                let reader = self.reader(ty, how);
                match how {
                    How::Straight => quote!(#reader(from)),
                    How::Planned => quote!(#reader(from, at)),
                }
            }
        }
    }

    /// The reader's method for a primitive type.
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

    /// An expression that reads the next field of a record by a plan.
    pub(super) fn next(&self, ty: &Type) -> TokenStream {
        match self.method(ty) {
            Some(method) => {
                let method = super::ident(&format!("{method}_next"));
                quote!(from.#method(&mut steps)?)
            }
            None => {
                let read = self.read(ty, How::Planned);
                quote!({
                    let at = steps.next(from)?;
                    #read?
                })
            }
        }
    }

    /// What reading many of a type needs: the fewest bytes of one, and functions for both ways.
    fn inner(&self, ty: &Type) -> (TokenStream, TokenStream, TokenStream) {
        (self.min_bytes(ty), self.reader(ty, How::Straight), self.reader(ty, How::Planned))
    }

    /// A function that reads a value.
    pub(super) fn reader(&self, ty: &Type, how: How) -> TokenStream {
        let private = self.private();
        let name = match ty {
            Type::Item(id) => self.item_path(*id),
            Type::Extern { path, .. } => super::tokens(path),
            Type::Logical(logical) => return self.logical_reader(*logical, how),
            _ if self.method(ty).is_some() => {
                let method = self.method(ty).unwrap_or_default();
                let method = super::ident(&if how == How::Straight {
                    method.to_owned()
                } else {
                    format!("{method}_at")
                });
                return quote!(#private::Reader::#method);
            }
            _ => {
                let read = self.read(ty, how);
                return match how {
                    How::Straight => quote!(|from| #read),
                    How::Planned => quote!(|from, at| #read),
                };
            }
        };
        match how {
            How::Straight => quote!(<#name as #private::Decode<'_>>::read),
            How::Planned => quote!(<#name as #private::Decode<'_>>::resolve),
        }
    }

    fn read_option_union(&self, null: usize, union: ItemId, how: How) -> TokenStream {
        let name = self.item_path(union);
        let (null, count) = (position(null), position(self.branches(union) + 1));
        match how {
            How::Straight => quote!(match from.branch(#count) {
                ::core::result::Result::Ok(#null) => ::core::result::Result::Ok(::core::option::Option::None),
                ::core::result::Result::Ok(branch) => <#name>::read_branch(from, branch).map(::core::option::Option::Some),
                ::core::result::Result::Err(fault) => ::core::result::Result::Err(fault.into()),
            }),
            How::Planned => quote!(match from.branch_at(at, #count) {
                ::core::result::Result::Ok((#null, at)) => match from.null_at(at) {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(::core::option::Option::None),
                    ::core::result::Result::Err(fault) => ::core::result::Result::Err(fault.into()),
                },
                ::core::result::Result::Ok((branch, at)) => <#name>::resolve_branch(from, branch, at).map(::core::option::Option::Some),
                ::core::result::Result::Err(fault) => ::core::result::Result::Err(fault.into()),
            }),
        }
    }

    fn branches(&self, union: ItemId) -> usize {
        match &self.model.items[union.0].body {
            crate::model::Body::Union(branches) => branches.len(),
            _ => 0,
        }
    }

    /// A function that reads a logical type.
    fn logical_reader(&self, logical: Logical, how: How) -> TokenStream {
        let private = self.private();
        let name = self.ty(&Type::Logical(logical));
        let size = size(logical);
        match how {
            How::Straight if is_fixed(logical) => quote!(<#name as #private::AsFixed<#size>>::read_fixed),
            How::Planned if is_fixed(logical) => quote!(<#name as #private::AsFixed<#size>>::resolve_fixed),
            How::Straight => quote!(<#name as #private::Decode<'_>>::read),
            How::Planned => quote!(<#name as #private::Decode<'_>>::resolve),
        }
    }
}

fn primitive(name: &str, how: How) -> TokenStream {
    match how {
        How::Straight => {
            let method = super::ident(name);
            quote!(from.#method())
        }
        How::Planned => {
            let method = super::ident(&format!("{name}_at"));
            quote!(from.#method(at))
        }
    }
}
