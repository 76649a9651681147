//! The code for the values within a type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use super::input::Value;
use super::tokens::optional;
use super::types::{self, Known, known};

impl Value {
    /// Writes the value behind a reference.
    pub(super) fn write(&self, private: &TokenStream, reference: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let Some(base) = &self.base else {
            return if types::has_fixed(ty) {
                quote_spanned!(ty.span()=> <#ty as #private::Encode>::write(#reference, out))
            } else {
                quote_spanned!(ty.span()=> <#ty as #private::FieldType>::write_field(#reference, out))
            };
        };
        let convert = |of: &Type, reference: &TokenStream| {
            let base_type = quote!(<#of as #private::Convert<#base>>);
            let to_avro = quote_spanned!(of.span()=> #base_type::to_avro(#reference));
            quote!(match #to_avro {
                ::core::result::Result::Ok(base) => #private::Encode::write(&base, out),
                ::core::result::Result::Err(why) => out.fail(why),
            })
        };
        let Known::Option(some) = known(ty) else { return convert(ty, reference) };
        let write = convert(some, &quote!(value));
        quote!(match #reference {
            ::core::option::Option::None => out.position(0),
            ::core::option::Option::Some(value) => {
                out.position(1);
                #write
            }
        })
    }

    /// An expression that reads it at the place `at`, of type `Result<T, DecodeError>`.
    pub(super) fn read(&self, private: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let Some(base) = &self.base else {
            return if types::has_fixed(ty) {
                quote_spanned!(ty.span()=> <#ty as #private::Decode<'a>>::read(from, at))
            } else {
                quote_spanned!(ty.span()=> <#ty as #private::FieldType>::read_field(from, at))
            };
        };
        let convert = |of: &Type| {
            let read = quote!(|from| <#base as #private::Decode<'a>>::read(from, at));
            quote_spanned!(of.span()=> #private::converted::<#of, #base, _>(from, #read))
        };
        let Known::Option(some) = known(ty) else { return convert(ty) };
        let read = convert(some);
        quote!(from.option_at(at, 0, |from, at| #read))
    }

    /// The fewest bytes that it takes.
    pub(super) fn min_bytes(&self, private: &TokenStream) -> TokenStream {
        let ty = self.schema_type(private);
        quote_spanned!(self.ty.span()=> <#ty as #private::FieldType>::MIN_BYTES)
    }

    /// The function that writes its schema.
    pub(super) fn define(&self, private: &TokenStream) -> TokenStream {
        let ty = self.schema_type(private);
        quote_spanned!(self.ty.span()=> <#ty as #private::FieldType>::define)
    }

    /// The type that its schema is of.
    fn schema_type(&self, private: &TokenStream) -> TokenStream {
        match (&self.base, known(&self.ty)) {
            (Some(base), Known::Option(_)) => quote!(::core::option::Option<#base>),
            (Some(base), _) => base.clone(),
            (None, _) => types::with_fixed(&self.ty, private),
        }
    }

    /// The name of its schema: an expression.
    pub(super) fn name(&self, private: &TokenStream) -> TokenStream {
        match (&self.fixed, known(&self.ty)) {
            (Some(full), Known::Fixed(..)) => quote!(#full),
            _ => {
                let ty = self.schema_type(private);
                quote_spanned!(self.ty.span()=> <#ty as #private::FieldType>::NAME)
            }
        }
    }

    /// The full name of the fixed in it: an expression of type `Option<&str>`.
    pub(super) fn fixed(&self) -> TokenStream {
        optional(self.fixed.as_deref())
    }
}
