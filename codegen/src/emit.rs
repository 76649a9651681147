//! From the model to Rust.
//!
//! ```text
//! types.rs     the names of types, seen from a module
//! write.rs     expressions that write a value;  read.rs  that read one
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
pub(crate) mod record;
mod types;
mod wrapper;
mod write;

use std::collections::HashSet;
use std::ops::Deref;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Body, Item, ItemId, Model, Module, Origin};

/// Emits all items in their modules. `runtime`: the path of the runtime, `::ottla`.
pub(crate) fn emit(model: &Model, runtime: &str) -> TokenStream {
    let mut outermost = vec![None; model.sources.len()];
    let mut open = HashSet::new();
    for (at, item) in model.items.iter().enumerate() {
        if let Some(Origin { source, outermost: true, .. }) = item.event {
            outermost[source] = Some(ItemId(at));
        }
        if matches!(&item.body, Body::Enum(of) if of.open.is_some()) {
            open.insert(item.avro.as_str());
        }
    }
    let all = All { model, runtime: &tokens(runtime), outermost: &outermost, open: &open };
    all.module(&model.root, &mut Vec::new())
}

/// What all items have in common.
#[derive(Clone, Copy)]
struct All<'m> {
    model: &'m Model,
    /// The path of the runtime.
    runtime: &'m TokenStream,
    /// The item that stands for each file.
    outermost: &'m [Option<ItemId>],
    /// The full names of open enums.
    open: &'m HashSet<&'m str>,
}

impl All<'_> {
    fn module(&self, of: &Module, path: &mut Vec<String>) -> TokenStream {
        let items: Vec<TokenStream> = of
            .items
            .iter()
            .map(|id| {
                item(&Emitter { all: *self, item: &self.model.items[id.0], module: path, borrowed: false })
            })
            .collect();
        let modules: Vec<TokenStream> = of
            .modules
            .iter()
            .map(|inner| {
                path.push(inner.name.clone());
                let content = self.module(inner, path);
                path.pop();
                let name = ident(&inner.name);
                let doc = docs::line(&format!("Avro namespace `{}`.", inner.namespace));
                quote!(#doc pub mod #name { #content })
            })
            .collect();
        quote!(#(#items)* #(#modules)*)
    }
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
    all: All<'m>,
    item: &'m Item,
    /// The modules that the item stands in.
    module: &'m [String],
    /// Is it the borrowed twin?
    borrowed: bool,
}

impl<'m> Deref for Emitter<'m> {
    type Target = All<'m>;

    fn deref(&self) -> &All<'m> {
        &self.all
    }
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
