//! The types that a macro knows by name.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, GenericArgument, PathArguments, Type, TypePath};

use super::attributes::Errors;

/// What a type looks like.
pub(super) enum Known<'t> {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    String,
    Bytes,
    Array(&'t Type),
    Map(&'t Type, &'t Type),
    Option(&'t Type),
    Boxed(&'t Type),
    /// `[T; N]`
    Fixed(&'t Type, &'t Expr),
    /// There is something better.
    Unsuitable(&'static str),
    Unknown,
}

const WHOLE: &str = "Avro has int and long for whole numbers: use i32 or i64";
const UNSIGNED: &str = "Avro has no unsigned numbers but int and long: use i64";
const WIDE: &str = "Avro has no numbers beyond long: use i64, or ottla::logical::Decimal<38, 0>";
const BORROWED: &str = "an event owns its data: use String, Vec<u8>, or what the reference points to";

pub(super) fn known(ty: &Type) -> Known<'_> {
    match ty {
        Type::Path(path) if path.qself.is_none() => known_path(path),
        Type::Tuple(tuple) if tuple.elems.is_empty() => Known::Null,
        Type::Tuple(_) => {
            Known::Unsuitable("Avro has no tuples: give the parts names in a struct of their own")
        }
        Type::Array(array) => Known::Fixed(&array.elem, &array.len),
        Type::Slice(_) | Type::Reference(_) => Known::Unsuitable(BORROWED),
        Type::Paren(inner) => known(&inner.elem),
        Type::Group(inner) => known(&inner.elem),
        _ => Known::Unknown,
    }
}

fn known_path(path: &TypePath) -> Known<'_> {
    let segments = &path.path.segments;
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return Known::Unknown };
    // A type of somebody else's may have the same name.
    if segments.len() > 1 && !["std", "core", "alloc"].iter().any(|name| first.ident == name) {
        return Known::Unknown;
    }
    let arguments = arguments(&last.arguments);
    match (last.ident.to_string().as_str(), arguments.as_slice()) {
        ("bool", []) => Known::Boolean,
        ("i32", []) => Known::Int,
        ("i64", []) => Known::Long,
        ("f32", []) => Known::Float,
        ("f64", []) => Known::Double,
        ("String", []) => Known::String,
        ("Vec", [item]) if is_byte(item) => Known::Bytes,
        ("Vec", [item]) => Known::Array(item),
        ("HashMap", [key, values, ..]) | ("BTreeMap", [key, values]) => Known::Map(key, values),
        ("Option", [some]) => Known::Option(some),
        ("Box", [inner]) => Known::Boxed(inner),
        ("i8" | "i16" | "u8" | "u16", []) => Known::Unsuitable(WHOLE),
        ("u32" | "u64" | "usize" | "isize", []) => Known::Unsuitable(UNSIGNED),
        ("i128" | "u128", []) => Known::Unsuitable(WIDE),
        ("char", []) => Known::Unsuitable("Avro has no characters: use String"),
        ("str", []) => Known::Unsuitable(BORROWED),
        _ => Known::Unknown,
    }
}

fn arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Is it `u8`?
pub(super) fn is_byte(ty: &Type) -> bool {
    is(ty, "u8")
}

fn is(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(name))
}

/// Refuses what can be seen to be no type of Avro's. `named`: the field gives a name to a fixed in it.
pub(super) fn check(ty: &Type, named: bool, errors: &mut Errors) {
    match known(ty) {
        Known::Unsuitable(why) => errors.at(ty.span(), why),
        Known::Fixed(item, _) if !is_byte(item) => {
            errors.at(ty.span(), "Avro has arrays of any length: use Vec")
        }
        Known::Fixed(..) if !named => {
            errors.at(ty.span(), "a fixed has a name in Avro: say `#[event(fixed = \"Name\")]`");
        }
        Known::Option(some) if matches!(known(some), Known::Option(_)) => {
            errors.at(ty.span(), "an Option of an Option: Avro has no unions within unions");
        }
        Known::Option(some) if matches!(known(some), Known::Null) => {
            errors.at(ty.span(), "an Option of null: both branches are the same");
        }
        Known::Map(key, values) => {
            if !matches!(known(key), Known::String | Known::Unknown) {
                errors.at(key.span(), "the keys of Avro's maps are Strings");
            }
            check(values, named, errors);
        }
        Known::Array(inner) | Known::Option(inner) | Known::Boxed(inner) => check(inner, named, errors),
        _ => {}
    }
}

/// Does a type mention another by its name, or itself?
pub(super) fn mentions(tokens: TokenStream, ident: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "Self" || name == *ident,
        TokenTree::Group(group) => mentions(group.stream(), ident),
        _ => false,
    })
}

/// The same type with another name for itself than `Self`, which means nothing outside of `impl`.
pub(super) fn without_self(tokens: TokenStream, ident: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(name) if name == "Self" => {
            let mut own = ident.clone();
            own.set_span(name.span());
            TokenTree::Ident(own)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), without_self(group.stream(), ident));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

/// Can there be something in it that is a fixed?
pub(super) fn may_have_fixed(ty: &Type) -> bool {
    match known(ty) {
        Known::Array(inner) | Known::Map(_, inner) | Known::Option(inner) | Known::Boxed(inner) => {
            may_have_fixed(inner)
        }
        Known::Fixed(..) | Known::Unknown => true,
        _ => false,
    }
}

/// Is there `[u8; N]` in it?
pub(super) fn has_fixed(ty: &Type) -> bool {
    match known(ty) {
        Known::Fixed(..) => true,
        Known::Array(inner) | Known::Map(_, inner) | Known::Option(inner) | Known::Boxed(inner) => {
            has_fixed(inner)
        }
        _ => false,
    }
}

/// The type as the schema sees it: with something that has the name of its field for `[u8; N]`.
pub(super) fn with_fixed(ty: &Type, private: &TokenStream) -> TokenStream {
    if !has_fixed(ty) {
        return ty.to_token_stream();
    }
    match known(ty) {
        Known::Fixed(_, size) => quote!(#private::FixedBytes<{ #size }>),
        Known::Array(item) => {
            let item = with_fixed(item, private);
            quote!(::std::vec::Vec<#item>)
        }
        Known::Map(_, values) => {
            let values = with_fixed(values, private);
            quote!(::std::collections::BTreeMap<::std::string::String, #values>)
        }
        Known::Option(some) => {
            let some = with_fixed(some, private);
            quote!(::core::option::Option<#some>)
        }
        Known::Boxed(inner) => with_fixed(inner, private),
        _ => ty.to_token_stream(),
    }
}
