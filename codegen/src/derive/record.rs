//! Structs with named fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::input::{Field, Input, Value};
use super::tokens::{Parts, check_names, optional};
use crate::emit::record::{self, Next};

pub(super) fn parts(input: &Input, full: &str, fields: &[Field]) -> Parts {
    let private = &input.private;
    let writes = fields.iter().map(|field| {
        let ident = &field.ident;
        field.value.write(private, &quote!(&self.#ident))
    });
    let minima = fields.iter().map(|field| field.value.min_bytes(private));
    let values: Vec<&Value> = fields.iter().map(|field| &field.value).collect();
    // Without fields there is nothing to write.
    let nothing = fields.is_empty().then(|| quote!(let _ = out;));
    Parts {
        full: quote!(#full),
        write: quote!(#nothing #(#writes;)*),
        min_bytes: quote!(0 #(+ #minima)*),
        read: read(private, fields),
        define: define(input, fields),
        checks: check_names(private, &values),
    }
}

fn read(private: &TokenStream, fields: &[Field]) -> TokenStream {
    let fields = fields.iter().map(|field| {
        let read = field.value.read(private);
        let value = move |step: &TokenStream| {
            quote!({
                let at = from.next(#step)?;
                #read?
            })
        };
        Next { name: field.ident.clone(), value: Box::new(value), is_null: false }
    });
    record::read(fields.collect(), false)
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
