//! The code for a derived type, whatever its kind.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::input::{Input, Shape, Value};
use super::{choice, record, wrapper};

/// The parts of the code that differ.
pub(super) struct Parts {
    /// The full name: an expression.
    pub(super) full: TokenStream,
    /// What writes `self`, in the encoder `out`.
    pub(super) write: TokenStream,
    pub(super) min_bytes: TokenStream,
    /// What reads a value from `from`, at the place `at` of its plan.
    pub(super) read: TokenStream,
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
    let Parts { write, min_bytes, read, .. } = parts;
    let allow = input.deprecated.then(|| quote!(#[allow(deprecated)]));
    let result = quote!(::core::result::Result<Self, #private::DecodeError>);
    quote! {
        #[automatically_derived]
        #allow
        impl #private::Encode for #ident {
            fn write(&self, out: &mut #private::Encoder) {
                #write
            }
        }
        #[automatically_derived]
        #allow
        impl<'a> #private::Decode<'a> for #ident {
            const MIN_BYTES: usize = #min_bytes;

            fn read(from: &mut #private::Reader<'a>, at: #private::At) -> #result {
                #read
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
