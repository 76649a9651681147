//! Enums: of symbols, and of the branches of a union.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::input::{Branch, Input};
use super::tokens::{Parts, check_own_name, optional};

pub(super) fn enumeration(
    input: &Input,
    full: &str,
    symbols: &[(Ident, String)],
    default: Option<&str>,
) -> Parts {
    let Input { private, aliases, .. } = input;
    let count = position(symbols.len());
    let writes = symbols.iter().enumerate().map(|(at, (ident, _))| {
        let at = position(at);
        quote!(Self::#ident => #at)
    });
    let arms: Vec<TokenStream> = symbols
        .iter()
        .enumerate()
        .map(|(at, (ident, _))| {
            let at = position(at);
            quote!(#at => ::core::result::Result::Ok(Self::#ident))
        })
        .collect();
    let choose = |symbol: TokenStream| quote!(match #symbol { #(#arms,)* _ => ::core::result::Result::Err(#private::Fault::Symbol.into()) });
    let names = symbols.iter().map(|(_, name)| name);
    let (doc, default) = (optional(input.doc.as_deref()), optional(default));
    Parts {
        full: quote!(#full),
        write: quote!(out.position(match self { #(#writes,)* });),
        min_bytes: quote!(1),
        read: choose(quote!(from.symbol_at(at, #count)?)),
        define: quote!(schema.enumeration::<Self>(#doc, &[#(#aliases),*], &[#(#names),*], #default);),
        checks: TokenStream::new(),
    }
}

pub(super) fn union(input: &Input, branches: &[Branch]) -> Parts {
    let Input { private, ident, .. } = input;
    let names = branches.iter().map(|branch| match &branch.value {
        Some(value) => value.name(private),
        None => quote!("null"),
    });
    let define = branches.iter().map(|branch| match &branch.value {
        Some(value) => {
            let (define, fixed) = (value.define(private), value.fixed());
            quote!(schema.branch(#define, #fixed);)
        }
        None => quote!(schema.branch(<() as #private::FieldType>::define, ::core::option::Option::None);),
    });
    let count = position(branches.len());
    let arms = arms(private, branches);
    Parts {
        full: quote!(#private::union_of(&[#(#names),*])),
        write: write_branch(private, branches),
        min_bytes: quote!(1),
        read: quote! {
            let (branch, at) = from.branch_at(at, #count)?;
            match branch { #arms }
        },
        define: quote!(schema.union(|schema| { #(#define)* });),
        checks: check_own_name(private, ident),
    }
}

fn write_branch(private: &TokenStream, branches: &[Branch]) -> TokenStream {
    let arms = branches.iter().enumerate().map(|(at, Branch { ident, value })| {
        let at = position(at);
        match value {
            None => quote!(Self::#ident => out.position(#at),),
            Some(value) => {
                let write = value.write(private, &quote!(value));
                quote!(Self::#ident(value) => {
                    out.position(#at);
                    #write
                })
            }
        }
    });
    quote!(match self { #(#arms)* })
}

fn arms(private: &TokenStream, branches: &[Branch]) -> TokenStream {
    let arms = branches.iter().enumerate().map(|(at, Branch { ident, value })| {
        let at = position(at);
        match value {
            None => quote!(#at => {
                from.null_at(at)?;
                ::core::result::Result::Ok(Self::#ident)
            }),
            Some(value) => {
                let read = value.read(private);
                quote!(#at => ::core::result::Result::Ok(Self::#ident(#read?)))
            }
        }
    });
    quote!(#(#arms,)* _ => ::core::result::Result::Err(#private::Fault::Branch.into()))
}

/// The position of a branch or symbol.
fn position(at: usize) -> Literal {
    Literal::u32_unsuffixed(u32::try_from(at).unwrap_or(u32::MAX))
}
