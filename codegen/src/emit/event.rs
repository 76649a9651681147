//! Names and descriptors of events.

use ottla_formats::avro::fingerprint::crc64;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Body, Item, Origin, Source};

pub(super) fn event(emitter: &Emitter<'_>) -> TokenStream {
    let Some(origin) = emitter.item.event else { return TokenStream::new() };
    let (private, name, avro) = (emitter.private(), emitter.own_type(), &emitter.item.avro);
    let source = &emitter.model.sources[origin.source];
    let text = text(source, origin);
    let fingerprint = fingerprint(source, origin);
    let open: Vec<&String> = emitter
        .model
        .items
        .iter()
        .filter(|item| matches!(&item.body, Body::Enum(of) if of.open.is_some()))
        .map(|item| &item.avro)
        .filter(|name| source.schema.enums().any(|e| e.name.full() == *name))
        .collect();
    let opening = (!open.is_empty()).then(|| quote!(.opening(&[#(#open),*])));
    let references = if origin.outermost { references(emitter, source) } else { Vec::new() };
    quote! {
        impl #private::Event for #name {
            const FULL_NAME: &'static str = #avro;

            fn descriptor() -> &'static #private::Descriptor {
                static DESCRIPTOR: #private::Descriptor = #private::Descriptor::new(
                    #avro,
                    #text,
                    #fingerprint,
                    &[#(#references),*],
                ) #opening;
                &DESCRIPTOR
            }
        }
    }
}

/// The file's text, or that of a type within it with all that it refers to.
fn text(source: &Source, origin: Origin) -> String {
    if origin.outermost { source.text.clone() } else { source.schema.type_to_text(origin.ty) }
}

fn fingerprint(source: &Source, origin: Origin) -> Literal {
    let form = if origin.outermost {
        source.schema.parsing_canonical_form()
    } else {
        source.schema.parsing_canonical_form_of(origin.ty)
    };
    Literal::u64_unsuffixed(crc64(form.as_bytes()))
}

/// What stands for the files whose types it uses: their events, or, if their types are generated elsewhere or written by
/// hand, what they say.
fn references(emitter: &Emitter<'_>, source: &Source) -> Vec<TokenStream> {
    let private = emitter.private();
    let outermost = |index: usize| -> Option<&Item> {
        emitter.model.items.iter().find(|i| i.event.is_some_and(|e| e.source == index && e.outermost))
    };
    source
        .references
        .iter()
        .map(|(name, index)| {
            let descriptor = match outermost(*index) {
                Some(item) => {
                    let path = emitter.path(item, &item.ident);
                    quote!(<#path as #private::Event>::descriptor)
                }
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
