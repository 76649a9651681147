//! The code for a derived type, and for the values within it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use super::input::{Input, Shape, Value};
use super::types::{self, Known, known};
use super::{choice, record, wrapper};

/// The parts of the code that differ.
pub(super) struct Parts {
    /// The full name: an expression.
    pub(super) full: TokenStream,
    /// What writes `self`, in the encoder `out`.
    pub(super) write: TokenStream,
    pub(super) min_bytes: TokenStream,
    /// What reads a value from `from`.
    pub(super) read: TokenStream,
    /// The same at the place `at` of a plan.
    pub(super) resolve: TokenStream,
    /// What writes the schema, in the builder `schema`.
    pub(super) define: TokenStream,
    /// Constants that are wrong if something within is.
    pub(super) checks: TokenStream,
}

pub(super) fn emit(input: &Input) -> TokenStream {
    let parts = match &input.shape {
        Shape::Record { full, fields } => record::parts(input, full, fields),
        Shape::Enum { full, symbols, default } => {
            choice::enumeration(input, full, symbols, default.as_deref())
        }
        Shape::Union(branches) => choice::union(input, branches),
        Shape::Fixed { full, member, size } => wrapper::fixed(input, full, member, size),
        Shape::Wrapper(member, value) => wrapper::wrapper(input, member, value),
    };
    let codec = codec(input, &parts);
    let event = event(input, &parts);
    quote!(#codec #event)
}

fn codec(input: &Input, parts: &Parts) -> TokenStream {
    let Input { ident, private, .. } = input;
    let Parts { write, min_bytes, read, resolve, .. } = parts;
    let result = quote!(::core::result::Result<Self, #private::Fault>);
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_variables)]
        impl #private::Encode for #ident {
            fn write(&self, out: &mut #private::Encoder) {
                #write
            }
        }
        #[automatically_derived]
        #[allow(deprecated, unused_variables)]
        impl<'a> #private::Decode<'a> for #ident {
            const MIN_BYTES: usize = #min_bytes;

            fn read(from: &mut #private::Reader<'a>) -> #result {
                #read
            }

            fn resolve(from: &mut #private::Reader<'a>, at: #private::At<'a>) -> #result {
                #resolve
            }
        }
    }
}

fn event(input: &Input, parts: &Parts) -> TokenStream {
    let Input { ident, private, .. } = input;
    let Parts { full, define, checks, .. } = parts;
    quote! {
        #[automatically_derived]
        impl #private::Event for #ident {
            const FULL_NAME: &'static str = #full;

            fn descriptor() -> &'static #private::Descriptor {
                static DESCRIPTOR: ::std::sync::OnceLock<#private::Descriptor> = ::std::sync::OnceLock::new();
                DESCRIPTOR.get_or_init(#private::describe::<Self>)
            }

            fn define_schema(schema: &mut #private::SchemaBuilder) {
                #define
            }
        }
        #checks
    }
}

impl Value {
    /// Writes the value behind a reference.
    pub(super) fn write(&self, private: &TokenStream, reference: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let Some(base) = &self.base else {
            return quote_spanned!(ty.span()=> <#ty as #private::Encode>::write(#reference, out));
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

    /// An expression that reads it, of type `Result<T, Fault>`.
    pub(super) fn read(&self, private: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let Some(base) = &self.base else {
            return quote_spanned!(ty.span()=> <#ty as #private::Decode<'a>>::read(from));
        };
        let convert = |of: &Type| quote_spanned!(of.span()=> #private::converted::<#of, #base>(from, <#base as #private::Decode<'a>>::read));
        let Known::Option(some) = known(ty) else { return convert(ty) };
        let read = convert(some);
        quote!(from.option(0, |from| #read))
    }

    /// The same by a plan.
    pub(super) fn resolve(&self, private: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let Some(base) = &self.base else {
            return quote_spanned!(ty.span()=> <#ty as #private::Decode<'a>>::resolve(from, at));
        };
        let convert = |of: &Type| {
            let resolve = quote!(|from| <#base as #private::Decode<'a>>::resolve(from, at));
            quote_spanned!(of.span()=> #private::converted::<#of, #base>(from, #resolve))
        };
        let Known::Option(some) = known(ty) else { return convert(ty) };
        let resolve = convert(some);
        quote!(from.option_at(at, 0, |from, at| #resolve))
    }

    /// The fewest bytes that it takes.
    pub(super) fn min_bytes(&self, private: &TokenStream) -> TokenStream {
        let ty = match &self.base {
            Some(_) => self.schema_type(private),
            None => self.ty.to_token_stream(),
        };
        quote_spanned!(self.ty.span()=> <#ty as #private::Decode<'a>>::MIN_BYTES)
    }

    /// The type that its schema is of.
    pub(super) fn schema_type(&self, private: &TokenStream) -> TokenStream {
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

/// An expression for a text that may be missing.
pub(super) fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

/// A constant that is an error of the compiler if a name is.
pub(super) fn check_names(private: &TokenStream, values: &[&Value]) -> TokenStream {
    let names = values.iter().map(|value| {
        let name = value.name(private);
        quote_spanned!(value.ty.span()=> const _: &str = #name;)
    });
    quote!(#(#names)*)
}

/// The same of the name of the type itself.
pub(super) fn check_own_name(private: &TokenStream, ident: &Ident) -> TokenStream {
    quote_spanned!(ident.span()=> const _: &str = <#ident as #private::Event>::FULL_NAME;)
}
