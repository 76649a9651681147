//! Enums: of symbols, and of the branches of a union.

use proc_macro2::TokenStream;
use quote::quote;

use super::write::{Place, position};
use super::{Emitter, docs, ident};
use crate::model::{Branch, Enum, Type};

pub(super) fn enumeration(emitter: &Emitter<'_>, of: &Enum) -> TokenStream {
    let private = emitter.private();
    let name = emitter.own_type();
    let closed = [quote!(::core::marker::Copy), quote!(::core::cmp::Eq), quote!(::core::hash::Hash)];
    let head = emitter.head(if of.open.is_some() { &closed[1..] } else { &closed });
    let default = of.default.and_then(|at| of.symbols.get(at)).map(|s| s.avro.as_str());
    let variants = of.symbols.iter().map(|symbol| {
        let what =
            if Some(symbol.avro.as_str()) == default { ", what an unknown one is read as" } else { "" };
        let doc = docs::line(&format!("Symbol `{}`{what}.", symbol.avro));
        let variant = ident(&symbol.ident);
        quote!(#doc #variant)
    });
    let unknown = of.open.as_deref().map(|name| {
        let doc =
            docs::line("A symbol that the schema has not, by its name. It is read and cannot be written.");
        let name = ident(name);
        quote!(#doc #name(::std::string::String),)
    });
    let names = names(emitter, of);
    let encode = encode(emitter, of);
    let decode = decode(emitter, of);
    quote! {
        #head
        pub enum #name { #(#variants,)* #unknown }
        #names
        impl #private::Encode for #name { #encode }
        impl<'a> #private::Decode<'a> for #name { #decode }
    }
}

fn names(emitter: &Emitter<'_>, of: &Enum) -> TokenStream {
    let name = emitter.own_type();
    let symbols: Vec<&str> = of.symbols.iter().map(|s| s.avro.as_str()).collect();
    let arms = of.symbols.iter().map(|symbol| {
        let (variant, text) = (ident(&symbol.ident), &symbol.avro);
        quote!(Self::#variant => #text)
    });
    let unknown = of.open.as_deref().map(|name| {
        let name = ident(name);
        quote!(Self::#name(symbol) => symbol,)
    });
    let (all, one) = (
        docs::line("All symbols, in the order of the schema."),
        docs::line("The symbol as the schema has it."),
    );
    let this = if of.symbols.is_empty() && unknown.is_none() { quote!(*self) } else { quote!(self) };
    quote! {
        impl #name {
            #all
            pub const SYMBOLS: &'static [&'static str] = &[#(#symbols),*];

            #one
            #[must_use]
            pub fn as_str(&self) -> &str {
                match #this { #(#arms,)* #unknown }
            }
        }
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    }
}

fn encode(emitter: &Emitter<'_>, of: &Enum) -> TokenStream {
    let private = emitter.private();
    let arms = of.symbols.iter().enumerate().map(|(at, symbol)| {
        let (variant, at) = (ident(&symbol.ident), position(at));
        quote!(Self::#variant => #at)
    });
    let unknown = of.open.as_deref().map(|name| {
        let (name, avro) = (ident(name), &emitter.item.avro);
        quote!(Self::#name(symbol) => return #private::unknown_symbol(#avro, symbol, out),)
    });
    if of.symbols.is_empty() && unknown.is_none() {
        return quote!(fn write(&self, _: &mut #private::Encoder) { match *self {} });
    }
    quote! {
        fn write(&self, out: &mut #private::Encoder) {
            out.position(match self { #(#arms,)* #unknown });
        }
    }
}

fn decode(emitter: &Emitter<'_>, of: &Enum) -> TokenStream {
    let private = emitter.private();
    let count = position(of.symbols.len());
    let arms: Vec<TokenStream> = of
        .symbols
        .iter()
        .enumerate()
        .map(|(at, symbol)| {
            let (variant, at) = (ident(&symbol.ident), position(at));
            quote!(#at => ::core::result::Result::Ok(Self::#variant))
        })
        .collect();
    let wrong = quote!(::core::result::Result::Err(#private::Fault::Symbol.into()));
    let choose = |read: TokenStream| {
        if arms.is_empty() {
            return quote!({ #read; #wrong });
        }
        quote!(match #read { #(#arms,)* _ => #wrong })
    };
    let read = match of.open.as_deref() {
        None => choose(quote!(from.symbol_at(at, #count)?)),
        Some(name) => {
            let name = ident(name);
            let known = choose(quote!(position));
            quote!(match from.open_symbol_at(at, #count)? {
                #private::Symbol::Known(position) => #known,
                #private::Symbol::Unknown(symbol) => {
                    ::core::result::Result::Ok(Self::#name(::std::string::String::from(symbol)))
                }
            })
        }
    };
    quote! {
        const MIN_BYTES: usize = 1;

        fn read(from: &mut #private::Reader<'a>, at: #private::At) -> ::core::result::Result<Self, #private::DecodeError> {
            #read
        }
    }
}

pub(super) fn union(emitter: &Emitter<'_>, branches: &[Branch]) -> TokenStream {
    let head = emitter.head(&[]);
    let name = emitter.own_type();
    let variants = branches.iter().map(|branch| {
        let doc = docs::line(&format!("Branch `{}`.", branch.avro));
        let (variant, ty) = (ident(&branch.ident), emitter.ty(&branch.ty));
        match branch.ty {
            Type::Null => quote!(#doc #variant),
            _ => quote!(#doc #variant(#ty)),
        }
    });
    let conversions = conversions(emitter, branches);
    let encode = write_branch(emitter, branches);
    let decode = read_branch(emitter, branches);
    quote! {
        #head
        #[allow(clippy::large_enum_variant)]
        pub enum #name { #(#variants,)* }
        #conversions
        #encode
        #decode
    }
}

/// `From` for each branch whose type tells it from the others.
fn conversions(emitter: &Emitter<'_>, branches: &[Branch]) -> TokenStream {
    let name = emitter.own_type();
    let generics = emitter.generics();
    let types: Vec<String> = branches.iter().map(|b| emitter.ty(&b.ty).to_string()).collect();
    let known = |ty: &Type| !matches!(ty, Type::Extern { .. } | Type::Mapped { .. });
    let conversions = branches.iter().enumerate().filter_map(|(at, branch)| {
        let alone = types.iter().filter(|ty| **ty == types[at]).count() == 1;
        if !alone || branch.ty == Type::Null || !known(&branch.ty) {
            return None;
        }
        let (variant, ty) = (ident(&branch.ident), emitter.ty(&branch.ty));
        Some(quote! {
            impl #generics ::core::convert::From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(value)
                }
            }
        })
    });
    quote!(#(#conversions)*)
}

fn write_branch(emitter: &Emitter<'_>, branches: &[Branch]) -> TokenStream {
    let (private, name, generics) = (emitter.private(), emitter.own_type(), emitter.generics());
    let arms = branches.iter().map(|branch| {
        let (variant, at) = (ident(&branch.ident), position(branch.position));
        match &branch.ty {
            Type::Null => quote!(Self::#variant => out.position(#at),),
            ty => {
                let write = emitter.write(ty, &Place::Reference(quote!(value)));
                quote!(Self::#variant(value) => {
                    out.position(#at);
                    #write
                })
            }
        }
    });
    let body = if branches.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#arms)* }) };
    let out = if branches.is_empty() { quote!(_) } else { quote!(out) };
    quote! {
        impl #generics #private::Encode for #name {
            fn write(&self, #out: &mut #private::Encoder) { #body }
        }
    }
}

fn read_branch(emitter: &Emitter<'_>, branches: &[Branch]) -> TokenStream {
    let (private, name) = (emitter.private(), emitter.own_type());
    let count = position(branches.iter().map(|b| b.position + 1).max().unwrap_or_default());
    let arms = branches.iter().map(|branch| {
        let (variant, at) = (ident(&branch.ident), position(branch.position));
        let read = emitter.read(&branch.ty);
        match &branch.ty {
            Type::Null => quote!(#at => {
                #read?;
                ::core::result::Result::Ok(Self::#variant)
            }),
            _ => quote!(#at => ::core::result::Result::Ok(Self::#variant(#read?))),
        }
    });
    let wrong = quote!(::core::result::Result::Err(#private::Fault::Branch.into()));
    let (from, branch, at) = match branches.is_empty() {
        true => (quote!(_), quote!(_), quote!(_)),
        false => (quote!(from), quote!(branch), quote!(at)),
    };
    let read = if branches.is_empty() { wrong } else { quote!(match branch { #(#arms,)* _ => #wrong }) };
    let result = quote!(::core::result::Result<Self, #private::DecodeError>);
    quote! {
        impl<'a> #name {
            #[doc(hidden)]
            pub fn read_branch(#from: &mut #private::Reader<'a>, #branch: u32, #at: #private::At) -> #result {
                #read
            }
        }
        impl<'a> #private::Decode<'a> for #name {
            const MIN_BYTES: usize = 1;

            fn read(from: &mut #private::Reader<'a>, at: #private::At) -> #result {
                let (branch, at) = from.branch_at(at, #count)?;
                Self::read_branch(from, branch, at)
            }
        }
    }
}
