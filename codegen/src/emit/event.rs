//! Names and descriptors of events.

use ottla_formats::avro::fingerprint::crc64;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Origin, Source};

pub(super) fn event(emitter: &Emitter<'_>) -> TokenStream {
    let Some(origin) = emitter.item.event else { return TokenStream::new() };
    let (private, name, avro) = (emitter.private(), emitter.own_type(), &emitter.item.avro);
    let source = &emitter.model.sources[origin.source];
    let open: Vec<&str> =
        source.schema.enums().map(|e| e.name.full()).filter(|name| emitter.open.contains(name)).collect();
    let opening = (!open.is_empty()).then(|| quote!(.opening(&[#(#open),*])));
    let descriptor = match emitter.outermost(origin.source) {
        Some(outer) if !origin.outermost => {
            quote!(#private::Descriptor::within(<#outer as #private::Event>::descriptor, #avro))
        }
        _ => whole(emitter, source, origin),
    };
    quote! {
        impl #private::Event for #name {
            const FULL_NAME: &'static str = #avro;

            fn descriptor() -> &'static #private::Descriptor {
                static DESCRIPTOR: #private::Descriptor = #descriptor #opening;
                &DESCRIPTOR
            }
        }
    }
}

/// The descriptor with the file's text, or, if no type stands for the file, with that of the type.
fn whole(emitter: &Emitter<'_>, source: &Source, origin: Origin) -> TokenStream {
    let (private, avro, schema) = (emitter.private(), &emitter.item.avro, &source.schema);
    let (text, form, references) = if origin.outermost {
        (source.text.clone(), schema.parsing_canonical_form(), references(emitter, source))
    } else {
        (schema.type_to_text(origin.ty), schema.parsing_canonical_form_of(origin.ty), Vec::new())
    };
    let fingerprint = Literal::u64_unsuffixed(crc64(form.as_bytes()));
    quote!(#private::Descriptor::new(#avro, #text, #fingerprint, &[#(#references),*]))
}

impl Emitter<'_> {
    /// The type that stands for a file.
    fn outermost(&self, source: usize) -> Option<TokenStream> {
        let id = self.outermost[source]?;
        let item = &self.model.items[id.0];
        Some(self.path(item, &item.ident))
    }
}

/// What stands for the files whose types it uses: their events, or, if their types are generated elsewhere or written by
/// hand, what they say.
fn references(emitter: &Emitter<'_>, source: &Source) -> Vec<TokenStream> {
    let private = emitter.private();
    source
        .references
        .iter()
        .map(|(name, index)| {
            let descriptor = match emitter.outermost(*index) {
                Some(outer) => quote!(<#outer as #private::Event>::descriptor),
                None => elsewhere(emitter, &emitter.model.sources[*index]),
            };
            quote!(#private::Reference { name: #name, descriptor: #descriptor })
        })
        .collect()
}

/// A function that gives the descriptor of a file that no type is generated for.
fn elsewhere(emitter: &Emitter<'_>, source: &Source) -> TokenStream {
    let private = emitter.private();
    let (schema, text) = (&source.schema, &source.text);
    let kind = schema.kind(schema.root());
    let name = kind.name().map_or(kind.word(), |name| name.full());
    let fingerprint = Literal::u64_unsuffixed(schema.fingerprint());
    let references = references(emitter, source);
    quote!(|| {
        static DESCRIPTOR: #private::Descriptor =
            #private::Descriptor::new(#name, #text, #fingerprint, &[#(#references),*]);
        &DESCRIPTOR
    })
}
