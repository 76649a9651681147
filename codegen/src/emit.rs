//! From the model to Rust.
//!
//! ```text
//! types.rs     the names of types, seen from a module
//! write.rs     expressions that write a value;  read.rs  that read one, straight and by a plan
//! default.rs   expressions for defaults
//! record.rs choice.rs wrapper.rs    structs; enums and unions; fixed and types without a name
//! borrowed.rs  what only borrowed twins have
//! event.rs     names and descriptors
//! docs.rs      docs, escaped
//! ```
//!
//! Emitted code names everything by absolute paths, or relative to its own module, so that no name in a schema can
//! come in the way.

mod borrowed;
mod choice;
mod default;
mod docs;
mod event;
mod read;
mod record;
mod types;
mod wrapper;
mod write;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Body, Item, Model, Module};

/// Emits all items in their modules. `runtime`: the path of the runtime, `::ottla`.
pub(crate) fn emit(model: &Model, runtime: &str) -> TokenStream {
    module(model, &tokens(runtime), &model.root, &mut Vec::new())
}

fn module(model: &Model, runtime: &TokenStream, of: &Module, path: &mut Vec<String>) -> TokenStream {
    let items: Vec<TokenStream> = of
        .items
        .iter()
        .map(|id| {
            let place = Emitter { model, runtime, item: &model.items[id.0], module: path, borrowed: false };
            item(&place)
        })
        .collect();
    let modules: Vec<TokenStream> = of
        .modules
        .iter()
        .map(|inner| {
            path.push(inner.name.clone());
            let content = module(model, runtime, inner, path);
            path.pop();
            let name = ident(&inner.name);
            let doc = docs::line(&format!("Avro namespace `{}`.", inner.namespace));
            quote!(#doc pub mod #name { #content })
        })
        .collect();
    quote!(#(#items)* #(#modules)*)
}

fn item(emitter: &Emitter<'_>) -> TokenStream {
    let main = one(emitter);
    let event = event::event(emitter);
    let twin = emitter.item.borrowed.as_ref().map(|_| {
        let twin = Emitter { borrowed: true, ..*emitter };
        let main = one(&twin);
        let owned = borrowed::into_owned(&twin);
        quote!(#main #owned)
    });
    quote!(#main #event #twin)
}

fn one(emitter: &Emitter<'_>) -> TokenStream {
    match &emitter.item.body {
        Body::Record(fields) => record::record(emitter, fields),
        Body::Enum(of) => choice::enumeration(emitter, of),
        Body::Union(branches) => choice::union(emitter, branches),
        Body::Fixed(size) => wrapper::fixed(emitter, *size),
        Body::Newtype(ty) => wrapper::newtype(emitter, ty),
    }
}

/// What is emitted, and where.
#[derive(Clone, Copy)]
struct Emitter<'m> {
    model: &'m Model,
    /// The path of the runtime.
    runtime: &'m TokenStream,
    item: &'m Item,
    /// The modules that the item stands in.
    module: &'m [String],
    /// Is it the borrowed twin?
    borrowed: bool,
}

/// An identifier as the model writes it: `type` as `r#type`.
fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Rust that the options hold. They have checked it.
fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
