//! Expressions that write a value. The encoder is `out`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::types::number;
use crate::model::{Logical, Type};

/// An expression for a value that is somewhere.
#[derive(Clone)]
pub(super) enum Place {
    /// A field: `self.name`.
    Value(TokenStream),
    /// A variable that holds a reference.
    Reference(TokenStream),
}

impl Place {
    /// The value, if it can be copied.
    fn copied(&self) -> TokenStream {
        match self {
            Self::Value(value) => value.clone(),
            Self::Reference(name) => quote!(*#name),
        }
    }

    /// A reference to it.
    pub(super) fn borrowed(&self) -> TokenStream {
        match self {
            Self::Value(value) => quote!(&#value),
            Self::Reference(name) => name.clone(),
        }
    }

    /// To call a method on it.
    fn receiver(&self) -> TokenStream {
        match self {
            Self::Value(text) | Self::Reference(text) => text.clone(),
        }
    }
}

impl Emitter<'_> {
    /// An expression of type `()`.
    pub(super) fn write(&self, ty: &Type, place: &Place) -> TokenStream {
        let private = self.private();
        let copied = place.copied();
        let borrowed = place.borrowed();
        // What is borrowed already is passed on as it is.
        let text = if self.borrowed { &place.receiver() } else { &borrowed };
        match ty {
            Type::Null => quote!({}),
            Type::Boolean => quote!(out.boolean(#copied)),
            Type::Int => quote!(out.int(#copied)),
            Type::Long => quote!(out.long(#copied)),
            Type::Float => quote!(out.float(#copied)),
            Type::Double => quote!(out.double(#copied)),
            Type::Bytes => quote!(out.bytes(#text)),
            Type::String => quote!(out.string(#text)),
            Type::Array(item) => {
                let item = self.writer(item);
                quote!(out.array(#borrowed, #item))
            }
            Type::Map { values, .. } => {
                let values = self.writer(values);
                let receiver = place.receiver();
                let entries = if self.borrowed {
                    quote!(#receiver.iter().map(|entry| (entry.0, &entry.1)))
                } else {
                    quote!(#receiver.iter())
                };
                quote!(out.map(#entries, #values))
            }
            Type::Option { null, some } => self.write_option(*null, some, &borrowed),
            Type::OptionUnion { null, .. } => {
                let null = position(*null);
                quote!(match #borrowed {
                    ::core::option::Option::None => out.position(#null),
                    ::core::option::Option::Some(value) => #private::Encode::write(value, out),
                })
            }
            Type::Logical(logical) => self.write_logical(*logical, &borrowed),
            Type::Mapped { base, .. } => {
                let name = self.ty(base);
                let write = self.write(base, &Place::Value(quote!(base)));
                quote!(match #private::Convert::<#name>::to_avro(#borrowed) {
                    ::core::result::Result::Ok(base) => #write,
                    ::core::result::Result::Err(why) => out.fail(why),
                })
            }
            Type::Item(_) | Type::Extern { .. } | Type::Boxed(_) => {
                quote!(#private::Encode::write(#borrowed, out))
            }
        }
    }

    /// A function that writes a value which is behind a reference.
    fn writer(&self, ty: &Type) -> TokenStream {
        let private = self.private();
        match ty {
            Type::Null => quote!(|(), _| {}),
            // One function for all places where such a value is written: closures are compiled one by one.
            Type::Boolean
            | Type::Int
            | Type::Long
            | Type::Float
            | Type::Double
            | Type::Bytes
            | Type::String
            | Type::Item(_)
            | Type::Extern { .. }
            | Type::Logical(_) => {
                let name = self.expression_type(ty);
                match ty {
                    Type::Logical(logical) if is_fixed(*logical) => {
                        let size = size(*logical);
                        quote!(<#name as #private::AsFixed<#size>>::write_fixed)
                    }
                    _ => quote!(<#name as #private::Encode>::write),
                }
            }
            _ => {
                let write = self.write(ty, &Place::Reference(quote!(value)));
                quote!(|value, out| #write)
            }
        }
    }

    fn write_option(&self, null: usize, some: &Type, borrowed: &TokenStream) -> TokenStream {
        let write = self.write(some, &Place::Reference(quote!(value)));
        let (none, other) = (position(null), position(1 - null));
        let value = if *some == Type::Null { quote!(()) } else { quote!(value) };
        quote!(match #borrowed {
            ::core::option::Option::None => out.position(#none),
            ::core::option::Option::Some(#value) => {
                out.position(#other);
                #write
            }
        })
    }

    fn write_logical(&self, logical: Logical, borrowed: &TokenStream) -> TokenStream {
        let private = self.private();
        if is_fixed(logical) {
            let size = size(logical);
            quote!(#private::AsFixed::<#size>::write_fixed(#borrowed, out))
        } else {
            quote!(#private::Encode::write(#borrowed, out))
        }
    }
}

/// Is it a `fixed` that could also be `bytes` or `string`?
pub(super) fn is_fixed(logical: Logical) -> bool {
    matches!(logical, Logical::Uuid { fixed: true } | Logical::Decimal { fixed: Some(_), .. })
}

/// The size of a logical type as a `fixed`.
pub(super) fn size(logical: Logical) -> proc_macro2::Literal {
    proc_macro2::Literal::usize_unsuffixed(match logical {
        Logical::Uuid { .. } => 16,
        Logical::Decimal { fixed: Some(size), .. } => size,
        _ => 12,
    })
}

/// The position of a branch or symbol.
pub(super) fn position(at: usize) -> proc_macro2::Literal {
    number(u32::try_from(at).unwrap_or(u32::MAX))
}
