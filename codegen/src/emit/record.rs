//! Records: structs with named fields.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

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
    let fields = fields.iter().map(|field| Next {
        name: ident(&field.ident),
        value: Box::new(|step| emitter.next(&field.ty, step)),
        is_null: field.ty == Type::Null,
    });
    let read = read(fields.collect(), emitter.item.recursive);
    quote! {
        impl<'a> #private::Decode<'a> for #name {
            const MIN_BYTES: usize = #min;

            fn read(from: &mut #private::Reader<'a>, at: #private::At) -> ::core::result::Result<Self, #private::DecodeError> {
                #read
            }
        }
    }
}

/// How a field is read.
pub(crate) struct Next<'f> {
    pub(crate) name: Ident,
    /// An expression that takes its step.
    pub(crate) value: Box<dyn Fn(&TokenStream) -> TokenStream + 'f>,
    /// Is it known to be `()`?
    pub(crate) is_null: bool,
}

/// Reads a record: the fields in turn.
///
/// There is one function for all writers' schemas. Each field has a step, which is the same constant for all of them if
/// the type's own was the writer's: to look at it costs next to nothing, and code for that case alone would be as long again.
pub(crate) fn read(mut fields: Vec<Next<'_>>, is_nested: bool) -> TokenStream {
    let count = Literal::usize_unsuffixed(fields.len() + 1);
    let step = |at: usize| {
        let at = Literal::usize_unsuffixed(at);
        quote!(steps[#at])
    };
    let enter = is_nested.then(|| quote!(from.enter()?;));
    let leave = is_nested.then(|| quote!(from.leave();));
    let end = step(fields.len());
    let end = quote!(from.end(#end)?; #leave);
    // The end comes before the struct is put together: it would be copied if anything happened after that.
    let last = fields.pop().map(|Next { name, value, is_null }| {
        let value = value(&step(fields.len()));
        if is_null {
            return quote!(#name: {
                #value;
                #end
            });
        }
        quote!(#name: {
            let last = #value;
            #end
            last
        })
    });
    let end = last.is_none().then_some(end);
    let fields = fields.iter().enumerate().map(|(at, Next { name, value, .. })| {
        let value = value(&step(at));
        quote!(#name: #value,)
    });
    quote! {
        let steps = from.record::<#count>(at)?;
        #enter
        #end
        ::core::result::Result::Ok(Self { #(#fields)* #last })
    }
}
