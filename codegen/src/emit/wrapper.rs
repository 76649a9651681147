//! Structs around one value: fixed, and types without a name that are a file's outermost.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::docs;
use super::write::Place;
use crate::model::Type;

pub(super) fn fixed(emitter: &Emitter<'_>, size: usize) -> TokenStream {
    let private = emitter.private();
    let name = emitter.own_type();
    let head =
        emitter.head(&[quote!(::core::marker::Copy), quote!(::core::cmp::Eq), quote!(::core::hash::Hash)]);
    let size = Literal::usize_unsuffixed(size);
    let doc = docs::line("The bytes.");
    quote! {
        #head
        pub struct #name(#doc pub [u8; #size]);

        impl ::core::convert::From<[u8; #size]> for #name {
            fn from(bytes: [u8; #size]) -> Self {
                Self(bytes)
            }
        }
        impl #private::Encode for #name {
            fn write(&self, out: &mut #private::Encoder) {
                out.fixed(&self.0);
            }
        }
        impl<'a> #private::Decode<'a> for #name {
            const MIN_BYTES: usize = #size;

            fn read(from: &mut #private::Reader<'a>, at: #private::At) -> ::core::result::Result<Self, #private::DecodeError> {
                ::core::result::Result::Ok(Self(from.fixed_at(at)?))
            }
        }
    }
}

pub(super) fn newtype(emitter: &Emitter<'_>, ty: &Type) -> TokenStream {
    let (private, generics) = (emitter.private(), emitter.generics());
    let name = emitter.own_type();
    let head = emitter.head(&[]);
    let inner = emitter.ty(ty);
    let complex = emitter.complex(std::iter::once(ty));
    let min = emitter.min_bytes(ty);
    let write = emitter.write(ty, &Place::Value(quote!(self.0)));
    let read = emitter.read(ty);
    let read = match ty {
        Type::Null => quote!({
            #read?;
            ::core::result::Result::Ok(Self(()))
        }),
        _ => quote!(::core::result::Result::Ok(Self(#read?))),
    };
    let doc = docs::line("The value.");
    let out = if *ty == Type::Null { quote!(_) } else { quote!(out) };
    quote! {
        #head
        #complex
        pub struct #name(#doc pub #inner);

        impl #generics ::core::convert::From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }
        impl #generics #private::Encode for #name {
            fn write(&self, #out: &mut #private::Encoder) {
                #write;
            }
        }
        impl<'a> #private::Decode<'a> for #name {
            const MIN_BYTES: usize = #min;

            fn read(from: &mut #private::Reader<'a>, at: #private::At) -> ::core::result::Result<Self, #private::DecodeError> {
                #read
            }
        }
    }
}
