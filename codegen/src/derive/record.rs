//! Structs with named fields.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::input::{Field, Input, Value};
use super::tokens::{Parts, check_names, optional};

pub(super) fn parts(input: &Input, full: &str, fields: &[Field]) -> Parts {
    let private = &input.private;
    let writes = fields.iter().map(|field| {
        let ident = &field.ident;
        field.value.write(private, &quote!(&self.#ident))
    });
    let minima = fields.iter().map(|field| field.value.min_bytes(private));
    let reads = fields.iter().map(|field| {
        let (ident, read) = (&field.ident, field.value.read(private));
        quote!(#ident: #read?)
    });
    let values: Vec<&Value> = fields.iter().map(|field| &field.value).collect();
    // Without fields there is nothing to write and read.
    let none = fields.is_empty();
    let (no_write, no_read) = (none.then(|| quote!(let _ = out;)), none.then(|| quote!(let _ = from;)));
    Parts {
        full: quote!(#full),
        write: quote!(#no_write #(#writes;)*),
        min_bytes: quote!(0 #(+ #minima)*),
        read: quote!(#no_read ::core::result::Result::Ok(Self { #(#reads),* })),
        resolve: resolve(private, fields),
        define: define(input, fields),
        checks: check_names(private, &values),
    }
}

fn resolve(private: &TokenStream, fields: &[Field]) -> TokenStream {
    let variables: Vec<Ident> = (0..fields.len()).map(|at| format_ident!("field_{at}")).collect();
    let arms = fields.iter().zip(&variables).enumerate().map(|(at, (field, variable))| {
        let at = Literal::u32_unsuffixed(u32::try_from(at).unwrap_or(u32::MAX));
        let resolve = field.value.resolve(private);
        quote!(#at => #variable = ::core::option::Option::Some(#resolve?))
    });
    let values = fields.iter().zip(&variables).map(|(field, variable)| {
        let ident = &field.ident;
        quote!(#ident: #variable.ok_or(#private::Fault::Plan)?)
    });
    let steps = if fields.is_empty() {
        quote!(if steps.next(from)?.is_some() {
            return ::core::result::Result::Err(#private::Fault::Plan);
        })
    } else {
        quote!(while let ::core::option::Option::Some((field, at)) = steps.next(from)? {
            match field {
                #(#arms,)*
                _ => return ::core::result::Result::Err(#private::Fault::Plan),
            }
        })
    };
    quote! {
        let ::core::option::Option::Some(mut steps) = at.record(from)? else {
            return <Self as #private::Decode<'a>>::read(from);
        };
        #(let mut #variables = ::core::option::Option::None;)*
        #steps
        ::core::result::Result::Ok(Self { #(#values),* })
    }
}

fn define(input: &Input, fields: &[Field]) -> TokenStream {
    let Input { private, aliases, .. } = input;
    let doc = optional(input.doc.as_deref());
    let fields: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let Field { name, aliases, value, .. } = field;
            let (doc, default) = (optional(field.doc.as_deref()), optional(field.default.as_deref()));
            let (define, fixed) = (value.define(private), value.fixed());
            quote! {
                schema.field(#define, &#private::FieldOf {
                    name: #name,
                    doc: #doc,
                    default: #default,
                    aliases: &[#(#aliases),*],
                    fixed: #fixed,
                });
            }
        })
        .collect();
    let builder = if fields.is_empty() { quote!(_) } else { quote!(schema) };
    quote!(schema.record::<Self>(#doc, &[#(#aliases),*], |#builder| { #(#fields)* });)
}
