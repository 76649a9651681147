//! Records: structs with named fields.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::read::How;
use super::write::Place;
use super::{Emitter, docs, ident, tokens};
use crate::model::{Field, Type};

pub(super) fn record(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let structure = structure(emitter, fields);
    let constructors = if emitter.borrowed { TokenStream::new() } else { constructors(emitter, fields) };
    let encode = encode(emitter, fields);
    let decode = decode(emitter, fields);
    quote!(#structure #constructors #encode #decode)
}

fn structure(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let head = emitter.head(&[]);
    let name = emitter.own_type();
    let complex = emitter.complex(fields.iter().map(|field| &field.ty));
    let fields = fields.iter().map(|field| {
        let doc = docs::docs(field.doc.as_deref(), &field_words(field));
        let attributes = field.attributes.iter().filter(|_| !emitter.borrowed).map(|a| tokens(a));
        let (name, ty) = (ident(&field.ident), emitter.ty(&field.ty));
        quote!(#doc #(#attributes)* pub #name: #ty)
    });
    quote!(#head #complex pub struct #name { #(#fields,)* })
}

fn field_words(field: &Field) -> String {
    let default = if field.default.is_some() { ", with a default" } else { "" };
    format!("Avro field `{}`: `{}`{default}.", field.avro, field.words)
}

/// `new` with what has no default, `with_` for the rest, and `Default` where all have one.
fn constructors(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let name = emitter.own_type();
    let required = fields.iter().filter(|f| f.default.is_none());
    let parameters: Vec<TokenStream> = required
        .clone()
        .map(|field| {
            let (name, ty) = (ident(&field.ident), emitter.parameter(&field.ty));
            quote!(#name: #ty)
        })
        .collect();
    let values = fields.iter().map(|field| {
        let name = ident(&field.ident);
        match &field.default {
            Some(default) => {
                let value = emitter.default(&field.ty, default);
                quote!(#name: #value)
            }
            None if is_text(&field.ty) => quote!(#name: #name.into()),
            None => quote!(#name),
        }
    });
    let same = (emitter.item.ident == "New").then(|| quote!(#[allow(clippy::self_named_constructors)]));
    let many = (parameters.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let pi = has_fractions(fields).then(|| quote!(#[allow(clippy::approx_constant)]));
    let doc = docs::line("A value with these fields; those that have a default in the schema start with it.");
    let setters = fields.iter().filter(|f| f.default.is_some()).map(|field| setter(emitter, field));
    let default = (parameters.is_empty()).then(|| {
        quote!(impl ::core::default::Default for #name {
            fn default() -> Self {
                Self::new()
            }
        })
    });
    quote! {
        impl #name {
            #doc
            #same
            #many
            #pi
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
        #default
    }
}

fn has_fractions(fields: &[Field]) -> bool {
    fields.iter().any(|f| f.default.is_some() && matches!(f.ty, Type::Float | Type::Double))
}

fn setter(emitter: &Emitter<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.ident);
    let method = format_ident!("with_{}", field.ident.trim_start_matches("r#"));
    let doc = docs::line(&format!("The same with another `{}`.", field.avro));
    let (ty, value) = match &field.ty {
        Type::Option { some, .. } => {
            let ty = emitter.parameter(some);
            let value = if is_text(some) { quote!(value.into()) } else { quote!(value) };
            (ty, quote!(::core::option::Option::Some(#value)))
        }
        Type::OptionUnion { union, .. } => {
            let ty = emitter.item_type(*union);
            (quote!(impl ::core::convert::Into<#ty>), quote!(::core::option::Option::Some(value.into())))
        }
        ty if is_text(ty) => (emitter.parameter(ty), quote!(value.into())),
        ty => (emitter.ty(ty), quote!(value)),
    };
    quote! {
        #doc
        #[must_use]
        pub fn #method(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Bytes)
}

impl Emitter<'_> {
    fn parameter(&self, ty: &Type) -> TokenStream {
        let name = self.ty(ty);
        if is_text(ty) { quote!(impl ::core::convert::Into<#name>) } else { name }
    }

    /// Docs, attributes and derives.
    pub(super) fn head(&self, more: &[TokenStream]) -> TokenStream {
        let item = self.item;
        let ours = format!("Avro `{}`, in `{}`.", item.avro, item.place.file);
        let doc = docs::docs(item.doc.as_deref(), &ours);
        let doc = match &self.borrowed {
            true => {
                let twin = format!("[`{}`], with text and bytes that are parts of the message.", item.ident);
                docs::docs(None, &twin)
            }
            false => doc,
        };
        let theirs =
            item.derives.iter().filter(|d| !self.borrowed && !more.iter().any(|m| is_same_derive(m, d)));
        let derives = theirs.map(|d| tokens(d));
        let attributes = item.attributes.iter().map(|a| tokens(a)).filter(|_| !self.borrowed);
        quote! {
            #doc
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq #(, #more)* #(, #derives)*)]
            #(#attributes)*
        }
    }
}

/// Is a derive of the options, for many types most likely, one that this type has anyway? `Eq` is, by whichever path.
fn is_same_derive(ours: &TokenStream, theirs: &str) -> bool {
    let theirs: String = theirs.split_whitespace().collect();
    let (path, name) = theirs.rsplit_once("::").unwrap_or(("", &theirs));
    let is_standard =
        ["", "core", "std"].contains(&path.trim_start_matches("::").split("::").next().unwrap_or_default());
    is_standard && ours.to_string().rsplit("::").next().is_some_and(|ours| ours.trim() == name)
}

fn encode(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let (private, name, generics) = (emitter.private(), emitter.own_type(), emitter.generics());
    let writes: Vec<TokenStream> = fields
        .iter()
        .filter(|f| f.ty != Type::Null)
        .map(|field| {
            let name = ident(&field.ident);
            emitter.write(&field.ty, &Place::Value(quote!(self.#name)))
        })
        .collect();
    let out = if writes.is_empty() { quote!(_) } else { quote!(out) };
    quote! {
        impl #generics #private::Encode for #name {
            fn write(&self, #out: &mut #private::Encoder) {
                #(#writes;)*
            }
        }
    }
}

fn decode(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let (private, name) = (emitter.private(), emitter.own_type());
    let min = emitter.own_min_bytes(fields);
    let straight = straight(emitter, fields);
    let planned = planned(emitter, fields);
    let nothing = fields.iter().all(|f| f.ty == Type::Null) && !emitter.item.recursive;
    let from = if nothing { quote!(_) } else { quote!(from) };
    quote! {
        impl<'a> #private::Decode<'a> for #name {
            const MIN_BYTES: usize = #min;

            fn read(#from: &mut #private::Reader<'a>) -> ::core::result::Result<Self, #private::DecodeError> {
                #straight
            }

            fn resolve(from: &mut #private::Reader<'a>, at: #private::At<'a>) -> ::core::result::Result<Self, #private::DecodeError> {
                #planned
            }
        }
    }
}

fn straight(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let values = fields.iter().map(|field| {
        let name = ident(&field.ident);
        if field.ty == Type::Null {
            return quote!(#name: ());
        }
        let read = emitter.read(&field.ty, How::Straight);
        quote!(#name: #read?)
    });
    let value = quote!(Self { #(#values),* });
    if emitter.item.recursive {
        quote! {
            from.enter()?;
            let value = #value;
            from.leave();
            ::core::result::Result::Ok(value)
        }
    } else {
        quote!(::core::result::Result::Ok(#value))
    }
}

fn planned(emitter: &Emitter<'_>, fields: &[Field]) -> TokenStream {
    let next = |field: &Field| Next {
        name: ident(&field.ident),
        value: emitter.next(&field.ty),
        is_null: field.ty == Type::Null,
    };
    let fields = fields.iter().map(next).collect();
    resolve(&emitter.private(), fields, emitter.item.recursive)
}

/// How a field is read by a plan.
pub(crate) struct Next {
    pub(crate) name: Ident,
    /// An expression that takes its step.
    pub(crate) value: TokenStream,
    /// Is it known to be `()`?
    pub(crate) is_null: bool,
}

/// Reads a record by a plan: the fields in turn.
pub(crate) fn resolve(private: &TokenStream, mut fields: Vec<Next>, is_nested: bool) -> TokenStream {
    let mutable = (!fields.is_empty()).then(|| quote!(mut));
    let enter = is_nested.then(|| quote!(from.enter()?;));
    let leave = is_nested.then(|| quote!(from.leave();));
    // The end comes before the struct is put together: it would be copied if anything happened after that.
    let last = fields.pop().map(|Next { name, value, is_null }| {
        if is_null {
            return quote!(#name: {
                #value;
                steps.end(from)?;
                #leave
            });
        }
        quote!(#name: {
            let last = #value;
            steps.end(from)?;
            #leave
            last
        })
    });
    let end = last.is_none().then(|| quote!(steps.end(from)?; #leave));
    let fields = fields.iter().map(|Next { name, value, .. }| quote!(#name: #value,));
    quote! {
        let ::core::option::Option::Some(#mutable steps) = at.record(from)? else {
            return <Self as #private::Decode<'a>>::read(from);
        };
        #enter
        #end
        ::core::result::Result::Ok(Self { #(#fields)* #last })
    }
}
